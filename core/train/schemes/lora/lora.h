// LoRA: a frozen matrix plus a trained product of two thin ones (Hu et al., 2021). On a quantized base: QLoRA, HQQ+.
#pragma once

#include "core/train/schemes/linearscheme.h"

namespace trilobit {

/// What = W + (alpha / rank) B A; extras ".lora_A" [rank, in], ".lora_B" [out, rank]. Start: A uniform in
/// +-1/sqrt(in) (Kaiming with a = sqrt 5), B zero, so that the function is unchanged at first.
template <class Real>
class LoraScheme : public LinearScheme<Real> {
public:
    LoraScheme(std::int64_t rank, double alpha) : m_rank(rank), m_scale(static_cast<Real>(alpha / static_cast<double>(rank))) {}
    std::vector<SchemeExtra> extras(std::int64_t out, std::int64_t in) const override;
    void initialize(std::int64_t out, std::int64_t in, Real* w, Real* const* extras, Rng& rng) const override;
    bool trainsMatrix() const override { return false; }
    std::optional<double> adapterAlpha() const override {
        return static_cast<double>(m_scale) * static_cast<double>(m_rank);
    }
    bool changesWeight() const override { return true; }
    void weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, Real* what,
                int threads) const override;
    void weightGradient(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, const Real* dwhat,
                        Real* dw, Real* const* dextras, int threads) const override;

private:
    std::int64_t m_rank;
    Real m_scale;
};

} // namespace trilobit
