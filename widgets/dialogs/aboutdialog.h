// AboutDialog: version, this machine, and the plugins with what went wrong with them.
#pragma once

#include "core/pluginhost/pluginhost.h"

#include <QDialog>

namespace trilobit {

class AboutDialog : public QDialog {
    Q_OBJECT
public:
    AboutDialog(const PluginHost& plugins, const QString& storePath, const QString& logPath, bool showPlugins,
                QWidget* parent = nullptr);
};

} // namespace trilobit
