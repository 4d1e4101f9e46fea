// TensorProfile: what the plots of one tensor show beside its histogram.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"

#include <cstdint>
#include <vector>

namespace trilobit {

/// A point of a quantile-quantile plot: where a normal distribution of the same mean and deviation would have this
/// quantile (in deviations) and where the weights have it (in their own units).
struct QuantilePoint {
    double probability = 0, normal = 0, original = 0, quantized = 0;
};

struct ScatterPoint {
    float original = 0, quantized = 0;
};

struct TensorProfile {
    std::int64_t rows = 0, cols = 0;
    bool hasQuantized = false; ///< otherwise everything `quantized` and `error` is empty or zero
    double mean = 0, std = 0;  ///< of the original, all weights
    std::vector<float> rowAbsmax, rowRms, rowErrorRms; ///< one per row
    std::vector<float> colAbsmax, colRms, colErrorRms; ///< one per column
    std::vector<QuantilePoint> quantiles;              ///< ascending probability
    std::vector<ScatterPoint> scatter;                 ///< evenly spread weights
    std::int64_t quantileWeights = 0;                  ///< how many weights the quantiles rest on
    /// Singular values of `spectrumRows` evenly spread rows, descending, of the weights and of their error.
    std::vector<double> weightSpectrum, errorSpectrum;
    std::int64_t spectrumRows = 0;
};

/// `quantized`: the same shape, or null. Absmax and root mean squares cover all weights; quantiles at most 2^19, the
/// scatter at most `scatterPoints`, spectra at most 128 rows. Errors: Cancelled, OutOfMemory, Internal for other
/// shapes.
Result<TensorProfile> profileTensor(const Tensor& original, const Tensor* quantized, std::int64_t scatterPoints,
                                    RunControl& control);

/// The standard normal quantile, 0 < p < 1, to about 1e-9.
double normalQuantile(double p) noexcept;

} // namespace trilobit
