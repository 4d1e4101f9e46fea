// What several methods need: refusing weights that are not finite, rounding parameters as they will be stored.
#pragma once

#include "core/base/half.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/pluginapi/grid.h"
#include "core/tensor/matrixview.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <vector>

namespace trilobit::plugins {

/// Work is cut into pieces of this many weights, whatever the number of threads; sums are added piece by piece.
constexpr std::int64_t kPiece = 16384;
/// Below this many weights one thread is faster than waking the others, above all on a busy machine.
constexpr std::int64_t kWorthThreads = std::int64_t{1} << 18;

/// Makes `values` hold `count` elements, asking for cancellation on the way: zeroing gigabytes takes a while.
/// Errors: Cancelled, OutOfMemory.
template <class T>
Result<void> resizeLarge(std::vector<T>& values, std::int64_t count, const RunControl& control) {
    constexpr std::int64_t kStep = std::int64_t{1} << 23;
    try {
        values.reserve(static_cast<std::size_t>(count));
        for (std::int64_t size = 0; size < count;) {
            if (control.isCancelled())
                return cancelledError();
            size = std::min(count, size + kStep);
            values.resize(static_cast<std::size_t>(size));
        }
    } catch (const std::exception&) { // bad_alloc or length_error
        return fail(ErrorCode::OutOfMemory, "not enough memory for " + std::to_string(count) + " weights");
    }
    return {};
}

inline bool isFiniteBits(float value) noexcept {
    return (std::bit_cast<std::uint32_t>(value) & 0x7F800000u) != 0x7F800000u;
}

/// Errors: Format, naming row and column of the first weight that is NaN or infinite; Cancelled.
inline Result<void> checkFinite(const MatrixView& weight, const RunControl& control) {
    const std::int64_t count = weight.count();
    const std::int64_t pieces = (count + kPiece - 1) / kPiece;
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
#pragma omp parallel for schedule(static) reduction(min : first) if (count >= kWorthThreads)
    for (std::int64_t piece = 0; piece < pieces; ++piece) {
        if (control.isCancelled())
            continue;
        const std::int64_t begin = piece * kPiece, end = std::min(count, begin + kPiece);
        for (std::int64_t i = begin; i < end; ++i)
            if (!isFiniteBits(weight.data[i])) {
                first = std::min(first, i);
                break;
            }
    }
    if (control.isCancelled())
        return cancelledError();
    if (first == std::numeric_limits<std::int64_t>::max())
        return {};
    return fail(ErrorCode::Format, "the weight at row " + std::to_string(first / weight.cols) + ", column "
                                       + std::to_string(first % weight.cols) + " is not a finite number");
}

/// `value` as an encoding stores it; infinite when it is too large for binary16.
inline float storedParameter(float value, ParameterType type) noexcept {
    return type == ParameterType::F16 ? halfToFloat(floatToHalf(value)) : value;
}

/// Length in weights of one group of `grid` on a tensor of this shape.
inline std::int64_t groupLength(const Grid& grid, std::int64_t rows, std::int64_t cols) noexcept {
    if (grid.groupSize == kGroupIsTensor)
        return rows * cols;
    return grid.groupSize == kGroupIsRow ? cols : grid.groupSize;
}

} // namespace trilobit::plugins
