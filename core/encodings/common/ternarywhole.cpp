#include "core/encodings/common/ternarywhole.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/rowloop.h"
#include "core/encodings/common/ternarytensor.h"
#include "core/tensor/shape.h"

#include <algorithm>
#include <vector>

namespace trilobit::encodings {

namespace {

float loadScale(std::span<const std::byte> tensor) noexcept {
    return loadFloat(bytePointer(tensor) + tensor.size() - kTernaryWholeTail);
}

} // namespace

Result<std::uint64_t> TernaryWholeEncoding::sizeBytes(std::int64_t rows, std::int64_t cols) const {
    if (rows < 0 || cols < 0)
        return fail(ErrorCode::Format, "a tensor cannot have a negative number of rows or columns");
    const auto count = checkedMul(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(cols));
    if (!count || *count > static_cast<std::uint64_t>(INT64_MAX) / sizeof(float))
        return fail(ErrorCode::Format, "a tensor of " + std::to_string(rows) + " x " + std::to_string(cols)
                                           + " is larger than any computer can hold");
    TRILOBIT_TRY(const std::uint64_t codes, codeBytes(rows, cols));
    return codes + kTernaryWholeTail;
}

void TernaryWholeEncoding::decodeRows(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols,
                                      std::int64_t rowBegin, std::int64_t rowCount, float* out) const {
    const float scale = loadScale(tensor);
    std::vector<std::int16_t> codes(static_cast<std::size_t>(cols));
    for (std::int64_t row = rowBegin; row < rowBegin + rowCount; ++row) {
        loadRow(bytePointer(tensor), rows, cols, row, codes.data());
        for (const std::int16_t code : codes)
            *out++ = scale * static_cast<float>(code - kTernaryZero);
    }
}

Result<void> TernaryWholeEncoding::encode(MatrixView weight, std::span<const float> importance,
                                          std::span<std::byte> out, RunControl& control) const {
    TRILOBIT_TRY(const std::uint64_t size, sizeBytes(weight.rows, weight.cols));
    TRILOBIT_CHECK(checkBufferSize(out.size(), size));
    TRILOBIT_CHECK(checkImportance(importance, weight.cols));
    const float scale = firstMagnitude(weight);
    TRILOBIT_CHECK(checkTernary(weight, scale, m_info, control));
    std::fill(out.begin(), out.end(), std::byte{0});
    std::vector<std::int16_t> codes(static_cast<std::size_t>(weight.cols));
    for (std::int64_t row = 0; row < weight.rows; ++row) {
        if (control.isCancelled())
            return cancelledError();
        const float* values = weight.row(row);
        for (std::size_t c = 0; c < codes.size(); ++c)
            codes[c] = static_cast<std::int16_t>(ternaryCode(values[c], scale));
        storeRow(codes.data(), weight.rows, weight.cols, row, bytePointer(out));
    }
    storeFloat(bytePointer(out) + size - kTernaryWholeTail, scale);
    return {};
}

Result<void> TernaryWholeEncoding::pack(const GroupCodes& codes, std::span<std::byte> out) const {
    TRILOBIT_TRY(const TernaryTensor tensor, ternaryTensor(codes, m_info));
    TRILOBIT_TRY(const std::uint64_t size, sizeBytes(codes.rows, codes.cols));
    TRILOBIT_CHECK(checkBufferSize(out.size(), size));
    std::fill(out.begin(), out.end(), std::byte{0});
    std::vector<std::int16_t> shifted(static_cast<std::size_t>(codes.cols));
    for (std::int64_t row = 0; row < codes.rows; ++row) {
        const std::int16_t* from = codes.codes.data() + row * codes.cols;
        std::transform(from, from + codes.cols, shifted.begin(),
                       [&](std::int16_t code) { return static_cast<std::int16_t>(code + tensor.shift); });
        storeRow(shifted.data(), codes.rows, codes.cols, row, bytePointer(out));
    }
    storeFloat(bytePointer(out) + size - kTernaryWholeTail, tensor.scale);
    return {};
}

Result<GroupCodes> TernaryWholeEncoding::unpack(std::span<const std::byte> tensor, std::int64_t rows,
                                                std::int64_t cols) const {
    TRILOBIT_TRY(const std::uint64_t size, sizeBytes(rows, cols));
    TRILOBIT_CHECK(checkBufferSize(tensor.size(), size));
    TRILOBIT_TRY(GroupCodes codes, wholeTensorCodes(rows, cols, loadScale(tensor)));
    (void)parallelRows(rows, cols, nullptr, [&](std::int64_t row) noexcept {
        loadRow(bytePointer(tensor), rows, cols, row, codes.codes.data() + row * cols);
        return true;
    });
    return codes;
}

} // namespace trilobit::encodings
