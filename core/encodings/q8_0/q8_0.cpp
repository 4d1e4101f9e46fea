#include "core/encodings/q8_0/q8_0.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/linearencoding.h"
#include "core/encodings/common/rounding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBlock = 32, kBytes = 34;

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q8_0";
    info.title = "8-bit, blocks of 32";
    info.help =
        "One signed byte per weight and one scale for every 32: the largest weight of a block becomes 127. Hardly "
        "distinguishable from the original at half its size.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 8.5;
    info.ggmlType = 8;
    info.runsInStockLlamaCpp = true;
    info.grid.kind = GridKind::Linear;
    info.grid.groupSize = kBlock;
    info.grid.codeMin = -127;
    info.grid.codeMax = 127;
    info.grid.fixedZero = 0;
    info.grid.scaleType = ParameterType::F16;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float d = loadHalf(in);
        for (int i = 0; i < kBlock; ++i)
            out[i] = d * static_cast<float>(static_cast<std::int8_t>(in[2 + i]));
    }
}

void encodeBlock(const float* x, std::uint8_t* out) noexcept {
    float largest = 0;
    for (int i = 0; i < kBlock; ++i)
        largest = std::max(largest, std::fabs(x[i]));
    const float d = withinHalf(largest / 127.0f);
    const float inverse = d != 0 ? 1.0f / d : 0.0f;
    storeHalf(out, d);
    for (int i = 0; i < kBlock; ++i)
        out[2 + i] = static_cast<std::uint8_t>(roundHalfAway(x[i] * inverse, -127, 127));
}

class Q8_0 final : public LinearEncoding {
public:
    Q8_0() : LinearEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", 0);
        const int q = in.code({{2 + e}}, true);
        in.linear(d * static_cast<float>(q), static_cast<double>(d), 0, "w = d · q");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes)
            encodeBlock(weight + c, out);
    }
    void storeGroup(std::uint8_t* row, std::int64_t group, int length, const std::int16_t* codes, float scale,
                    float) const noexcept override {
        std::uint8_t* out = row + group * kBytes;
        storeHalf(out, scale);
        for (int i = 0; i < length; ++i)
            out[2 + i] = static_cast<std::uint8_t>(codes[i]);
    }
    void loadGroup(const std::uint8_t* row, std::int64_t group, int length, std::int16_t* codes, float& scale,
                   float&) const noexcept override {
        const std::uint8_t* in = row + group * kBytes;
        scale = loadHalf(in);
        for (int i = 0; i < length; ++i)
            codes[i] = static_cast<std::int8_t>(in[2 + i]);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeQ8_0() { return std::make_shared<Q8_0>(); }

} // namespace trilobit
