// LSQ: k-bit weights with a learned step per row or group (Esser et al., 2020).
#pragma once

#include "core/train/schemes/linearscheme.h"

namespace trilobit {

/// What = s clamp(rne(W / s), n, p), n = -2^(bits-1), p = 2^(bits-1) - 1; extra ".step": [out, groups]. dW is dWhat
/// where n <= W/s <= p; ds = sum dWhat (rne(u) - u inside, n or p outside). `gradientScale`: ds times
/// 1 / sqrt(weights per step * p). Start: 2 mean|W| / sqrt(p).
template <class Real>
class LsqScheme : public LinearScheme<Real> {
public:
    LsqScheme(int bits, std::int64_t group, bool gradientScale);
    std::vector<SchemeExtra> extras(std::int64_t out, std::int64_t in) const override;
    void initialize(std::int64_t out, std::int64_t in, Real* w, Real* const* extras, Rng& rng) const override;
    bool changesWeight() const override { return true; }
    std::optional<SchemeGrid> grid(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras,
                                   int threads) const override;
    void weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, Real* what,
                int threads) const override;
    void weightGradient(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, const Real* dwhat,
                        Real* dw, Real* const* dextras, int threads) const override;

private:
    std::int64_t groupOf(std::int64_t in) const { return m_group > 0 ? m_group : in; }
    Real m_low, m_high;
    std::int64_t m_group; ///< 0: a row
    bool m_gradientScale;
};

} // namespace trilobit
