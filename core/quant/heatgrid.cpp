#include "core/quant/heatgrid.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <new>

namespace trilobit {

namespace {

/// One row of cells while weights arrive.
class CellRow {
public:
    CellRow(CellValue value, const HeatRegion& region)
        : m_value(value), m_region(region), m_sums(static_cast<std::size_t>(region.cols())), m_counts(m_sums.size()) {}

    void add(const float* row) {
        std::size_t cell = 0;
        for (std::int64_t begin = m_region.colBegin; begin < m_region.colEnd; begin += m_region.colStep, ++cell) {
            const std::int64_t end = std::min(begin + m_region.colStep, m_region.colEnd);
            double sum = m_sums[cell];
            for (std::int64_t c = begin; c < end; ++c) {
                const auto w = static_cast<double>(row[c]);
                switch (m_value) {
                case CellValue::Strongest: sum = std::fabs(w) > std::fabs(sum) ? w : sum; break;
                case CellValue::Rms: sum += w * w; break;
                case CellValue::Mean: sum += w; break;
                }
            }
            m_sums[cell] = sum;
            m_counts[cell] += end - begin;
        }
    }
    void store(float* out) const {
        for (std::size_t i = 0; i < m_sums.size(); ++i) {
            const auto count = static_cast<double>(std::max<std::int64_t>(m_counts[i], 1));
            out[i] = static_cast<float>(m_value == CellValue::Rms    ? std::sqrt(m_sums[i] / count)
                                        : m_value == CellValue::Mean ? m_sums[i] / count
                                                                     : m_sums[i]);
        }
    }

private:
    CellValue m_value;
    const HeatRegion& m_region;
    std::vector<double> m_sums;
    std::vector<std::int64_t> m_counts;
};

void decodeRow(const Tensor& tensor, std::int64_t row, float* out) {
    tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, row, 1, out);
}

} // namespace

Result<HeatGrid> heatGrid(const Tensor& original, const Tensor* quantized, const HeatRegion& region, CellValue value,
                          std::int64_t rowsPerCell, const RunControl& control) {
    if (region.rowBegin < 0 || region.colBegin < 0 || region.rowEnd > original.rows || region.colEnd > original.cols
        || region.rowBegin >= region.rowEnd || region.colBegin >= region.colEnd || region.rowStep < 1
        || region.colStep < 1)
        return fail(ErrorCode::Usage, "the part of " + original.name + " to be shown is not inside the tensor");
    if (quantized && (quantized->rows != original.rows || quantized->cols != original.cols))
        return fail(ErrorCode::Internal, "the two sides of a heat map have different shapes");
    HeatGrid grid;
    grid.region = region;
    const std::int64_t rows = region.rows(), cols = region.cols();
    const auto cells = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
    const std::int64_t perCell = rowsPerCell > 0 ? std::min(rowsPerCell, region.rowStep) : region.rowStep;
    grid.sampled = perCell < region.rowStep;
    std::atomic<bool> stopped{false}, noMemory{false};
    try {
        grid.original.resize(cells);
        if (quantized) {
            grid.quantized.resize(cells);
            grid.error.resize(cells);
        }
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for a heat map of " + std::to_string(cells) + " cells");
    }
#pragma omp parallel for schedule(dynamic, 1) if (rows > 1 && rows * perCell * original.cols > (1 << 15))
    for (std::int64_t cellRow = 0; cellRow < rows; ++cellRow) {
        if (stopped.load(std::memory_order_relaxed) || noMemory.load(std::memory_order_relaxed))
            continue;
        try {
            CellRow a(value, region), b(value, region), e(value, region);
            std::vector<float> left(static_cast<std::size_t>(original.cols)), right(quantized ? left.size() : 0);
            const std::int64_t begin = region.rowBegin + cellRow * region.rowStep;
            const std::int64_t height = std::min(region.rowStep, region.rowEnd - begin);
            const std::int64_t read = std::min(perCell, height);
            for (std::int64_t i = 0; i < read; ++i) {
                if (control.isCancelled()) {
                    stopped = true;
                    break;
                }
                const std::int64_t row = begin + i * height / read;
                decodeRow(original, row, left.data());
                a.add(left.data());
                if (!quantized)
                    continue;
                decodeRow(*quantized, row, right.data());
                b.add(right.data());
                for (std::size_t c = 0; c < left.size(); ++c)
                    right[c] -= left[c];
                e.add(right.data());
            }
            a.store(grid.original.data() + cellRow * cols);
            if (quantized) {
                b.store(grid.quantized.data() + cellRow * cols);
                e.store(grid.error.data() + cellRow * cols);
            }
        } catch (const std::bad_alloc&) {
            noMemory = true;
        }
    }
    if (noMemory)
        return fail(ErrorCode::OutOfMemory, "not enough memory for a row of " + original.name);
    if (stopped)
        return cancelledError();
    return grid;
}

} // namespace trilobit
