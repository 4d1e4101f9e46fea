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

/// Weighted error of x against scale * codes + minimum.
float weightedError(int count, const float* x, const float* weight, const std::uint8_t* codes, MinimumFit fit,
                    bool absolute) noexcept {
    float error = 0;
    for (int i = 0; i < count; ++i) {
        const float difference = fit.scale * static_cast<float>(codes[i]) + fit.minimum - x[i];
        error += weight[i] * (absolute ? std::fabs(difference) : difference * difference);
    }
    return error;
}

/// Up to five rounds over the codes: each becomes the one that the scale fitted to all others asks for, when that
/// raises (sum w x l)^2 / (sum w l^2). weight null: x^2.
void moveCodes(int count, int low, int high, const float* x, const float* weight, int* codes,
               ProductSums& sums) noexcept {
    for (int round = 0; round < 5; ++round) {
        bool changed = false;
        for (int i = 0; i < count; ++i) {
            const float w = weight ? weight[i] : x[i] * x[i];
            const auto old = static_cast<float>(codes[i]);
            ProductSums rest{sums.xl - w * x[i] * old, sums.ll - w * old * old};
            if (!(rest.xl > 0) || (weight && !(rest.ll > 0)))
                continue;
            const int code = roundHalfEven(x[i] * rest.ll / rest.xl, low, high);
            if (code == codes[i])
                continue;
            const auto l = static_cast<float>(code);
            rest.xl += w * x[i] * l;
            rest.ll += w * l * l;
            if (rest.ll > 0 && rest.xl * rest.xl * sums.ll > sums.xl * sums.xl * rest.ll) {
                codes[i] = code;
                sums = rest;
                changed = true;
            }
        }
        if (!changed)
            return;
    }
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

MinimumFit minimumSearch(int count, int maxCode, const float* x, const float* weight, std::uint8_t* codes,
                         const MinimumTrials& trials) noexcept {
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
    float bestError = weightedError(count, x, weight, codes, best, trials.absoluteError);
    std::uint8_t trial[kMaxCount];
    for (int k = 0; k <= trials.steps; ++k) {
        inverseScale =
            (trials.first + trials.step * static_cast<float>(k) + static_cast<float>(maxCode)) / (high - low);
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
        const float error = weightedError(count, x, weight, trial, fit, trials.absoluteError);
        if (error < bestError && std::isfinite(fit.scale)) {
            std::copy_n(trial, count, codes);
            bestError = error;
            best = fit;
            low = fit.minimum; // the next trial starts from the better minimum
        }
    }
    return best;
}

float positiveSearch(int count, int maxCode, const float* x, const float* weight, std::uint8_t* codes) noexcept {
    float highest = 0;
    for (int i = 0; i < count; ++i)
        highest = std::max(highest, x[i]);
    if (highest < kNothing) {
        std::fill_n(codes, count, static_cast<std::uint8_t>(0));
        return 0.0f;
    }
    const auto top = static_cast<float>(maxCode);
    const auto errorOf = [&](float inverseScale) {
        const float scale = 1.0f / inverseScale;
        float error = 0;
        for (int i = 0; i < count; ++i) {
            const float difference = x[i] - scale * static_cast<float>(roundHalfEven(inverseScale * x[i], 0, maxCode));
            error += weight[i] * difference * difference;
        }
        return error;
    };
    float inverseScale = top / highest, leastError = errorOf(inverseScale);
    for (int k = -4; k <= 4; ++k) {
        if (k == 0)
            continue;
        const float trial = (0.1f * static_cast<float>(k) + top) / highest, error = errorOf(trial);
        if (error < leastError) {
            leastError = error;
            inverseScale = trial;
        }
    }
    int found[kMaxCount];
    ProductSums sums;
    for (int i = 0; i < count; ++i) {
        found[i] = roundHalfEven(inverseScale * x[i], 0, maxCode);
        const auto l = static_cast<float>(found[i]);
        sums.xl += weight[i] * x[i] * l;
        sums.ll += weight[i] * l * l;
    }
    moveCodes(count, 0, maxCode, x, weight, found, sums);
    const float scale = sums.ll > 0 ? sums.xl / sums.ll : 0.0f;
    const bool overflowed = !std::isfinite(scale);
    for (int i = 0; i < count; ++i)
        codes[i] = static_cast<std::uint8_t>(overflowed ? roundHalfEven(top / highest * x[i], 0, maxCode) : found[i]);
    return overflowed ? highest / top : scale;
}

float descentSearch(int count, int levels, const float* x, std::uint8_t* codes) noexcept {
    float extreme = 0;
    for (int i = 0; i < count; ++i)
        if (std::fabs(x[i]) > std::fabs(extreme))
            extreme = x[i];
    if (std::fabs(extreme) < kNothing) {
        std::fill_n(codes, count, static_cast<std::uint8_t>(0));
        return 0.0f;
    }
    const float inverseScale = static_cast<float>(-levels) / extreme;
    int found[kMaxCount];
    for (int i = 0; i < count; ++i)
        found[i] = roundHalfEven(inverseScale * x[i], -levels, levels - 1);
    ProductSums sums = productSums(count, levels, x, nullptr, inverseScale);
    moveCodes(count, -levels, levels - 1, x, nullptr, found, sums);
    const float scale = sums.ll > 0 ? sums.xl / sums.ll : 0.0f;
    if (!std::isfinite(scale)) { // the sums overflowed
        assignCodes(count, levels, x, inverseScale, codes);
        return extreme / static_cast<float>(-levels);
    }
    for (int i = 0; i < count; ++i)
        codes[i] = static_cast<std::uint8_t>(found[i] + levels);
    return scale;
}

} // namespace trilobit::encodings
