#include "core/encodings/q5_0/q5_0.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/linearencoding.h"
#include "core/encodings/common/nibbles.h"
#include "core/encodings/common/rounding.h"
#include "core/encodings/common/scalesearch.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBlock = kNibbleBlock, kBytes = 22, kZero = 16;
constexpr int kHighBits = 2, kNibbles = 6; // byte offsets

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q5_0";
    info.title = "5-bit, blocks of 32";
    info.help =
        "32 evenly spaced values around zero, one scale for every 32 weights. Half the error of Q4_0 for one bit "
        "more, and what stands in for Q4_K where rows are no multiple of 256.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 5.5;
    info.ggmlType = 6;
    info.runsInStockLlamaCpp = true;
    info.grid.kind = GridKind::Linear;
    info.grid.groupSize = kBlock;
    info.grid.codeMin = 0;
    info.grid.codeMax = 31;
    info.grid.fixedZero = kZero;
    info.grid.scaleType = ParameterType::F16;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float d = loadHalf(in);
        std::uint8_t codes[kBlock]; // bytes first, floats after: the loop then vectorizes well
        loadNibbles(in + kNibbles, codes);
        addFifthBits(in + kHighBits, codes);
        for (int i = 0; i < kBlock; ++i)
            out[i] = d * static_cast<float>(codes[i] - kZero);
    }
}

template <class Code>
void storeCodes(const Code* codes, std::uint8_t* out) noexcept {
    storeFifthBits(codes, out + kHighBits);
    storeNibbles(codes, out + kNibbles);
}

void encodePlain(const float* x, std::uint8_t* out) noexcept {
    float extreme = 0;
    for (int i = 0; i < kBlock; ++i)
        if (std::fabs(x[i]) > std::fabs(extreme))
            extreme = x[i];
    const float d = withinHalf(extreme / -16.0f);
    const float inverse = d != 0 ? 1.0f / d : 0.0f;
    std::uint8_t codes[kBlock];
    for (int i = 0; i < kBlock; ++i)
        codes[i] = static_cast<std::uint8_t>(truncated(x[i] * inverse + 16.5f, 0, 31));
    storeHalf(out, d);
    storeCodes(codes, out);
}

void encodeWeighted(const float* x, const float* importance, float meanSquare, std::uint8_t* out) noexcept {
    float weight[kBlock];
    for (int i = 0; i < kBlock; ++i)
        weight[i] = importance[i] * std::sqrt(meanSquare + x[i] * x[i]);
    std::uint8_t codes[kBlock];
    storeHalf(out, withinHalf(symmetricSearch(kBlock, kZero, x, weight, codes)));
    storeCodes(codes, out);
}

class Q5_0 final : public LinearEncoding {
public:
    Q5_0() : LinearEncoding(describe()) {}
    bool usesImportance() const override { return true; }

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", 0);
        const int q = in.code({{kNibbles + e % 16, 4 * (e / 16), 4}, {kHighBits + e / 8, e % 8, 1}});
        in.linear(d * static_cast<float>(q - kZero), static_cast<double>(d), kZero, "w = d · (q − 16)");
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
                    float) const noexcept override {
        std::uint8_t* out = row + group * kBytes;
        storeHalf(out, scale);
        storeCodes(codes, out);
    }
    void loadGroup(const std::uint8_t* row, std::int64_t group, int, std::int16_t* codes, float& scale,
                   float&) const noexcept override {
        const std::uint8_t* in = row + group * kBytes;
        scale = loadHalf(in);
        loadNibbles(in + kNibbles, codes);
        addFifthBits(in + kHighBits, codes);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeQ5_0() { return std::make_shared<Q5_0>(); }

} // namespace trilobit
