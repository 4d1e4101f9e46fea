// Weights that are ternary although they come as floats.
#pragma once

#include <cstdint>

namespace trilobit::kernels {

/// Takes `count` values that are all 0, s or -s for one s > 0 as trits (-1, 0, 1) and sets `scale` to s (0 when all are zero).
/// False, with the trits undefined, when the values are anything else.
bool takeTrits(const float* values, std::int64_t count, std::int8_t* trits, float& scale) noexcept;

} // namespace trilobit::kernels
