// Command: one action of a person as a value. Window, undo, command line, session log and replay all speak it.
#pragma once

#include "core/base/json.h"
#include "core/base/log.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct Workspace;

/// {"verb": "set-rule", "args": {"tensors": "blk.*", "method": "hqq", "encoding": "Q4_1"}}
struct Command {
    std::string verb;
    Json args = Json::object();

    Json toJson() const;
    static Result<Command> fromJson(const Json& json);
    bool operator==(const Command&) const = default;
};

/// TextList: may be given several times; a list of texts in JSON.
enum class ArgType { Text, Path, OutputPath, Integer, Real, Flag, IdList, JsonText, TextList };

/// One argument, on the command line and in JSON. `flags` empty: positional, in the order of the list.
struct ArgSpec {
    std::string key;                  ///< JSON key
    std::vector<std::string> flags;   ///< {"-o", "--output"}; the last one is printed
    ArgType type = ArgType::Text;
    bool required = false;
    std::string help;
    std::vector<std::string> choices = {};
};

/// Results that arrive on the way (tokens, chunks): {"event": "token", ...}. May be called from the worker's thread.
using EventSink = std::function<void(const Json&)>;

struct CommandSpec {
    std::string verb;
    std::string summary;
    std::vector<ArgSpec> args;
    /// The one JSON object that `--json` prints. Runs on any thread; touches the workspace only through its own API.
    std::function<Result<Json>(Workspace&, const Json& args, RunControl&, const EventSink&)> run;
    /// What a person reads on the command line, from the result.
    std::function<std::string(const Json& result)> text;
    /// A line for an event that arrives on the way; empty for events that are not worth one.
    std::function<std::string(const Json& event)> eventText = {};
};

/// All verbs. Adding one: a file in core/commands/verbs and one line in its list.
const std::vector<CommandSpec>& commandSpecs();
const CommandSpec* findCommandSpec(std::string_view verb);

/// Checks keys, types and required arguments. Errors: Usage naming the argument and what was expected.
Result<void> checkCommand(const Command& command);
/// Runs a checked command and records it in the workspace's log.
Result<Json> runCommand(Workspace& workspace, const Command& command, RunControl& control, const EventSink& events = {});

/// "trilobit-cli quantize model.gguf -o out.gguf --encoding Q4_0": quoted for a POSIX shell.
std::string commandLine(const Command& command);
/// argv without the program name; global flags (--json, --threads, --store) are already taken out. Errors: Usage.
Result<Command> parseCommandLine(const std::vector<std::string>& argv);

} // namespace trilobit
