#include "core/encodings/common/linearencoding.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rowloop.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace trilobit::encodings {

namespace {

/// Largest group whose codes are shifted on the way (affine groups have a free zero and need no shift).
constexpr std::int64_t kMaxFixedGroup = 256;

/// zero = -minimum / scale, rounded once; the way back (storedMinimum) finds the same minimum again.
float zeroFromMinimum(float scale, float minimum) {
    return static_cast<float>(-static_cast<double>(minimum) / static_cast<double>(scale));
}

/// The binary16 minimum that `zero` stands for; false when there is none.
bool storedMinimum(float scale, float zero, float& minimum) {
    if (scale == 0.0f) { // every weight is 0 then, whatever the zero
        minimum = 0.0f;
        return std::isfinite(zero);
    }
    const double exact = -static_cast<double>(scale) * static_cast<double>(zero);
    minimum = halfToFloat(floatToHalf(static_cast<float>(exact)));
    return std::isfinite(minimum) && (static_cast<double>(minimum) == exact || zeroFromMinimum(scale, minimum) == zero);
}

} // namespace

PackFault LinearEncoding::packGroup(const GroupCodes& codes, std::int64_t row, std::int64_t group, std::uint8_t* out,
                                    std::int16_t* scratch) const noexcept {
    const Grid& grid = info().grid;
    const std::int64_t col = group * grid.groupSize, length = std::min(grid.groupSize, codes.cols - col);
    GroupValue value;
    if (const PackFault fault = mergeGroup(codes, row, col, length, true, value))
        return fault;
    if (!std::isfinite(value.scale))
        return {PackFault::Kind::ScaleNotFinite, col, static_cast<double>(value.scale)};
    if (!isStorable(value.scale, grid.scaleType))
        return {PackFault::Kind::ScaleNotStored, col, static_cast<double>(value.scale)};
    float parameter = value.zero;
    int shift = 0;
    if (!grid.freeZero) {
        if (PackFault fault = zeroShift(value.zero, grid, shift)) {
            fault.col = col;
            return fault;
        }
    } else if (grid.zeroIsMinimum ? !storedMinimum(value.scale, value.zero, parameter)
                                  : !std::isfinite(value.zero) || !isStorable(value.zero, grid.zeroType)) {
        return {PackFault::Kind::ZeroNotStored, col, static_cast<double>(value.zero)};
    }
    const std::int16_t* source = codes.codes.data() + row * codes.cols + col;
    for (std::int64_t i = 0; i < length; ++i) {
        const int code = source[i] + shift;
        if (code < grid.codeMin || code > grid.codeMax)
            return {PackFault::Kind::CodeRange, col + i, static_cast<double>(code)};
    }
    if (shift != 0) {
        std::transform(source, source + length, scratch,
                       [shift](std::int16_t code) { return static_cast<std::int16_t>(code + shift); });
        source = scratch;
    }
    storeGroup(out, group, static_cast<int>(length), source, value.scale, parameter);
    return {};
}

PackFault LinearEncoding::packRow(const GroupCodes& codes, std::int64_t row, std::uint8_t* out) const noexcept {
    std::int16_t scratch[kMaxFixedGroup];
    const std::int64_t groups = (codes.cols + info().grid.groupSize - 1) / info().grid.groupSize;
    for (std::int64_t group = 0; group < groups; ++group)
        if (const PackFault fault = packGroup(codes, row, group, out, scratch))
            return fault;
    return {};
}

Result<void> LinearEncoding::pack(const GroupCodes& codes, std::span<std::byte> out) const {
    TRILOBIT_CHECK(checkCodes(codes));
    TRILOBIT_TRY(const std::uint64_t size, sizeBytes(codes.rows, codes.cols));
    TRILOBIT_CHECK(checkBufferSize(out.size(), size));
    if (size == 0)
        return {};
    const std::size_t stride = static_cast<std::size_t>(size) / static_cast<std::size_t>(codes.rows);
    const auto rowBegin = [&](std::int64_t row) { return bytePointer(out) + static_cast<std::size_t>(row) * stride; };
    const RowLoopEnd end = parallelRows(codes.rows, codes.cols, nullptr,
                                        [&](std::int64_t row) noexcept { return !packRow(codes, row, rowBegin(row)); });
    if (end.badRow >= 0)
        return packError(packRow(codes, end.badRow, rowBegin(end.badRow)), end.badRow, info());
    return {};
}

void LinearEncoding::unpackRow(const std::uint8_t* row, std::int64_t index, GroupCodes& codes) const noexcept {
    const Grid& grid = info().grid;
    // Not groupsPerRow(): a single group of a single row counts as the whole tensor there.
    const std::int64_t groups = (codes.cols + grid.groupSize - 1) / grid.groupSize;
    for (std::int64_t group = 0; group < groups; ++group) {
        const std::int64_t col = group * grid.groupSize, length = std::min(grid.groupSize, codes.cols - col);
        std::int16_t* target = codes.codes.data() + index * codes.cols + col;
        float scale = 0, parameter = static_cast<float>(grid.fixedZero);
        loadGroup(row, group, static_cast<int>(length), target, scale, parameter);
        if (grid.zeroIsMinimum) {
            if (scale == 0.0f && parameter != 0.0f) { // all weights are the minimum: 1 * (0 + minimum)
                std::fill_n(target, length, static_cast<std::int16_t>(0));
                scale = 1.0f;
            }
            parameter = scale == 0.0f ? 0.0f : zeroFromMinimum(scale, parameter);
        }
        const auto at = static_cast<std::size_t>(index * groups + group);
        codes.scale[at] = scale;
        codes.zero[at] = parameter;
    }
}

Result<GroupCodes> LinearEncoding::unpack(std::span<const std::byte> tensor, std::int64_t rows,
                                          std::int64_t cols) const {
    TRILOBIT_TRY(const std::uint64_t size, sizeBytes(rows, cols));
    TRILOBIT_CHECK(checkBufferSize(tensor.size(), size));
    GroupCodes codes;
    codes.rows = rows;
    codes.cols = cols;
    codes.groupSize = info().grid.groupSize;
    const std::int64_t perRow = (cols + codes.groupSize - 1) / codes.groupSize;
    try {
        codes.codes.resize(static_cast<std::size_t>(rows * cols));
        codes.scale.resize(static_cast<std::size_t>(rows * perRow));
        codes.zero.resize(codes.scale.size());
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for the codes of " + std::to_string(rows) + " x "
                                                + std::to_string(cols) + " weights");
    }
    if (size == 0)
        return codes;
    const std::size_t stride = static_cast<std::size_t>(size) / static_cast<std::size_t>(rows);
    (void)parallelRows(rows, cols, nullptr, [&](std::int64_t row) noexcept {
        unpackRow(bytePointer(tensor) + static_cast<std::size_t>(row) * stride, row, codes);
        return true;
    });
    return codes;
}

} // namespace trilobit::encodings
