#include "core/kernels/trits.h"

#include <cmath>

namespace trilobit::kernels {

bool takeTrits(const float* values, std::int64_t count, std::int8_t* trits, float& scale) noexcept {
    float s = 0;
    for (std::int64_t i = 0; i < count && s == 0; ++i)
        s = std::fabs(values[i]);
    if (!std::isfinite(s))
        return false;
    bool other = false; // no branch in the loop: the values are as good as random
    for (std::int64_t i = 0; i < count; ++i) {
        const float v = values[i];
        other |= !((v == 0) | (v == s) | (v == -s)); // NaN too
        trits[i] = static_cast<std::int8_t>((v > 0) - (v < 0));
    }
    if (other)
        return false;
    scale = s;
    return true;
}

} // namespace trilobit::kernels
