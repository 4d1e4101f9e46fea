#include "core/encodings/f16/f16.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <cmath>

namespace trilobit {

namespace {

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "F16";
    info.title = "16-bit float (half)";
    info.help = "Two bytes per weight: eleven significant bits, magnitudes from 0.00006 to 65504. The usual form of an "
                "unquantized model and the yardstick for everything smaller.";
    info.blockSize = 1;
    info.bytesPerBlock = 2;
    info.bitsPerWeight = 16;
    info.ggmlType = 1;
    info.runsInStockLlamaCpp = true;
    info.fallback = ""; // the end of every chain
    return info;
}

/// halfToFloat() without branches, so that whole rows go through vector units; the same bits.
TRILOBIT_VECTOR_CLONES void decodeHalfs(const std::uint8_t* __restrict in, std::int64_t count, float* __restrict out) {
    constexpr std::uint32_t kRebias = 112u << 23, kSubnormal = 113u << 23;
    for (std::int64_t i = 0; i < count; ++i) {
        std::uint16_t half;
        std::memcpy(&half, in + 2 * i, sizeof half);
        const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
        const std::uint32_t magnitude = static_cast<std::uint32_t>(half & 0x7FFFu) << 13;
        // A subnormal half is a normal float less its implicit one; the difference is exact. Chosen by masks, because a
        // conditional would come back as a branch around the subtraction.
        const float small = std::bit_cast<float>(magnitude + kSubnormal) - std::bit_cast<float>(kSubnormal);
        const std::uint32_t isSmall = 0u - static_cast<std::uint32_t>(magnitude < (1u << 23));
        const std::uint32_t isSpecial = 0u - static_cast<std::uint32_t>(magnitude >= (0x1Fu << 23));
        const std::uint32_t normal = magnitude + kRebias + (isSpecial & kRebias);
        const std::uint32_t bits = (std::bit_cast<std::uint32_t>(small) & isSmall) | (normal & ~isSmall);
        out[i] = std::bit_cast<float>(sign | bits);
    }
}

class F16 final : public encodings::RowEncoding {
public:
    F16() : RowEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeHalfs(row, cols, out);
    }
    void readWeight(encodings::WeightReader& in, std::int64_t, std::int64_t col) const override {
        in.enterBlock(col, 1, 2);
        in.floatParts(2, 5);
        in.plain(halfToFloat(static_cast<std::uint16_t>(in.byteAt(0) | (in.byteAt(1) << 8))),
                 "w = ±2^(exponent − 15) · 1.mantissa");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; ++c)
            encodings::storeHalf(out + 2 * c, weight[c]);
    }
    std::int64_t firstBadColumn(const float* weight, std::int64_t cols) const noexcept override {
        for (std::int64_t c = 0; c < cols; ++c)
            if (std::fabs(weight[c]) >= 65520.0f && std::isfinite(weight[c]))
                return c;
        return -1;
    }
    std::string refusal() const override { return "is beyond the largest F16 value, 65504"; }
};

} // namespace

std::shared_ptr<const Encoding> makeF16() { return std::make_shared<F16>(); }

} // namespace trilobit
