// Spread: median, least and most of repeated measurements.
#pragma once

#include <algorithm>
#include <vector>

namespace trilobit {

struct Spread {
    double median = 0, min = 0, max = 0;
};

/// Zeros for no values.
inline Spread spreadOf(std::vector<double> values) {
    if (values.empty())
        return {};
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return {n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2, values.front(), values.back()};
}

} // namespace trilobit
