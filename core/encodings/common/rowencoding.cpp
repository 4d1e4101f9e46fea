#include "core/encodings/common/rowencoding.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rowloop.h"
#include "core/encodings/common/weightreader.h"
#include "core/tensor/shape.h"

#include <charconv>
#include <cmath>

namespace trilobit::encodings {

std::optional<std::uint64_t> RowEncoding::rowBytes(std::int64_t cols) const noexcept {
    return checkedMul(static_cast<std::uint64_t>(cols / m_info.blockSize),
                      static_cast<std::uint64_t>(m_info.bytesPerBlock));
}

Result<std::uint64_t> RowEncoding::sizeBytes(std::int64_t rows, std::int64_t cols) const {
    if (rows < 0 || cols < 0)
        return fail(ErrorCode::Format, "a tensor cannot have a negative number of rows or columns");
    if (cols % m_info.blockSize != 0)
        return fail(ErrorCode::Unsupported, "rows of " + std::to_string(cols) + " are not a multiple of "
                                                + std::to_string(m_info.blockSize) + ", the block of " + m_info.id);
    // The number of values must fit as well: everybody indexes with it.
    const auto values = checkedMul(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(cols));
    const auto perRow = rowBytes(cols);
    const auto bytes = perRow ? checkedMul(*perRow, static_cast<std::uint64_t>(rows)) : std::nullopt;
    constexpr std::uint64_t kMax = static_cast<std::uint64_t>(INT64_MAX) / sizeof(float);
    if (!values || !bytes || *values > kMax || *bytes > kMax)
        return fail(ErrorCode::Format, "a tensor of " + std::to_string(rows) + " x " + std::to_string(cols)
                                           + " is larger than any computer can hold");
    return *bytes;
}

void RowEncoding::decodeRows(std::span<const std::byte> tensor, std::int64_t, std::int64_t cols, std::int64_t rowBegin,
                             std::int64_t rowCount, float* out) const {
    const auto stride = static_cast<std::size_t>(rowBytes(cols).value_or(0));
    const std::uint8_t* row = bytePointer(tensor) + static_cast<std::size_t>(rowBegin) * stride;
    for (std::int64_t r = 0; r < rowCount; ++r, row += stride, out += cols)
        decodeRow(row, cols, out);
}

StoredWeight RowEncoding::describeWeight(std::span<const std::byte> tensor, std::int64_t, std::int64_t cols,
                                         std::int64_t row, std::int64_t col) const {
    WeightReader in(bytePointer(tensor), static_cast<std::uint64_t>(row) * rowBytes(cols).value_or(0), row, cols);
    readWeight(in, cols, col);
    return in.take();
}

Result<void> RowEncoding::encode(MatrixView weight, std::span<const float> importance, std::span<std::byte> out,
                                 RunControl& control) const {
    TRILOBIT_TRY(const std::uint64_t size, sizeBytes(weight.rows, weight.cols));
    TRILOBIT_CHECK(checkBufferSize(out.size(), size));
    TRILOBIT_CHECK(checkImportance(importance, weight.cols));
    const auto stride = static_cast<std::size_t>(rowBytes(weight.cols).value_or(0));
    const float* columnWeights = importance.empty() ? nullptr : importance.data();
    const RowLoopEnd end = parallelRows(weight.rows, weight.cols, &control, [&](std::int64_t row) noexcept {
        if (firstBadColumn(weight.row(row), weight.cols) >= 0)
            return false;
        encodeRow(weight.row(row), weight.cols, columnWeights,
                  bytePointer(out) + static_cast<std::size_t>(row) * stride);
        return true;
    });
    if (end.cancelled)
        return cancelledError();
    if (end.badRow >= 0)
        return fail(ErrorCode::Unsupported,
                    weightText(weight, end.badRow, firstBadColumn(weight.row(end.badRow), weight.cols)) + refusal());
    return {};
}

std::int64_t RowEncoding::firstBadColumn(const float* weight, std::int64_t cols) const noexcept {
    for (std::int64_t c = 0; c < cols; ++c)
        if (!std::isfinite(weight[c]))
            return c;
    return -1;
}

Result<void> checkImportance(std::span<const float> importance, std::int64_t cols) {
    if (importance.empty())
        return {};
    if (importance.size() != static_cast<std::size_t>(cols))
        return fail(ErrorCode::Internal, "the importance of " + std::to_string(importance.size())
                                             + " columns was given for rows of " + std::to_string(cols));
    for (std::size_t c = 0; c < importance.size(); ++c)
        if (!std::isfinite(importance[c]) || importance[c] < 0)
            return fail(ErrorCode::Unsupported,
                        "the importance of column " + std::to_string(c) + " is not a finite number of zero or more");
    return {};
}

std::string weightText(MatrixView weight, std::int64_t row, std::int64_t col) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, weight.row(row)[col]).ptr;
    return "the weight " + std::string(text, end) + " at row " + std::to_string(row) + ", column " + std::to_string(col)
           + " ";
}

Result<void> checkBufferSize(std::uint64_t actual, std::uint64_t expected) {
    if (actual == expected)
        return {};
    return fail(ErrorCode::Internal, "a buffer of " + std::to_string(actual) + " bytes was given where "
                                         + std::to_string(expected) + " are needed");
}

} // namespace trilobit::encodings
