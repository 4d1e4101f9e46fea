// trilobit-cli: every command without a display.
#include "app/cli/chat.h"
#include "app/cli/console.h"
#include "app/cli/help.h"
#include "core/commands/command.h"
#include "core/commands/workspace.h"
#include "core/pluginhost/pluginhost.h"

#include <QCoreApplication>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>

namespace {

using namespace trilobit;

struct Globals {
    bool json = false, quiet = false, help = false, version = false;
    int threads = 0;
    std::string store; ///< empty: the user's; "none": none
    std::vector<std::string> rest;
};

Result<Globals> parseGlobals(const QStringList& arguments) {
    Globals globals;
    bool plain = false; // after "--" everything belongs to the command
    for (int i = 1; i < arguments.size(); ++i) {
        const std::string word = arguments[i].toStdString();
        const auto value = [&](const char* what) -> Result<std::string> {
            if (i + 1 >= arguments.size())
                return fail(ErrorCode::Usage, word + " expects " + what);
            return arguments[++i].toStdString();
        };
        if (plain) {
            globals.rest.push_back(word);
        } else if (word == "--") {
            plain = true;
            globals.rest.push_back(word);
        } else if (word == "--json") {
            globals.json = true;
        } else if (word == "--quiet" || word == "-q") {
            globals.quiet = true;
        } else if (word == "--help" || word == "-h") {
            globals.help = true;
        } else if (word == "--version") {
            globals.version = true;
        } else if (word == "--threads" || word == "-t") {
            TRILOBIT_TRY(const std::string text, value("a number of threads"));
            const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), globals.threads);
            if (ec != std::errc() || end != text.data() + text.size() || globals.threads < 0 || globals.threads > 1024)
                return fail(ErrorCode::Usage, "--threads is between 0 (all) and 1024");
        } else if (word == "--store") {
            TRILOBIT_TRY(globals.store, value("a file name or none"));
        } else {
            globals.rest.push_back(word);
            // The value of an option like -p may look like one of ours; it is taken as it is.
            if (word.size() > 1 && word[0] == '-' && i + 1 < arguments.size() && !globals.rest.empty()) {
                const CommandSpec* spec = findCommandSpec(globals.rest.front());
                for (const ArgSpec& arg : spec ? spec->args : std::vector<ArgSpec>{})
                    if (arg.type != ArgType::Flag && std::find(arg.flags.begin(), arg.flags.end(), word) != arg.flags.end()) {
                        globals.rest.push_back(arguments[++i].toStdString());
                        break;
                    }
            }
        }
    }
    return globals;
}

/// One line on stderr; with --json also the object on stdout.
int report(const Error& error, bool json) {
    std::fprintf(stderr, "trilobit-cli: %s\n", error.text().c_str());
    if (json) {
        const Json object = Json::object(
            {{"error", Json::object({{"code", errorCodeName(error.code)}, {"message", error.message}, {"file", error.file},
                                     {"field", error.field}, {"offset", error.offset ? Json(*error.offset) : Json()}})}});
        std::printf("%s\n", object.dump().c_str());
    }
    return error.code == ErrorCode::Usage ? 2 : 1;
}

Result<void> openStore(Workspace& workspace, const std::string& choice) {
    if (choice == "none")
        return {};
    auto store = ExperimentStore::open(choice.empty() ? ExperimentStore::defaultPath() : QString::fromStdString(choice));
    if (store) {
        workspace.store = *std::move(store);
    } else if (!choice.empty()) {
        return std::move(store).error();
    } else {
        workspace.log(LogLevel::Warning, "runs are not recorded: " + store.error().text());
    }
    return {};
}

int run(const QStringList& arguments) {
    auto globals = parseGlobals(arguments);
    if (!globals)
        return report(globals.error(), arguments.contains(QStringLiteral("--json")));
    if (globals->version) {
        std::printf("trilobit " TRILOBIT_VERSION "\n");
        return 0;
    }
    const std::string verb = globals->rest.empty() ? "" : globals->rest.front();
    const CommandSpec* spec = findCommandSpec(verb);
    if (globals->help || verb.empty()) {
        std::fputs((spec ? commandHelp(*spec) : generalHelp()).c_str(), globals->help ? stdout : stderr);
        return globals->help ? 0 : 2;
    }

    Console console(globals->quiet);
    PluginHost plugins;
    plugins.scan(PluginHost::defaultFolders());
    Workspace workspace;
    workspace.methods = &plugins.methods();
    workspace.threads = globals->threads;
    workspace.log = consoleLog();
    for (const PluginRow& row : plugins.rows())
        if (!row.error.isEmpty())
            workspace.log(LogLevel::Warning, (row.file + ": " + row.error).toStdString());
    if (auto opened = openStore(workspace, globals->store); !opened)
        return report(opened.error(), globals->json);

    if (verb == "chat") {
        const auto done = runChat(workspace, globals->rest, console);
        return done ? 0 : report(done.error(), globals->json);
    }
    auto command = parseCommandLine(globals->rest);
    if (!command)
        return report(command.error(), globals->json);
    const bool stream = !globals->json && !globals->quiet && spec && spec->eventText;
    const auto result = runCommand(workspace, *command, console, [&](const Json& event) {
        const std::string line = stream ? spec->eventText(event) : std::string();
        if (!line.empty()) {
            console.clear();
            std::fprintf(stderr, "%s\n", line.c_str());
        }
    });
    console.clear();
    if (!result)
        return report(result.error(), globals->json);
    std::fputs((globals->json ? result->dump() + "\n" : spec->text(*result)).c_str(), stdout);
    if (std::fflush(stdout) != 0)
        return report(fail(ErrorCode::Io, "the result cannot be written to standard output"), false);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("trilobit"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TRILOBIT_VERSION));
    try {
        return run(app.arguments());
    } catch (const std::bad_alloc&) {
        std::fputs("trilobit-cli: not enough memory for this\n", stderr);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "trilobit-cli: internal error: %s\n", problem.what());
    }
    return 1;
}
