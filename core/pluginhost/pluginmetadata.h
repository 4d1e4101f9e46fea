// What a plugin library says of itself, checked before any of its code runs.
#pragma once

#include "core/pluginhost/pluginhost.h"

#include <QJsonObject>

namespace trilobit {

/// `file` is what QPluginLoader::metaData() gives: {"IID", "MetaData": {"id", "name", "version", "api", "methods"}}. Fills the
/// row; returns what is wrong, or nothing.
QString readPluginMetadata(const QJsonObject& file, PluginRow& row);

} // namespace trilobit
