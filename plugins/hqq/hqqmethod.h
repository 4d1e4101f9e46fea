// HqqMethod: half-quadratic quantization, a zero point per group that shrinks the error without any data.
#pragma once

#include "core/pluginapi/method.h"

namespace trilobit::plugins {

class HqqMethod : public Method {
public:
    HqqMethod();
    const MethodInfo& info() const override { return m_info; }
    Result<void> accepts(const EncodingInfo& target, const ParamValues& params, std::int64_t rows,
                         std::int64_t cols) const override;
    Result<MethodOutput> quantize(const MethodInput& input, RunControl& control) const override;
    std::string expectationFor(const EncodingInfo& target, const ParamValues& params) const override;

private:
    MethodInfo m_info;
};

} // namespace trilobit::plugins
