#include "core/encodings/q4_1/q4_1.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/linearencoding.h"
#include "core/encodings/common/nibbles.h"
#include "core/encodings/common/rounding.h"
#include "core/encodings/common/scalesearch.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBlock = kNibbleBlock, kBytes = 20, kMaxCode = 15;

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q4_1";
    info.title = "4-bit with a minimum, blocks of 32";
    info.help =
        "Sixteen evenly spaced values from a minimum up; scale and minimum are stored for every 32 weights. Half a "
        "bit more than Q4_0, and no value is wasted where weights lie on one side of zero.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 5;
    info.ggmlType = 3;
    info.runsInStockLlamaCpp = true;
    info.grid.kind = GridKind::Linear;
    info.grid.groupSize = kBlock;
    info.grid.codeMin = 0;
    info.grid.codeMax = kMaxCode;
    info.grid.freeZero = true;
    info.grid.scaleType = ParameterType::F16;
    info.grid.zeroType = ParameterType::F16;
    info.grid.zeroIsMinimum = true;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float d = loadHalf(in), m = loadHalf(in + 2);
        std::uint8_t codes[kBlock]; // bytes first, floats after: the loop then vectorizes well
        loadNibbles(in + 4, codes);
        for (int i = 0; i < kBlock; ++i)
            out[i] = d * static_cast<float>(codes[i]) + m;
    }
}

void encodePlain(const float* x, std::uint8_t* out) noexcept {
    const auto [lowest, highest] = std::minmax_element(x, x + kBlock);
    const float low = *lowest;
    const float range = std::min(*highest - low, 15.0f * kHalfMax); // finite, and so that d fits
    const float d = range / 15.0f;
    const float inverse = d != 0 ? 1.0f / d : 0.0f;
    std::uint8_t codes[kBlock];
    for (int i = 0; i < kBlock; ++i)
        codes[i] = static_cast<std::uint8_t>(truncated((x[i] - low) * inverse + 0.5f, 0, kMaxCode));
    storeHalf(out, d);
    storeHalf(out + 2, withinHalf(low));
    storeNibbles(codes, out + 4);
}

void encodeWeighted(const float* x, const float* importance, float meanSquare, std::uint8_t* out) noexcept {
    float weight[kBlock];
    for (int i = 0; i < kBlock; ++i)
        weight[i] = importance[i] * std::sqrt(meanSquare + x[i] * x[i]);
    std::uint8_t codes[kBlock];
    const MinimumFit fit = minimumSearch(kBlock, kMaxCode, x, weight, codes, {-0.9f, 0.05f, 36});
    storeHalf(out, withinHalf(fit.scale));
    storeHalf(out + 2, withinHalf(fit.minimum));
    storeNibbles(codes, out + 4);
}

class Q4_1 final : public LinearEncoding {
public:
    Q4_1() : LinearEncoding(describe()) {}
    bool usesImportance() const override { return true; }

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", 0), m = in.half(FieldRole::Minimum, "m", 2);
        const int q = in.code({{4 + e % 16, 4 * (e / 16), 4}});
        in.withMinimum(d * static_cast<float>(q) + m, static_cast<double>(d), static_cast<double>(-m), "w = d · q + m");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float* importance,
                   std::uint8_t* out) const noexcept override {
        const float square = importance ? meanSquare(weight, cols) : 0.0f;
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes) {
            if (importance)
                encodeWeighted(weight + c, importance + c, square, out);
            else
                encodePlain(weight + c, out);
        }
    }
    void storeGroup(std::uint8_t* row, std::int64_t group, int, const std::int16_t* codes, float scale,
                    float minimum) const noexcept override {
        std::uint8_t* out = row + group * kBytes;
        storeHalf(out, scale);
        storeHalf(out + 2, minimum);
        storeNibbles(codes, out + 4);
    }
    void loadGroup(const std::uint8_t* row, std::int64_t group, int, std::int16_t* codes, float& scale,
                   float& minimum) const noexcept override {
        const std::uint8_t* in = row + group * kBytes;
        scale = loadHalf(in);
        minimum = loadHalf(in + 2);
        loadNibbles(in + 4, codes);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeQ4_1() { return std::make_shared<Q4_1>(); }

} // namespace trilobit
