// RtnMethod: every weight goes to the nearest value the encoding can hold.
#pragma once

#include "core/pluginapi/method.h"

namespace trilobit::plugins {

class RtnMethod : public Method {
public:
    RtnMethod();
    const MethodInfo& info() const override { return m_info; }
    Result<void> accepts(const EncodingInfo& target, const ParamValues& params, std::int64_t rows,
                         std::int64_t cols) const override;
    Result<MethodOutput> quantize(const MethodInput& input, RunControl& control) const override;
    std::string expectationFor(const EncodingInfo& target, const ParamValues& params) const override;

private:
    MethodInfo m_info;
};

} // namespace trilobit::plugins
