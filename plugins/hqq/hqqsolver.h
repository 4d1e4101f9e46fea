// The HQQ solver: scale, zero and codes of every group, before anything is rounded for storage.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/tensor/matrixview.h"

#include <cstdint>
#include <vector>

namespace trilobit::plugins {

struct HqqOptions {
    int maxCode = 15;          ///< codes are 0..maxCode; 1 to 255
    std::int64_t groupSize = 64;
    int iterations = 20;       ///< 0: minimum and maximum of each group, not optimised
    float beta = 10.0f;        ///< weight of the quadratic term, > 0
    float lpNorm = 0.7f;       ///< p of the error norm |e|^p, 0 < p <= 1
    bool roundZero = false;    ///< start from an integer zero
};

struct HqqSolution {
    std::int64_t groupsPerRow = 0;
    std::vector<float> inverseScale; ///< [rows * groupsPerRow]
    std::vector<float> zero;         ///< [rows * groupsPerRow], code units; w = (code - zero) / inverseScale
    int iterations = 0;              ///< really done
    double meanError = 0;            ///< mean |w - w'| of the last iteration, 0 when none was done
};

/// Half-quadratic splitting as in the reference implementation on a CPU: float32, one early stop for the whole tensor, and
/// the zero of the step that failed is kept. Groups are `groupSize` consecutive weights of a row, the last may be short.
/// weight: finite, at least one row and column. The same result for any number of threads. Errors: Cancelled.
Result<HqqSolution> solveHqq(const MatrixView& weight, const HqqOptions& options, const RunControl& control);

/// The codes that belong to a solution: clamp(round_half_even(w * inverseScale + zero), 0, maxCode). [rows * cols]
std::vector<std::uint8_t> hqqCodes(const MatrixView& weight, const HqqSolution& solution, const HqqOptions& options);

} // namespace trilobit::plugins
