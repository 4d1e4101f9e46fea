#include "app/settings.h"

#include "core/store/experimentstore.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace trilobit {

namespace {

constexpr int kMaxRecents = 12;

QString movedFolder() { return qEnvironmentVariable("TRILOBIT_CONFIG"); }

QString settingsFile() {
    const QString moved = movedFolder();
    return QDir(moved.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) : moved)
        .filePath(QStringLiteral("settings.ini"));
}

} // namespace

QString Settings::dataFolder() {
    const QString moved = movedFolder();
    return moved.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) : moved;
}

QString Settings::storePath() {
    const QString moved = movedFolder();
    return moved.isEmpty() ? ExperimentStore::defaultPath() : QDir(moved).filePath(QStringLiteral("experiments.sqlite"));
}

Settings::Settings() : m_settings(settingsFile(), QSettings::IniFormat) {}

ThemeChoice Settings::theme() const {
    return themeChoiceFromName(m_settings.value(QStringLiteral("window/theme")).toString());
}
void Settings::setTheme(ThemeChoice theme) { m_settings.setValue(QStringLiteral("window/theme"), themeChoiceName(theme)); }

QString Settings::language() const {
    const QString stored = m_settings.value(QStringLiteral("window/language")).toString();
    return stored == QLatin1String("system") || stored == QLatin1String("de") ? stored : QStringLiteral("en");
}
void Settings::setLanguage(const QString& language) { m_settings.setValue(QStringLiteral("window/language"), language); }

int Settings::scale() const {
    const int stored = m_settings.value(QStringLiteral("window/scale")).toInt();
    return std::find(kScales.begin(), kScales.end(), stored) == kScales.end() ? 100 : stored;
}
void Settings::setScale(int percent) { m_settings.setValue(QStringLiteral("window/scale"), percent); }

QStringList Settings::recents() const {
    QStringList out;
    for (const QString& path : m_settings.value(QStringLiteral("files/recent")).toStringList())
        if (QFileInfo::exists(path))
            out << path;
    return out;
}

void Settings::addRecent(const QString& path) {
    const QString whole = QFileInfo(path).absoluteFilePath();
    QStringList list = m_settings.value(QStringLiteral("files/recent")).toStringList();
    list.removeAll(whole);
    list.prepend(whole);
    m_settings.setValue(QStringLiteral("files/recent"), list.mid(0, kMaxRecents));
}

void Settings::clearRecents() { m_settings.remove(QStringLiteral("files/recent")); }

QString Settings::lastFolder() const {
    const QString folder = m_settings.value(QStringLiteral("files/last_folder")).toString();
    return folder.isEmpty() || !QFileInfo(folder).isDir() ? QDir::homePath() : folder;
}
void Settings::setLastFolder(const QString& folder) { m_settings.setValue(QStringLiteral("files/last_folder"), folder); }

void Settings::setLayout(const QByteArray& geometry, const QByteArray& state, const QByteArray& tensorColumns) {
    m_settings.setValue(QStringLiteral("window/geometry"), geometry);
    m_settings.setValue(QStringLiteral("window/state"), state);
    m_settings.setValue(QStringLiteral("window/tensor_columns"), tensorColumns);
}

void Settings::clearLayout() {
    for (const char* key : {"window/geometry", "window/state", "window/tensor_columns"})
        m_settings.remove(QLatin1String(key));
}

} // namespace trilobit
