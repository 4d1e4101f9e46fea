#include "core/encodings/common/ternarytensor.h"

#include "core/encodings/common/packing.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/rowloop.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <new>

namespace trilobit::encodings {

namespace {

/// The first column whose weight is none of -scale, 0, +scale, or -1.
std::int64_t firstOther(const float* weight, std::int64_t cols, float scale) noexcept {
    for (std::int64_t c = 0; c < cols; ++c)
        if (weight[c] != 0.0f && std::fabs(weight[c]) != std::fabs(scale))
            return c;
    return -1;
}

std::int64_t firstOutside(const GroupCodes& codes, std::int64_t row, int shift, const Grid& grid) noexcept {
    const std::int16_t* begin = codes.codes.data() + row * codes.cols;
    for (std::int64_t c = 0; c < codes.cols; ++c)
        if (begin[c] + shift < grid.codeMin || begin[c] + shift > grid.codeMax)
            return c;
    return -1;
}

} // namespace

EncodingInfo ternaryTensorInfo() {
    EncodingInfo info;
    info.blockSize = 1;
    info.bitsPerWeight = 2;
    info.grid.kind = GridKind::Linear;
    info.grid.groupSize = kGroupIsTensor;
    info.grid.codeMin = 0;
    info.grid.codeMax = 2;
    info.grid.fixedZero = kTernaryZero;
    info.grid.scaleType = ParameterType::F32;
    return info;
}

Result<TernaryTensor> ternaryTensor(const GroupCodes& codes, const EncodingInfo& info) {
    TRILOBIT_CHECK(checkCodes(codes));
    GroupValue value;
    if (!codes.codes.empty())
        for (std::int64_t row = 0; row < codes.rows; ++row)
            if (const PackFault fault = mergeGroup(codes, row, 0, codes.cols, row == 0, value))
                return packError(fault, row, info);
    if (codes.codes.empty())
        value.zero = kTernaryZero;
    if (!std::isfinite(value.scale))
        return packError({PackFault::Kind::ScaleNotFinite, 0, static_cast<double>(value.scale)}, 0, info);
    TernaryTensor tensor{value.scale, 0};
    if (const PackFault fault = zeroShift(value.zero, info.grid, tensor.shift))
        return packError(fault, 0, info);
    const RowLoopEnd end = parallelRows(codes.rows, codes.cols, nullptr, [&](std::int64_t row) noexcept {
        return firstOutside(codes, row, tensor.shift, info.grid) < 0;
    });
    if (end.badRow >= 0) {
        const std::int64_t col = firstOutside(codes, end.badRow, tensor.shift, info.grid);
        const int code = codes.codes[static_cast<std::size_t>(end.badRow * codes.cols + col)] + tensor.shift;
        return packError({PackFault::Kind::CodeRange, col, static_cast<double>(code)}, end.badRow, info);
    }
    return tensor;
}

float firstMagnitude(MatrixView weight) noexcept {
    const auto values = weight.values();
    const auto found = std::find_if(values.begin(), values.end(), [](float w) { return w != 0.0f; });
    return found == values.end() ? 0.0f : std::fabs(*found);
}

Result<void> checkTernary(MatrixView weight, float scale, const EncodingInfo& info, RunControl& control) {
    const RowLoopEnd end = parallelRows(weight.rows, weight.cols, &control, [&](std::int64_t row) noexcept {
        return std::isfinite(scale) && firstOther(weight.row(row), weight.cols, scale) < 0;
    });
    if (end.cancelled)
        return cancelledError();
    if (end.badRow < 0)
        return {};
    const std::int64_t col = std::max<std::int64_t>(firstOther(weight.row(end.badRow), weight.cols, scale), 0);
    char text[32];
    const auto last = std::to_chars(text, text + sizeof text, std::fabs(scale)).ptr;
    return fail(ErrorCode::Unsupported, info.id + " stores only -s, 0, +s; choose a ternary method ("
                                            + weightText(weight, end.badRow, col)
                                            + "does not fit s = " + std::string(text, last) + ")");
}

Result<GroupCodes> wholeTensorCodes(std::int64_t rows, std::int64_t cols, float scale) {
    GroupCodes codes;
    codes.rows = rows;
    codes.cols = cols;
    codes.groupSize = std::max<std::int64_t>(rows * cols, 1);
    try {
        codes.codes.resize(static_cast<std::size_t>(rows * cols));
        codes.scale.assign(1, scale);
        codes.zero.assign(1, static_cast<float>(kTernaryZero));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for the codes of " + std::to_string(rows) + " x "
                                                + std::to_string(cols) + " weights");
    }
    return codes;
}

} // namespace trilobit::encodings
