#include "core/encodings/q2_0/q2_0.h"

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

constexpr int kZero = 1;

/// Bytes of a block of `block` weights.
constexpr int bytesOf(int block) { return 2 + block / 4; }

EncodingInfo describe(int block) {
    EncodingInfo info;
    if (block == 64) {
        info.id = "Q2_0";
        info.title = "2-bit, blocks of 64";
        info.help =
            "Each weight is -d, 0, d or 2 d, with one d for every 64. A ternary form for rows that are no multiple of "
            "256; ordinary models lose their language in it.";
        info.runsInStockLlamaCpp = true;
    } else {
        info.id = "Q2_0_G128";
        info.title = "2-bit, blocks of 128";
        info.help =
            "Each weight is -d, 0, d or 2 d, with one d for every 128: what a fork wrote under the type number of Q2_0 "
            "before llama.cpp settled on blocks of 64. Converting to Q2_0 loses nothing.";
        info.fallback = "Q2_0";
    }
    info.blockSize = block;
    info.bytesPerBlock = bytesOf(block);
    info.bitsPerWeight = 8.0 * bytesOf(block) / block;
    info.ggmlType = 42;
    info.grid.kind = GridKind::Linear;
    info.grid.groupSize = block;
    info.grid.codeMin = 0;
    info.grid.codeMax = 3;
    info.grid.fixedZero = kZero;
    info.grid.scaleType = ParameterType::F16;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks, int block,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += bytesOf(block), out += block) {
        const float d = loadHalf(in);
        for (int e = 0; e < block; ++e)
            out[e] = d * static_cast<float>(((in[2 + e / 4] >> (2 * (e % 4))) & 3) - kZero);
    }
}

template <int kBlock, class Code>
void storeCodes(const Code* codes, std::uint8_t* out) noexcept {
    for (int i = 0; i < kBlock / 4; ++i, codes += 4)
        out[i] = static_cast<std::uint8_t>(codes[0] | (codes[1] << 2) | (codes[2] << 4) | (codes[3] << 6));
}

template <int kBlock>
void encodeBlock(const float* x, std::uint8_t* out) noexcept {
    float largest = 0;
    for (int i = 0; i < kBlock; ++i)
        largest = std::max(largest, std::fabs(x[i]));
    const float d = withinHalf(largest);
    const float inverse = d != 0 ? 1.0f / d : 0.0f;
    std::uint8_t codes[kBlock];
    for (int i = 0; i < kBlock; ++i)
        codes[i] = static_cast<std::uint8_t>(roundHalfAway(x[i] * inverse, -1, 2) + kZero);
    storeHalf(out, d);
    storeCodes<kBlock>(codes, out + 2);
}

template <int kBlock>
class Q2_0 final : public LinearEncoding {
public:
    Q2_0() : LinearEncoding(describe(kBlock)) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", 0);
        const int q = in.code({{2 + e / 4, 2 * (e % 4), 2}});
        in.linear(d * static_cast<float>(q - kZero), static_cast<double>(d), kZero, "w = d · (q − 1)");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes)
            encodeBlock<kBlock>(weight + c, out);
    }
    void storeGroup(std::uint8_t* row, std::int64_t group, int, const std::int16_t* codes, float scale,
                    float) const noexcept override {
        std::uint8_t* out = row + group * kBytes;
        storeHalf(out, scale);
        storeCodes<kBlock>(codes, out + 2);
    }
    void loadGroup(const std::uint8_t* row, std::int64_t group, int length, std::int16_t* codes, float& scale,
                   float&) const noexcept override {
        const std::uint8_t* in = row + group * kBytes;
        scale = loadHalf(in);
        for (int e = 0; e < length; ++e)
            codes[e] = static_cast<std::int16_t>((in[2 + e / 4] >> (2 * (e % 4))) & 3);
    }

private:
    static constexpr int kBytes = bytesOf(kBlock);
};

} // namespace

std::shared_ptr<const Encoding> makeQ2_0() { return std::make_shared<Q2_0<64>>(); }
std::shared_ptr<const Encoding> makeQ2_0G128() { return std::make_shared<Q2_0<128>>(); }

} // namespace trilobit
