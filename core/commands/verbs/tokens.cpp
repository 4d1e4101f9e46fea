// tokenize, prompt, logits: what goes into a model and what comes straight out.
#include "core/base/jsonfile.h"
#include "core/base/mappedfile.h"
#include "core/base/safefile.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/engine/sampler.h"
#include "core/template/chattemplate.h"
#include "core/tokenizer/tokenizerfiles.h"

#include <bit>
#include <span>

namespace trilobit {

namespace {

Result<std::shared_ptr<const Tokenizer>> tokenizerFrom(Workspace& workspace, const Json& args) {
    if (const Json* path = args.find("model"))
        return loadTokenizer(path->toString());
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    if (!model->tokenizer())
        return fail(ErrorCode::Unsupported, "the open model has no tokenizer: " + model->tokenizerNote());
    return model->tokenizer();
}

Result<Json> tokenize(Workspace& workspace, const Json& args, RunControl&, const EventSink&) {
    if (args.contains("text") == args.contains("file"))
        return fail(ErrorCode::Usage, "tokenize needs either TEXT or --file");
    TRILOBIT_TRY(const std::shared_ptr<const Tokenizer> tokenizer, tokenizerFrom(workspace, args));
    std::string text = args["text"].toString();
    if (const Json* file = args.find("file")) {
        TRILOBIT_TRY(text, readFile(file->toString(), std::size_t{1} << 30));
    }
    const bool special = !args["no_special"].toBool();
    const std::vector<TokenId> ids = tokenizer->encode(text, {special, special});
    Json list = Json::array(), pieces = Json::array();
    for (const TokenId id : ids) {
        list.push(id);
        pieces.push(tokenizer->pieceBytes(id, true));
    }
    // Special tokens that were added are not part of the text.
    const std::vector<TokenId> plain = tokenizer->encode(text, {false, false});
    return Json::object({{"ids", list},
                         {"count", static_cast<std::uint64_t>(ids.size())},
                         {"pieces", pieces},
                         {"round_trip", tokenizer->decode(plain, false) == text}});
}

std::string tokenizeText(const Json& result) {
    std::string out;
    for (const Json& id : result["ids"].items())
        out += (out.empty() ? "" : " ") + id.dump();
    out += "\n" + result["count"].dump() + " tokens; decoding gives "
           + (result["round_trip"].toBool() ? "the same text\n" : "ANOTHER text: this vocabulary cannot hold it\n");
    return out;
}

Result<Json> prompt(Workspace& workspace, const Json& args, RunControl&, const EventSink&) {
    std::string source;
    Json context = Json::object();
    if (const Json* path = args.find("context")) {
        TRILOBIT_TRY(context, readJsonFile(path->toString(), std::size_t{64} << 20, false, std::size_t{8} << 20));
        if (!context.isObject())
            return Error{ErrorCode::Format, "expected a JSON object with \"messages\"", path->toString(), "JSON text"};
    }
    if (const Json* path = args.find("template")) {
        TRILOBIT_TRY(source, readFile(path->toString(), 16u << 20));
    } else {
        TRILOBIT_TRY(const std::shared_ptr<const Tokenizer> tokenizer, tokenizerFrom(workspace, args));
        const TokenizerData& data = tokenizer->data();
        if (data.chatTemplate.empty())
            return fail(ErrorCode::Unsupported, "this model brings no chat template; name one with --template");
        source = data.chatTemplate;
        for (const auto& [key, id] : {std::pair{"bos_token", data.bos}, std::pair{"eos_token", data.eos}})
            if (id != kNoToken && !context.contains(key))
                context.set(key, data.tokens[static_cast<std::size_t>(id)]);
    }
    const std::string& from = args.contains("template") ? args["template"].toString() : args["model"].toString();
    auto chatTemplate = ChatTemplate::parse(source);
    if (!chatTemplate)
        return located(std::move(chatTemplate).error(), from, "chat template");
    auto text = chatTemplate->render(context);
    if (!text)
        return located(std::move(text).error(), from, "chat template");
    return Json::object({{"text", *std::move(text)}});
}

Result<Json> logits(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    static_assert(std::endian::native == std::endian::little, "the raw output is little-endian");
    std::vector<TokenId> ids;
    for (const Json& id : args["ids"].items()) {
        if (id.toInt() < 0 || id.toInt() > INT32_MAX)
            return fail(ErrorCode::Usage, "--ids: " + id.dump() + " is not a token id");
        ids.push_back(static_cast<TokenId>(id.toInt()));
    }
    if (ids.empty())
        return fail(ErrorCode::Usage, "--ids needs at least one token id");
    TRILOBIT_TRY(std::shared_ptr<const Model> model, modelFrom(workspace, args));
    TRILOBIT_TRY(const std::shared_ptr<const Engine> engine, engineFor(workspace, std::move(model), args, control));
    TRILOBIT_TRY(const std::unique_ptr<Session> session, engine->newSession(static_cast<std::int64_t>(ids.size())));
    TRILOBIT_CHECK(session->evaluate(ids, Session::Logits::All, control));
    const std::span<const float> values = session->logits();
    const auto vocabulary = static_cast<std::size_t>(engine->model().config().vocabSize);
    if (const Json* out = args.find("out")) {
        TRILOBIT_TRY(const std::unique_ptr<SafeFile> file, SafeFile::create(out->toString()));
        TRILOBIT_CHECK(file->write(std::as_bytes(values)));
        TRILOBIT_CHECK(file->commit());
    }
    Json best = Json::array();
    for (std::size_t i = 0; i < ids.size(); ++i)
        best.push(argmax(values.subspan(i * vocabulary, vocabulary)));
    return Json::object({{"positions", static_cast<std::uint64_t>(ids.size())},
                         {"vocab", static_cast<std::uint64_t>(vocabulary)},
                         {"argmax", best},
                         {"path", engine->pathDescription()}});
}

std::string logitsText(const Json& result) {
    return result["positions"].dump() + " positions x " + result["vocab"].dump() + " logits (" + result["path"].toString()
           + "); best token at each position: " + result["argmax"].dump() + "\n";
}

} // namespace

std::vector<CommandSpec> tokenVerbs() {
    return {
        {"tokenize",
         "token ids of a text, with a check that decoding gives the text back",
         {modelArg(),
          {"text", {}, ArgType::Text, false, "the text", {}},
          {"file", {"--file"}, ArgType::Path, false, "a text file instead", {}},
          {"no_special", {"--no-special"}, ArgType::Flag, false,
           "add no BOS or EOS, and read special tokens in the text as plain text", {}}},
         tokenize,
         tokenizeText},
        {"prompt",
         "the text that a chat template renders",
         {modelArg(false),
          {"template", {"--template"}, ArgType::Path, false, "a template file instead of the model's own", {}},
          {"context", {"--context"}, ArgType::Path, true, "JSON object with messages, tools and any variable", {}}},
         prompt,
         [](const Json& result) { return result["text"].toString() + "\n"; }},
        {"logits",
         "logits of every position for given token ids, used as they stand",
         {modelArg(),
          {"ids", {"--ids"}, ArgType::IdList, true, "token ids, separated by commas", {}},
          {"out", {"--out"}, ArgType::OutputPath, false, "write [positions, vocabulary] little-endian float32 here", {}},
          activationsArg(), cacheArg()},
         logits,
         logitsText},
    };
}

} // namespace trilobit
