#include "core/calib/calibration.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

/// Sums over the parts divided by the tokens of all parts.
std::vector<double> meansOf(const InputStatistics& statistics, const std::vector<float>& sums) {
    const auto channels = static_cast<std::size_t>(statistics.channels());
    std::vector<double> means(sums.empty() ? 0 : channels);
    for (std::size_t i = 0; i < sums.size(); ++i)
        means[i % channels] += static_cast<double>(sums[i]);
    const double tokens = statistics.totalTokens();
    for (double& mean : means)
        mean = tokens > 0 ? mean / tokens : 0.0;
    return means;
}

/// Zeros become the smallest value above zero, or all become one.
void liftZeros(std::span<float> values) {
    float smallest = 0;
    for (const float value : values)
        if (value > 0 && (smallest == 0 || value < smallest))
            smallest = value;
    std::replace(values.begin(), values.end(), 0.0f, smallest > 0 ? smallest : 1.0f);
}

} // namespace

double InputStatistics::totalTokens() const noexcept {
    double total = 0;
    for (const double count : tokens)
        total += count;
    return total;
}

const InputStatistics* Calibration::find(std::string_view tensor) const {
    const auto found = tensors.find(tensor);
    return found == tensors.end() ? nullptr : &found->second;
}

std::int64_t Calibration::tokens() const noexcept {
    if (!countsTokens)
        return chunks * chunkTokens;
    double most = 0;
    for (const auto& [name, statistics] : tensors)
        most = std::max(most, statistics.totalTokens());
    return std::llround(most);
}

Result<std::vector<float>> importanceOf(const InputStatistics& statistics, std::int64_t cols, std::int64_t parts) {
    const auto values = static_cast<std::int64_t>(statistics.sumSquares.size());
    if (values != cols && (parts <= 1 || values != cols * parts))
        return fail(ErrorCode::Usage, "the calibration has " + std::to_string(values) + " input channels for this tensor, expected "
                                          + std::to_string(cols * std::max<std::int64_t>(parts, 1))
                                          + ": it was made with another model");
    std::vector<float> importance(statistics.sumSquares);
    const std::int64_t channels = statistics.channels();
    for (std::int64_t part = 0; part < statistics.parts; ++part) {
        const std::span<float> own = std::span(importance).subspan(static_cast<std::size_t>(part * channels),
                                                                   static_cast<std::size_t>(channels));
        const auto tokens = static_cast<float>(statistics.tokens[static_cast<std::size_t>(part)]);
        for (float& value : own)
            value = tokens > 0 ? value / tokens : 0.0f;
    }
    for (std::size_t from = 0; from < importance.size(); from += static_cast<std::size_t>(cols))
        liftZeros(std::span(importance).subspan(from, static_cast<std::size_t>(cols)));
    return importance;
}

ChannelMagnitudes channelMagnitudes(const InputStatistics& statistics) {
    ChannelMagnitudes out;
    out.rms = meansOf(statistics, statistics.sumSquares);
    for (double& value : out.rms)
        value = std::sqrt(value);
    out.meanAbs = meansOf(statistics, statistics.magnitudes);
    out.largest.resize(statistics.largest.empty() ? 0 : out.rms.size());
    for (std::size_t i = 0; i < statistics.largest.size(); ++i) {
        double& largest = out.largest[i % out.largest.size()];
        largest = std::max(largest, static_cast<double>(statistics.largest[i]));
    }
    return out;
}

ChannelSummary summarizeChannels(const std::vector<double>& rms) {
    ChannelSummary out;
    if (rms.empty())
        return out;
    std::vector<double> sorted = rms;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t n = sorted.size();
    out.medianRms = n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
        squares += rms[i] * rms[i];
        if (rms[i] > kOutlierFactor * out.medianRms)
            out.outliers.push_back(static_cast<std::int64_t>(i));
    }
    out.rms = std::sqrt(squares / static_cast<double>(n));
    const auto strongest = std::max_element(rms.begin(), rms.end());
    out.strongest = strongest - rms.begin();
    out.strongestRms = *strongest;
    return out;
}

} // namespace trilobit
