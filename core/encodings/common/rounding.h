// The two roundings of the reference encoders, defined for every float (NaN gives the lower bound).
#pragma once

#include <cmath>
#include <cstdint>

namespace trilobit::encodings {

/// `value` within [low, high]; NaN gives low.
inline float bounded(float value, float low, float high) noexcept {
    const float raised = value > low ? value : low;
    return raised < high ? raised : high;
}

/// Nearest integer within [low, high], halves to even. |low|, |high| <= 2^22.
inline int roundHalfEven(float value, int low, int high) noexcept {
    const float inside = bounded(value, static_cast<float>(low), static_cast<float>(high));
    // Adding 1.5 * 2^23 leaves no bits below one, so that the addition itself rounds.
    return static_cast<int>((inside + 12582912.0f) - 12582912.0f);
}

/// Nearest integer within [low, high], halves away from zero. |low|, |high| <= 2^22.
inline int roundHalfAway(float value, int low, int high) noexcept {
    const float inside = bounded(value, static_cast<float>(low), static_cast<float>(high));
    const int whole = static_cast<int>(inside);
    const float rest = inside - static_cast<float>(whole); // exact
    return whole + (rest >= 0.5f) - (rest <= -0.5f);
}

/// Integer part within [low, high].
inline int truncated(float value, int low, int high) noexcept {
    return static_cast<int>(bounded(value, static_cast<float>(low), static_cast<float>(high)));
}

/// The largest finite binary16 value; a scale above it is stored as this, so that decoding stays finite.
constexpr float kHalfMax = 65504.0f;

inline float withinHalf(float value) noexcept {
    return value > kHalfMax ? kHalfMax : value < -kHalfMax ? -kHalfMax : value;
}

} // namespace trilobit::encodings
