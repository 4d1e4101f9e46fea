#include "core/encodings/i2_s/i2_s.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/rowloop.h"
#include "core/encodings/common/ternarytensor.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"
#include "core/tensor/shape.h"

#include <algorithm>

namespace trilobit {

namespace {

using namespace encodings;

constexpr std::int64_t kBlock = 128, kBytes = 32, kTail = 32; // the tail is the scale and its padding

EncodingInfo describe() {
    EncodingInfo info = ternaryTensorInfo();
    info.id = "I2_S";
    info.title = "Ternary in 2 bits, one scale per tensor";
    info.help =
        "Each weight is -s, 0 or +s with a single s for the whole matrix: the form in which BitNet b1.58 models are "
        "published. It can only hold weights that are ternary already.";
    info.ggmlType = 36;
    return info;
}

int codeAt(const std::uint8_t* in, std::int64_t element) noexcept {
    const std::int64_t inside = element % kBlock;
    return (in[element / kBlock * kBytes + inside % 32] >> (6 - 2 * (inside / 32))) & 3;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks, float scale,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes)
        for (int shift = 6; shift >= 0; shift -= 2, out += 32)
            for (int p = 0; p < 32; ++p)
                out[p] = scale * static_cast<float>(((in[p] >> shift) & 3) - kTernaryZero);
}

void decodeRange(const std::uint8_t* in, std::int64_t begin, std::int64_t end, float scale, float* out) noexcept {
    const auto single = [&](std::int64_t until) {
        for (; begin < until; ++begin)
            *out++ = scale * static_cast<float>(codeAt(in, begin) - kTernaryZero);
    };
    single(std::min(end, (begin + kBlock - 1) / kBlock * kBlock));
    const std::int64_t blocks = (end - begin) / kBlock;
    if (blocks > 0) {
        decodeBlocks(in + begin / kBlock * kBytes, blocks, scale, out);
        begin += blocks * kBlock;
        out += blocks * kBlock;
    }
    single(end);
}

/// codeOf(element) gives 0, 1 or 2.
template <class CodeOf>
RowLoopEnd storeBlocks(std::int64_t count, float scale, std::uint8_t* out, const RunControl* control,
                       const CodeOf& codeOf) noexcept {
    const RowLoopEnd end = parallelRows(count / kBlock, kBlock, control, [&](std::int64_t block) noexcept {
        for (std::int64_t p = 0; p < kBytes; ++p) {
            const std::int64_t e = block * kBlock + p;
            out[block * kBytes + p] = static_cast<std::uint8_t>((codeOf(e) << 6) | (codeOf(e + 32) << 4)
                                                                | (codeOf(e + 64) << 2) | codeOf(e + 96));
        }
        return true;
    });
    storeFloat(out + count / 4, scale);
    std::fill_n(out + count / 4 + 4, kTail - 4, static_cast<std::uint8_t>(0));
    return end;
}

class I2_S final : public Encoding, public WeightLayout {
public:
    const EncodingInfo& info() const override { return m_info; }

    Result<std::uint64_t> sizeBytes(std::int64_t rows, std::int64_t cols) const override {
        if (rows < 0 || cols < 0)
            return fail(ErrorCode::Format, "a tensor cannot have a negative number of rows or columns");
        const auto count = checkedMul(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(cols));
        if (!count || *count > static_cast<std::uint64_t>(INT64_MAX) / sizeof(float))
            return fail(ErrorCode::Format, "a tensor of " + std::to_string(rows) + " x " + std::to_string(cols)
                                               + " is larger than any computer can hold");
        if (*count % kBlock != 0)
            return fail(ErrorCode::Unsupported, "a tensor of " + std::to_string(rows) + " x " + std::to_string(cols)
                                                    + " weights is not a multiple of 128, the block of I2_S");
        return *count / 4 + kTail;
    }

    void decodeRows(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols, std::int64_t rowBegin,
                    std::int64_t rowCount, float* out) const override {
        const std::uint8_t* in = bytePointer(tensor);
        decodeRange(in, rowBegin * cols, (rowBegin + rowCount) * cols, loadFloat(in + rows * cols / 4), out);
    }

    Result<void> encode(MatrixView weight, std::span<const float> importance, std::span<std::byte> out,
                        RunControl& control) const override {
        TRILOBIT_TRY(const std::uint64_t size, sizeBytes(weight.rows, weight.cols));
        TRILOBIT_CHECK(checkBufferSize(out.size(), size));
        TRILOBIT_CHECK(checkImportance(importance, weight.cols));
        const float scale = firstMagnitude(weight);
        TRILOBIT_CHECK(checkTernary(weight, scale, m_info, control));
        const float* values = weight.data;
        const RowLoopEnd end = storeBlocks(weight.count(), scale, bytePointer(out), &control,
                                           [&](std::int64_t e) { return ternaryCode(values[e], scale); });
        if (end.cancelled)
            return cancelledError();
        return {};
    }

    Result<void> pack(const GroupCodes& codes, std::span<std::byte> out) const override {
        TRILOBIT_TRY(const TernaryTensor tensor, ternaryTensor(codes, m_info));
        TRILOBIT_TRY(const std::uint64_t size, sizeBytes(codes.rows, codes.cols));
        TRILOBIT_CHECK(checkBufferSize(out.size(), size));
        const std::int16_t* values = codes.codes.data();
        (void)storeBlocks(codes.rows * codes.cols, tensor.scale, bytePointer(out), nullptr,
                          [&](std::int64_t e) { return static_cast<unsigned>(values[e] + tensor.shift); });
        return {};
    }

    Result<GroupCodes> unpack(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols) const override {
        TRILOBIT_TRY(const std::uint64_t size, sizeBytes(rows, cols));
        TRILOBIT_CHECK(checkBufferSize(tensor.size(), size));
        const std::uint8_t* in = bytePointer(tensor);
        TRILOBIT_TRY(GroupCodes codes, wholeTensorCodes(rows, cols, loadFloat(in + rows * cols / 4)));
        std::int16_t* values = codes.codes.data();
        (void)parallelRows(rows * cols / kBlock, kBlock, nullptr, [&](std::int64_t block) noexcept {
            for (std::int64_t e = block * kBlock; e < (block + 1) * kBlock; ++e)
                values[e] = static_cast<std::int16_t>(codeAt(in, e));
            return true;
        });
        return codes;
    }

    StoredWeight describeWeight(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols,
                                std::int64_t row, std::int64_t col) const override {
        const std::int64_t element = row * cols + col, inside = element % kBlock, block = element / kBlock;
        WeightReader in(bytePointer(tensor), 0, row, cols);
        in.placeBlock(static_cast<std::uint64_t>(rows * cols / 4), 4, 0, rows * cols);
        const float scale = in.single(FieldRole::Scale, "scale", 0);
        in.placeBlock(static_cast<std::uint64_t>(block * kBytes), kBytes, block * kBlock, kBlock);
        const int q = in.code({{inside % 32, static_cast<int>(6 - 2 * (inside / 32)), 2}});
        in.linear(scale * static_cast<float>(q - kTernaryZero), static_cast<double>(scale), kTernaryZero,
                  "w = scale · (q − 1)");
        return in.take();
    }

private:
    EncodingInfo m_info = describe();
};

} // namespace

std::shared_ptr<const Encoding> makeI2_S() { return std::make_shared<I2_S>(); }

} // namespace trilobit
