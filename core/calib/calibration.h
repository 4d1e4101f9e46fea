// Calibration: what went into the matrices of a model while it read a text, summed per input channel.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// The inputs x of one tensor over all tokens. A tensor of several matrices (experts) has parts; each saw tokens of its own.
/// Of the sums only sumSquares is always there; the others are empty when the file has none.
struct InputStatistics {
    std::int64_t parts = 1;
    std::vector<double> tokens;      ///< [parts]; of files in llama.cpp's older form: runs of tokens, of unknown length
    std::vector<float> sumSquares;   ///< [parts, channels]: sum of x^2
    std::vector<float> sums;         ///< [parts, channels]: sum of x
    std::vector<float> magnitudes;   ///< [parts, channels]: sum of |x|
    std::vector<float> largest;      ///< [parts, channels]: largest |x|

    std::int64_t channels() const noexcept { return static_cast<std::int64_t>(sumSquares.size()) / parts; }
    double totalTokens() const noexcept;
};

/// Statistics by tensor name ("blk.0.attn_q.weight"), and where they come from.
struct Calibration {
    std::string path;                  ///< the file; empty while there is none
    std::string form;                  ///< "imatrix GGUF" or "imatrix .dat"
    std::string model;                 ///< its name, when the file says it
    std::vector<std::string> datasets; ///< texts
    std::int64_t chunks = 0;
    std::int64_t chunkTokens = 0;      ///< 0: unknown
    bool countsTokens = true;          ///< InputStatistics::tokens are tokens; false for the older form
    std::map<std::string, InputStatistics, std::less<>> tensors;

    const InputStatistics* find(std::string_view tensor) const;
    /// Of the tensor that saw most; 0 when unknown.
    std::int64_t tokens() const noexcept;
};

/// How much each input channel counts when a matrix [parts * rows, cols] is rounded: the mean of x^2, all > 0. [cols], or
/// [parts * cols] where the statistics tell the parts apart. A part that saw no token counts all channels alike, and a
/// channel that was never used as much as the least used one. Errors: Usage when the statistics have another number of
/// channels than the matrix.
Result<std::vector<float>> importanceOf(const InputStatistics& statistics, std::int64_t cols, std::int64_t parts);

/// Magnitudes by channel, over all parts.
struct ChannelMagnitudes {
    std::vector<double> rms;      ///< [channels]
    std::vector<double> meanAbs;  ///< [channels] or empty
    std::vector<double> largest;  ///< [channels] or empty
};
ChannelMagnitudes channelMagnitudes(const InputStatistics& statistics);

/// A channel is an outlier when its root mean square is more than this many times the median over the channels.
constexpr double kOutlierFactor = 6;

struct ChannelSummary {
    double rms = 0;               ///< over all channels and tokens
    double medianRms = 0;         ///< over the channels
    std::int64_t strongest = 0;   ///< channel with the largest root mean square, the first of several
    double strongestRms = 0;
    std::vector<std::int64_t> outliers; ///< ascending
};
ChannelSummary summarizeChannels(const std::vector<double>& rms);

} // namespace trilobit
