// Decoding of row ranges with all threads.
#include "core/quant/tensorrows.h"

#include <algorithm>
#include <exception>

namespace trilobit {

namespace {
constexpr std::int64_t kPieceWeights = std::int64_t{1} << 20;
constexpr std::int64_t kTaskWeights = std::int64_t{1} << 15; ///< what one thread takes at a time
} // namespace

namespace {
Error outOfMemory(std::uint64_t count) {
    return fail(ErrorCode::OutOfMemory, "not enough memory for " + std::to_string(count) + " weights");
}
} // namespace

Result<std::vector<float>> allocateFloats(std::uint64_t count) {
    try {
        return std::vector<float>(count);
    } catch (const std::exception&) { // bad_alloc or length_error
        return outOfMemory(count);
    }
}

Result<AlignedBuffer<float>> uninitializedFloats(std::uint64_t count) {
    try {
        return AlignedBuffer<float>(count);
    } catch (const std::exception&) {
        return outOfMemory(count);
    }
}

Result<void> decodeRowsParallel(const EncodedMatrix& matrix, std::int64_t begin, std::int64_t count, float* out,
                                const RunControl& control) {
    const std::int64_t step = std::max<std::int64_t>(1, kTaskWeights / std::max<std::int64_t>(1, matrix.cols));
    const std::int64_t tasks = (count + step - 1) / step;
#pragma omp parallel for schedule(dynamic) if (count * matrix.cols >= kWorthThreads)
    for (std::int64_t task = 0; task < tasks; ++task) {
        if (control.isCancelled())
            continue;
        const std::int64_t first = task * step;
        matrix.encoding->decodeRows(matrix.bytes, matrix.rows, matrix.cols, begin + first, std::min(step, count - first),
                                    out + first * matrix.cols);
    }
    if (control.isCancelled())
        return cancelledError();
    return {};
}

Result<void> forEachPiece(const EncodedMatrix& matrix, const RunControl& control,
                          const std::function<Result<void>(std::span<const float>, std::int64_t)>& visit) {
    if (matrix.rows <= 0 || matrix.cols <= 0)
        return {};
    const std::int64_t step = std::clamp<std::int64_t>(kPieceWeights / matrix.cols, 1, matrix.rows);
    TRILOBIT_TRY(auto buffer, allocateFloats(static_cast<std::uint64_t>(step * matrix.cols)));
    for (std::int64_t row = 0; row < matrix.rows; row += step) {
        const std::int64_t count = std::min(step, matrix.rows - row);
        TRILOBIT_CHECK(decodeRowsParallel(matrix, row, count, buffer.data(), control));
        TRILOBIT_CHECK(visit({buffer.data(), static_cast<std::size_t>(count * matrix.cols)}, row));
    }
    return {};
}

} // namespace trilobit
