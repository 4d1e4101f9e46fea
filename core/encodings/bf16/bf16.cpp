#include "core/encodings/bf16/bf16.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <cmath>

namespace trilobit {

namespace {

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "BF16";
    info.title = "16-bit float (bfloat16)";
    info.help =
        "Two bytes per weight with the range of a 32-bit float but only eight significant bits. What most models "
        "are trained in; converting it to 32 bits loses nothing.";
    info.blockSize = 1;
    info.bytesPerBlock = 2;
    info.bitsPerWeight = 16;
    info.ggmlType = 30;
    info.runsInStockLlamaCpp = true;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBfloats(const std::uint8_t* __restrict in, std::int64_t count,
                                          float* __restrict out) {
    for (std::int64_t i = 0; i < count; ++i) {
        std::uint16_t upper;
        std::memcpy(&upper, in + 2 * i, sizeof upper);
        out[i] = bfloat16ToFloat(upper);
    }
}

class Bf16 final : public encodings::RowEncoding {
public:
    Bf16() : RowEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBfloats(row, cols, out);
    }
    void readWeight(encodings::WeightReader& in, std::int64_t, std::int64_t col) const override {
        in.enterBlock(col, 1, 2);
        in.floatParts(2, 8);
        in.plain(std::bit_cast<float>(static_cast<std::uint32_t>(in.byteAt(0) | (in.byteAt(1) << 8)) << 16),
                 "w = ±2^(exponent − 127) · 1.mantissa");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; ++c)
            encodings::storeU16(out + 2 * c, floatToBfloat16(weight[c]));
    }
    std::int64_t firstBadColumn(const float* weight, std::int64_t cols) const noexcept override {
        // From 0x1.ffp127 on, rounding goes up to infinity.
        for (std::int64_t c = 0; c < cols; ++c)
            if (std::fabs(weight[c]) >= 0x1.FFp127f && std::isfinite(weight[c]))
                return c;
        return -1;
    }
    std::string refusal() const override { return "is beyond the largest BF16 value, 3.39e38"; }
};

} // namespace

std::shared_ptr<const Encoding> makeBf16() { return std::make_shared<Bf16>(); }

} // namespace trilobit
