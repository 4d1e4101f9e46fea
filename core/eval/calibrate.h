// Calibration: a model reads a text, and what goes into each of its matrices is summed per input channel.
#pragma once

#include "core/calib/calibration.h"
#include "core/engine/engine.h"

#include <cstdint>
#include <functional>
#include <string>

namespace trilobit {

struct CalibrateOptions {
    std::int64_t contextLength = 0; ///< tokens per chunk; 0: 512, or the model's own if that is less
    std::int64_t tokens = 0;        ///< at most so many of the text; 0: all
    std::int64_t chunks = 0;        ///< at most so many chunks; 0: all
    bool output = false;            ///< the output matrix, too (the embedding where that is tied)
};

struct CalibrationRun {
    Calibration calibration; ///< without path and datasets
    std::int64_t tokens = 0; ///< evaluated
    std::string path;        ///< Engine::pathDescription()
    double seconds = 0;
};

/// The text as one string, cut in chunks that are run alone, as llama.cpp does for importance matrices; each starts with the
/// BOS token where the tokenizer asks for it. What is left beyond the last full chunk is not used; a text shorter than one
/// chunk is a chunk of its own length. The same sums to the bit for every number of threads. Progress in tokens; onChunk
/// counts from one. Errors: Usage (no tokenizer, empty text, context below 2), Numeric (inputs that are not finite: tensor
/// and channel), Cancelled, OutOfMemory.
Result<CalibrationRun> calibrate(const Engine& engine, const std::string& text, const CalibrateOptions& options,
                                 RunControl& control, const std::function<void(std::int64_t chunk)>& onChunk = {});

} // namespace trilobit
