// MethodFactory: the object a plugin library exports.
#pragma once

#include "core/pluginapi/method.h"

#include <QtPlugin>

#include <memory>
#include <vector>

namespace trilobit {

class MethodFactory {
public:
    virtual ~MethodFactory() = default;
    /// All methods this library brings, each with the id its metadata announces.
    virtual std::vector<std::shared_ptr<const Method>> methods() const = 0;
};

} // namespace trilobit

/// The number changes with every incompatible change of anything in core/pluginapi.
#define TRILOBIT_METHOD_FACTORY_IID "org.trilobit.MethodFactory/1"
Q_DECLARE_INTERFACE(trilobit::MethodFactory, TRILOBIT_METHOD_FACTORY_IID)
