// generate: raw completion; compare: two models in lock-step.
#include "core/base/utf8.h"
#include "core/commands/recorded.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/engine/generate.h"
#include "core/eval/compare.h"
#include "core/eval/textdiff.h"

#include <algorithm>
#include <functional>

namespace trilobit {

namespace {

constexpr int kTokens = 128;

Result<std::vector<TokenId>> promptIds(const Engine& engine, const std::string& text) {
    const auto& tokenizer = engine.model().tokenizer();
    if (!tokenizer)
        return fail(ErrorCode::Unsupported, "this model has no tokenizer: " + engine.model().tokenizerNote());
    std::vector<TokenId> ids = tokenizer->encode(text, {true, true});
    if (ids.empty())
        return fail(ErrorCode::Usage, "the prompt is empty; give some text to continue");
    return ids;
}

/// A list of token ids of this model; `option` is its name on the command line.
Result<std::vector<TokenId>> idsFrom(const Model& model, const Json& list, const char* option) {
    std::vector<TokenId> out;
    for (const Json& id : list.items()) {
        if (id.toInt(-1) < 0 || id.toInt() >= model.config().vocabSize)
            return fail(ErrorCode::Usage, std::string(option) + " are between 0 and "
                                              + std::to_string(model.config().vocabSize - 1));
        out.push_back(static_cast<TokenId>(id.toInt()));
    }
    if (out.empty())
        return fail(ErrorCode::Usage, std::string(option) + " is empty");
    return out;
}

/// --ids as they are, or the prompt's.
Result<std::vector<TokenId>> promptFrom(const Engine& engine, const Json& args) {
    const Json* ids = args.find("ids");
    if ((ids != nullptr) == args.contains("prompt"))
        return fail(ErrorCode::Usage, "expected one of --prompt and --ids");
    if (!ids)
        return promptIds(engine, args["prompt"].toString());
    return idsFrom(engine.model(), *ids, "--ids");
}

/// The workspace's quantized model.
Result<std::shared_ptr<const Model>> quantizedOf(const Workspace& workspace) {
    if (const auto quantized = workspace.snapshot().quantized)
        return quantized->model;
    return fail(ErrorCode::Usage, "nothing is quantized in this workspace");
}

Result<Json> runGenerate(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    TRILOBIT_TRY(GenerateOptions options, samplingFrom(args, kTokens));
    TRILOBIT_TRY(const std::shared_ptr<const Model> model,
                 args["quantized"].toBool() ? quantizedOf(workspace) : modelFrom(workspace, args));
    if (const Json* begin = args.find("begin")) {
        TRILOBIT_TRY(options.forced, idsFrom(*model, *begin, "--begin"));
    }
    const auto work = [&](RunRecorder& run) -> Result<Json> {
        run.setSeed(options.sampler.seed);
        TRILOBIT_CHECK(run.setModel(*model, control));
        TRILOBIT_TRY(const std::shared_ptr<const Engine> engine, engineFor(workspace, model, args, control));
        TRILOBIT_TRY(const std::vector<TokenId> prompt, promptFrom(*engine, args));
        const std::int64_t longest = model->config().contextLength > 0 ? model->config().contextLength : 4096;
        const std::int64_t needed = static_cast<std::int64_t>(prompt.size() + options.forced.size()) + options.maxTokens;
        TRILOBIT_TRY(const std::unique_ptr<Session> session,
                     engine->newSession(args["ctx"].toInt(std::min(longest, needed))));
        TRILOBIT_TRY(const GenerateResult result,
                     generate(*session, prompt, options, control, [&](const TokenEvent& token) {
                         if (events)
                             events(Json::object({{"event", "token"}, {"id", token.id}, {"text", token.text}}));
                     }));
        return generatedToJson(result, engine->threads(), engine->pathDescription());
    };
    return recordRun(workspace, "generate", args, kGenerateMetrics, work);
}

std::string generateText(const Json& result) {
    return result["text"].toString() + "\n\n" + result["prompt_tokens"].dump() + " prompt tokens at "
           + numberText(result["prefill_tps"].toDouble(), 1) + "/s, " + std::to_string(result["ids"].items().size())
           + " new ones at " + numberText(result["decode_tps"].toDouble(), 1) + "/s (" + result["threads"].dump()
           + " threads, " + result["path"].toString() + "), stopped by: " + result["stop_reason"].toString() + "\n";
}

Json compareTokenToJson(const CompareToken& token) {
    return Json::object({{"id_a", token.idA},
                         {"id_b", token.idB},
                         {"text_a", utf8Sanitized(token.textA)},
                         {"text_b", utf8Sanitized(token.textB)},
                         {"kl", token.kl},
                         {"top_a", candidatesToJson(token.topA)},
                         {"top_b", candidatesToJson(token.topB)}});
}

/// Two models that read the same tokens.
struct Pair {
    std::shared_ptr<const Engine> a, b;
    std::vector<TokenId> prompt; ///< by the first model's vocabulary
};

/// MODEL and OTHER ready to run; the run is the second one's, which is the one in question. `measure` gets both.
Result<Json> runPair(Workspace& workspace, const char* kind, const Json& args, RunControl& control,
                     std::initializer_list<const char*> metricKeys, const std::function<Result<Json>(const Pair&)>& measure) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> modelA, modelFrom(workspace, args, "model"));
    TRILOBIT_TRY(const std::shared_ptr<const Model> modelB,
                 args.contains("other") ? modelFrom(workspace, args, "other") : quantizedOf(workspace));
    return recordRun(workspace, kind, args, metricKeys, [&](RunRecorder& run) -> Result<Json> {
        TRILOBIT_CHECK(run.setModel(*modelB, control));
        Pair pair;
        TRILOBIT_TRY(pair.a, engineFor(workspace, modelA, args, control));
        TRILOBIT_TRY(pair.b, engineFor(workspace, modelB, args, control));
        TRILOBIT_TRY(pair.prompt, promptIds(*pair.a, args["prompt"].toString()));
        return measure(pair);
    });
}

Result<Json> compare(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    const auto measure = [&](const Pair& pair) -> Result<Json> {
        TRILOBIT_TRY(const CompareResult result,
                     compareModels(*pair.a, *pair.b, pair.prompt, args["n"].toInt(32), control, [&](const CompareToken& token) {
                         if (!events)
                             return;
                         Json event = compareTokenToJson(token);
                         event.set("event", "step");
                         events(event);
                     }));
        Json tokens = Json::array();
        std::string textA, textB;
        for (const CompareToken& token : result.tokens) {
            tokens.push(compareTokenToJson(token));
            textA += token.textA;
            textB += token.textB;
        }
        return Json::object({{"mean_kl", result.meanKl},
                             {"first_divergence", result.firstDivergence < 0 ? Json() : Json(result.firstDivergence)},
                             {"path_a", result.pathA},
                             {"path_b", result.pathB},
                             {"text_a", utf8Sanitized(textA)},
                             {"text_b", utf8Sanitized(textB)},
                             {"tokens", tokens}});
    };
    return runPair(workspace, "compare", args, control, {"mean_kl", "first_divergence", "path_a", "path_b"}, measure);
}

Result<Json> diff(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    const auto measure = [&](const Pair& pair) -> Result<Json> {
        const auto onToken = [&](const TextDiffToken& token) {
            if (!events)
                return;
            Json event = diffTokenToJson(token);
            event.set("event", "token");
            events(event);
        };
        const std::int64_t count = args["n"].toInt(0);
        TRILOBIT_TRY(const TextDiff result, count > 0 ? diffContinuation(*pair.a, *pair.b, pair.prompt, count, control, onToken)
                                                      : diffText(*pair.a, *pair.b, pair.prompt, control, onToken));
        return diffToJson(result);
    };
    return runPair(workspace, "diff", args, control, kDiffMetrics, measure);
}

std::string diffResultText(const Json& result) {
    std::vector<std::vector<std::string>> rows{{"token", "KL (nats)", "A", "B"}};
    for (const Json& token : result["tokens"].items())
        rows.push_back({token["text"].dump(), numberText(token["kl"].toDouble(), 5),
                        numberText(100 * token["probability_a"].toDouble(), 2) + " %",
                        numberText(100 * token["probability_b"].toDouble(), 2) + " %"});
    return textTable(rows) + "mean KL " + numberText(result["mean_kl"].toDouble(), 5) + " nats, perplexity "
           + numberText(result["ppl_a"].toDouble(), 3) + " and " + numberText(result["ppl_b"].toDouble(), 3)
           + ", the same best token at " + numberText(100 * result["agreement"].toDouble(), 1) + " % of the places\n";
}

std::string compareText(const Json& result) {
    std::vector<std::vector<std::string>> rows{{"step", "A", "B", "KL (nats)"}};
    std::size_t step = 0;
    for (const Json& token : result["tokens"].items())
        rows.push_back({std::to_string(step++), token["text_a"].dump(),
                        token["id_a"] == token["id_b"] ? "same" : token["text_b"].dump(),
                        numberText(token["kl"].toDouble(), 5)});
    return textTable(rows) + "mean KL " + numberText(result["mean_kl"].toDouble(), 5) + " nats, "
           + (result["first_divergence"].isNull() ? std::string("no divergence")
                                                  : "first divergence at step " + result["first_divergence"].dump())
           + "\n";
}

} // namespace

std::vector<CommandSpec> generateVerbs() {
    const ArgSpec promptArg{"prompt", {"-p", "--prompt"}, ArgType::Text, true, "the text to continue", {}};
    std::vector<ArgSpec> generateArgs{
        modelArg(false),
        {"prompt", {"-p", "--prompt"}, ArgType::Text, false, "the text to continue", {}},
        {"ids", {"--ids"}, ArgType::IdList, false, "token ids to continue, in place of a text", {}},
        {"quantized", {"--quantized"}, ArgType::Flag, false, "the workspace's quantized model (session logs)", {}}};
    for (ArgSpec& arg : samplingArgs(kTokens))
        generateArgs.push_back(std::move(arg));
    generateArgs.push_back({"begin", {"--begin"}, ArgType::IdList, false, "token ids that the answer begins with", {}});
    generateArgs.push_back({"ctx", {"--ctx"}, ArgType::Integer, false, "context length (what prompt and answer need)", {}});
    generateArgs.push_back(activationsArg());
    generateArgs.push_back(cacheArg());
    // Without a name it is the workspace's model, without a second one its quantized model.
    const ArgSpec other{"other", {}, ArgType::Path, false, "the model to compare with", {}};
    return {
        {"generate",
         "continues a text (no chat template)",
         generateArgs,
         runGenerate,
         generateText},
        {"compare",
         "runs two models over the same tokens and shows where and how far they part",
         {modelArg(false), other, promptArg,
          {"n", {"-n", "--tokens"}, ArgType::Integer, false, "tokens to compare at most (32)", {}},
          activationsArg(), cacheArg()},
         compare,
         compareText},
        {"diff",
         "two models over one given text: KL divergence and best candidates at every token",
         {modelArg(false), other,
          {"prompt", {"-p", "--text"}, ArgType::Text, true, "the text that both read", {}},
          {"n", {"-n", "--tokens"}, ArgType::Integer, false, "then continue with the first model's choices (0)", {}},
          activationsArg(), cacheArg()},
         diff,
         diffResultText},
    };
}

} // namespace trilobit
