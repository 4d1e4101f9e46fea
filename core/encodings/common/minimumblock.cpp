#include "core/encodings/common/minimumblock.h"

#include "core/base/half.h"
#include "core/encodings/common/nibbles.h"
#include "core/encodings/common/rounding.h"

#include <algorithm>
#include <cmath>

namespace trilobit::encodings {

namespace {

constexpr int kMaxSubSize = 32;
constexpr MinimumTrials kWeightedTrials{-0.9f, 0.05f, 36, false};

float asHalf(float value) noexcept { return halfToFloat(floatToHalf(withinHalf(value))); }

/// What the search of one sub-block minimizes.
void searchWeights(const MinimumBlockShape& shape, const float* x, const float* importance, float blockSquare,
                   float* weight) noexcept {
    const float smoothing = importance ? (shape.rough ? blockSquare : 2 * blockSquare) : 0.0f;
    const float typical = importance || shape.rough ? 0.0f : std::sqrt(meanSquare(x, shape.subSize));
    for (int i = 0; i < shape.subSize; ++i)
        weight[i] = importance ? importance[i] * std::sqrt(smoothing + x[i] * x[i]) : typical + std::fabs(x[i]);
}

/// Plain: the largest value becomes maxCode. Returns the scale.
float roundToLargest(int count, int maxCode, const float* x, std::uint8_t* codes) noexcept {
    const float largest = std::max(*std::max_element(x, x + count), 0.0f);
    const float inverse = largest > 0 ? static_cast<float>(maxCode) / largest : 0.0f;
    for (int i = 0; i < count; ++i)
        codes[i] = static_cast<std::uint8_t>(roundHalfEven(inverse * x[i], 0, maxCode));
    return largest / static_cast<float>(maxCode);
}

} // namespace

void fitMinimumBlock(const MinimumBlockShape& shape, const float* x, const float* importance,
                     MinimumBlock& out) noexcept {
    const float blockSquare = importance ? meanSquare(x, kSuperBlock) : 0.0f;
    float scales[kMaxSubBlocks], minimums[kMaxSubBlocks], subWeight[kMaxSubBlocks];
    // Beyond this the stored numbers end; a fit that overflowed is clipped to it.
    const float limit = static_cast<float>(shape.maxScale) * kHalfMax;
    for (int sub = 0; sub < shape.subs(); ++sub) {
        const int at = sub * shape.subSize;
        float weight[kMaxSubSize];
        searchWeights(shape, x + at, importance ? importance + at : nullptr, blockSquare, weight);
        subWeight[sub] = 0;
        for (int i = 0; i < shape.subSize; ++i)
            subWeight[sub] += weight[i];
        const MinimumFit fit = minimumSearch(shape.subSize, shape.maxCode, x + at, weight, out.codes + at,
                                             importance ? kWeightedTrials : shape.plain);
        scales[sub] = bounded(fit.scale, 0.0f, limit);
        minimums[sub] = bounded(-fit.minimum, 0.0f, limit);
    }
    if (importance) {
        out.scale = asHalf(positiveSearch(shape.subs(), shape.maxScale, scales, subWeight, out.scales));
        out.minimum = asHalf(positiveSearch(shape.subs(), shape.maxScale, minimums, subWeight, out.minimums));
    } else {
        out.scale = asHalf(roundToLargest(shape.subs(), shape.maxScale, scales, out.scales));
        out.minimum = asHalf(roundToLargest(shape.subs(), shape.maxScale, minimums, out.minimums));
    }
    for (int sub = 0; sub < shape.subs(); ++sub) {
        const float scale = out.scale * static_cast<float>(out.scales[sub]);
        const float minimum = out.minimum * static_cast<float>(out.minimums[sub]);
        if (scale == 0)
            continue; // keeps the codes of the search; they decode to the minimum
        for (int i = sub * shape.subSize; i < (sub + 1) * shape.subSize; ++i)
            out.codes[i] = static_cast<std::uint8_t>(roundHalfEven((x[i] + minimum) / scale, 0, shape.maxCode));
    }
}

void storeSixBitPairs(const std::uint8_t* scales, const std::uint8_t* minimums, std::uint8_t* out) noexcept {
    for (int j = 0; j < 4; ++j) {
        const int scale = scales[4 + j], minimum = minimums[4 + j];
        out[j] = static_cast<std::uint8_t>(scales[j] | ((scale >> 4) << 6));
        out[4 + j] = static_cast<std::uint8_t>(minimums[j] | ((minimum >> 4) << 6));
        out[8 + j] = static_cast<std::uint8_t>((scale & 15) | ((minimum & 15) << 4));
    }
}

} // namespace trilobit::encodings
