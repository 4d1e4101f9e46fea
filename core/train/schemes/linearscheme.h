// LinearScheme: what stands between a trained matrix and the product it is used in. One folder per scheme.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/rng.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// A further trained tensor of a matrix: scales, shifts, adapters. Named after the module: "...q_proj" + suffix.
struct SchemeExtra {
    std::string suffix;
    std::int64_t rows = 0, cols = 0;
};

/// The evenly spaced values that a scheme's weights lie on: w = scale (code - zero), codes 0 to levels - 1.
struct SchemeGrid {
    std::int64_t group = 0; ///< consecutive weights of a row with one scale and zero; 0: the whole matrix
    int levels = 0;
    std::vector<double> scale, zero; ///< per group, rows first
};

/// y = What(W, extras) * Xhat(x). Stateless; scratch comes from the caller. W, What, dWhat: [out, in], row-major.
/// The gradient of x through Xhat is the identity (straight-through) in every scheme.
template <class Real>
class LinearScheme {
public:
    virtual ~LinearScheme() = default;

    virtual std::vector<SchemeExtra> extras(std::int64_t out, std::int64_t in) const {
        (void)out, (void)in;
        return {};
    }
    /// Start values of the extras for a given matrix, which becomes what the scheme keeps instead of it (LR-QAT: W / step).
    virtual void initialize(std::int64_t out, std::int64_t in, Real* w, Real* const* extras, Rng& rng) const {
        (void)out, (void)in, (void)w, (void)extras, (void)rng;
    }
    virtual bool trainsMatrix() const { return true; }  ///< false: W is frozen (adapters)
    virtual bool changesWeight() const { return false; }///< false: What is W, weight() is never called
    virtual bool changesInput() const { return false; } ///< false: Xhat is x

    virtual void weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, Real* what,
                        int threads) const {
        (void)out, (void)in, (void)w, (void)extras, (void)what, (void)threads;
    }
    /// Adds to dw (null when the matrix is frozen) and dextras. `what` is what weight() gave.
    virtual void weightGradient(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras,
                                const Real* dwhat, Real* dw, Real* const* dextras, int threads) const;
    /// What the weights can be stored as, exactly but for the rounding of scales; empty when What is no grid. Codes follow
    /// from weight(): round(What / scale + zero).
    virtual std::optional<SchemeGrid> grid(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras,
                                           int threads) const {
        (void)out, (void)in, (void)w, (void)extras, (void)threads;
        return std::nullopt;
    }
    /// LoRA's alpha when the extras are an adapter's A and B; empty otherwise.
    virtual std::optional<double> adapterAlpha() const { return std::nullopt; }
    virtual void input(std::int64_t rows, std::int64_t in, const Real* x, Real* xhat, int threads) const {
        (void)rows, (void)in, (void)x, (void)xhat, (void)threads;
    }
};

/// By name, with its settings as JSON: "plain", "bitnet" {"activations": true}, "b1" {"activations": true}, "dlt"
/// {"group": 32, "centred": false}, "lsq" {"bits": 4, "group": 0}, "lrqat" {"bits", "rank", "alpha"}, "lora" {"rank": 8,
/// "alpha": 16}. Errors: Usage naming the scheme or setting.
template <class Real>
Result<std::shared_ptr<const LinearScheme<Real>>> makeLinearScheme(std::string_view name, const Json& settings);

/// dst += src
template <class Real>
void addTo(std::int64_t count, const Real* src, Real* dst, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t i = 0; i < count; ++i)
        dst[i] += src[i];
}

template <class Real>
void LinearScheme<Real>::weightGradient(std::int64_t out, std::int64_t in, const Real*, const Real* const*,
                                        const Real* dwhat, Real* dw, Real* const*, int threads) const {
    if (dw)
        addTo(out * in, dwhat, dw, threads);
}

} // namespace trilobit
