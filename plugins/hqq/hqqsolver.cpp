#include "plugins/hqq/hqqsolver.h"

#include "plugins/common/weights.h"

#include <algorithm>
#include <cmath>

namespace trilobit::plugins {

namespace {

constexpr std::int64_t kGroupsPerPiece = 128; ///< fixed, so that sums do not depend on the number of threads
constexpr int kLanes = 8;
constexpr float kFlatGroup = 1e-4f;          ///< groups narrower than this keep inverse scale 1
constexpr float kLargestInverseScale = 2e4f;

/// Half to even for 0 <= x <= 2^22: adding 1.5 * 2^23 leaves no bits for a fraction.
inline float roundSmall(float x) noexcept { return (x + 12582912.0f) - 12582912.0f; }

inline float codeOf(float w, float inverseScale, float zero, float maxCode) noexcept {
    // Clamping first gives the same integer, and keeps roundSmall inside its range.
    return roundSmall(std::min(std::max(w * inverseScale + zero, 0.0f), maxCode));
}

struct Group {
    const float* weight;
    std::int64_t size;
};

struct StepSums {
    float zeroSum = 0;      ///< sum of q - (w - e) * s
    double error = 0;       ///< sum of |w - w'|
    float largest = 0;      ///< largest |w - w'|
};

float sumOf(const float (&lanes)[kLanes]) {
    float sum = 0;
    for (const float lane : lanes)
        sum += lane;
    return sum;
}

/// One pass with e = 0, which is exact while every |w - w'| stays below the threshold of the shrinking operator.
StepSums plainStep(const Group& group, float s, float zero, float maxCode) {
    float zeros[kLanes] = {}, errors[kLanes] = {}, largest[kLanes] = {};
    const auto visit = [&](std::int64_t i, int lane) {
        const float w = group.weight[i];
        const float q = codeOf(w, s, zero, maxCode);
        const float d = std::fabs(w - (q - zero) / s);
        zeros[lane] += q - w * s;
        errors[lane] += d;
        largest[lane] = std::max(largest[lane], d);
    };
    std::int64_t i = 0;
    for (; i + kLanes <= group.size; i += kLanes)
        for (int lane = 0; lane < kLanes; ++lane)
            visit(i + lane, lane);
    for (; i < group.size; ++i)
        visit(i, 0);
    return {sumOf(zeros), static_cast<double>(sumOf(errors)), *std::max_element(largest, largest + kLanes)};
}

/// The same with e = shrink(w - w') = sign(d) * max(|d| - |d|^(p-1) / beta, 0).
StepSums shrinkingStep(const Group& group, float s, float zero, const HqqOptions& options) {
    const auto maxCode = static_cast<float>(options.maxCode);
    StepSums sums;
    for (std::int64_t i = 0; i < group.size; ++i) {
        const float w = group.weight[i];
        const float q = codeOf(w, s, zero, maxCode);
        const float d = w - (q - zero) / s;
        const float magnitude = std::fabs(d);
        float e = 0;
        if (magnitude > 0)
            e = std::copysign(std::max(magnitude - std::pow(magnitude, options.lpNorm - 1) / options.beta, 0.0f), d);
        sums.zeroSum += q - (w - e) * s;
        sums.error += static_cast<double>(magnitude);
    }
    return sums;
}

class Solver {
public:
    Solver(const MatrixView& weight, const HqqOptions& options, const RunControl& control)
        : m_weight(weight), m_options(options), m_control(control), m_length(std::min(options.groupSize, weight.cols)),
          m_perRow((weight.cols + m_length - 1) / m_length), m_groups(weight.rows * m_perRow),
          m_pieces((m_groups + kGroupsPerPiece - 1) / kGroupsPerPiece) {}

    Result<HqqSolution> run() {
        m_out.groupsPerRow = m_perRow;
        m_out.inverseScale.resize(static_cast<std::size_t>(m_groups));
        m_out.zero.resize(static_cast<std::size_t>(m_groups));
        m_errors.resize(static_cast<std::size_t>(m_pieces));
        forEachPiece([this](std::int64_t, std::int64_t begin, std::int64_t end) {
            for (std::int64_t g = begin; g < end; ++g)
                start(g);
        });
        // Below this magnitude the shrinking operator gives zero; a little less for the rounding of the power.
        m_shrinkFrom = 0.999f * std::pow(m_options.beta, -1.0f / (2.0f - m_options.lpNorm));
        double best = 1e4; // as the reference: an error above it stops at once
        for (int i = 0; i < m_options.iterations && !m_control.isCancelled(); ++i) {
            m_out.meanError = step();
            m_out.iterations = i + 1;
            if (!(m_out.meanError < best))
                break;
            best = m_out.meanError;
        }
        if (m_control.isCancelled())
            return cancelledError();
        return std::move(m_out);
    }

private:
    template <class Work>
    void forEachPiece(const Work& work) const {
#pragma omp parallel for schedule(dynamic) if (m_weight.count() >= kWorthThreads)
        for (std::int64_t piece = 0; piece < m_pieces; ++piece)
            if (!m_control.isCancelled())
                work(piece, piece * kGroupsPerPiece, std::min(m_groups, (piece + 1) * kGroupsPerPiece));
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

    /// One iteration over all groups; returns the mean absolute error before the zeros moved.
    double step() {
        forEachPiece([this](std::int64_t piece, std::int64_t begin, std::int64_t end) {
            double error = 0;
            for (std::int64_t g = begin; g < end; ++g) {
                const Group members = group(g);
                const float s = m_out.inverseScale[static_cast<std::size_t>(g)];
                float& zero = m_out.zero[static_cast<std::size_t>(g)];
                StepSums sums = plainStep(members, s, zero, static_cast<float>(m_options.maxCode));
                if (!(sums.largest < m_shrinkFrom))
                    sums = shrinkingStep(members, s, zero, m_options);
                zero = sums.zeroSum / static_cast<float>(members.size);
                error += sums.error;
            }
            m_errors[static_cast<std::size_t>(piece)] = error;
        });
        double total = 0;
        for (const double error : m_errors)
            total += error;
        return total / static_cast<double>(m_weight.count());
    }

    const MatrixView m_weight;
    const HqqOptions& m_options;
    const RunControl& m_control;
    const std::int64_t m_length, m_perRow, m_groups, m_pieces;
    float m_shrinkFrom = 0;
    HqqSolution m_out;
    std::vector<double> m_errors;
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
