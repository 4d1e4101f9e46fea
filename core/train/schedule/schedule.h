// Schedule: learning rate, weight decay and the share of quantization, as functions of the step.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <cstdint>

namespace trilobit {

struct Schedule {
    enum class Kind {
        Cosine,   ///< warm-up, then half a cosine from peak to floor
        Constant, ///< warm-up, then the peak
        TwoStage, ///< BitNet: linear from peak towards 0 with a drop to `secondPeak` at half time; no decay afterwards
    };
    Kind kind = Kind::Cosine;
    double peak = 1e-3, floor = 1e-4;
    double secondPeak = 0;         ///< TwoStage; 0: two thirds of what the first stage would have left
    std::int64_t warmup = 100;     ///< steps; step t <= warmup has peak * t / warmup
    std::int64_t steps = 1000;     ///< length of the run; later steps keep the last value
    double weightDecay = 0.1;      ///< of matrices; TwoStage sets it to 0 in the second half
    /// Quantization grows in linearly over these steps (lambda 0 to 1); 0: it is there from the start.
    std::int64_t gradualSteps = 0;

    /// All count steps from 1.
    double learningRate(std::int64_t step) const;
    double decay(std::int64_t step) const;
    double lambda(std::int64_t step) const;
};

Json scheduleToJson(const Schedule& schedule);
/// Missing members keep their defaults. Errors: Usage naming the member and its range.
Result<Schedule> scheduleFromJson(const Json& json);

} // namespace trilobit
