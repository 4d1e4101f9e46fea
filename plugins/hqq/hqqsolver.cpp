#include "plugins/hqq/hqqsolver.h"

#include "plugins/common/vectorize.h"
#include "plugins/common/weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace trilobit::plugins {

namespace {

constexpr std::int64_t kLanes = 8;
constexpr int kBatch = 20;                   ///< iterations of a group in one go, while its weights are in the cache
constexpr float kFlatGroup = 1e-4f;          ///< groups narrower than this keep inverse scale 1
constexpr float kLargestInverseScale = 2e4f;
constexpr float kRounder = 12582912.0f;      ///< 1.5 * 2^23: adding it leaves no bits for a fraction, half to even

using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));

inline float codeOf(float w, float inverseScale, float zero, float maxCode) noexcept {
    // Clamping first gives the same integer, and keeps the addition inside its range of 2^22.
    return (std::min(std::max(w * inverseScale + zero, 0.0f), maxCode) + kRounder) - kRounder;
}

struct Group {
    const float* weight;
    std::int64_t size;
};

struct StepSums {
    float zeroSum = 0; ///< sum of q - (w - e) * s
    float error = 0;   ///< sum of |w - w'|
    float largest = 0; ///< largest |w - w'|

    void add(float w, float s, float zero, float maxCode) noexcept {
        const float q = codeOf(w, s, zero, maxCode);
        const float d = std::fabs(w - (q - zero) / s);
        zeroSum += q - w * s;
        error += d;
        largest = std::max(largest, d);
    }
};

/// One pass with e = 0, which is exact while every |w - w'| stays below the threshold of the shrinking operator.
TRILOBIT_PLUGIN_CLONES StepSums plainStep(const float* weight, std::int64_t size, float s, float zero, float maxCode) {
    Lanes zeros{}, errors{}, largest{};
    const Lanes none{}, top = none + maxCode;
    std::int64_t i = 0;
    for (; i + kLanes <= size; i += kLanes) {
        Lanes w;
        std::memcpy(&w, weight + i, sizeof w);
        Lanes q = w * s + zero;
        q = q > none ? q : none;
        q = q < top ? q : top;
        q = (q + kRounder) - kRounder;
        Lanes d = w - (q - zero) / s;
        d = d < none ? -d : d;
        zeros += q - w * s;
        errors += d;
        largest = d > largest ? d : largest;
    }
    StepSums sums;
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        sums.zeroSum += zeros[lane];
        sums.error += errors[lane];
        sums.largest = std::max(sums.largest, largest[lane]);
    }
    for (; i < size; ++i)
        sums.add(weight[i], s, zero, maxCode);
    return sums;
}

/// The same with e = shrink(w - w') = sign(d) * max(|d| - |d|^(p-1) / beta, 0), which is 0 for |d| below `shrinkFrom`.
StepSums shrinkingStep(const Group& group, float s, float zero, const HqqOptions& options, float shrinkFrom) {
    const auto maxCode = static_cast<float>(options.maxCode);
    StepSums sums;
    for (std::int64_t i = 0; i < group.size; ++i) {
        const float w = group.weight[i];
        const float q = codeOf(w, s, zero, maxCode);
        const float d = w - (q - zero) / s;
        const float magnitude = std::fabs(d);
        float e = 0;
        if (magnitude >= shrinkFrom)
            e = std::copysign(std::max(magnitude - std::pow(magnitude, options.lpNorm - 1) / options.beta, 0.0f), d);
        sums.zeroSum += q - (w - e) * s;
        sums.error += magnitude;
    }
    return sums;
}

class Solver {
public:
    Solver(const MatrixView& weight, const HqqOptions& options, const RunControl& control)
        : m_weight(weight), m_options(options), m_control(control), m_length(std::min(options.groupSize, weight.cols)),
          m_perRow((weight.cols + m_length - 1) / m_length), m_groups(weight.rows * m_perRow),
          m_perPiece(std::max<std::int64_t>(1, kPiece / m_length)), m_pieces((m_groups + m_perPiece - 1) / m_perPiece),
          // Below this magnitude the shrinking operator gives zero; a little less for the rounding of the power.
          m_shrinkFrom(0.999f * std::pow(options.beta, -1.0f / (2.0f - options.lpNorm))) {}

    Result<HqqSolution> run() {
        m_out.groupsPerRow = m_perRow;
        m_out.inverseScale.resize(static_cast<std::size_t>(m_groups));
        m_out.zero.resize(static_cast<std::size_t>(m_groups));
        m_after.resize(static_cast<std::size_t>(m_groups));
        m_errors.resize(static_cast<std::size_t>(m_pieces * kBatch));
        forEachGroup([this](std::int64_t g, std::int64_t) { start(g); });
        while (m_out.iterations < m_options.iterations && !m_control.isCancelled())
            if (!runBatch(std::min(kBatch, m_options.iterations - m_out.iterations)))
                break;
        if (m_control.isCancelled())
            return cancelledError();
        return std::move(m_out);
    }

private:
    template <class Work>
    void forEachGroup(const Work& work) const {
#pragma omp parallel for schedule(dynamic) if (m_weight.count() >= kWorthThreads)
        for (std::int64_t piece = 0; piece < m_pieces; ++piece)
            if (!m_control.isCancelled())
                for (std::int64_t g = piece * m_perPiece; g < std::min(m_groups, (piece + 1) * m_perPiece); ++g)
                    work(g, piece);
    }

    Group group(std::int64_t g) const {
        const std::int64_t begin = (g % m_perRow) * m_length;
        return {m_weight.row(g / m_perRow) + begin, std::min(m_length, m_weight.cols - begin)};
    }

    void start(std::int64_t g) {
        const Group members = group(g);
        const auto [low, high] = std::minmax_element(members.weight, members.weight + members.size);
        const float width = *high - *low; // infinite when the group spans more than float32 does: see hqqmethod.cpp
        float s = width <= kFlatGroup ? 1.0f : static_cast<float>(m_options.maxCode) / width;
        s = std::min(s, kLargestInverseScale);
        float zero = -*low * s;
        if (m_options.roundZero)
            zero = std::nearbyint(zero);
        m_out.inverseScale[static_cast<std::size_t>(g)] = s;
        m_out.zero[static_cast<std::size_t>(g)] = zero;
    }

    /// The zero after `count` iterations from `zero`; adds the error of iteration i to errors[i] unless null.
    /// Most groups soon come to rest or jump between two zeros for ever; what follows is then known without computing it.
    float advance(std::int64_t g, float zero, int count, double* errors) const {
        const Group members = group(g);
        const float s = m_out.inverseScale[static_cast<std::size_t>(g)];
        float zeros[kBatch + 1] = {zero};
        double own[kBatch];
        int period = 0;
        for (int i = 0; i < count; ++i) {
            if (period > 0) {
                own[i] = own[i - period];
                zeros[i + 1] = zeros[i + 1 - period];
                continue;
            }
            StepSums sums = plainStep(members.weight, members.size, s, zeros[i], static_cast<float>(m_options.maxCode));
            if (!(sums.largest < m_shrinkFrom))
                sums = shrinkingStep(members, s, zeros[i], m_options, m_shrinkFrom);
            own[i] = static_cast<double>(sums.error);
            zeros[i + 1] = sums.zeroSum / static_cast<float>(members.size);
            if (zeros[i + 1] == zeros[i])
                period = 1;
            else if (i > 0 && zeros[i + 1] == zeros[i - 1])
                period = 2;
        }
        for (int i = 0; errors && i < count; ++i)
            errors[i] += own[i];
        return zeros[count];
    }

    /// Up to kBatch iterations of all groups; false when the error of the whole tensor stopped falling on the way.
    bool runBatch(int count) {
        std::fill(m_errors.begin(), m_errors.end(), 0.0);
        forEachGroup([&](std::int64_t g, std::int64_t piece) {
            const auto at = static_cast<std::size_t>(g);
            m_after[at] = advance(g, m_out.zero[at], count, m_errors.data() + piece * kBatch);
        });
        int kept = 0;
        bool falling = true;
        while (kept < count && falling) {
            double total = 0;
            for (std::int64_t piece = 0; piece < m_pieces; ++piece)
                total += m_errors[static_cast<std::size_t>(piece * kBatch + kept)];
            m_out.meanError = total / static_cast<double>(m_weight.count());
            falling = m_out.meanError < m_best;
            m_best = m_out.meanError;
            ++kept;
        }
        m_out.iterations += kept;
        if (kept == count)
            m_out.zero.swap(m_after);
        else // the zeros of the iteration that failed are kept, not those after it
            forEachGroup([&](std::int64_t g, std::int64_t) {
                const auto at = static_cast<std::size_t>(g);
                m_out.zero[at] = advance(g, m_out.zero[at], kept, nullptr);
            });
        return falling;
    }

    const MatrixView m_weight;
    const HqqOptions& m_options;
    const RunControl& m_control;
    const std::int64_t m_length, m_perRow, m_groups, m_perPiece, m_pieces;
    const float m_shrinkFrom;
    double m_best = 1e4; ///< as the reference: an error above it stops at once
    HqqSolution m_out;
    std::vector<float> m_after;
    std::vector<double> m_errors; ///< [pieces][kBatch]
};

} // namespace

Result<HqqSolution> solveHqq(const MatrixView& weight, const HqqOptions& options, const RunControl& control) {
    return Solver(weight, options, control).run();
}

std::vector<std::uint8_t> hqqCodes(const MatrixView& weight, const HqqSolution& solution, const HqqOptions& options) {
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(weight.count()));
    const std::int64_t length = std::min(options.groupSize, weight.cols);
#pragma omp parallel for schedule(static) if (weight.count() >= kWorthThreads)
    for (std::int64_t row = 0; row < weight.rows; ++row)
        for (std::int64_t col = 0; col < weight.cols; ++col) {
            const auto g = static_cast<std::size_t>(row * solution.groupsPerRow + col / length);
            codes[static_cast<std::size_t>(row * weight.cols + col)] = static_cast<std::uint8_t>(
                codeOf(weight.row(row)[col], solution.inverseScale[g], solution.zero[g],
                       static_cast<float>(options.maxCode)));
        }
    return codes;
}

} // namespace trilobit::plugins
