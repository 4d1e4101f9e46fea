#include "core/encodings/tq1_0/tq1_0.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/linearencoding.h"
#include "core/encodings/common/rounding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBlock = 256, kBytes = 54, kScale = 52, kZero = 1;
constexpr int kPowers[5] = {1, 3, 9, 27, 81};

/// `count` bytes from byte `first` on hold `trits` each, of weights from `weight` on, `count` apart.
struct Part {
    int first, count, trits, weight;
};
constexpr Part kParts[3] = {{0, 32, 5, 0}, {32, 16, 5, 160}, {48, 4, 4, 240}};

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "TQ1_0";
    info.title = "Ternary in 1.6 bits, blocks of 256";
    info.help =
        "The values of TQ2_0 (-d, 0, +d) with five of them in every byte: the smallest ternary form, about 1.69 "
        "bits per weight, a little slower to unpack. Only for models trained to be ternary.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 1.6875;
    info.ggmlType = 34;
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

inline int tritOf(int byte, int n) noexcept { return (((byte * kPowers[n]) & 255) * 3) >> 8; }

/// `put(weight, trit)` for each of the 256.
template <class Put>
inline void loadTrits(const std::uint8_t* in, const Put& put) noexcept {
    for (const Part& part : kParts)
        for (int n = 0; n < part.trits; ++n)
            for (int b = 0; b < part.count; ++b)
                put(part.weight + n * part.count + b, tritOf(in[part.first + b], n));
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float d = loadHalf(in + kScale);
        for (const Part& part : kParts)
            for (int n = 0; n < part.trits; ++n)
                for (int i = 0; i < part.count; ++i)
                    out[part.weight + n * part.count + i] =
                        d * static_cast<float>((((in[part.first + i] * kPowers[n]) & 255) * 3 >> 8) - kZero);
    }
}

template <class Code>
void storeCodes(const Code* codes, std::uint8_t* out) noexcept {
    for (const Part& part : kParts)
        for (int b = 0; b < part.count; ++b) {
            int value = 0;
            for (int n = 0; n < 5; ++n)
                value = value * 3 + (n < part.trits ? codes[part.weight + n * part.count + b] : 0);
            out[part.first + b] = static_cast<std::uint8_t>((value * 256 + 242) / 243);
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

class Tq1_0 final : public LinearEncoding {
public:
    Tq1_0() : LinearEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", kScale);
        const Part& part = kParts[e < 160 ? 0 : e < 240 ? 1 : 2];
        const int n = (e - part.weight) / part.count, at = part.first + (e - part.weight) % part.count;
        const int q =
            in.packedCode(at, tritOf(in.byteAt(at), n),
                          "trit " + std::to_string(n + 1) + " of " + std::to_string(part.trits) + " in a byte");
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
    void loadGroup(const std::uint8_t* row, std::int64_t group, int, std::int16_t* codes, float& scale,
                   float&) const noexcept override {
        const std::uint8_t* in = row + group * kBytes;
        scale = loadHalf(in + kScale);
        loadTrits(in, [&](int e, int trit) { codes[e] = static_cast<std::int16_t>(trit); });
    }
};

} // namespace

std::shared_ptr<const Encoding> makeTq1_0() { return std::make_shared<Tq1_0>(); }

} // namespace trilobit
