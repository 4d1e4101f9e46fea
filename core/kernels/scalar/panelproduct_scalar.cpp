// Reference panel products, written from the layouts in panel.h: no registers, no tiles, no biases.
#include "core/base/half.h"
#include "core/kernels/panel/panel.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace trilobit::kernels::scalar {

namespace {

/// Round half to even for |v| <= 2^22: adding 1.5 * 2^23 leaves no bits below the units.
inline float roundHalfEven(float v) noexcept {
    constexpr float kMagic = 12582912.0f;
    return (v + kMagic) - kMagic;
}

int trit(const TernaryPanels& w, std::int64_t row, std::int64_t col) noexcept {
    if (w.form == TernaryForm::Lookup) {
        const std::uint8_t* block = w.codes + lookupOffset(w.rows, w.cols, row / kLookupRows, col / kLookupCols);
        return lookupTrit(block, row % kLookupRows, static_cast<int>(col % kLookupCols));
    }
    const std::uint8_t* panel = w.codes + row / kPanelRows * w.steps * kStepBytes;
    const bool base3 = w.form == TernaryForm::Base3;
    const std::int64_t stepCols = base3 ? kBase3StepCols : kStepCols;
    const std::int64_t in = col % stepCols;
    const int byte = panel[col / stepCols * kStepBytes + 4 * (row % kPanelRows) + in % 4];
    const int field = static_cast<int>(in / 4);
    if (!base3)
        return ((byte >> (2 * field)) & 3) - 1;
    int v = (byte + 128) & 255; // digits from the top
    for (int f = 0; f < field; ++f)
        v = v * 3 & 255;
    return (v * 3 >> 8) - 1;
}

void ternaryProduct(const TernaryPanels& w, std::int64_t first, std::int64_t panels, const TokenInput& x, float* y,
                    std::int64_t yStride, float*) noexcept {
    const std::int64_t blocks = scaleBlocks(w.cols), rows = w.rows;
    const std::int64_t end = (first + panels) * kPanelRows < rows ? (first + panels) * kPanelRows : rows;
    for (std::int64_t t = 0; t < x.tokens; ++t)
        for (std::int64_t row = first * kPanelRows; row < end; ++row) {
            std::int32_t whole = 0;
            float scaled = 0;
            for (std::int64_t b = 0; b < blocks; ++b) {
                std::int32_t sum = 0;
                for (std::int64_t c = b * kScaleCols; c < w.cols && c < (b + 1) * kScaleCols; ++c)
                    sum += trit(w, row, c) * x.q[t * x.qStride + c];
                whole += sum;
                if (!w.oneScale)
                    scaled = std::fma(static_cast<float>(sum),
                                      w.scales[(row / kPanelRows * blocks + b) * kPanelRows + row % kPanelRows], scaled);
            }
            y[t * yStride + row] = w.oneScale ? static_cast<float>(whole) / x.r[t] * w.scales[0] : scaled / x.r[t];
        }
}

float halfAt(const std::uint8_t* p) noexcept {
    std::uint16_t bits;
    std::memcpy(&bits, p, sizeof bits);
    return halfToFloat(bits);
}

struct BlockValues {
    int codes[kBlockCols];       ///< with the bias taken off
    float scale[2], minimum = 0; ///< of both halves
};

BlockValues valuesOf(const BlockPanels& w, std::int64_t row, std::int64_t b) noexcept {
    const std::int64_t panel = row / kPanelRows, r = row % kPanelRows;
    const std::uint8_t* codes = w.codes + (panel * w.blocks + b) * blockCodeBytes(w.form);
    const std::uint8_t* scales =
        w.scales + (panel * (w.blocks / blockScaleBlocks(w.form)) + b / blockScaleBlocks(w.form)) * blockScaleBytes(w.form);
    const int bias = w.form == BlockForm::Nibbles ? 8 : w.form == BlockForm::SixBits ? 32 : 0;
    BlockValues v;
    for (std::int64_t c = 0; c < kBlockCols; ++c) {
        const std::int64_t g = c / 4, at = 4 * r + c % 4;
        if (w.form == BlockForm::Bytes) {
            v.codes[c] = static_cast<std::int8_t>(codes[64 * g + at]);
            continue;
        }
        int code = (codes[64 * (g % 4) + at] >> (g / 4 * 4)) & 15;
        if (w.form == BlockForm::SixBits)
            code |= ((codes[256 + 64 * (g / 4) + at] >> (2 * (g % 4))) & 3) << 4;
        v.codes[c] = code - bias;
    }
    v.scale[0] = v.scale[1] = halfAt(scales + 2 * r);
    switch (w.form) {
    case BlockForm::NibblesMin: v.minimum = halfAt(scales + 32 + 2 * r); break;
    case BlockForm::NibblesSuper:
        v.minimum = 0.0f - halfAt(scales + 32 + 2 * r) * static_cast<float>(scales[64 + b % 8 * 32 + 16 + r]);
        v.scale[0] = v.scale[1] = v.scale[0] * static_cast<float>(scales[64 + b % 8 * 32 + r]);
        break;
    case BlockForm::SixBits:
        for (int half = 0; half < 2; ++half)
            v.scale[half] *= static_cast<float>(static_cast<std::int8_t>(scales[32 + b % 8 * 32 + half * 16 + r]));
        break;
    default: break;
    }
    return v;
}

void blockProduct(const BlockPanels& w, std::int64_t first, std::int64_t panels, std::int64_t rows, const BlockInput& x,
                  float* y, std::int64_t yStride, float*) noexcept {
    const std::int64_t end = (first + panels) * kPanelRows < rows ? (first + panels) * kPanelRows : rows;
    const bool halves = w.form == BlockForm::SixBits;
    const bool minimum = w.form == BlockForm::NibblesMin || w.form == BlockForm::NibblesSuper;
    for (std::int64_t row = first * kPanelRows; row < end; ++row)
        for (std::int64_t t = 0; t < x.tokens; ++t)
            y[t * yStride + row] = 0;
    for (std::int64_t row = first * kPanelRows; row < end; ++row)
        for (std::int64_t b = 0; b < w.blocks; ++b) {
            const BlockValues v = valuesOf(w, row, b);
            for (std::int64_t t = 0; t < x.tokens; ++t) {
                const std::int8_t* q = x.q + (t * w.blocks + b) * kBlockCols;
                const float d = x.d[t * w.blocks + b];
                std::int32_t sum[2] = {}, total = 0;
                for (std::int64_t c = 0; c < kBlockCols; ++c) {
                    sum[c / 16] += v.codes[c] * q[c];
                    total += q[c];
                }
                float& out = y[t * yStride + row];
                if (halves) {
                    out = std::fma(static_cast<float>(sum[0]), v.scale[0] * d, out);
                    out = std::fma(static_cast<float>(sum[1]), v.scale[1] * d, out);
                } else {
                    out = std::fma(static_cast<float>(sum[0] + sum[1]), v.scale[0] * d, out);
                }
                if (minimum)
                    out = std::fma(v.minimum, d * static_cast<float>(total), out);
            }
        }
}

bool finite(float v) noexcept { return std::fabs(v) <= std::numeric_limits<float>::max(); }

float quantizeToken(const float* x, std::int64_t cols, std::int8_t* q, std::int32_t* blockSums) noexcept {
    std::memset(q, 0, static_cast<std::size_t>(paddedCols(cols)));
    std::memset(blockSums, 0, static_cast<std::size_t>(scaleBlocks(cols)) * sizeof(std::int32_t));
    float largest = 0;
    for (std::int64_t i = 0; i < cols; ++i) {
        if (!finite(x[i]))
            return std::numeric_limits<float>::quiet_NaN();
        largest = std::fabs(x[i]) > largest ? std::fabs(x[i]) : largest;
    }
    const float r = 127.0f / (largest > 1e-5f ? largest : 1e-5f);
    for (std::int64_t i = 0; i < cols; ++i) {
        float v = roundHalfEven(x[i] * r);
        v = v < -128.0f ? -128.0f : v > 127.0f ? 127.0f : v;
        q[i] = static_cast<std::int8_t>(v);
        blockSums[i / kScaleCols] += q[i];
    }
    return r;
}

void quantizeBlocks(const float* x, std::int64_t cols, std::int8_t* q, float* d, std::int32_t* halfSums) noexcept {
    for (std::int64_t b = 0; b * kBlockCols < cols; ++b) {
        const float* block = x + b * kBlockCols;
        float largest = 0;
        bool allFinite = true;
        for (std::int64_t i = 0; i < kBlockCols; ++i) {
            allFinite = allFinite && finite(block[i]);
            largest = std::fabs(block[i]) > largest ? std::fabs(block[i]) : largest;
        }
        d[b] = allFinite ? largest / 127.0f : std::numeric_limits<float>::quiet_NaN();
        // Below this 127 / largest is not finite; such values are zeros beside any others.
        const float r = allFinite && largest > 1e-36f ? 127.0f / largest : 0.0f;
        halfSums[2 * b] = halfSums[2 * b + 1] = 0;
        for (std::int64_t i = 0; i < kBlockCols; ++i) {
            const float v = allFinite ? roundHalfEven(block[i] * r) : 0.0f;
            q[b * kBlockCols + i] = static_cast<std::int8_t>(v);
            halfSums[2 * b + i / 16] += static_cast<std::int32_t>(v);
        }
    }
}

} // namespace

extern const PanelOps kPanelOps{ternaryProduct, blockProduct};
extern const RoundingOps kRoundingOps{quantizeToken, quantizeBlocks, nullptr};

} // namespace trilobit::kernels::scalar
