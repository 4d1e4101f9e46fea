// PluginHost: finds method plugins, checks their metadata before loading, keeps what went wrong as rows to show.
#pragma once

#include "core/quant/methodregistry.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace trilobit {

struct PluginRow {
    QString file;
    QString id, name, version;  ///< from the metadata, read without loading; empty when unreadable
    QStringList methods;
    QString error;              ///< empty when loaded
};

class PluginHost {
public:
    /// Scans each folder for plugin libraries (sorted by name), loads the good ones. A second plugin with the same id or
    /// method id is reported and left out. Never throws, never stops at a bad file.
    void scan(const QStringList& folders);

    const MethodRegistry& methods() const { return m_methods; }
    const std::vector<PluginRow>& rows() const { return m_rows; }

    /// Where plugins of this build are: TRILOBIT_PLUGINS (if set, alone), else <executable>/plugins,
    /// <executable>/../lib/trilobit/plugins.
    static QStringList defaultFolders();

private:
    MethodRegistry m_methods;
    std::vector<PluginRow> m_rows;
};

} // namespace trilobit
