// TrainBench: how fast this machine trains, beside what it can do at most.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/base/spread.h"
#include "core/train/trainer/trainplan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace trilobit {

struct TrainBenchThreads {
    int threads = 1;
    Spread fmaRate;          ///< flop/s of multiply-adds in registers, measured between the repetitions
    Spread productRate;      ///< flop/s of the model's own products: forward, input gradient, weight gradient
    Spread stepRate;         ///< flop/s of whole steps: products and causal attention, forward and backward
    Spread tokensPerSecond;
};

struct TrainBenchResult {
    std::int64_t parameters = 0, batch = 0, time = 0;
    std::string scheme, kernel, probe;
    std::vector<TrainBenchThreads> threads;
};

/// About ten million weights, trained on random tokens with `scheme`, on 1 and on `threads` threads; one warm-up and
/// `repetitions` measurements each, probe and work in turn. Errors: Usage, Cancelled.
Result<TrainBenchResult> benchTraining(const std::string& scheme, int threads, int repetitions, RunControl& control);

} // namespace trilobit
