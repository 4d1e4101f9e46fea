// BitNet b1.58 (The Era of 1-bit LLMs, 2024; formulas as in the published training notes).
#include "core/train/schemes/bitnet/bitnet.h"

#include "core/train/schemes/reduce.h"
#include "core/train/schemes/rounding.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

template <class Real>
Real meanMagnitude(std::int64_t count, const Real* w, int threads) {
    const Real sum = blockSum<Real>(count, threads, [&](std::int64_t i) { return std::abs(w[i]); });
    return std::max(sum / static_cast<Real>(count), Real(1e-5));
}

} // namespace

template <class Real>
void BitNetScheme<Real>::weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const*, Real* what,
                                int threads) const {
    const std::int64_t count = out * in;
    const Real gamma = meanMagnitude(count, w, threads);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t i = 0; i < count; ++i)
        what[i] = gamma * roundHalfEven(std::clamp(w[i] / gamma, Real(-1), Real(1)));
}

template <class Real>
void BitNetScheme<Real>::input(std::int64_t rows, std::int64_t in, const Real* x, Real* xhat, int threads) const {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r) {
        const Real* from = x + r * in;
        Real* to = xhat + r * in;
        Real top = 0;
        for (std::int64_t c = 0; c < in; ++c)
            top = std::max(top, std::abs(from[c]));
        const Real scale = Real(127) / std::max(top, Real(1e-5));
        for (std::int64_t c = 0; c < in; ++c)
            to[c] = std::clamp(roundHalfEven(from[c] * scale), Real(-128), Real(127)) / scale;
    }
}

template <class Real>
std::optional<SchemeGrid> BitNetScheme<Real>::grid(std::int64_t out, std::int64_t in, const Real* w, const Real* const*,
                                                   int threads) const {
    return SchemeGrid{0, 3, {static_cast<double>(meanMagnitude(out * in, w, threads))}, {1}};
}

template class BitNetScheme<float>;
template class BitNetScheme<double>;

} // namespace trilobit
