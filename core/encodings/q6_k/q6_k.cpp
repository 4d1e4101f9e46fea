#include "core/encodings/q6_k/q6_k.h"

#include "core/encodings/common/bytes.h"
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

constexpr int kBlock = 256, kBytes = 210, kSub = 16, kSubs = kBlock / kSub, kLevels = 32;
constexpr int kHighBits = 128, kScales = 192, kScale = 208; // byte offsets
constexpr float kNothing = 1e-15f;                          // scales below count as zero

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q6_K";
    info.title = "6-bit, super-blocks of 256";
    info.help =
        "64 values per 16 weights, whose scales are themselves stored in 8 bits under one scale for 256. Very close "
        "to the original; the usual choice for the output matrix.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 6.5625;
    info.ggmlType = 14;
    info.runsInStockLlamaCpp = true;
    info.fallback = "Q8_0";
    info.grid.kind = GridKind::Nested;
    info.grid.groupSize = kSub;
    info.grid.codeMin = 0;
    info.grid.codeMax = 63;
    info.grid.fixedZero = kLevels;
    info.grid.scaleType = ParameterType::F16;
    return info;
}

/// Codes 0..63 of one super-block in weight order.
inline void loadCodes(const std::uint8_t* __restrict in, std::uint8_t* __restrict codes) noexcept {
    for (int half = 0; half < 2; ++half, codes += 128) {
        const std::uint8_t *low = in + 64 * half, *high = in + kHighBits + 32 * half;
        for (int l = 0; l < 32; ++l) {
            codes[l] = static_cast<std::uint8_t>((low[l] & 15) | ((high[l] & 3) << 4));
            codes[32 + l] = static_cast<std::uint8_t>((low[32 + l] & 15) | ((high[l] << 2) & 0x30));
            codes[64 + l] = static_cast<std::uint8_t>((low[l] >> 4) | (high[l] & 0x30));
            codes[96 + l] = static_cast<std::uint8_t>((low[32 + l] >> 4) | ((high[l] >> 2) & 0x30));
        }
    }
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float d = loadHalf(in + kScale);
        std::uint8_t codes[kBlock];
        loadCodes(in, codes);
        for (int sub = 0; sub < kSubs; ++sub) {
            const float scale = d * static_cast<float>(static_cast<std::int8_t>(in[kScales + sub]));
            for (int i = kSub * sub; i < kSub * sub + kSub; ++i)
                out[i] = scale * static_cast<float>(codes[i] - kLevels);
        }
    }
}

void storeCodes(const std::uint8_t* codes, std::uint8_t* out) noexcept {
    for (int half = 0; half < 2; ++half)
        for (int l = 0; l < 32; ++l) {
            const std::uint8_t* q = codes + 128 * half + l;
            out[64 * half + l] = static_cast<std::uint8_t>((q[0] & 15) | ((q[64] & 15) << 4));
            out[64 * half + 32 + l] = static_cast<std::uint8_t>((q[32] & 15) | ((q[96] & 15) << 4));
            out[kHighBits + 32 * half + l] = static_cast<std::uint8_t>((q[0] >> 4) | ((q[32] >> 4) << 2)
                                                                       | ((q[64] >> 4) << 4) | ((q[96] >> 4) << 6));
        }
}

void encodeBlock(const float* x, const float* importance, std::uint8_t* out) noexcept {
    std::uint8_t codes[kBlock];
    float scales[kSubs], extreme = 0;
    for (int sub = 0; sub < kSubs; ++sub) {
        const int at = kSub * sub;
        scales[sub] = symmetricSearch(kSub, kLevels, x + at, importance ? importance + at : nullptr, codes + at);
        if (std::fabs(scales[sub]) > std::fabs(extreme))
            extreme = scales[sub];
    }
    std::fill_n(out, kBytes, static_cast<std::uint8_t>(0));
    if (std::fabs(extreme) < kNothing)
        return;
    float inverse = -128.0f / extreme;
    if (std::fabs(1.0f / inverse) > kHalfMax)
        inverse = std::copysign(1.0f / kHalfMax, inverse);
    storeHalf(out + kScale, 1.0f / inverse);
    const float d = loadHalf(out + kScale);
    for (int sub = 0; sub < kSubs; ++sub) {
        const int scale = roundHalfEven(inverse * scales[sub], -128, 127);
        out[kScales + sub] = static_cast<std::uint8_t>(scale);
        const float step = d * static_cast<float>(scale);
        if (step == 0)
            continue; // keeps the codes of the search; they decode to zero
        for (int i = kSub * sub; i < kSub * (sub + 1); ++i)
            codes[i] = static_cast<std::uint8_t>(roundHalfEven(x[i] / step, -kLevels, kLevels - 1) + kLevels);
    }
    storeCodes(codes, out);
}

class Q6_K final : public RowEncoding {
public:
    Q6_K() : RowEncoding(describe()) {}
    bool usesImportance() const override { return true; }

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes), h = e / 128, f = e % 128 / 32, l = e % 32;
        const float d = in.half(FieldRole::Scale, "d", kScale);
        const auto s = in.number(FieldRole::SubScale, "s", {{kScales + e / kSub}}, true);
        const int q = in.code({{64 * h + l + 32 * (f & 1), 4 * (f >> 1), 4}, {kHighBits + 32 * h + l, 2 * f, 2}});
        const float scale = d * static_cast<float>(s);
        in.linear(scale * static_cast<float>(q - kLevels), static_cast<double>(scale), kLevels, "w = d · s · (q − 32)");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float* importance,
                   std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes)
            encodeBlock(weight + c, importance ? importance + c : nullptr, out);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeQ6_K() { return std::make_shared<Q6_K>(); }

} // namespace trilobit
