// DLT: ternary codes with a learned scale and shift per group (after TernaryLLM, 2024).
#pragma once

#include "core/train/schemes/linearscheme.h"

namespace trilobit {

/// Groups of `group` inputs of a row. T = sign(W) [|W| > 0.7 mean|W|] from the current weights (`centred`: of W - gamma);
/// What = alpha T + gamma. Extras ".alpha", ".gamma": [out, ceil(in / group)]. dW = dWhat (straight-through),
/// dalpha = sum dWhat T, dgamma = sum dWhat over the group. Start: gamma = mean W, alpha = mean|W - gamma| over T != 0 of the
/// uncentred rule.
template <class Real>
class DltScheme : public LinearScheme<Real> {
public:
    DltScheme(std::int64_t group, bool centred) : m_group(group), m_centred(centred) {}
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
    std::int64_t m_group;
    bool m_centred;
};

} // namespace trilobit
