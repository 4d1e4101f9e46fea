#include "core/model/finitecheck.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <vector>

namespace trilobit {

namespace {

constexpr std::int64_t kPieceWeights = 1 << 20; ///< decoded at a time, by all threads together
constexpr std::int64_t kWorthThreads = 1 << 16;

/// Bytes of a row when rows stand one after the other, else 0.
std::uint64_t rowBytes(const Encoding& encoding, std::uint64_t all, std::int64_t rows, std::int64_t cols) {
    const auto one = encoding.sizeBytes(1, cols);
    return one && rows > 0 && *one * static_cast<std::uint64_t>(rows) == all ? *one : 0;
}

/// Whether all are finite. One comparison per weight that compilers turn into vector code.
bool allFinite(const float* values, std::int64_t count) noexcept {
    bool finite = true;
    for (std::int64_t i = 0; i < count; ++i)
        finite &= std::fabs(values[i]) <= std::numeric_limits<float>::max();
    return finite;
}

} // namespace

Result<std::optional<NonFinite>> findNonFinite(const Encoding& encoding, std::span<const std::byte> bytes,
                                               std::int64_t rows, std::int64_t cols, const RunControl& control,
                                               const std::function<void(std::span<const std::byte>)>& done) {
    if (rows <= 0 || cols <= 0)
        return std::optional<NonFinite>();
    const std::int64_t step = std::clamp<std::int64_t>(kPieceWeights / cols, 1, rows);
    const std::uint64_t stride = rowBytes(encoding, bytes.size(), rows, cols);
    std::vector<float> values;
    try {
        values.resize(static_cast<std::size_t>(step * cols));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for " + std::to_string(step * cols) + " weights");
    }
    for (std::int64_t begin = 0; begin < rows; begin += step) {
        if (control.isCancelled())
            return cancelledError();
        const std::int64_t count = std::min(step, rows - begin);
        std::int64_t bad = std::numeric_limits<std::int64_t>::max();
#pragma omp parallel for schedule(dynamic) reduction(min : bad) if (count > 1 && count * cols >= kWorthThreads)
        for (std::int64_t r = 0; r < count; ++r) {
            float* row = values.data() + r * cols;
            encoding.decodeRows(bytes, rows, cols, begin + r, 1, row);
            if (!allFinite(row, cols))
                bad = std::min(bad, r);
        }
        if (bad < count) {
            const float* row = values.data() + bad * cols;
            const auto col = std::find_if(row, row + cols, [](float w) { return !std::isfinite(w); }) - row;
            const std::int64_t block = col / std::max<std::int64_t>(1, encoding.info().blockSize);
            return std::optional(NonFinite{begin + bad, col, row[col], block});
        }
        if (done && stride > 0)
            done(bytes.subspan(static_cast<std::size_t>(begin) * stride, static_cast<std::size_t>(count) * stride));
    }
    if (done && stride == 0)
        done(bytes);
    return std::optional<NonFinite>();
}

std::string nonFiniteText(const NonFinite& found, const EncodingInfo& info) {
    const std::string value = std::isnan(found.value) ? "NaN" : found.value < 0 ? "-infinity" : "infinity";
    return "holds " + value + " at row " + std::to_string(found.row) + ", column " + std::to_string(found.col)
           + (info.blockSize > 1 ? " (block " + std::to_string(found.block) + " of " + info.id + ")" : std::string());
}

} // namespace trilobit
