// Rounding half to even without a call per number, so that loops over activations become vector code.
#pragma once

#include <type_traits>

namespace trilobit {

/// For |x| < 2^22 (float) or 2^51 (double) in the usual rounding mode: adding 1.5 * 2^23 (2^52) leaves no room for a fraction.
template <class Real>
inline Real roundHalfEven(Real x) noexcept {
    constexpr Real kNoFraction = std::is_same_v<Real, float> ? Real(0x1.8p23) : Real(0x1.8p52);
    return (x + kNoFraction) - kNoFraction;
}

} // namespace trilobit
