// TrainLog: what a training run has reported so far, as values that views draw.
#pragma once

#include "core/base/json.h"
#include "widgets/plots/curveplot.h"

#include <QString>

#include <cstdint>
#include <map>
#include <vector>

namespace trilobit {

/// Shares of the three codes of one matrix, 0 to 1.
struct ShareBar {
    QString tensor;
    double minus = 0, zero = 0, plus = 0;
};

/// Latent weights of one matrix at one step: equal bins over [low, high], in units of the mean magnitude `unit`.
struct LatentLook {
    std::int64_t step = -1; ///< -1: no look yet
    double unit = 0, low = 0, high = 0;
    bool ternary = false;   ///< false: everything is in `zero`
    std::vector<double> minus, zero, plus; ///< share of the matrix's weights per bin
};

/// The events of the command "train" (see its JSON), added in order. Curves stay below twice kPoints: then every second
/// point is dropped.
class TrainLog {
public:
    static constexpr std::size_t kPoints = 2000;

    struct Sample {
        std::int64_t step = 0;
        QString prompt, text;
    };
    struct Latents {
        LatentLook first, latest;
    };

    void add(const Json& event);
    bool isEmpty() const { return step == 0; }

    std::int64_t step = 0, steps = 0;
    bool blocks = false; ///< the last step taught block by block
    double lastLoss = 0, smoothedLoss = 0, lastLearningRate = 0, lastGradNorm = 0, tokensPerSecond = 0;
    double secondsLeft = -1, heldOutPerplexity = 0; ///< below 0, 0: not known yet
    std::uint64_t trainingTokens = 0, vocabulary = 0;
    Curve loss, smoothed, heldOut, learningRate, gradNorm;
    Curve flips;                    ///< % of all block codes that changed in the step looked at, mean over matrices
    std::vector<ShareBar> shares;   ///< of the latest look
    std::int64_t sharesStep = 0;
    std::vector<Sample> samples;
    std::map<QString, Latents> latents;
    QString checkpoint;             ///< path of the one written last

private:
    void addStep(const Json& event);
    void addCurves(const Json& curves);
    void addWeights(const Json& event);
    void thin();

    std::int64_t m_stride = 1; ///< only steps that it divides are kept
};

} // namespace trilobit
