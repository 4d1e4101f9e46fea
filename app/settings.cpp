#include "app/settings.h"

#include "core/store/experimentstore.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

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
