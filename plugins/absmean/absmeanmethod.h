// AbsmeanMethod: weights become -gamma, 0 or +gamma, gamma being the mean magnitude (BitNet b1.58).
#pragma once

#include "core/pluginapi/method.h"

namespace trilobit::plugins {

class AbsmeanMethod : public Method {
public:
    AbsmeanMethod();
    const MethodInfo& info() const override { return m_info; }
    Result<void> accepts(const EncodingInfo& target, const ParamValues& params, std::int64_t rows,
                         std::int64_t cols) const override;
    Result<MethodOutput> quantize(const MethodInput& input, RunControl& control) const override;
    std::string expectationFor(const EncodingInfo& target, const ParamValues& params) const override;

private:
    MethodInfo m_info;
};

} // namespace trilobit::plugins
