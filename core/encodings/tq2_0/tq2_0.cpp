#include "core/encodings/tq2_0/tq2_0.h"

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

constexpr int kBlock = 256, kBytes = 66, kScale = 64, kZero = 1;

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "TQ2_0";
    info.title = "Ternary in 2 bits, blocks of 256";
    info.help =
        "Each weight is -d, 0 or +d, with one d for every 256: about 2.06 bits per weight. Made for models trained "
        "to be ternary, such as BitNet b1.58; an ordinary model loses its language in it.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 2.0625;
    info.ggmlType = 35;
    info.runsInStockLlamaCpp = true;
    info.fallback = "Q4_0";
    info.grid.kind = GridKind::Linear;
    info.grid.groupSize = kBlock;
    info.grid.codeMin = 0;
    info.grid.codeMax = 2;
    info.grid.fixedZero = kZero;
    info.grid.scaleType = ParameterType::F16;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes) {
        const float d = loadHalf(in + kScale);
        for (int half = 0; half < 2; ++half)
            for (int shift = 0; shift < 8; shift += 2, out += 32)
                for (int l = 0; l < 32; ++l)
                    out[l] = d * static_cast<float>(((in[32 * half + l] >> shift) & 3) - kZero);
    }
}

template <class Code>
void storeCodes(const Code* codes, std::uint8_t* out) noexcept {
    for (int half = 0; half < 2; ++half)
        for (int l = 0; l < 32; ++l) {
            const Code* q = codes + 128 * half + l;
            out[32 * half + l] = static_cast<std::uint8_t>(q[0] | (q[32] << 2) | (q[64] << 4) | (q[96] << 6));
        }
}

void encodeBlock(const float* x, std::uint8_t* out) noexcept {
    float largest = 0;
    for (int i = 0; i < kBlock; ++i)
        largest = std::max(largest, std::fabs(x[i]));
    const float d = withinHalf(largest);
    const float inverse = d != 0 ? 1.0f / d : 0.0f;
    std::uint8_t codes[kBlock];
    for (int i = 0; i < kBlock; ++i)
        codes[i] = static_cast<std::uint8_t>(roundHalfAway(x[i] * inverse, -1, 1) + kZero);
    storeCodes(codes, out);
    storeHalf(out + kScale, d);
}

class Tq2_0 final : public LinearEncoding {
public:
    Tq2_0() : LinearEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", kScale);
        const int q = in.code({{32 * (e / 128) + e % 32, 2 * (e % 128 / 32), 2}});
        in.linear(d * static_cast<float>(q - kZero), static_cast<double>(d), kZero, "w = d · (q − 1)");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes)
            encodeBlock(weight + c, out);
    }
    void storeGroup(std::uint8_t* row, std::int64_t group, int, const std::int16_t* codes, float scale,
                    float) const noexcept override {
        std::uint8_t* out = row + group * kBytes;
        storeCodes(codes, out);
        storeHalf(out + kScale, scale);
    }
    void loadGroup(const std::uint8_t* row, std::int64_t group, int length, std::int16_t* codes, float& scale,
                   float&) const noexcept override {
        const std::uint8_t* in = row + group * kBytes;
        scale = loadHalf(in + kScale);
        for (int e = 0; e < length; ++e)
            codes[e] = static_cast<std::int16_t>((in[32 * (e / 128) + e % 32] >> (2 * (e % 128 / 32))) & 3);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeTq2_0() { return std::make_shared<Tq2_0>(); }

} // namespace trilobit
