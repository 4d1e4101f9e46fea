#include "core/encodings/f64/f64.h"

#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/weightreader.h"

#include <cstring>

namespace trilobit {

namespace {

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "F64";
    info.title = "64-bit float";
    info.help =
        "Eight bytes per weight, as some scientific tools write them. Everything here computes in 32 bits, so the "
        "rest of the digits is dropped on reading.";
    info.blockSize = 1;
    info.bytesPerBlock = 8;
    info.bitsPerWeight = 64;
    info.ggmlType = 28;
    info.fallback = "";
    return info;
}

class F64 final : public encodings::RowEncoding {
public:
    F64() : RowEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; ++c) {
            double value;
            std::memcpy(&value, row + c * 8, sizeof value);
            out[c] = static_cast<float>(value);
        }
    }
    void readWeight(encodings::WeightReader& in, std::int64_t, std::int64_t col) const override {
        in.enterBlock(col, 1, 8);
        in.floatParts(8, 11);
        double value = 0;
        std::uint8_t bytes[8];
        for (int i = 0; i < 8; ++i)
            bytes[i] = in.byteAt(i);
        std::memcpy(&value, bytes, sizeof value);
        in.plain(static_cast<float>(value), "w = ±2^(exponent − 1023) · 1.mantissa");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; ++c) {
            const double value = static_cast<double>(weight[c]);
            std::memcpy(out + c * 8, &value, sizeof value);
        }
    }
    std::int64_t firstBadColumn(const float*, std::int64_t) const noexcept override { return -1; }
};

} // namespace

std::shared_ptr<const Encoding> makeF64() { return std::make_shared<F64>(); }

} // namespace trilobit
