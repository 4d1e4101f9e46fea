#include "core/encodings/common/scalesearch.h"

#include "core/encodings/common/rounding.h"

#include <algorithm>
#include <cmath>

namespace trilobit::encodings {

namespace {

// Below this a group counts as zeros: its scale would vanish in binary16 many times over.
constexpr float kNothing = 1e-15f;
constexpr int kMaxCount = 32;

/// Sums over the codes that `inverseScale` gives: weight * x * l and weight * l * l.
struct ProductSums {
    float xl = 0, ll = 0;
};

ProductSums productSums(int count, int levels, const float* x, const float* weight, float inverseScale) noexcept {
    ProductSums sums;
    for (int i = 0; i < count; ++i) {
        const auto l = static_cast<float>(roundHalfEven(inverseScale * x[i], -levels, levels - 1));
        const float w = weight ? weight[i] : x[i] * x[i];
        sums.xl += w * x[i] * l;
        sums.ll += w * l * l;
    }
    return sums;
}

void assignCodes(int count, int levels, const float* x, float inverseScale, std::uint8_t* codes) noexcept {
    for (int i = 0; i < count; ++i)
        codes[i] = static_cast<std::uint8_t>(roundHalfEven(inverseScale * x[i], -levels, levels - 1) + levels);
}

/// Weighted squared error of x against scale * codes + minimum.
float squaredError(int count, const float* x, const float* weight, const std::uint8_t* codes, MinimumFit fit) noexcept {
    float error = 0;
    for (int i = 0; i < count; ++i) {
        const float difference = fit.scale * static_cast<float>(codes[i]) + fit.minimum - x[i];
        error += weight[i] * (difference * difference);
    }
    return error;
}

} // namespace

float symmetricSearch(int count, int levels, const float* x, const float* weight, std::uint8_t* codes) noexcept {
    float extreme = 0;
    for (int i = 0; i < count; ++i)
        if (std::fabs(x[i]) > std::fabs(extreme))
            extreme = x[i];
    if (std::fabs(extreme) < kNothing) {
        std::fill_n(codes, count, static_cast<std::uint8_t>(0));
        return 0.0f;
    }
    float inverseScale = static_cast<float>(-levels) / extreme;
    assignCodes(count, levels, x, inverseScale, codes);
    ProductSums sums = productSums(count, levels, x, weight, inverseScale);
    float scale = sums.ll > 0 ? sums.xl / sums.ll : 0.0f;
    float best = scale * sums.xl;
    for (int k = -9; k <= 9; ++k) {
        if (k == 0)
            continue;
        inverseScale = -(static_cast<float>(levels) + 0.1f * static_cast<float>(k)) / extreme;
        sums = productSums(count, levels, x, weight, inverseScale);
        if (sums.ll > 0 && sums.xl * sums.xl > best * sums.ll) {
            assignCodes(count, levels, x, inverseScale, codes);
            scale = sums.xl / sums.ll;
            best = scale * sums.xl;
        }
    }
    return std::isfinite(scale) ? scale : extreme / static_cast<float>(-levels); // the sums overflowed
}

MinimumFit minimumSearch(int count, int maxCode, const float* x, const float* weight, std::uint8_t* codes, float first,
                         float step, int steps) noexcept {
    float low = x[0], high = x[0], sumW = 0, sumX = 0;
    for (int i = 0; i < count; ++i) {
        low = std::min(low, x[i]);
        high = std::max(high, x[i]);
        sumW += weight[i];
        sumX += weight[i] * x[i];
    }
    low = std::min(low, 0.0f);
    if (high <= low) { // no range: all weights are zero, or all the same and below
        std::fill_n(codes, count, static_cast<std::uint8_t>(0));
        return {0.0f, low};
    }
    const auto round = [&](float inverseScale, std::uint8_t* out) {
        for (int i = 0; i < count; ++i)
            out[i] = static_cast<std::uint8_t>(roundHalfEven(inverseScale * (x[i] - low), 0, maxCode));
    };
    float inverseScale = static_cast<float>(maxCode) / (high - low);
    round(inverseScale, codes);
    MinimumFit best{1.0f / inverseScale, low};
    float bestError = squaredError(count, x, weight, codes, best);
    std::uint8_t trial[kMaxCount];
    for (int k = 0; k <= steps; ++k) {
        inverseScale = (first + step * static_cast<float>(k) + static_cast<float>(maxCode)) / (high - low);
        round(inverseScale, trial);
        float sumL = 0, sumLl = 0, sumXl = 0;
        for (int i = 0; i < count; ++i) {
            const auto l = static_cast<float>(trial[i]);
            sumL += weight[i] * l;
            sumLl += weight[i] * l * l;
            sumXl += weight[i] * l * x[i];
        }
        const float determinant = sumW * sumLl - sumL * sumL;
        if (!(determinant > 0))
            continue;
        MinimumFit fit{(sumW * sumXl - sumX * sumL) / determinant, (sumLl * sumX - sumL * sumXl) / determinant};
        if (fit.minimum > 0)
            fit = {sumXl / sumLl, 0.0f};
        const float error = squaredError(count, x, weight, trial, fit);
        if (error < bestError && std::isfinite(fit.scale)) {
            std::copy_n(trial, count, codes);
            bestError = error;
            best = fit;
            low = fit.minimum; // the next trial starts from the better minimum
        }
    }
    return best;
}

} // namespace trilobit::encodings
