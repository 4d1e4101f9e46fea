#include "core/train/schemes/lrqat/lrqat.h"

#include "core/train/schemes/lowrank.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace trilobit {

template <class Real>
LrQatScheme<Real>::LrQatScheme(int bits, std::int64_t rank, double alpha)
    : m_low(-std::ldexp(Real(1), bits - 1)), m_high(std::ldexp(Real(1), bits - 1) - 1), m_rank(rank),
      m_scale(static_cast<Real>(alpha / static_cast<double>(rank))) {}

template <class Real>
std::vector<SchemeExtra> LrQatScheme<Real>::extras(std::int64_t out, std::int64_t in) const {
    return {{".step", out, 1}, {".lr_a", out, m_rank}, {".lr_b", m_rank, in}};
}

template <class Real>
void LrQatScheme<Real>::initialize(std::int64_t out, std::int64_t in, Real* w, Real* const* extras, Rng& rng) const {
    for (std::int64_t o = 0; o < out; ++o) {
        Real top = 0;
        for (std::int64_t i = o * in; i < (o + 1) * in; ++i)
            top = std::max(top, std::abs(w[i]));
        const Real step = std::max(top / -m_low, Real(1e-8)); // m_low is -2^(bits-1)
        extras[0][o] = step;
        for (std::int64_t i = o * in; i < (o + 1) * in; ++i)
            w[i] /= step;
    }
    std::fill(extras[1], extras[1] + out * m_rank, Real(0));
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    for (std::int64_t i = 0; i < m_rank * in; ++i)
        extras[2][i] = static_cast<Real>((2 * rng.uniform() - 1) * bound);
}

template <class Real>
void LrQatScheme<Real>::weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, Real* what,
                               int threads) const {
    std::copy_n(w, out * in, what);
    addLowRank(out, in, m_rank, m_scale, extras[1], extras[2], what, threads);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t o = 0; o < out; ++o)
        for (std::int64_t i = o * in; i < (o + 1) * in; ++i)
            what[i] = extras[0][o] * std::clamp(std::nearbyint(what[i]), m_low, m_high);
}

template <class Real>
void LrQatScheme<Real>::weightGradient(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras,
                                       const Real* dwhat, Real*, Real* const* dextras, int threads) const {
    std::vector<Real> inner(w, w + out * in); // the value before rounding, then its gradient
    addLowRank(out, in, m_rank, m_scale, extras[1], extras[2], inner.data(), threads);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t o = 0; o < out; ++o) {
        Real sum = 0;
        for (std::int64_t i = o * in; i < (o + 1) * in; ++i) {
            const Real value = inner[static_cast<std::size_t>(i)];
            sum += dwhat[i] * std::clamp(std::nearbyint(value), m_low, m_high);
            inner[static_cast<std::size_t>(i)] = value >= m_low && value <= m_high ? extras[0][o] * dwhat[i] : Real(0);
        }
        dextras[0][o] += sum;
    }
    lowRankGradient(out, in, m_rank, m_scale, extras[1], extras[2], inner.data(), dextras[1], dextras[2], threads);
}

template <class Real>
std::optional<SchemeGrid> LrQatScheme<Real>::grid(std::int64_t out, std::int64_t in, const Real*,
                                                  const Real* const* extras, int) const {
    SchemeGrid grid{in, static_cast<int>(m_high - m_low) + 1, std::vector<double>(static_cast<std::size_t>(out)),
                    std::vector<double>(static_cast<std::size_t>(out), static_cast<double>(-m_low))};
    for (std::int64_t o = 0; o < out; ++o)
        grid.scale[static_cast<std::size_t>(o)] = static_cast<double>(extras[0][o]);
    return grid;
}

template class LrQatScheme<float>;
template class LrQatScheme<double>;

} // namespace trilobit
