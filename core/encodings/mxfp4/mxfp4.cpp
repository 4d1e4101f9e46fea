#include "core/encodings/mxfp4/mxfp4.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/nibbles.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBlock = kNibbleBlock, kBytes = 17, kBias = 127, kTopExponent = 2; // 4 = 2^2 is the largest power of two
/// Twice the values, so that they are whole; halfScale makes up for it.
constexpr std::int8_t kDoubled[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "MXFP4";
    info.title = "4-bit floats, blocks of 32";
    info.help =
        "Each weight is a tiny float (0, 0.5, 1, 1.5, 2, 3, 4, 6 and negatives) times a power of two for every 32: "
        "the open microscaling format that some models are published in.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 4.25;
    info.ggmlType = 39;
    info.runsInStockLlamaCpp = true;
    info.grid.kind = GridKind::Levels;
    info.grid.groupSize = kBlock;
    info.grid.codeMin = 0;
    info.grid.codeMax = 15;
    return info;
}

/// 2^(e - 128); the two smallest are denormals.
inline float halfScale(std::uint8_t e) noexcept {
    return std::bit_cast<float>(e < 2 ? 0x00200000u << e : static_cast<std::uint32_t>(e - 1) << 23);
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float scale = halfScale(in[0]);
        std::uint8_t codes[kBlock];
        loadNibbles(in + 1, codes);
        for (int i = 0; i < kBlock; ++i)
            out[i] = scale * static_cast<float>(kDoubled[codes[i]]);
    }
}

std::uint8_t nearestCode(float x, float scale) noexcept {
    int best = 0;
    float least = std::fabs(x);
    for (int code = 1; code < 16; ++code) {
        const float error = std::fabs(scale * static_cast<float>(kDoubled[code]) - x);
        if (error < least) {
            least = error;
            best = code;
        }
    }
    return static_cast<std::uint8_t>(best);
}

void encodeBlock(const float* x, std::uint8_t* out) noexcept {
    float largest = 0;
    for (int i = 0; i < kBlock; ++i)
        largest = std::max(largest, std::fabs(x[i]));
    // The logarithm is rounded to single precision as in the reference: just below a power of two it reaches it.
    const float logarithm = static_cast<float>(std::log2(static_cast<double>(largest)));
    const float exponent = largest > 0 ? std::floor(logarithm) - kTopExponent + kBias : -1.0f;
    std::fill_n(out, kBytes, static_cast<std::uint8_t>(0));
    if (exponent < 0)
        return;
    out[0] = static_cast<std::uint8_t>(exponent);
    const float scale = halfScale(out[0]);
    std::uint8_t codes[kBlock];
    for (int i = 0; i < kBlock; ++i)
        codes[i] = nearestCode(x[i], scale);
    storeNibbles(codes, out + 1);
}

class Mxfp4 final : public RowEncoding {
public:
    Mxfp4() : RowEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const auto exponent = in.number(FieldRole::Scale, "e", {{0}});
        const int q = in.code({{1 + e % 16, 4 * (e / 16), 4}});
        const float scale = halfScale(static_cast<std::uint8_t>(exponent)), twice = static_cast<float>(kDoubled[q]);
        in.levels(scale * twice, 2 * static_cast<double>(scale), 0.5 * static_cast<double>(twice),
                  "w = 2^(e − 127) · float4[q]");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes)
            encodeBlock(weight + c, out);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeMxfp4() { return std::make_shared<Mxfp4>(); }

} // namespace trilobit
