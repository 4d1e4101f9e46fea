// ErrorSum: ErrorMetrics of values that arrive in pieces.
#pragma once

#include "core/quant/weightstats.h"

namespace trilobit {

/// Sums in double in an order that depends on the pieces, never on the number of threads.
class ErrorSum {
public:
    /// Both of the same length; what one has more is ignored.
    void add(std::span<const float> original, std::span<const float> approx);
    ErrorMetrics metrics() const;

private:
    double m_squaredError = 0, m_squared = 0, m_maxAbs = 0;
    std::uint64_t m_count = 0;
};

} // namespace trilobit
