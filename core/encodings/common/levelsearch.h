// What the encodings with a fixed list of uneven levels share: the nearest level, and the search of IQ4_NL and IQ4_XS.
#pragma once

#include <cstdint>

namespace trilobit::encodings {

/// The sixteen levels of IQ4_NL and IQ4_XS: dense near zero, where most weights are.
constexpr std::int8_t kIq4Levels[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

/// The index of the level nearest to `value`; halfway the upper one. NaN gives 15.
int nearestIq4Level(float value) noexcept;

/// 32 codes for x with the scale s: the nearest level to x / s. s = 0 gives the level nearest to zero.
void assignIq4Codes(const float* x, float scale, std::uint8_t* codes) noexcept;

/// The scale s with small sum weight * (x - s level)^2 over 32 weights: tries the scales that put the largest magnitude
/// near either end of the levels; each time s is the least-squares answer to the nearest levels. weight null: x^2.
/// Returns 0 for a group of (nearly) zeros.
float iq4Search(const float* x, const float* weight) noexcept;

} // namespace trilobit::encodings
