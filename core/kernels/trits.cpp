#include "core/kernels/trits.h"

#include <bit>
#include <cmath>

namespace trilobit::kernels {

bool takeTrits(const float* values, std::int64_t count, std::int8_t* trits, float& scale) noexcept {
    // By their bits: comparisons of floats may trap, which would keep the loop from being vectorised.
    constexpr std::uint32_t kMagnitude = 0x7fffffff;
    float s = 0;
    for (std::int64_t i = 0; i < count && s == 0; ++i)
        s = std::fabs(values[i]);
    if (!std::isfinite(s))
        return false;
    const std::uint32_t one = std::bit_cast<std::uint32_t>(s);
    std::uint32_t other = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::uint32_t bits = std::bit_cast<std::uint32_t>(values[i]);
        const std::uint32_t magnitude = bits & kMagnitude;
        other |= (magnitude == one ? 0 : magnitude); // NaN too
        const std::int32_t sign = static_cast<std::int32_t>(bits) >> 31; // -1 or 0
        trits[i] = static_cast<std::int8_t>(magnitude != 0 ? sign | 1 : 0);
    }
    if (other != 0)
        return false;
    scale = s;
    return true;
}

} // namespace trilobit::kernels
