// AdamW (decoupled weight decay; Loshchilov and Hutter, 2019, algorithm 2) on flat arrays.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

namespace trilobit {

struct AdamWConfig {
    double beta1 = 0.9, beta2 = 0.95, eps = 1e-8;
};

/// One update: p *= 1 - lr wd; m, v as exponential means of g and g^2; p -= lr m^ / (sqrt(v^) + eps) with bias-corrected
/// m^, v^. g is multiplied by `gradientScale` (clipping) first. step counts from 1. Arrays have equal length.
template <class Real>
void adamWStep(const AdamWConfig& config, std::int64_t step, double learningRate, double weightDecay,
               double gradientScale, std::span<Real> p, std::span<const Real> g, std::span<Real> m, std::span<Real> v,
               int threads) {
    const Real beta1 = static_cast<Real>(config.beta1), beta2 = static_cast<Real>(config.beta2);
    const Real shrink = static_cast<Real>(1 - learningRate * weightDecay), scale = static_cast<Real>(gradientScale);
    const Real rate = static_cast<Real>(learningRate / (1 - std::pow(config.beta1, static_cast<double>(step))));
    const Real correct2 = static_cast<Real>(1 / (1 - std::pow(config.beta2, static_cast<double>(step))));
    const Real eps = static_cast<Real>(config.eps);
    const auto count = static_cast<std::int64_t>(p.size());
    Real* pp = p.data();
    const Real* gg = g.data();
    Real* mm = m.data();
    Real* vv = v.data();
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t i = 0; i < count; ++i) {
        const Real gradient = gg[i] * scale;
        mm[i] = beta1 * mm[i] + (1 - beta1) * gradient;
        vv[i] = beta2 * vv[i] + (1 - beta2) * gradient * gradient;
        pp[i] = pp[i] * shrink - rate * mm[i] / (std::sqrt(vv[i] * correct2) + eps);
    }
}

} // namespace trilobit
