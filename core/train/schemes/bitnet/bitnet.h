// BitNet b1.58: absmean ternary weights, absmax int8 activations per token, straight-through gradients.
#pragma once

#include "core/train/schemes/linearscheme.h"

namespace trilobit {

/// gamma = max(mean|W|, 1e-5) over the matrix, What = gamma clamp(rne(W / gamma), -1, 1); per token
/// s = 127 / max(max|x|, 1e-5), xhat = clamp(rne(s x), -128, 127) / s.
template <class Real>
class BitNetScheme : public LinearScheme<Real> {
public:
    explicit BitNetScheme(bool activations) : m_activations(activations) {}
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
