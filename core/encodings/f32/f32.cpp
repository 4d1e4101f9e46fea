#include "core/encodings/f32/f32.h"

#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/weightreader.h"

#include <cstring>

namespace trilobit {

namespace {

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "F32";
    info.title = "32-bit float";
    info.help = "Four bytes per weight and nothing is lost. Norms and biases stay like this because they are few and "
                "sensitive.";
    info.blockSize = 1;
    info.bytesPerBlock = 4;
    info.bitsPerWeight = 32;
    info.ggmlType = 0;
    info.runsInStockLlamaCpp = true;
    return info;
}

class F32 final : public encodings::RowEncoding {
public:
    F32() : RowEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        std::memcpy(out, row, static_cast<std::size_t>(cols) * sizeof(float));
    }
    void readWeight(encodings::WeightReader& in, std::int64_t, std::int64_t col) const override {
        in.enterBlock(col, 1, 4);
        in.floatParts(4, 8);
        float value = 0;
        const std::uint8_t bytes[4] = {in.byteAt(0), in.byteAt(1), in.byteAt(2), in.byteAt(3)};
        std::memcpy(&value, bytes, sizeof value);
        in.plain(value, "w = ±2^(exponent − 127) · 1.mantissa");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        std::memcpy(out, weight, static_cast<std::size_t>(cols) * sizeof(float));
    }
    std::int64_t firstBadColumn(const float*, std::int64_t) const noexcept override { return -1; }
};

} // namespace

std::shared_ptr<const Encoding> makeF32() { return std::make_shared<F32>(); }

} // namespace trilobit
