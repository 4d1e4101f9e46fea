#include "core/train/schemes/b1/b1.h"

#include "core/train/schemes/reduce.h"
#include "core/train/schemes/rounding.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

template <class Real>
void B1Scheme<Real>::weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const*, Real* what,
                            int threads) const {
    const std::int64_t count = out * in;
    const Real n = static_cast<Real>(count);
    const Real mean = blockSum<Real>(count, threads, [&](std::int64_t i) { return w[i]; }) / n;
    const Real beta = blockSum<Real>(count, threads, [&](std::int64_t i) { return std::abs(w[i]); }) / n;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t i = 0; i < count; ++i)
        what[i] = w[i] > mean ? beta : -beta;
}

template <class Real>
void B1Scheme<Real>::input(std::int64_t rows, std::int64_t in, const Real* x, Real* xhat, int threads) const {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r) {
        const Real* from = x + r * in;
        Real top = 0;
        for (std::int64_t c = 0; c < in; ++c)
            top = std::max(top, std::abs(from[c]));
        const Real range = std::max(top, Real(1e-5));
        for (std::int64_t c = 0; c < in; ++c)
            xhat[r * in + c] =
                std::clamp(roundHalfEven(from[c] * Real(128) / range), Real(-127), Real(127)) * range / Real(128);
    }
}

template <class Real>
std::optional<SchemeGrid> B1Scheme<Real>::grid(std::int64_t out, std::int64_t in, const Real* w, const Real* const*,
                                               int threads) const {
    const Real sum = blockSum<Real>(out * in, threads, [&](std::int64_t i) { return std::abs(w[i]); });
    return SchemeGrid{0, 2, {2 * static_cast<double>(sum) / static_cast<double>(out * in)}, {0.5}};
}

template class B1Scheme<float>;
template class B1Scheme<double>;

} // namespace trilobit
