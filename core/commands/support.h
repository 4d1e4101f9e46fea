// What verbs share: models and engines from arguments, the run record, text tables.
#pragma once

#include "core/commands/workspace.h"
#include "core/engine/engine.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace trilobit {

/// The argument MODEL, or the one "model" falls back to: the workspace's open model.
ArgSpec modelArg(bool required = true);
/// --activations auto|float|int8
ArgSpec activationsArg();

/// Loads the model named by args[key], or takes the workspace's when the key is absent. Errors: as loadModel; Usage.
Result<std::shared_ptr<const Model>> modelFrom(Workspace& workspace, const Json& args, std::string_view key = "model");
Result<std::shared_ptr<const Engine>> engineFor(Workspace& workspace, std::shared_ptr<const Model> model,
                                                const Json& args, RunControl& control);
/// "model.gguf" of a path, or the model's name when it lives in memory.
std::string modelLabel(const Model& model);

/// One row of the experiment store, from start to end. Without a store everything here does nothing.
class RunRecorder {
public:
    /// Adds the row with status "running". A store that fails is reported to the log once; the work goes on.
    RunRecorder(Workspace& workspace, std::string kind, const Json& args);
    /// A recorder that is destroyed before finish() leaves the row as "failed".
    ~RunRecorder();
    RunRecorder(const RunRecorder&) = delete;
    RunRecorder& operator=(const RunRecorder&) = delete;

    bool active() const { return m_workspace.store != nullptr; }
    /// Path and weights hash (reads all weights once).
    Result<void> setModel(const Model& model, RunControl& control);
    void setRecipe(const Recipe& recipe);
    void setSeed(std::uint64_t seed) { m_run.seed = seed; }
    /// A written file: path, size and SHA-256 go into the row.
    Result<void> addArtefact(const std::string& path, RunControl& control);
    /// Stores the outcome and returns `result` with "run" added (the id), so that a script finds the row.
    Result<Json> finish(Result<Json> result, const Json& metrics);

private:
    void store();
    Workspace& m_workspace;
    RunRecord m_run;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    bool m_open = false;
};

/// Program version and compiler, as recorded with every run.
std::string buildDescription();
Json machineToJson(int threads);

/// Columns padded with spaces; the first row is the head. Numbers (cells that start with a digit, '-' or '+') align right.
std::string textTable(const std::vector<std::vector<std::string>>& rows);
std::string bytesText(std::uint64_t bytes);            ///< "93.8 MiB"
std::string numberText(double value, int decimals);    ///< fixed; "inf" and "nan" as words

} // namespace trilobit
