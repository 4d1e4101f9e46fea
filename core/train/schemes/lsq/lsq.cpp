#include "core/train/schemes/lsq/lsq.h"

#include "core/train/schemes/groups.h"

#include <cmath>

namespace trilobit {

template <class Real>
LsqScheme<Real>::LsqScheme(int bits, std::int64_t group, bool gradientScale)
    : m_low(-std::ldexp(Real(1), bits - 1)), m_high(std::ldexp(Real(1), bits - 1) - 1), m_group(group),
      m_gradientScale(gradientScale) {}

template <class Real>
std::vector<SchemeExtra> LsqScheme<Real>::extras(std::int64_t out, std::int64_t in) const {
    const std::int64_t group = groupOf(in);
    return {{".step", out, (in + group - 1) / group}};
}

template <class Real>
void LsqScheme<Real>::initialize(std::int64_t out, std::int64_t in, Real* w, Real* const* extras, Rng&) const {
    const Real high = std::max(m_high, Real(1)); // one bit has no positive code but zero
    forGroups(out, in, groupOf(in), 1, [&](std::int64_t g, std::int64_t first, std::int64_t count) {
        Real sum = 0;
        for (std::int64_t i = 0; i < count; ++i)
            sum += std::abs(w[first + i]);
        extras[0][g] = std::max(2 * sum / static_cast<Real>(count) / std::sqrt(high), Real(1e-6));
    });
}

template <class Real>
void LsqScheme<Real>::weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, Real* what,
                             int threads) const {
    forGroups(out, in, groupOf(in), threads, [&](std::int64_t g, std::int64_t first, std::int64_t count) {
        const Real step = extras[0][g];
        for (std::int64_t i = first; i < first + count; ++i)
            what[i] = step * std::clamp(std::nearbyint(w[i] / step), m_low, m_high);
    });
}

template <class Real>
void LsqScheme<Real>::weightGradient(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras,
                                     const Real* dwhat, Real* dw, Real* const* dextras, int threads) const {
    forGroups(out, in, groupOf(in), threads, [&](std::int64_t g, std::int64_t first, std::int64_t count) {
        const Real step = extras[0][g];
        Real sum = 0;
        for (std::int64_t i = first; i < first + count; ++i) {
            const Real u = w[i] / step;
            const bool inside = u >= m_low && u <= m_high;
            sum += dwhat[i] * (inside ? std::nearbyint(u) - u : u < m_low ? m_low : m_high);
            if (dw && inside)
                dw[i] += dwhat[i];
        }
        dextras[0][g] += m_gradientScale ? sum / std::sqrt(static_cast<Real>(count) * std::max(m_high, Real(1))) : sum;
    });
}

template <class Real>
std::optional<SchemeGrid> LsqScheme<Real>::grid(std::int64_t out, std::int64_t in, const Real*, const Real* const* extras,
                                                int) const {
    const auto groups = static_cast<std::size_t>(out * ((in + groupOf(in) - 1) / groupOf(in)));
    SchemeGrid grid{groupOf(in), static_cast<int>(m_high - m_low) + 1, std::vector<double>(groups),
                    std::vector<double>(groups, static_cast<double>(-m_low))};
    for (std::size_t g = 0; g < groups; ++g)
        grid.scale[g] = static_cast<double>(extras[0][g]);
    return grid;
}

template class LsqScheme<float>;
template class LsqScheme<double>;

} // namespace trilobit
