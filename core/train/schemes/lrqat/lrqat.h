// LR-QAT: a low-rank update inside the rounding, so that it merges exactly into k-bit codes (Bondarenko et al., 2024).
#pragma once

#include "core/train/schemes/linearscheme.h"

namespace trilobit {

/// W holds Phi0 = W0 / s0 (frozen). What = s clamp(rne(Phi0 + (alpha / rank) A B), -2^(b-1), 2^(b-1) - 1) with extras
/// ".step" [out, 1], ".lr_a" [out, rank], ".lr_b" [rank, in]. The gradient of the product is s dWhat where unclipped,
/// ds = sum dWhat * code. Start: A zero, B uniform in +-1/sqrt(in).
template <class Real>
class LrQatScheme : public LinearScheme<Real> {
public:
    LrQatScheme(int bits, std::int64_t rank, double alpha);
    std::vector<SchemeExtra> extras(std::int64_t out, std::int64_t in) const override;
    /// Step of a row: its largest magnitude over 2^(b-1); the row is divided by it.
    void initialize(std::int64_t out, std::int64_t in, Real* w, Real* const* extras, Rng& rng) const override;
    bool trainsMatrix() const override { return false; }
    bool changesWeight() const override { return true; }
    std::optional<SchemeGrid> grid(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras,
                                   int threads) const override;
    void weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, Real* what,
                int threads) const override;
    void weightGradient(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, const Real* dwhat,
                        Real* dw, Real* const* dextras, int threads) const override;

private:
    Real m_low, m_high;
    std::int64_t m_rank;
    Real m_scale;
};

} // namespace trilobit
