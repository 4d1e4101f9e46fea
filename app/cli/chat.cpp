#include "app/cli/chat.h"

#include "core/commands/support.h"
#include "core/engine/generate.h"
#include "core/template/chattemplate.h"

#include <cstdio>
#include <iostream>

namespace trilobit {

namespace {

std::string specialText(const TokenizerData& data, TokenId id) {
    return id == kNoToken ? std::string() : data.tokens[static_cast<std::size_t>(id)];
}

/// What the model reads for a conversation: its own template, or plain lines when it has none.
Result<std::string> render(const ChatTemplate* chatTemplate, const TokenizerData& data, const Json& messages) {
    if (!chatTemplate) {
        std::string text;
        for (const Json& message : messages.items())
            text += message["content"].toString() + "\n";
        return text;
    }
    return chatTemplate->render(Json::object({{"messages", messages},
                                              {"add_generation_prompt", true},
                                              {"bos_token", specialText(data, data.bos)},
                                              {"eos_token", specialText(data, data.eos)}}));
}

struct Turn {
    const Tokenizer& tokenizer;
    Session& session;
    std::vector<TokenId> seen; // what the KV cache holds

    /// Only what differs from the cached beginning is read again.
    Result<GenerateResult> answer(const std::string& text, const GenerateOptions& options, RunControl& control) {
        std::vector<TokenId> ids = tokenizer.encode(text, {true, true});
        // A template that writes BOS itself must not get a second one.
        const TokenId bos = tokenizer.data().bos;
        if (ids.size() > 1 && bos != kNoToken && ids[0] == bos && ids[1] == bos)
            ids.erase(ids.begin());
        std::size_t same = 0;
        while (same < seen.size() && same + 1 < ids.size() && seen[same] == ids[same])
            ++same;
        session.truncate(static_cast<std::int64_t>(same));
        const std::span<const TokenId> rest(ids.data() + same, ids.size() - same);
        auto result = generate(session, rest, options, control, [](const TokenEvent& token) {
            std::fputs(token.text.c_str(), stdout);
            std::fflush(stdout);
        });
        seen = std::move(ids);
        if (result)
            seen.insert(seen.end(), result->ids.begin(), result->ids.end());
        seen.resize(std::min(seen.size(), static_cast<std::size_t>(session.position())));
        return result;
    }
};

} // namespace

Result<void> runChat(Workspace& workspace, const std::vector<std::string>& argv, Console& console) {
    // The options are those of `generate`; the prompt comes from the keyboard.
    std::vector<std::string> words{"generate", "-p", ""};
    std::string system;
    for (std::size_t i = 1; i < argv.size(); ++i) {
        if (argv[i] == "--system" && i + 1 < argv.size())
            system = argv[++i];
        else
            words.push_back(argv[i]);
    }
    TRILOBIT_TRY(Command command, parseCommandLine(words));
    if (!command.args.contains("activations"))
        command.args.set("activations", "fast");
    const Json& args = command.args;
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    if (!model->tokenizer())
        return fail(ErrorCode::Unsupported, "this model has no tokenizer: " + model->tokenizerNote());
    TRILOBIT_TRY(const std::shared_ptr<const Engine> engine, engineFor(workspace, model, args, console));
    TRILOBIT_TRY(const std::unique_ptr<Session> session, engine->newSession(args["ctx"].toInt(0)));
    console.clear();

    const Tokenizer& tokenizer = *model->tokenizer();
    std::optional<ChatTemplate> chatTemplate;
    if (tokenizer.data().chatTemplate.empty()) {
        std::fputs("note: this model brings no chat template; it continues your text as it stands\n", stderr);
    } else if (auto parsed = ChatTemplate::parse(tokenizer.data().chatTemplate)) {
        chatTemplate.emplace(*std::move(parsed));
    } else {
        std::fprintf(stderr, "note: the chat template cannot be used (%s); your text goes in as it stands\n",
                     parsed.error().text().c_str());
    }

    GenerateOptions options;
    options.maxTokens = args["n"].toInt(512);
    options.sampler.temperature = args["temp"].toDouble(0);
    options.sampler.topK = args["top_k"].toInt(0);
    options.sampler.topP = args["top_p"].toDouble(1);
    options.sampler.minP = args["min_p"].toDouble(0);
    options.sampler.repetitionPenalty = args["repeat_penalty"].toDouble(1);
    options.sampler.seed = args["seed"].toUInt(0);

    Turn turn{tokenizer, *session, {}};
    const auto fresh = [&] {
        Json messages = Json::array();
        if (!system.empty())
            messages.push(Json::object({{"role", "system"}, {"content", system}}));
        return messages;
    };
    Json messages = fresh();
    std::fprintf(stderr, "%s, %s path, %d threads. /reset starts over, /quit ends.\n", modelLabel(*model).c_str(),
                 engine->pathDescription().c_str(), engine->threads());
    for (std::string line; std::fputs("> ", stderr), std::getline(std::cin, line);) {
        Console::resetCancel();
        if (line == "/quit")
            break;
        if (line == "/reset") {
            messages = fresh();
            continue;
        }
        if (line.empty())
            continue;
        messages.push(Json::object({{"role", "user"}, {"content", line}}));
        TRILOBIT_TRY(const std::string text,
                     render(chatTemplate ? &*chatTemplate : nullptr, tokenizer.data(), messages));
        TRILOBIT_TRY(const GenerateResult answer, turn.answer(text, options, console));
        console.clear();
        std::fputs("\n", stdout);
        std::fprintf(stderr, "(%zu tokens, %.1f/s, stopped by: %s)\n", answer.ids.size(), answer.decodeTps,
                     answer.stopReason.c_str());
        messages.push(Json::object({{"role", "assistant"}, {"content", answer.text}}));
    }
    return {};
}

} // namespace trilobit
