// Replay: repeats a recorded training run from its folder: initial weights, batches, learning rates.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"

#include <string>
#include <vector>

namespace trilobit {

struct ReplayRun {
    std::string name;                ///< "" for the folder's own run, else its member in run.json: "weight_only", "centred"
    std::vector<double> losses, gradNorms, clipScales;
    double lossBatch1After = 0;      ///< loss of the first batch after the last update
};

struct ReplayOptions {
    bool inDouble = false;
    std::string run;                 ///< one run by name; empty: the folder's own run, or every run it lists
    int threads = 1;
};

/// Folder: run.json (steps, lr[], optimizer; or several such objects by name), config.json and init.safetensors (here or
/// where run.json points), batches in ../data (data.json, inputs, targets). What is trained follows from the folder: a
/// "scheme" object {"name", settings} in run.json, else "rank" (LoRA), "group" (DLT), runs named after norms (b1), else the
/// config's model_type (bitnet or plain). Errors: Io, Format and Usage naming file and field; Numeric; Cancelled.
Result<std::vector<ReplayRun>> replayTraining(const std::string& folder, const ReplayOptions& options, RunControl& control);

} // namespace trilobit
