#include "core/train/schemes/dlt/dlt.h"

#include "core/train/schemes/groups.h"

#include <cmath>

namespace trilobit {

namespace {

/// The ternary code of each weight of a group, as a multiplier; `shift` is 0 unless the codes are centred.
template <class Real>
struct GroupCode {
    const Real* w;
    Real shift, threshold;

    GroupCode(const Real* weights, std::int64_t count, Real centre) : w(weights), shift(centre), threshold(0) {
        Real sum = 0;
        for (std::int64_t i = 0; i < count; ++i)
            sum += std::abs(w[i] - shift);
        threshold = Real(0.7) * (sum / static_cast<Real>(count));
    }
    Real operator()(std::int64_t i) const {
        const Real value = w[i] - shift;
        if (!(std::abs(value) > threshold))
            return 0;
        return value > 0 ? Real(1) : Real(-1);
    }
};

} // namespace

template <class Real>
std::vector<SchemeExtra> DltScheme<Real>::extras(std::int64_t out, std::int64_t in) const {
    const std::int64_t perRow = (in + m_group - 1) / m_group;
    return {{".alpha", out, perRow}, {".gamma", out, perRow}};
}

template <class Real>
void DltScheme<Real>::initialize(std::int64_t out, std::int64_t in, Real* w, Real* const* extras, Rng&) const {
    forGroups(out, in, m_group, 1, [&](std::int64_t g, std::int64_t first, std::int64_t count) {
        Real mean = 0;
        for (std::int64_t i = 0; i < count; ++i)
            mean += w[first + i];
        mean /= static_cast<Real>(count);
        const GroupCode<Real> code(w + first, count, Real(0)); // uncentred in both variants
        Real sum = 0, kept = 0;
        for (std::int64_t i = 0; i < count; ++i)
            if (code(i) != 0) {
                sum += std::abs(w[first + i] - mean);
                ++kept;
            }
        extras[0][g] = kept > 0 ? sum / kept : Real(0);
        extras[1][g] = mean;
    });
}

template <class Real>
void DltScheme<Real>::weight(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras, Real* what,
                             int threads) const {
    forGroups(out, in, m_group, threads, [&](std::int64_t g, std::int64_t first, std::int64_t count) {
        const GroupCode<Real> code(w + first, count, m_centred ? extras[1][g] : Real(0));
        for (std::int64_t i = 0; i < count; ++i)
            what[first + i] = extras[0][g] * code(i) + extras[1][g];
    });
}

template <class Real>
void DltScheme<Real>::weightGradient(std::int64_t out, std::int64_t in, const Real* w, const Real* const* extras,
                                     const Real* dwhat, Real* dw, Real* const* dextras, int threads) const {
    forGroups(out, in, m_group, threads, [&](std::int64_t g, std::int64_t first, std::int64_t count) {
        const GroupCode<Real> code(w + first, count, m_centred ? extras[1][g] : Real(0));
        Real alpha = 0, gamma = 0;
        for (std::int64_t i = 0; i < count; ++i) {
            const Real up = dwhat[first + i];
            alpha += up * code(i);
            gamma += up;
            if (dw)
                dw[first + i] += up;
        }
        dextras[0][g] += alpha;
        dextras[1][g] += gamma;
    });
}

template <class Real>
std::optional<SchemeGrid> DltScheme<Real>::grid(std::int64_t out, std::int64_t in, const Real*, const Real* const* extras,
                                                int) const {
    const auto groups = static_cast<std::size_t>(out * ((in + m_group - 1) / m_group));
    SchemeGrid grid{m_group, 3, std::vector<double>(groups), std::vector<double>(groups)};
    for (std::size_t g = 0; g < groups; ++g) {
        // A negative scale turns the codes round. One that is tiny beside the shift is lost: a zero point of half precision
        // could not say the shift any more.
        const double alpha = std::abs(static_cast<double>(extras[0][g])), gamma = static_cast<double>(extras[1][g]);
        const double scale = 1024 * alpha > std::abs(gamma) ? alpha : std::max(std::abs(gamma), 1e-6);
        grid.scale[g] = scale;
        grid.zero[g] = 1 - gamma / scale;
    }
    return grid;
}

template class DltScheme<float>;
template class DltScheme<double>;

} // namespace trilobit
