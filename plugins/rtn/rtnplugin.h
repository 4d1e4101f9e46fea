// RtnPlugin: what the library rtn exports.
#pragma once

#include "core/pluginapi/methodfactory.h"

#include <QObject>

namespace trilobit::plugins {

class RtnPlugin : public QObject, public MethodFactory {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TRILOBIT_METHOD_FACTORY_IID FILE "rtn.json")
    Q_INTERFACES(trilobit::MethodFactory)

public:
    std::vector<std::shared_ptr<const Method>> methods() const override;
};

} // namespace trilobit::plugins
