// Commands: checking, running, and the way to and from a command line.
#include "core/commands/command.h"

#include "core/commands/verbs.h"
#include "core/commands/workspace.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace trilobit {

namespace {

Error usage(std::string message) { return fail(ErrorCode::Usage, std::move(message)); }

const ArgSpec* findArg(const CommandSpec& spec, std::string_view key) {
    for (const ArgSpec& arg : spec.args)
        if (arg.key == key)
            return &arg;
    return nullptr;
}

const char* typeName(ArgType type) {
    switch (type) {
    case ArgType::Text: return "text";
    case ArgType::Path: return "a path";
    case ArgType::OutputPath: return "a path to write";
    case ArgType::Integer: return "a whole number";
    case ArgType::Real: return "a number";
    case ArgType::Flag: return "true or false";
    case ArgType::IdList: return "token ids separated by commas";
    case ArgType::TextList: return "text";
    case ArgType::JsonText: return "a JSON object";
    }
    return "a value";
}

bool hasType(const Json& value, ArgType type) {
    switch (type) {
    case ArgType::Text:
    case ArgType::Path:
    case ArgType::OutputPath: return value.isString();
    case ArgType::Integer: return value.isInteger();
    case ArgType::Real: return value.isNumber();
    case ArgType::Flag: return value.isBool();
    case ArgType::IdList:
        return value.isArray()
               && std::all_of(value.items().begin(), value.items().end(), [](const Json& id) { return id.isInteger(); });
    case ArgType::JsonText: return value.isObject();
    case ArgType::TextList:
        return value.isArray()
               && std::all_of(value.items().begin(), value.items().end(), [](const Json& text) { return text.isString(); });
    }
    return false;
}

std::string argLabel(const ArgSpec& arg) {
    if (!arg.flags.empty())
        return arg.flags.back();
    std::string label = arg.key;
    std::transform(label.begin(), label.end(), label.begin(), [](unsigned char c) { return std::toupper(c); });
    return label;
}

template <class Number>
bool parseNumber(std::string_view text, Number& out) {
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc() && end == text.data() + text.size();
}

Result<Json> parseValue(const ArgSpec& arg, const std::string& text) {
    const auto wrong = [&] {
        return usage(argLabel(arg) + " expects " + typeName(arg.type) + ", got \"" + text.substr(0, 80) + "\"");
    };
    switch (arg.type) {
    case ArgType::Text:
    case ArgType::Path:
    case ArgType::OutputPath: return Json(text);
    case ArgType::Flag: return Json(true);
    case ArgType::TextList: return Json(Json::Array{Json(text)});
    case ArgType::Integer: {
        std::int64_t number = 0;
        if (!parseNumber(text, number))
            return wrong();
        return Json(number);
    }
    case ArgType::Real: {
        double number = 0;
        if (!parseNumber(text, number) || !std::isfinite(number))
            return wrong();
        return Json(number);
    }
    case ArgType::IdList: {
        Json ids = Json::array();
        for (std::size_t from = 0; from <= text.size();) {
            const std::size_t comma = std::min(text.find_first_of(", \n", from), text.size());
            std::int64_t id = 0;
            if (comma > from) {
                if (!parseNumber(std::string_view(text).substr(from, comma - from), id))
                    return wrong();
                ids.push(id);
            }
            from = comma + 1;
        }
        return ids;
    }
    case ArgType::JsonText: {
        auto json = Json::parse(text);
        if (!json || !json->isObject())
            return wrong();
        return *std::move(json);
    }
    }
    return wrong();
}

std::string shellQuoted(const std::string& text) {
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) || c >= 0x80 || std::string_view("_-./:=,+@%").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain)
        return text;
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

std::string valueText(const Json& value, ArgType type) {
    if (type == ArgType::IdList) {
        std::string out;
        for (const Json& id : value.items())
            out += (out.empty() ? "" : ",") + id.dump();
        return out;
    }
    return value.isString() ? value.toString() : value.dump();
}

} // namespace

Json Command::toJson() const { return Json::object({{"verb", verb}, {"args", args}}); }

Result<Command> Command::fromJson(const Json& json) {
    if (!json["verb"].isString() || !(json["args"].isObject() || json["args"].isNull()))
        return fail(ErrorCode::Format, "a command is {\"verb\": text, \"args\": object}");
    Command command{json["verb"].toString(), json["args"].isNull() ? Json::object() : json["args"]};
    TRILOBIT_CHECK(checkCommand(command));
    return command;
}

const std::vector<CommandSpec>& commandSpecs() {
    static const std::vector<CommandSpec> specs = [] {
        std::vector<CommandSpec> all;
        // Adding verbs: a file in core/commands/verbs and its function here.
        for (auto make : {inspectVerbs, tokenVerbs, quantizeVerbs, generateVerbs, measureVerbs, experimentVerbs, recipeVerbs,
                          corpusVerbs, talkCheckVerbs, trainVerbs, benchVerbs, pairVerbs, weightVerbs, optionVerbs, hubVerbs,
                          unfinishedVerbs, calibrationVerbs, workspaceVerbs})
            for (CommandSpec& spec : make())
                all.push_back(std::move(spec));
        return all;
    }();
    return specs;
}

const CommandSpec* findCommandSpec(std::string_view verb) {
    for (const CommandSpec& spec : commandSpecs())
        if (spec.verb == verb)
            return &spec;
    return nullptr;
}

Result<void> checkCommand(const Command& command) {
    const CommandSpec* spec = findCommandSpec(command.verb);
    if (!spec)
        return usage("there is no command \"" + command.verb.substr(0, 40) + "\"");
    for (const auto& [key, value] : command.args.members()) {
        const ArgSpec* arg = findArg(*spec, key);
        if (!arg)
            return usage(command.verb + " has no argument \"" + key.substr(0, 40) + "\"");
        if (!hasType(value, arg->type))
            return usage(command.verb + ": " + argLabel(*arg) + " expects " + typeName(arg->type));
        if (!arg->choices.empty()
            && std::find(arg->choices.begin(), arg->choices.end(), value.toString()) == arg->choices.end()) {
            std::string list;
            for (const std::string& choice : arg->choices)
                list += (list.empty() ? "" : ", ") + choice;
            return usage(command.verb + ": " + argLabel(*arg) + " is one of " + list);
        }
    }
    for (const ArgSpec& arg : spec->args)
        if (arg.required && !command.args.contains(arg.key))
            return usage(command.verb + " needs " + argLabel(arg) + " (" + arg.help + ")");
    return {};
}

Result<Json> runCommand(Workspace& workspace, const Command& command, RunControl& control, const EventSink& events) {
    Result<Json> result = [&]() -> Result<Json> {
        TRILOBIT_CHECK(checkCommand(command));
        return findCommandSpec(command.verb)->run(workspace, command.args, control, events);
    }();
    if (workspace.onCommand)
        workspace.onCommand(command, result);
    return result;
}

std::string commandLine(const Command& command) {
    std::string out = "trilobit-cli " + command.verb;
    const CommandSpec* spec = findCommandSpec(command.verb);
    if (!spec)
        return out;
    for (const bool positional : {true, false})
        for (const ArgSpec& arg : spec->args) {
            const Json* value = command.args.find(arg.key);
            if (!value || arg.flags.empty() != positional)
                continue;
            if (arg.type == ArgType::Flag) {
                if (value->toBool())
                    out += " " + arg.flags.back();
                continue;
            }
            if (arg.type == ArgType::TextList) {
                for (const Json& text : value->items())
                    out += " " + arg.flags.back() + "=" + shellQuoted(text.toString());
                continue;
            }
            if (!positional)
                out += " " + arg.flags.back();
            out += " " + shellQuoted(valueText(*value, arg.type));
        }
    return out;
}

Result<Command> parseCommandLine(const std::vector<std::string>& argv) {
    if (argv.empty())
        return usage("no command given");
    const CommandSpec* spec = findCommandSpec(argv[0]);
    if (!spec)
        return usage("there is no command \"" + argv[0].substr(0, 40) + "\"");
    Command command{argv[0], Json::object()};
    std::vector<const ArgSpec*> positional;
    for (const ArgSpec& arg : spec->args)
        if (arg.flags.empty())
            positional.push_back(&arg);
    std::size_t nextPositional = 0;
    bool onlyPositional = false;
    for (std::size_t i = 1; i < argv.size(); ++i) {
        std::string word = argv[i];
        if (!onlyPositional && word == "--") {
            onlyPositional = true;
            continue;
        }
        const ArgSpec* arg = nullptr;
        std::optional<std::string> attached;
        if (!onlyPositional && word.size() > 1 && word[0] == '-') {
            if (const std::size_t equals = word.find('='); word.rfind("--", 0) == 0 && equals != std::string::npos) {
                attached = word.substr(equals + 1);
                word.resize(equals);
            }
            for (const ArgSpec& candidate : spec->args)
                if (std::find(candidate.flags.begin(), candidate.flags.end(), word) != candidate.flags.end())
                    arg = &candidate;
            if (!arg)
                return usage(command.verb + " has no option " + word.substr(0, 40));
        } else {
            if (nextPositional >= positional.size())
                return usage(command.verb + ": \"" + word.substr(0, 80) + "\" is one argument too many");
            arg = positional[nextPositional++];
        }
        if (command.args.contains(arg->key) && arg->type != ArgType::TextList)
            return usage(command.verb + ": " + argLabel(*arg) + " is given twice");
        std::string text;
        if (arg->flags.empty()) {
            text = word;
        } else if (arg->type == ArgType::Flag) {
            if (attached)
                return usage(word + " takes no value");
        } else if (attached) {
            text = *attached;
        } else {
            if (i + 1 >= argv.size())
                return usage(word + " expects " + typeName(arg->type));
            text = argv[++i];
        }
        TRILOBIT_TRY(Json value, parseValue(*arg, text));
        if (const Json* before = arg->type == ArgType::TextList ? command.args.find(arg->key) : nullptr) {
            Json all = *before;
            all.push(text);
            value = std::move(all);
        }
        command.args.set(arg->key, std::move(value));
    }
    TRILOBIT_CHECK(checkCommand(command));
    return command;
}

} // namespace trilobit
