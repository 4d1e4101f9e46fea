#include "core/encodings/i2_s/i2_s_variants.h"

#include "core/encodings/common/ternarytensor.h"
#include "core/encodings/common/ternarywhole.h"

namespace trilobit {

namespace {

using namespace encodings;

constexpr std::int64_t kArmBlock = 64, kArmBytes = 16;

EncodingInfo describe(const char* id, const char* title, const char* help) {
    EncodingInfo info = ternaryTensorInfo();
    info.id = id;
    info.title = title;
    info.help = help;
    info.ggmlType = 36;
    return info;
}

Error refused(std::int64_t rows, std::int64_t cols, const char* why) {
    return fail(ErrorCode::Unsupported,
                "a tensor of " + std::to_string(rows) + " x " + std::to_string(cols) + " weights " + why);
}

class I2_SArm final : public TernaryWholeEncoding {
public:
    I2_SArm()
        : TernaryWholeEncoding(describe(
              "I2_S_ARM", "Ternary in 2 bits, ARM block order",
              "I2_S as bitnet.cpp writes it on ARM machines: the same size and type number with the weights of a block "
              "in another order. A file does not say which of the two it is.")) {}

protected:
    Result<std::uint64_t> codeBytes(std::int64_t rows, std::int64_t cols) const override {
        if (rows * cols % kArmBlock != 0)
            return refused(rows, cols, "is not a multiple of 64, the block of I2_S_ARM");
        return static_cast<std::uint64_t>(rows * cols / 4);
    }
    void loadRow(const std::uint8_t* in, std::int64_t, std::int64_t cols, std::int64_t row,
                 std::int16_t* codes) const noexcept override {
        for (std::int64_t c = 0; c < cols; ++c)
            codes[c] = static_cast<std::int16_t>((in[byteOf(row * cols + c)] >> shiftOf(row * cols + c)) & 3);
    }
    void storeRow(const std::int16_t* codes, std::int64_t, std::int64_t cols, std::int64_t row,
                  std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; ++c) {
            std::uint8_t& byte = out[byteOf(row * cols + c)];
            byte = static_cast<std::uint8_t>(byte | (codes[c] << shiftOf(row * cols + c)));
        }
    }

private:
    static std::int64_t byteOf(std::int64_t element) noexcept {
        return element / kArmBlock * kArmBytes + element % kArmBytes;
    }
    static int shiftOf(std::int64_t element) noexcept {
        return static_cast<int>(6 - 2 * (element % kArmBlock / kArmBytes));
    }
};

class I2_SRows4 final : public TernaryWholeEncoding {
public:
    I2_SRows4()
        : TernaryWholeEncoding(describe(
              "I2_S_ROWS4", "Ternary in 2 bits, four rows per byte",
              "I2_S as a bitnet.cpp built without ACT_PARALLEL writes it: each byte holds one column of four rows. The "
              "same size and type number as I2_S; a file does not say which of them it is.")) {}

protected:
    Result<std::uint64_t> codeBytes(std::int64_t rows, std::int64_t cols) const override {
        if (rows % 4 != 0)
            return refused(rows, cols, "does not have a multiple of 4 rows, which I2_S_ROWS4 packs in one");
        if (cols % 4 != 0)
            return refused(rows, cols, "does not have a multiple of 4 columns, as I2_S_ROWS4 needs");
        return static_cast<std::uint64_t>(rows / 4 * cols);
    }
    void loadRow(const std::uint8_t* in, std::int64_t, std::int64_t cols, std::int64_t row,
                 std::int16_t* codes) const noexcept override {
        const std::uint8_t* bytes = in + row / 4 * cols;
        for (std::int64_t c = 0; c < cols; ++c)
            codes[c] = static_cast<std::int16_t>((bytes[c] >> (6 - 2 * (row % 4))) & 3);
    }
    void storeRow(const std::int16_t* codes, std::int64_t, std::int64_t cols, std::int64_t row,
                  std::uint8_t* out) const noexcept override {
        std::uint8_t* bytes = out + row / 4 * cols;
        for (std::int64_t c = 0; c < cols; ++c)
            bytes[c] = static_cast<std::uint8_t>(bytes[c] | (codes[c] << (6 - 2 * (row % 4))));
    }
};

} // namespace

std::shared_ptr<const Encoding> makeI2_SArm() { return std::make_shared<I2_SArm>(); }
std::shared_ptr<const Encoding> makeI2_SRows4() { return std::make_shared<I2_SRows4>(); }

} // namespace trilobit
