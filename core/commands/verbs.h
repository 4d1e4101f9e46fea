// The lists of verbs; each function lives in a file of its own under core/commands/verbs.
#pragma once

#include "core/commands/command.h"

#include <vector>

namespace trilobit {

std::vector<CommandSpec> inspectVerbs();    ///< inspect, stats
std::vector<CommandSpec> tokenVerbs();      ///< tokenize, prompt, logits
std::vector<CommandSpec> quantizeVerbs();   ///< quantize, convert, export
std::vector<CommandSpec> generateVerbs();   ///< generate, compare
std::vector<CommandSpec> measureVerbs();    ///< perplexity
std::vector<CommandSpec> experimentVerbs(); ///< experiments
std::vector<CommandSpec> recipeVerbs();     ///< recipe, plugins
std::vector<CommandSpec> corpusVerbs();     ///< corpus
std::vector<CommandSpec> workspaceVerbs();  ///< open, set-rule, keep, clear-rules, set-recipe, demo, replay
std::vector<CommandSpec> talkCheckVerbs();  ///< talk-check
std::vector<CommandSpec> trainVerbs();      ///< train
std::vector<CommandSpec> pairVerbs();       ///< pair
std::vector<CommandSpec> benchVerbs();      ///< bench
std::vector<CommandSpec> weightVerbs();     ///< weight
std::vector<CommandSpec> optionVerbs();     ///< options, profile, budget
std::vector<CommandSpec> hubVerbs();        ///< models, download
std::vector<CommandSpec> unfinishedVerbs();  ///< unfinished
std::vector<CommandSpec> calibrationVerbs(); ///< calibrate, calibration, use-calibration, drop-calibration

} // namespace trilobit
