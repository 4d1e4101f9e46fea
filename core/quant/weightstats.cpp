// Moments, outliers and histograms, in two passes over pieces whose cut never depends on the number of threads.
#include "core/quant/weightstats.h"

#include "core/quant/tensorrows.h"

#include <omp.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace trilobit {

namespace {

constexpr std::size_t kPiece = 16384;
constexpr double kOutlierStds = 6;

inline bool isFiniteBits(float value) noexcept {
    return (std::bit_cast<std::uint32_t>(value) & 0x7F800000u) != 0x7F800000u;
}

/// What the first pass knows about a piece; `m2` is the sum of squared distances from the mean.
struct Moments {
    std::uint64_t count = 0, nonFinite = 0, zeros = 0;
    double mean = 0, m2 = 0, magnitudes = 0;
    float min = std::numeric_limits<float>::infinity(), max = -std::numeric_limits<float>::infinity();

    /// Chan, Golub and LeVeque's pairwise update.
    void add(const Moments& other) {
        nonFinite += other.nonFinite;
        if (other.count == 0)
            return;
        const auto n = static_cast<double>(count), m = static_cast<double>(other.count);
        const double delta = other.mean - mean;
        mean += delta * m / (n + m);
        m2 += other.m2 + delta * delta * n * m / (n + m);
        count += other.count;
        zeros += other.zeros;
        magnitudes += other.magnitudes;
        min = std::min(min, other.min);
        max = std::max(max, other.max);
    }
};

Moments momentsOf(std::span<const float> values) {
    Moments out;
    double sum = 0;
    for (const float v : values) {
        if (!isFiniteBits(v)) {
            ++out.nonFinite;
            continue;
        }
        const auto wide = static_cast<double>(v);
        sum += wide;
        out.magnitudes += std::fabs(wide);
        out.min = std::min(out.min, v);
        out.max = std::max(out.max, v);
        out.zeros += v == 0.0f;
    }
    out.count = values.size() - out.nonFinite;
    if (out.count == 0)
        return out;
    out.mean = sum / static_cast<double>(out.count);
    for (const float v : values)
        if (isFiniteBits(v)) {
            const double distance = static_cast<double>(v) - out.mean;
            out.m2 += distance * distance;
        }
    return out;
}

/// Equal bins between low and high. The edges are low + (high - low) * i / bins as computed in double.
class Binning {
public:
    Binning(double low, double high, int bins) : m_low(low), m_high(high), m_edges(static_cast<std::size_t>(bins) + 1) {
        for (int i = 0; i <= bins; ++i)
            m_edges[static_cast<std::size_t>(i)] = low + (high - low) * (static_cast<double>(i) / bins);
        m_perUnit = high > low ? bins / (high - low) : 0;
    }
    std::size_t bins() const { return m_edges.size() - 1; }
    bool covers(double v) const { return v >= m_low && v <= m_high; }
    std::size_t binOf(double v) const {
        auto bin = std::min(static_cast<std::size_t>((v - m_low) * m_perUnit), bins() - 1);
        // The product may land one bin beside the edge that it is compared with.
        if (bin > 0 && v < m_edges[bin])
            --bin;
        else if (bin + 1 < bins() && v >= m_edges[bin + 1])
            ++bin;
        return bin;
    }

private:
    double m_low, m_high, m_perUnit = 0;
    std::vector<double> m_edges;
};

/// The second pass: fourth moment, outliers, histogram.
struct Shape {
    double m4 = 0;
    std::uint64_t outliers = 0;
};

struct ShapePass {
    const Binning& binning;
    double mean, outlierDistance;

    Shape piece(std::span<const float> values, std::uint64_t* counts, std::uint64_t& outside) const {
        Shape out;
        for (const float v : values) {
            if (!isFiniteBits(v))
                continue;
            const auto wide = static_cast<double>(v);
            const double distance = wide - mean, squared = distance * distance;
            out.m4 += squared * squared;
            out.outliers += std::fabs(distance) > outlierDistance;
            if (binning.covers(wide))
                ++counts[binning.binOf(wide)];
            else
                ++outside;
        }
        return out;
    }
};

std::span<const float> pieceOf(std::span<const float> values, std::size_t piece) {
    return values.subspan(piece * kPiece, std::min(kPiece, values.size() - piece * kPiece));
}

void addMoments(std::span<const float> values, Moments& total) {
    const std::size_t pieces = (values.size() + kPiece - 1) / kPiece;
    std::vector<Moments> parts(pieces);
#pragma omp parallel for schedule(static) if (values.size() >= kWorthThreads)
    for (std::size_t piece = 0; piece < pieces; ++piece)
        parts[piece] = momentsOf(pieceOf(values, piece));
    for (const Moments& part : parts)
        total.add(part);
}

void addShape(std::span<const float> values, const ShapePass& pass, Shape& total, Histogram& histogram) {
    const std::size_t pieces = (values.size() + kPiece - 1) / kPiece;
    std::vector<Shape> parts(pieces);
    const std::size_t bins = histogram.counts.size();
    const auto threads = static_cast<std::size_t>(std::max(1, omp_get_max_threads()));
    std::vector<std::uint64_t> counts(threads * (bins + 1)); // the last of each thread counts what is outside
#pragma omp parallel for schedule(static) num_threads(static_cast<int>(threads)) if (values.size() >= kWorthThreads)
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        std::uint64_t* mine = counts.data() + static_cast<std::size_t>(omp_get_thread_num()) * (bins + 1);
        parts[piece] = pass.piece(pieceOf(values, piece), mine, mine[bins]);
    }
    for (std::size_t i = 0; i < counts.size(); ++i)
        (i % (bins + 1) == bins ? histogram.outside : histogram.counts[i % (bins + 1)]) += counts[i];
    for (const Shape& part : parts) {
        total.m4 += part.m4;
        total.outliers += part.outliers;
    }
}

WeightStats startStats(const Moments& moments) {
    WeightStats stats;
    stats.count = moments.count;
    stats.nonFinite = moments.nonFinite;
    if (moments.count == 0)
        return stats;
    const auto n = static_cast<double>(moments.count);
    stats.mean = moments.mean;
    stats.std = std::sqrt(moments.m2 / n);
    stats.min = static_cast<double>(moments.min);
    stats.max = static_cast<double>(moments.max);
    stats.absmax = std::max(std::fabs(stats.min), std::fabs(stats.max));
    stats.absmean = moments.magnitudes / n;
    stats.zeroFraction = static_cast<double>(moments.zeros) / n;
    return stats;
}

void finishStats(WeightStats& stats, const Shape& shape) {
    if (stats.count == 0)
        return;
    const auto n = static_cast<double>(stats.count);
    const double variance = stats.std * stats.std;
    stats.kurtosis = variance > 0 ? shape.m4 / n / (variance * variance) : 0;
    if (!std::isfinite(stats.kurtosis)) // variance^2 underflowed
        stats.kurtosis = 0;
    stats.outlierFraction = static_cast<double>(shape.outliers) / n;
}

Histogram emptyHistogram(double low, double high, int bins) {
    Histogram histogram;
    histogram.low = low;
    histogram.high = high;
    histogram.counts.assign(static_cast<std::size_t>(std::max(1, bins)), 0);
    return histogram;
}

/// Both passes over values that `forEach` hands out in the same pieces each time.
template <class ForEach>
Result<WeightStats> statsOver(const ForEach& forEach, int bins) {
    Moments moments;
    TRILOBIT_CHECK(forEach([&](std::span<const float> values) { addMoments(values, moments); }));
    WeightStats stats = startStats(moments);
    stats.histogram = emptyHistogram(stats.min, stats.max, bins);
    const Binning binning(stats.min, stats.max, static_cast<int>(stats.histogram.counts.size()));
    const ShapePass pass{binning, stats.mean, kOutlierStds * stats.std};
    Shape shape;
    TRILOBIT_CHECK(forEach([&](std::span<const float> values) { addShape(values, pass, shape, stats.histogram); }));
    finishStats(stats, shape);
    return stats;
}

/// Hands out a stream of row pieces as one flat sequence cut at multiples of kPiece, so that the sums of a tensor read in
/// pieces are those of the same values in one array.
class Recut {
public:
    template <class Visit>
    void add(std::span<const float> values, const Visit& visit) {
        m_pending.insert(m_pending.end(), values.begin(), values.end());
        const std::size_t whole = m_pending.size() / kPiece * kPiece;
        visit(std::span<const float>(m_pending.data(), whole));
        m_pending.erase(m_pending.begin(), m_pending.begin() + static_cast<std::ptrdiff_t>(whole));
    }
    template <class Visit>
    void finish(const Visit& visit) {
        visit(std::span<const float>(m_pending));
    }

private:
    std::vector<float> m_pending;
};

} // namespace

WeightStats computeStats(std::span<const float> values, int bins) {
    const auto whole = [&](const auto& visit) -> Result<void> {
        visit(values);
        return {};
    };
    return *statsOver(whole, bins); // cannot fail: nothing is decoded and nobody can cancel
}

Histogram computeHistogram(std::span<const float> values, double low, double high, int bins) {
    Histogram histogram = emptyHistogram(low, high, bins);
    const Binning binning(low, high, static_cast<int>(histogram.counts.size()));
    Shape unused;
    addShape(values, ShapePass{binning, 0, std::numeric_limits<double>::infinity()}, unused, histogram);
    return histogram;
}

Result<WeightStats> tensorStats(const Tensor& tensor, int bins, RunControl& control) {
    const EncodedMatrix matrix{tensor.encoding.get(), tensor.bytes, tensor.rows, tensor.cols};
    const auto rows = [&](const auto& visit) -> Result<void> {
        Recut recut;
        TRILOBIT_CHECK(forEachPiece(matrix, control, [&](std::span<const float> values, std::int64_t) -> Result<void> {
            recut.add(values, visit);
            return {};
        }));
        recut.finish(visit);
        return {};
    };
    return statsOver(rows, bins);
}

} // namespace trilobit
