// Settings: what the window remembers, with keys and defaults in one place.
#pragma once

#include "widgets/common/theme.h"

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

#include <array>

namespace trilobit {

class Settings {
public:
    /// Folder of everything that the window writes by itself. TRILOBIT_CONFIG, if set, moves it there as a whole;
    /// otherwise the user's configuration and data folders are used.
    static QString dataFolder();
    /// Where runs are recorded: in TRILOBIT_CONFIG, if set, else the user's store.
    static QString storePath();

    Settings();

    ThemeChoice theme() const;
    void setTheme(ThemeChoice theme);
    /// "system", "en", "de"; anything else reads as "en".
    QString language() const;
    void setLanguage(const QString& language);
    /// Percent of the usual size, one of kScales; read before the application exists.
    int scale() const;
    void setScale(int percent);
    static constexpr std::array<int, 6> kScales = {100, 90, 110, 125, 150, 200};
    /// Newest first; files that are gone are left out.
    QStringList recents() const;
    void addRecent(const QString& path);
    void clearRecents();
    /// Mirror that models were last downloaded from; empty for Hugging Face itself.
    QString hubEndpoint() const { return m_settings.value(QStringLiteral("hub/endpoint")).toString(); }
    void setHubEndpoint(const QString& endpoint) { m_settings.setValue(QStringLiteral("hub/endpoint"), endpoint); }
    /// The chat computes as the model defines it, not the fast way.
    bool chatIsExact() const { return m_settings.value(QStringLiteral("chat/exact")).toBool(); }
    void setChatIsExact(bool exact) { m_settings.setValue(QStringLiteral("chat/exact"), exact); }
    QString lastFolder() const;
    void setLastFolder(const QString& folder);

    // Layout of the window, as Qt stores it.
    QByteArray geometry() const { return m_settings.value(QStringLiteral("window/geometry")).toByteArray(); }
    QByteArray windowState() const { return m_settings.value(QStringLiteral("window/state")).toByteArray(); }
    QByteArray tensorColumns() const { return m_settings.value(QStringLiteral("window/tensor_columns")).toByteArray(); }
    void setLayout(const QByteArray& geometry, const QByteArray& state, const QByteArray& tensorColumns);
    void clearLayout();
    void sync() { m_settings.sync(); }

private:
    QSettings m_settings;
};

} // namespace trilobit
