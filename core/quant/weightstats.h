// What a tensor's weights look like: moments, outliers, histogram.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"

#include <cstdint>
#include <span>
#include <vector>

namespace trilobit {

struct Histogram {
    double low = 0, high = 0;           ///< edges of the first and last bin; equal when all values are the same
    std::vector<std::uint64_t> counts;  ///< equal bins; values on an inner edge go up, `high` goes to the last bin
    std::uint64_t outside = 0;          ///< values below low or above high
};

struct WeightStats {
    std::uint64_t count = 0;
    std::uint64_t nonFinite = 0;        ///< NaN and infinities; left out of everything else
    double mean = 0, std = 0, min = 0, max = 0, absmax = 0, absmean = 0;
    double kurtosis = 0;                ///< fourth moment / variance^2; 3 for a normal distribution
    double outlierFraction = 0;         ///< share with |w - mean| > 6 std
    double zeroFraction = 0;
    Histogram histogram;
};

/// Two passes, sums in double in a fixed order. bins >= 1.
WeightStats computeStats(std::span<const float> values, int bins);
Histogram computeHistogram(std::span<const float> values, double low, double high, int bins);
/// The same for a tensor of any encoding; decodes in pieces. Errors: Cancelled.
Result<WeightStats> tensorStats(const Tensor& tensor, int bins, RunControl& control);

/// How far `approx` is from `original`.
struct ErrorMetrics {
    double rmse = 0;
    double sqnrDb = 0;          ///< 10 log10(sum w^2 / sum e^2); +inf for no error, NaN never
    double relativeSquared = 0; ///< sum e^2 / sum w^2
    double maxAbs = 0;
    double sumSquaredError = 0, sumSquared = 0;
};
ErrorMetrics computeError(std::span<const float> original, std::span<const float> approx);

} // namespace trilobit
