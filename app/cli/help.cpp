#include "app/cli/help.h"

#include "core/commands/support.h"

#include <algorithm>

namespace trilobit {

namespace {

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

std::string argName(const ArgSpec& arg) {
    if (arg.flags.empty())
        return upper(arg.key);
    std::string out;
    for (const std::string& flag : arg.flags)
        out += (out.empty() ? "" : ", ") + flag;
    if (arg.type != ArgType::Flag)
        out += " " + upper(arg.key);
    return out;
}

} // namespace

std::string generalHelp() {
    std::vector<std::vector<std::string>> rows;
    for (const CommandSpec& spec : commandSpecs())
        rows.push_back({"  " + spec.verb, spec.summary});
    rows.push_back({"  chat", "talks with a model, its chat template applied"});
    return "usage: trilobit-cli COMMAND ... [--json] [--threads N] [--store FILE|none]\n\n" + textTable(rows)
           + "\ntrilobit-cli COMMAND --help says more about one. With --json, standard output is one JSON object.\n"
             "Exit code 0: done, 1: failed, 2: wrong usage.\n";
}

std::string commandHelp(const CommandSpec& spec) {
    std::string out = "usage: trilobit-cli " + spec.verb;
    for (const ArgSpec& arg : spec.args)
        if (arg.flags.empty())
            out += arg.required ? " " + upper(arg.key) : " [" + upper(arg.key) + "]";
    out += " [options]\n\n" + spec.summary + "\n\n";
    std::vector<std::vector<std::string>> rows;
    for (const ArgSpec& arg : spec.args) {
        std::string help = arg.help;
        if (!arg.choices.empty() && arg.flags.size()) {
            help += ": ";
            for (const std::string& choice : arg.choices)
                help += (&choice == &arg.choices.front() ? "" : ", ") + choice;
        }
        rows.push_back({"  " + argName(arg), (arg.required ? "(required) " : "") + help});
    }
    return out + textTable(rows);
}

} // namespace trilobit
