#include "core/encodings/q5_1/q5_1.h"

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

constexpr int kBlock = kNibbleBlock, kBytes = 24, kMaxCode = 31;
constexpr int kHighBits = 4, kNibbles = 8; // byte offsets

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q5_1";
    info.title = "5-bit with a minimum, blocks of 32";
    info.help =
        "32 evenly spaced values from a minimum up; scale and minimum are stored for every 32 weights. Half a bit "
        "more than Q5_0, and no value is wasted where weights lie on one side of zero.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 6;
    info.ggmlType = 7;
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
        loadNibbles(in + kNibbles, codes);
        addFifthBits(in + kHighBits, codes);
        for (int i = 0; i < kBlock; ++i)
            out[i] = d * static_cast<float>(codes[i]) + m;
    }
}

template <class Code>
void storeCodes(const Code* codes, std::uint8_t* out) noexcept {
    storeFifthBits(codes, out + kHighBits);
    storeNibbles(codes, out + kNibbles);
}

void encodePlain(const float* x, std::uint8_t* out) noexcept {
    const auto [lowest, highest] = std::minmax_element(x, x + kBlock);
    const float low = *lowest;
    const float range = std::min(*highest - low, 31.0f * kHalfMax); // finite, and so that d fits
    const float d = range / 31.0f;
    const float inverse = d != 0 ? 1.0f / d : 0.0f;
    std::uint8_t codes[kBlock];
    for (int i = 0; i < kBlock; ++i)
        codes[i] = static_cast<std::uint8_t>(truncated((x[i] - low) * inverse + 0.5f, 0, kMaxCode));
    storeHalf(out, d);
    storeHalf(out + 2, withinHalf(low));
    storeCodes(codes, out);
}

void encodeWeighted(const float* x, const float* importance, float meanSquare, std::uint8_t* out) noexcept {
    float weight[kBlock];
    for (int i = 0; i < kBlock; ++i)
        weight[i] = importance[i] * std::sqrt(meanSquare + x[i] * x[i]);
    std::uint8_t codes[kBlock];
    const MinimumFit fit = minimumSearch(kBlock, kMaxCode, x, weight, codes, {-0.9f, 0.05f, 36});
    storeHalf(out, withinHalf(fit.scale));
    storeHalf(out + 2, withinHalf(fit.minimum));
    storeCodes(codes, out);
}

class Q5_1 final : public LinearEncoding {
public:
    Q5_1() : LinearEncoding(describe()) {}
    bool usesImportance() const override { return true; }

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", 0), m = in.half(FieldRole::Minimum, "m", 2);
        const int q = in.code({{kNibbles + e % 16, 4 * (e / 16), 4}, {kHighBits + e / 8, e % 8, 1}});
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
        storeCodes(codes, out);
    }
    void loadGroup(const std::uint8_t* row, std::int64_t group, int, std::int16_t* codes, float& scale,
                   float& minimum) const noexcept override {
        const std::uint8_t* in = row + group * kBytes;
        scale = loadHalf(in);
        minimum = loadHalf(in + 2);
        loadNibbles(in + kNibbles, codes);
        addFifthBits(in + kHighBits, codes);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeQ5_1() { return std::make_shared<Q5_1>(); }

} // namespace trilobit
