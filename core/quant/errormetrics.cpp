// How far approximated weights are from the original ones.
#include "core/quant/errorsum.h"

#include "core/quant/tensorrows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace trilobit {

namespace {

constexpr std::size_t kPiece = 16384;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Part {
    double squaredError = 0, squared = 0, maxAbs = 0;

    void add(float original, float approx) {
        const auto w = static_cast<double>(original);
        double e = w - static_cast<double>(approx);
        if (!std::isfinite(e)) {
            // The same bits, or NaN in both places, is no difference; anything else cannot be measured.
            const bool same = std::bit_cast<std::uint32_t>(original) == std::bit_cast<std::uint32_t>(approx)
                              || (std::isnan(original) && std::isnan(approx));
            e = same ? 0 : kInfinity;
        }
        squaredError += e * e;
        squared += std::isfinite(w) ? w * w : 0;
        maxAbs = std::max(maxAbs, std::fabs(e));
    }
};

} // namespace

void ErrorSum::add(std::span<const float> original, std::span<const float> approx) {
    const std::size_t count = std::min(original.size(), approx.size());
    const std::size_t pieces = (count + kPiece - 1) / kPiece;
    std::vector<Part> parts(pieces);
#pragma omp parallel for schedule(static) if (count >= kWorthThreads)
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        Part part;
        for (std::size_t i = piece * kPiece, end = std::min(count, i + kPiece); i < end; ++i)
            part.add(original[i], approx[i]);
        parts[piece] = part;
    }
    for (const Part& part : parts) {
        m_squaredError += part.squaredError;
        m_squared += part.squared;
        m_maxAbs = std::max(m_maxAbs, part.maxAbs);
    }
    m_count += count;
}

ErrorMetrics ErrorSum::metrics() const {
    ErrorMetrics out;
    out.sumSquaredError = m_squaredError;
    out.sumSquared = m_squared;
    out.maxAbs = m_maxAbs;
    out.rmse = m_count ? std::sqrt(m_squaredError / static_cast<double>(m_count)) : 0;
    if (m_squaredError == 0) {
        out.sqnrDb = kInfinity;
        return out;
    }
    out.relativeSquared = m_squared > 0 ? m_squaredError / m_squared : kInfinity;
    out.sqnrDb = m_squared > 0 && std::isfinite(m_squaredError) ? -10 * std::log10(out.relativeSquared) : -kInfinity;
    return out;
}

ErrorMetrics computeError(std::span<const float> original, std::span<const float> approx) {
    ErrorSum sum;
    sum.add(original, approx);
    return sum.metrics();
}

} // namespace trilobit
