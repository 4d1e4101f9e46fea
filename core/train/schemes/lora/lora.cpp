#include "core/train/schemes/lora/lora.h"

#include "core/train/schemes/lowrank.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

template <class Real>
std::vector<SchemeExtra> LoraScheme<Real>::extras(std::int64_t out, std::int64_t in) const {
    return {{".lora_A", m_rank, in}, {".lora_B", out, m_rank}};
}

template <class Real>
void LoraScheme<Real>::initialize(std::int64_t out, std::int64_t in, Real*, Real* const* extras, Rng& rng) const {
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    for (std::int64_t i = 0; i < m_rank * in; ++i)
        extras[0][i] = static_cast<Real>((2 * rng.uniform() - 1) * bound);
    std::fill(extras[1], extras[1] + out * m_rank, Real(0));
}

template <class Real>
void LoraScheme<Real>::weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, Real* what,
                              int threads) const {
    std::copy_n(w, out * in, what);
    addLowRank(out, in, m_rank, m_scale, extras[1], extras[0], what, threads);
}

template <class Real>
void LoraScheme<Real>::weightGradient(std::int64_t out, std::int64_t in, const Real*, const Real* const* extras,
                                      const Real* dwhat, Real*, Real* const* dextras, int threads) const {
    lowRankGradient(out, in, m_rank, m_scale, extras[1], extras[0], dwhat, dextras[1], dextras[0], threads);
}

template class LoraScheme<float>;
template class LoraScheme<double>;

} // namespace trilobit
