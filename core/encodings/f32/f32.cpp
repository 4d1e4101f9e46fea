#include "core/encodings/f32/f32.h"

#include "core/encodings/common/rowencoding.h"

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
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        std::memcpy(out, weight, static_cast<std::size_t>(cols) * sizeof(float));
    }
    std::int64_t firstBadColumn(const float*, std::int64_t) const noexcept override { return -1; }
};

} // namespace

std::shared_ptr<const Encoding> makeF32() { return std::make_shared<F32>(); }

} // namespace trilobit
