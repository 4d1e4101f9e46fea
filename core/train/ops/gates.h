// Gated activations of the feed-forward block: silu(gate) * up and relu(gate)^2 * up, elementwise over n values.
#pragma once

#include <cmath>
#include <cstdint>

namespace trilobit::ops {

template <class Real>
void swiGlu(std::int64_t n, const Real* gate, const Real* up, Real* y, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = gate[i] / (Real(1) + std::exp(-gate[i])) * up[i];
}

template <class Real>
void swiGluBackward(std::int64_t n, const Real* gate, const Real* up, const Real* dy, Real* dgate, Real* dup,
                    int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t i = 0; i < n; ++i) {
        const Real sigmoid = Real(1) / (Real(1) + std::exp(-gate[i]));
        const Real upstream = dy[i]; // dgate or dup may be the same memory as dy
        const Real value = up[i];
        dup[i] = upstream * gate[i] * sigmoid;
        dgate[i] = upstream * value * sigmoid * (Real(1) + gate[i] * (Real(1) - sigmoid));
    }
}

template <class Real>
void relu2Gate(std::int64_t n, const Real* gate, const Real* up, Real* y, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t i = 0; i < n; ++i) {
        const Real open = gate[i] > 0 ? gate[i] : Real(0);
        y[i] = open * open * up[i];
    }
}

template <class Real>
void relu2GateBackward(std::int64_t n, const Real* gate, const Real* up, const Real* dy, Real* dgate, Real* dup,
                       int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t i = 0; i < n; ++i) {
        const Real open = gate[i] > 0 ? gate[i] : Real(0);
        const Real upstream = dy[i];
        const Real value = up[i];
        dup[i] = upstream * open * open;
        dgate[i] = upstream * 2 * open * value;
    }
}

} // namespace trilobit::ops
