// What verbs share: models and engines from arguments, the run record, text tables.
#pragma once

#include "core/commands/workspace.h"
#include "core/engine/engine.h"
#include "core/engine/generate.h"

#include <chrono>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace trilobit {

/// The argument MODEL, or the one "model" falls back to: the workspace's open model.
ArgSpec modelArg(bool required = true);
/// --read-as ENCODING: what a tensor type number stands for where programs disagree; modelFrom looks at it.
ArgSpec readAsArg();
/// --activations auto|float|int8
ArgSpec activationsArg();
ArgSpec cacheArg();
/// n, temp, top_k, ..., seed: `generate`, `ask`. `tokens` is the number of tokens when none is given.
std::vector<ArgSpec> samplingArgs(int tokens);
/// Errors: Usage for settings out of range.
Result<GenerateOptions> samplingFrom(const Json& args, int tokens);
/// The arguments that samplingFrom reads the same from; defaults are left out.
void setSampling(Json& args, const GenerateOptions& options);
ActivationPath activationsFrom(const Json& args);
CacheChoice cacheFrom(const Json& args);

/// Loads the model named by args[key], or takes the workspace's when the key is absent. Errors: as loadModel; Usage.
Result<std::shared_ptr<const Model>> modelFrom(Workspace& workspace, const Json& args, std::string_view key = "model");
/// The open model when `args` names the same file, otherwise as modelFrom.
Result<std::shared_ptr<const Model>> openOrLoaded(Workspace& workspace, const Json& args);
Result<std::shared_ptr<const Engine>> engineFor(Workspace& workspace, std::shared_ptr<const Model> model,
                                                const Json& args, RunControl& control);
/// A calibration file: the workspace's when that is the one open, else read and checked against the model: some of its tensors
/// must be the model's, and those with as many input channels. Errors: as readCalibration; Usage.
Result<std::shared_ptr<const Calibration>> calibrationFor(Workspace& workspace, const Model& model, const std::string& path);
/// "model.gguf" of a path, or the model's name when it lives in memory.
std::string modelLabel(const Model& model);

/// The row of the experiment store that a run fills in while it goes. Without a store everything here does nothing.
class RunRecorder {
public:
    RunRecorder(const RunRecorder&) = delete;
    RunRecorder& operator=(const RunRecorder&) = delete;

    /// Path and weights hash (reads all weights once).
    Result<void> setModel(const Model& model, RunControl& control);
    /// The same with a hash that may be known; empty: it is computed and put there.
    Result<void> setModel(const Model& model, std::string& hash, RunControl& control);
    void setRecipe(const Recipe& recipe);
    void setSeed(std::uint64_t seed) { m_run.seed = seed; }
    /// The work is over already, and took so long.
    void setTook(double seconds);
    /// A written file: path, size and SHA-256 go into the row.
    Result<void> addArtefact(const std::string& path, RunControl& control);

private:
    friend Result<Json> recordRun(Workspace&, std::string, const Json&, std::initializer_list<const char*>,
                                  const std::function<Result<Json>(RunRecorder&)>&);
    explicit RunRecorder(Workspace& workspace) : m_workspace(workspace) {}
    void begin(std::string kind, const Json& args);
    void end(Result<Json>& result, std::initializer_list<const char*> metricKeys);

    Workspace& m_workspace;
    RunRecord m_run;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    bool m_open = false;
};

/// Runs `work` as one row: status "running" while it goes, then "done", "failed" or "cancelled" with its error. Those
/// members of the result that `metricKeys` names become the row's metrics, and the result gets a member "run" with the
/// row's id. A store that fails is reported to the log; the work goes on.
Result<Json> recordRun(Workspace& workspace, std::string kind, const Json& args,
                       std::initializer_list<const char*> metricKeys,
                       const std::function<Result<Json>(RunRecorder&)>& work);

/// ISO 8601, UTC, milliseconds; so many seconds ago.
std::string nowText(double secondsAgo = 0);
/// What rows of these runs say.
inline constexpr std::initializer_list<const char*> kGenerateMetrics = {
    "text", "prompt_tokens", "stop_reason", "prefill_tps", "decode_tps", "time_to_first_token", "threads", "path"};
inline constexpr std::initializer_list<const char*> kDiffMetrics = {"mean_kl", "ppl_a", "ppl_b", "agreement", "path_a",
                                                                    "path_b"};

/// Program version and compiler, as recorded with every run.
std::string buildDescription();
Json machineToJson(int threads);

/// Columns padded with spaces; the first row is the head. Numbers (cells that start with a digit, '-' or '+') align right.
std::string textTable(const std::vector<std::vector<std::string>>& rows);
std::string bytesText(std::uint64_t bytes);            ///< "93.8 MiB"
std::string numberText(double value, int decimals);    ///< fixed; "inf" and "nan" as words

} // namespace trilobit
