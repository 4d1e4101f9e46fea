// Work that a view carries out itself, on engines that it keeps, remembered as the command that repeats it.
#pragma once

#include "core/commands/workspace.h"
#include "core/engine/engine.h"
#include "core/engine/generate.h"
#include "core/eval/textdiff.h"

#include <memory>
#include <string>
#include <vector>

namespace trilobit {

/// What `generate` and `diff` answer with.
Json generatedToJson(const GenerateResult& result, int threads, const std::string& path);
Json candidatesToJson(const std::vector<CompareCandidate>& candidates);
Json diffTokenToJson(const TextDiffToken& token);
Json diffToJson(const TextDiff& diff);

struct DoneRun {
    Command command;                    ///< generate or diff
    std::shared_ptr<const Model> model; ///< the one in question
    std::string hash;                   ///< of its weights; empty: computed now
    double seconds = 0;
};

/// One row of the store and one line of the session log, as if `done.command` had been run. May read all weights, so not
/// in the interface thread. Returns the hash, empty when none was needed. A store that fails is reported to the log.
std::string recordDone(Workspace& workspace, const DoneRun& done, const Result<Json>& result, RunControl& control);

/// `generate` for an answer that was given: `prompt` as text where it stands for just these tokens, else as ids. `args` says
/// which model ("model" or "quantized").
Command generateCommand(Json args, const Tokenizer& tokenizer, const std::string& prompt, const std::vector<TokenId>& ids,
                        const GenerateOptions& options, ActivationPath activations);

} // namespace trilobit
