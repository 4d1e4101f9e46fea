#include "core/encodings/common/levelsearch.h"

#include <cmath>

namespace trilobit::encodings {

namespace {

constexpr int kCount = 32, kReach = 7;
constexpr float kNothing = 1e-15f; // below, a group counts as zeros

struct LevelSums {
    float xl = 0, ll = 0; ///< weight * level * x and weight * level^2
};

LevelSums levelSums(const float* x, const float* weight, float inverseScale) noexcept {
    LevelSums sums;
    for (int i = 0; i < kCount; ++i) {
        const auto level = static_cast<float>(kIq4Levels[nearestIq4Level(inverseScale * x[i])]);
        const float w = weight ? weight[i] : x[i] * x[i];
        sums.xl += w * level * x[i];
        sums.ll += w * level * level;
    }
    return sums;
}

} // namespace

int nearestIq4Level(float value) noexcept {
    int upper = 1;
    while (upper < 15 && !(value < static_cast<float>(kIq4Levels[upper])))
        ++upper;
    const float below = value - static_cast<float>(kIq4Levels[upper - 1]);
    const float above = static_cast<float>(kIq4Levels[upper]) - value;
    return below < above ? upper - 1 : upper;
}

void assignIq4Codes(const float* x, float scale, std::uint8_t* codes) noexcept {
    const float inverse = scale != 0 ? 1.0f / scale : 0.0f;
    for (int i = 0; i < kCount; ++i)
        codes[i] = static_cast<std::uint8_t>(nearestIq4Level(inverse * x[i]));
}

float iq4Search(const float* x, const float* weight) noexcept {
    float extreme = 0;
    for (int i = 0; i < kCount; ++i)
        if (std::fabs(x[i]) > std::fabs(extreme))
            extreme = x[i];
    if (std::fabs(extreme) < kNothing)
        return 0.0f;
    const auto lowest = static_cast<float>(kIq4Levels[0]);
    LevelSums sums = levelSums(x, weight, 1.0f / (-extreme / lowest));
    float scale = sums.xl / sums.ll, best = scale * sums.xl;
    for (int k = -kReach; k <= kReach; ++k) {
        sums = levelSums(x, weight, (static_cast<float>(k) + lowest) / extreme);
        if (sums.ll > 0 && sums.xl * sums.xl > best * sums.ll) {
            scale = sums.xl / sums.ll;
            best = scale * sums.xl;
        }
    }
    return std::isfinite(scale) ? scale : extreme / lowest; // the sums overflowed, or nothing carries weight
}

} // namespace trilobit::encodings
