// heatGrid: a rectangle of a tensor as a grid of cells, from the whole tensor down to single weights.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"

#include <cstdint>
#include <vector>

namespace trilobit {

enum class CellValue {
    Strongest, ///< the value of largest magnitude, with its sign
    Rms,       ///< root of the mean square
    Mean,
};

/// Weights [rowBegin, rowEnd) x [colBegin, colEnd); a cell is rowStep x colStep of them, at the end perhaps fewer.
struct HeatRegion {
    std::int64_t rowBegin = 0, rowEnd = 0, colBegin = 0, colEnd = 0;
    std::int64_t rowStep = 1, colStep = 1;

    std::int64_t rows() const noexcept { return (rowEnd - rowBegin + rowStep - 1) / rowStep; } ///< of cells
    std::int64_t cols() const noexcept { return (colEnd - colBegin + colStep - 1) / colStep; }
    bool contains(const HeatRegion& other) const noexcept {
        return rowBegin <= other.rowBegin && rowEnd >= other.rowEnd && colBegin <= other.colBegin
               && colEnd >= other.colEnd;
    }
    bool operator==(const HeatRegion&) const = default;
};

struct HeatGrid {
    HeatRegion region;
    std::vector<float> original, quantized,
        error;            ///< rows() * cols() each; the last two empty without a quantized tensor
    bool sampled = false; ///< not every row was read
};

/// `quantized`: the same shape, or null. The error of a weight is quantized - original; cells of `error` are summarised
/// in the same way as the others. At most `rowsPerCell` evenly spread rows of each cell are read; 0: all. All threads
/// work. Errors: Usage for a region that is empty or not inside the tensor; Cancelled; OutOfMemory.
Result<HeatGrid> heatGrid(const Tensor& original, const Tensor* quantized, const HeatRegion& region, CellValue value,
                          std::int64_t rowsPerCell, const RunControl& control);

} // namespace trilobit
