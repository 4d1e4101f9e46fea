// BitNet b1: binary weights around their mean, absmax 8-bit activations per token, straight-through gradients.
#pragma once

#include "core/train/schemes/linearscheme.h"

namespace trilobit {

/// a = mean W, beta = mean|W| over the matrix, What = beta (W > a ? 1 : -1); per token g = max(max|x|, 1e-5),
/// xhat = clamp(rne(128 x / g), -127, 127) g / 128 (BitNet, 2023, equations 1 to 7; the range read as integers).
template <class Real>
class B1Scheme : public LinearScheme<Real> {
public:
    explicit B1Scheme(bool activations) : m_activations(activations) {}
    bool changesWeight() const override { return true; }
    bool changesInput() const override { return m_activations; }
    std::optional<SchemeGrid> grid(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras,
                                   int threads) const override;
    void weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, Real* what,
                int threads) const override;
    void input(std::int64_t rows, std::int64_t in, const Real* x, Real* xhat, int threads) const override;

private:
    bool m_activations;
};

} // namespace trilobit
