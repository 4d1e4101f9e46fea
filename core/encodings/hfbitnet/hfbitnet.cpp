#include "core/encodings/hfbitnet/hfbitnet.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/rowloop.h"
#include "core/encodings/common/ternarytensor.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"
#include "core/tensor/shape.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

EncodingInfo describe() {
    EncodingInfo info = ternaryTensorInfo();
    info.id = "hf-bitnet";
    info.title = "Ternary in 2 bits, Hugging Face packing";
    info.help =
        "Four rows of -s, 0, +s share one row of bytes, and s is a tensor of its own: how BitNet checkpoints of the "
        "Hugging Face hub are packed. It can be read and converted, not chosen.";
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeQuarter(const std::uint8_t* __restrict in, std::int64_t cols, int shift, float scale,
                                          float* __restrict out) {
    for (std::int64_t c = 0; c < cols; ++c)
        out[c] = scale * static_cast<float>(((in[c] >> shift) & 3) - kTernaryZero);
}

class HfBitnet final : public Encoding, public WeightLayout {
public:
    explicit HfBitnet(float scale) : m_scale(scale) {}

    const EncodingInfo& info() const override { return m_info; }

    Result<std::uint64_t> sizeBytes(std::int64_t rows, std::int64_t cols) const override {
        if (rows < 0 || cols < 0)
            return fail(ErrorCode::Format, "a tensor cannot have a negative number of rows or columns");
        const auto count = checkedMul(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(cols));
        if (!count || *count > static_cast<std::uint64_t>(INT64_MAX) / sizeof(float))
            return fail(ErrorCode::Format, "a tensor of " + std::to_string(rows) + " x " + std::to_string(cols)
                                               + " is larger than any computer can hold");
        if (rows % 4 != 0)
            return fail(ErrorCode::Unsupported,
                        std::to_string(rows) + " rows are not a multiple of 4, and hf-bitnet packs four rows in one");
        return *count / 4;
    }

    void decodeRows(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols, std::int64_t rowBegin,
                    std::int64_t rowCount, float* out) const override {
        const std::uint8_t* in = bytePointer(tensor);
        const std::int64_t quarter = rows / 4;
        for (std::int64_t row = rowBegin; row < rowBegin + rowCount; ++row, out += cols)
            decodeQuarter(in + row % quarter * cols, cols, static_cast<int>(2 * (row / quarter)), m_scale, out);
    }

    Result<void> encode(MatrixView weight, std::span<const float> importance, std::span<std::byte> out,
                        RunControl& control) const override {
        TRILOBIT_TRY(const std::uint64_t size, sizeBytes(weight.rows, weight.cols));
        TRILOBIT_CHECK(checkBufferSize(out.size(), size));
        TRILOBIT_CHECK(checkImportance(importance, weight.cols));
        TRILOBIT_CHECK(checkTernary(weight, m_scale, m_info, control));
        const float* values = weight.data;
        const float scale = m_scale;
        if (store(weight.rows, weight.cols, bytePointer(out), &control, [&](std::int64_t e) {
                return ternaryCode(values[e], scale);
            }).cancelled)
            return cancelledError();
        return {};
    }

    Result<void> pack(const GroupCodes& codes, std::span<std::byte> out) const override {
        TRILOBIT_TRY(const TernaryTensor tensor, ternaryTensor(codes, m_info));
        TRILOBIT_TRY(const std::uint64_t size, sizeBytes(codes.rows, codes.cols));
        TRILOBIT_CHECK(checkBufferSize(out.size(), size));
        const std::int16_t* values = codes.codes.data();
        const std::int64_t count = codes.rows * codes.cols;
        const bool blank =
            std::all_of(values, values + count, [&](std::int16_t c) { return c + tensor.shift == kTernaryZero; });
        if (tensor.scale != m_scale && !blank)
            return fail(ErrorCode::Unsupported, "the scale " + text(tensor.scale) + " of the codes is not "
                                                    + text(m_scale) + ", the scale of this hf-bitnet tensor");
        (void)store(codes.rows, codes.cols, bytePointer(out), nullptr,
                    [&](std::int64_t e) { return static_cast<unsigned>(values[e] + tensor.shift); });
        return {};
    }

    Result<GroupCodes> unpack(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols) const override {
        TRILOBIT_TRY(const std::uint64_t size, sizeBytes(rows, cols));
        TRILOBIT_CHECK(checkBufferSize(tensor.size(), size));
        TRILOBIT_TRY(GroupCodes codes, wholeTensorCodes(rows, cols, m_scale));
        const std::uint8_t* in = bytePointer(tensor);
        const std::int64_t quarter = rows / 4;
        (void)parallelRows(rows, cols, nullptr, [&](std::int64_t row) noexcept {
            const std::uint8_t* bytes = in + row % quarter * cols;
            for (std::int64_t c = 0; c < cols; ++c)
                codes.codes[static_cast<std::size_t>(row * cols + c)] =
                    static_cast<std::int16_t>((bytes[c] >> (2 * (row / quarter))) & 3);
            return true;
        });
        return codes;
    }

    StoredWeight describeWeight(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols,
                                std::int64_t row, std::int64_t col) const override {
        const std::int64_t quarter = rows / 4;
        WeightReader in(bytePointer(tensor), 0, row, cols);
        in.outside(FieldRole::Scale, "scale", static_cast<double>(m_scale), "in another tensor of the file");
        in.placeBlock(static_cast<std::uint64_t>(row % quarter * cols + col), 1, row * cols + col, 1);
        const int q = in.code({{0, static_cast<int>(2 * (row / quarter)), 2}});
        in.linear(m_scale * static_cast<float>(q - kTernaryZero), static_cast<double>(m_scale), kTernaryZero,
                  "w = scale · (q − 1)");
        return in.take();
    }

private:
    static std::string text(float value) {
        char buffer[32];
        return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
    }

    /// codeOf(element) gives 0, 1 or 2.
    template <class CodeOf>
    static RowLoopEnd store(std::int64_t rows, std::int64_t cols, std::uint8_t* out, const RunControl* control,
                            const CodeOf& codeOf) noexcept {
        const std::int64_t quarter = rows / 4, step = quarter * cols;
        return parallelRows(quarter, cols, control, [&](std::int64_t row) noexcept {
            for (std::int64_t e = row * cols; e < (row + 1) * cols; ++e)
                out[e] = static_cast<std::uint8_t>(codeOf(e) | (codeOf(e + step) << 2) | (codeOf(e + 2 * step) << 4)
                                                   | (codeOf(e + 3 * step) << 6));
            return true;
        });
    }

    EncodingInfo m_info = describe();
    float m_scale;
};

} // namespace

std::shared_ptr<const Encoding> makeHfBitnet(float scale) { return std::make_shared<HfBitnet>(scale); }

} // namespace trilobit
