#include "core/encodings/q3_k/q3_k.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/nibbles.h"
#include "core/encodings/common/rounding.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/scalesearch.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBlock = 256, kBytes = 110, kSub = 16, kSubs = kBlock / kSub, kLevels = 4, kScaleLevels = 32;
constexpr int kCodes = 32, kScales = 96, kScale = 108; // byte offsets

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q3_K";
    info.title = "3-bit, super-blocks of 256";
    info.help =
        "Eight values around zero per 16 weights, whose scales are stored in 6 bits under one scale for 256. Usable "
        "for large models where memory is short; small ones suffer.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 3.4375;
    info.ggmlType = 11;
    info.runsInStockLlamaCpp = true;
    info.fallback = "IQ4_NL";
    info.grid.kind = GridKind::Nested;
    info.grid.groupSize = kSub;
    info.grid.codeMin = 0;
    info.grid.codeMax = 2 * kLevels - 1;
    info.grid.fixedZero = kLevels;
    info.grid.scaleType = ParameterType::F16;
    return info;
}

/// Scales 0..63 of one super-block.
inline void loadScales(const std::uint8_t* in, std::uint8_t* scales) noexcept {
    for (int j = 0; j < kSubs; ++j) {
        const int low = j < 8 ? in[j] & 15 : in[j - 8] >> 4, high = (in[8 + j % 4] >> (2 * (j / 4))) & 3;
        scales[j] = static_cast<std::uint8_t>(low | (high << 4));
    }
}

void storeScales(const std::uint8_t* scales, std::uint8_t* out) noexcept {
    for (int j = 0; j < 8; ++j)
        out[j] = static_cast<std::uint8_t>((scales[j] & 15) | ((scales[8 + j] & 15) << 4));
    for (int j = 0; j < 4; ++j)
        out[8 + j] = static_cast<std::uint8_t>((scales[j] >> 4) | ((scales[4 + j] >> 4) << 2)
                                               | ((scales[8 + j] >> 4) << 4) | ((scales[12 + j] >> 4) << 6));
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes) {
        const float d = loadHalf(in + kScale);
        std::uint8_t scales[kSubs];
        loadScales(in + kScales, scales);
        for (int sub = 0; sub < kSubs; ++sub, out += kSub) {
            const float scale = d * static_cast<float>(scales[sub] - kScaleLevels);
            const std::uint8_t *high = in + kSub * (sub & 1), *codes = in + kCodes + 32 * (sub / 8) + kSub * (sub & 1);
            const int shift = 2 * (sub % 8 / 2), bit = sub / 2;
            for (int l = 0; l < kSub; ++l)
                out[l] =
                    scale * static_cast<float>((((codes[l] >> shift) & 3) | (((high[l] >> bit) & 1) << 2)) - kLevels);
        }
    }
}

void storeCodes(const std::uint8_t* codes, std::uint8_t* out) noexcept {
    for (int l = 0; l < 32; ++l) {
        int high = 0;
        for (int j = 0; j < 8; ++j)
            high |= (codes[32 * j + l] >> 2) << j;
        out[l] = static_cast<std::uint8_t>(high);
        for (int half = 0; half < 2; ++half) {
            const std::uint8_t* q = codes + 128 * half + l;
            out[kCodes + 32 * half + l] =
                static_cast<std::uint8_t>((q[0] & 3) | ((q[32] & 3) << 2) | ((q[64] & 3) << 4) | ((q[96] & 3) << 6));
        }
    }
}

/// Largest magnitude onto -32. Returns d.
float roundScales(const float* scales, std::uint8_t* codes) noexcept {
    float extreme = 0;
    for (int sub = 0; sub < kSubs; ++sub)
        if (std::fabs(scales[sub]) > std::fabs(extreme))
            extreme = scales[sub];
    if (extreme == 0) {
        std::fill_n(codes, kSubs, static_cast<std::uint8_t>(0));
        return 0.0f;
    }
    const float inverse = static_cast<float>(-kScaleLevels) / extreme;
    for (int sub = 0; sub < kSubs; ++sub)
        codes[sub] = static_cast<std::uint8_t>(roundHalfEven(inverse * scales[sub], -kScaleLevels, kScaleLevels - 1)
                                               + kScaleLevels);
    return 1.0f / inverse;
}

/// Returns the scale of one sub-block and adds up its weights.
float searchSub(const float* x, const float* importance, float smoothing, std::uint8_t* codes, float& sum) noexcept {
    if (!importance)
        return descentSearch(kSub, kLevels, x, codes);
    float weight[kSub];
    sum = 0;
    for (int i = 0; i < kSub; ++i) {
        weight[i] = importance[i] * std::sqrt(smoothing + x[i] * x[i]);
        sum += weight[i];
    }
    return symmetricSearch(kSub, kLevels, x, weight, codes);
}

void encodeBlock(const float* x, const float* importance, std::uint8_t* out) noexcept {
    std::uint8_t codes[kBlock], scaleCodes[kSubs];
    float scales[kSubs], subWeight[kSubs] = {};
    const float smoothing = importance ? 2 * meanSquare(x, kBlock) : 0.0f;
    // Beyond this a stored scale ends.
    constexpr float kLimit = kScaleLevels * kHalfMax;
    for (int sub = 0; sub < kSubs; ++sub) {
        const int at = kSub * sub;
        const float scale =
            searchSub(x + at, importance ? importance + at : nullptr, smoothing, codes + at, subWeight[sub]);
        scales[sub] = bounded(scale, -kLimit, kLimit);
    }
    const float fitted = importance ? symmetricSearch(kSubs, kScaleLevels, scales, subWeight, scaleCodes)
                                    : roundScales(scales, scaleCodes);
    storeHalf(out + kScale, withinHalf(fitted));
    const float d = loadHalf(out + kScale);
    storeScales(scaleCodes, out + kScales);
    for (int sub = 0; sub < kSubs; ++sub) {
        const float step = d * static_cast<float>(scaleCodes[sub] - kScaleLevels);
        if (step == 0)
            continue; // keeps the codes of the search; they decode to zero
        for (int i = kSub * sub; i < kSub * (sub + 1); ++i)
            codes[i] = static_cast<std::uint8_t>(roundHalfEven(x[i] / step, -kLevels, kLevels - 1) + kLevels);
    }
    storeCodes(codes, out);
}

class Q3_K final : public RowEncoding {
public:
    Q3_K() : RowEncoding(describe()) {}
    bool usesImportance() const override { return true; }

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes), j = e / kSub, l = e % 32;
        const float d = in.half(FieldRole::Scale, "d", kScale);
        const auto s = in.number(FieldRole::SubScale, "s",
                                 {{kScales + j % 8, j < 8 ? 0 : 4, 4}, {kScales + 8 + j % 4, 2 * (j / 4), 2}});
        const int q = in.code({{kCodes + 32 * (e / 128) + l, 2 * (e % 128 / 32), 2}, {l, e / 32, 1}});
        const float scale = d * static_cast<float>(s - kScaleLevels);
        in.linear(scale * static_cast<float>(q - kLevels), static_cast<double>(scale), kLevels,
                  "w = d · (s − 32) · (q − 4)");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float* importance,
                   std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes)
            encodeBlock(weight + c, importance ? importance + c : nullptr, out);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeQ3_K() { return std::make_shared<Q3_K>(); }

} // namespace trilobit
