#include "core/encodings/q4_0/q4_0.h"

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

constexpr int kBlock = kNibbleBlock, kBytes = 18, kZero = 8;

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q4_0";
    info.title = "4-bit, blocks of 32";
    info.help =
        "Sixteen evenly spaced values around zero, one scale for every 32 weights. The simplest 4-bit form and the "
        "one with the fastest kernels nearly everywhere.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 4.5;
    info.ggmlType = 2;
    info.runsInStockLlamaCpp = true;
    info.grid.kind = GridKind::Linear;
    info.grid.groupSize = kBlock;
    info.grid.codeMin = 0;
    info.grid.codeMax = 15;
    info.grid.fixedZero = kZero;
    info.grid.scaleType = ParameterType::F16;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float d = loadHalf(in);
        std::uint8_t codes[kBlock]; // bytes first, floats after: the loop then vectorizes well
        loadNibbles(in + 2, codes);
        for (int i = 0; i < kBlock; ++i)
            out[i] = d * static_cast<float>(codes[i] - kZero);
    }
}

void encodePlain(const float* x, std::uint8_t* out) noexcept {
    float extreme = 0;
    for (int i = 0; i < kBlock; ++i)
        if (std::fabs(x[i]) > std::fabs(extreme))
            extreme = x[i];
    const float d = withinHalf(extreme / -8.0f);
    const float inverse = d != 0 ? 1.0f / d : 0.0f;
    std::uint8_t codes[kBlock];
    for (int i = 0; i < kBlock; ++i)
        codes[i] = static_cast<std::uint8_t>(truncated(x[i] * inverse + 8.5f, 0, 15));
    storeHalf(out, d);
    storeNibbles(codes, out + 2);
}

void encodeWeighted(const float* x, const float* importance, float meanSquare, std::uint8_t* out) noexcept {
    float weight[kBlock];
    for (int i = 0; i < kBlock; ++i)
        weight[i] = importance[i] * std::sqrt(meanSquare + x[i] * x[i]);
    std::uint8_t codes[kBlock];
    storeHalf(out, withinHalf(symmetricSearch(kBlock, kZero, x, weight, codes)));
    storeNibbles(codes, out + 2);
}

class Q4_0 final : public LinearEncoding {
public:
    Q4_0() : LinearEncoding(describe()) {}
    bool usesImportance() const override { return true; }

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", 0);
        const int q = in.code({{2 + e % 16, 4 * (e / 16), 4}});
        in.linear(d * static_cast<float>(q - kZero), static_cast<double>(d), kZero, "w = d · (q − 8)");
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
        storeNibbles(codes, out + 2);
    }
    void loadGroup(const std::uint8_t* row, std::int64_t group, int, std::int16_t* codes, float& scale,
                   float&) const noexcept override {
        const std::uint8_t* in = row + group * kBytes;
        scale = loadHalf(in);
        loadNibbles(in + 2, codes);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeQ4_0() { return std::make_shared<Q4_0>(); }

} // namespace trilobit
