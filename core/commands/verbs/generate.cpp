// generate: raw completion; compare: two models in lock-step.
#include "core/base/utf8.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/engine/generate.h"
#include "core/eval/compare.h"
#include "core/eval/textdiff.h"

#include <algorithm>

namespace trilobit {

namespace {

Result<std::vector<TokenId>> promptIds(const Engine& engine, const std::string& text) {
    const auto& tokenizer = engine.model().tokenizer();
    if (!tokenizer)
        return fail(ErrorCode::Unsupported, "this model has no tokenizer: " + engine.model().tokenizerNote());
    std::vector<TokenId> ids = tokenizer->encode(text, {true, true});
    if (ids.empty())
        return fail(ErrorCode::Usage, "the prompt is empty; give some text to continue");
    return ids;
}

SamplerConfig samplerFrom(const Json& args) {
    SamplerConfig config;
    config.temperature = args["temp"].toDouble(0);
    config.topK = args["top_k"].toInt(0);
    config.topP = args["top_p"].toDouble(1);
    config.minP = args["min_p"].toDouble(0);
    config.repetitionPenalty = args["repeat_penalty"].toDouble(1);
    config.repetitionWindow = args["repeat_window"].toInt(64);
    config.seed = args["seed"].toUInt(0);
    return config;
}

Result<Json> runGenerate(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    GenerateOptions options;
    options.maxTokens = args["n"].toInt(128);
    options.sampler = samplerFrom(args);
    options.stopAtEnd = !args["ignore_end"].toBool();
    TRILOBIT_CHECK(checkSampler(options.sampler));
    if (options.maxTokens < 0)
        return fail(ErrorCode::Usage, "-n must be 0 or more");
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    const auto work = [&](RunRecorder& run) -> Result<Json> {
        run.setSeed(options.sampler.seed);
        TRILOBIT_CHECK(run.setModel(*model, control));
        TRILOBIT_TRY(const std::shared_ptr<const Engine> engine, engineFor(workspace, model, args, control));
        TRILOBIT_TRY(const std::vector<TokenId> prompt, promptIds(*engine, args["prompt"].toString()));
        const std::int64_t longest = model->config().contextLength > 0 ? model->config().contextLength : 4096;
        const std::int64_t needed = static_cast<std::int64_t>(prompt.size()) + options.maxTokens;
        TRILOBIT_TRY(const std::unique_ptr<Session> session,
                     engine->newSession(args["ctx"].toInt(std::min(longest, needed))));
        TRILOBIT_TRY(const GenerateResult result,
                     generate(*session, prompt, options, control, [&](const TokenEvent& token) {
                         if (events)
                             events(Json::object({{"event", "token"}, {"id", token.id}, {"text", token.text}}));
                     }));
        Json ids = Json::array();
        for (const TokenId id : result.ids)
            ids.push(id);
        return Json::object({{"text", result.text},
                             {"ids", ids},
                             {"prompt_tokens", result.promptTokens},
                             {"stop_reason", result.stopReason},
                             {"prefill_tps", result.prefillTps},
                             {"decode_tps", result.decodeTps},
                             {"time_to_first_token", result.firstTokenSeconds},
                             {"threads", engine->threads()},
                             {"path", engine->pathDescription()}});
    };
    return recordRun(workspace, "generate", args,
                     {"text", "prompt_tokens", "stop_reason", "prefill_tps", "decode_tps", "time_to_first_token",
                      "threads", "path"},
                     work);
}

std::string generateText(const Json& result) {
    return result["text"].toString() + "\n\n" + result["prompt_tokens"].dump() + " prompt tokens at "
           + numberText(result["prefill_tps"].toDouble(), 1) + "/s, " + std::to_string(result["ids"].items().size())
           + " new ones at " + numberText(result["decode_tps"].toDouble(), 1) + "/s (" + result["threads"].dump()
           + " threads, " + result["path"].toString() + "), stopped by: " + result["stop_reason"].toString() + "\n";
}

Json candidatesToJson(const std::vector<CompareCandidate>& candidates) {
    Json out = Json::array();
    for (const CompareCandidate& candidate : candidates)
        out.push(Json::object({{"id", candidate.id}, {"probability", candidate.probability}}));
    return out;
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

Result<Json> compare(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> modelA, modelFrom(workspace, args, "model"));
    TRILOBIT_TRY(const std::shared_ptr<const Model> modelB, modelFrom(workspace, args, "other"));
    const auto work = [&](RunRecorder& run) -> Result<Json> {
        TRILOBIT_CHECK(run.setModel(*modelB, control));
        TRILOBIT_TRY(const std::shared_ptr<const Engine> a, engineFor(workspace, modelA, args, control));
        TRILOBIT_TRY(const std::shared_ptr<const Engine> b, engineFor(workspace, modelB, args, control));
        TRILOBIT_TRY(const std::vector<TokenId> prompt, promptIds(*a, args["prompt"].toString()));
        TRILOBIT_TRY(const CompareResult result,
                     compareModels(*a, *b, prompt, args["n"].toInt(32), control, [&](const CompareToken& token) {
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
    return recordRun(workspace, "compare", args, {"mean_kl", "first_divergence", "path_a", "path_b"}, work);
}

Json diffTokenToJson(const TextDiffToken& token) {
    return Json::object({{"id", token.id},
                         {"text", utf8Sanitized(token.text)},
                         {"kl", token.kl},
                         {"probability_a", token.probabilityA},
                         {"probability_b", token.probabilityB},
                         {"top_a", candidatesToJson(token.topA)},
                         {"top_b", candidatesToJson(token.topB)}});
}

Result<Json> diff(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> modelA, modelFrom(workspace, args, "model"));
    TRILOBIT_TRY(const std::shared_ptr<const Model> modelB, modelFrom(workspace, args, "other"));
    const auto work = [&](RunRecorder& run) -> Result<Json> {
        TRILOBIT_CHECK(run.setModel(*modelB, control));
        TRILOBIT_TRY(const std::shared_ptr<const Engine> a, engineFor(workspace, modelA, args, control));
        TRILOBIT_TRY(const std::shared_ptr<const Engine> b, engineFor(workspace, modelB, args, control));
        TRILOBIT_TRY(const std::vector<TokenId> ids, promptIds(*a, args["prompt"].toString()));
        const auto onToken = [&](const TextDiffToken& token) {
            if (!events)
                return;
            Json event = diffTokenToJson(token);
            event.set("event", "token");
            events(event);
        };
        const std::int64_t count = args["n"].toInt(0);
        TRILOBIT_TRY(const TextDiff result, count > 0 ? diffContinuation(*a, *b, ids, count, control, onToken)
                                                      : diffText(*a, *b, ids, control, onToken));
        Json tokens = Json::array();
        for (const TextDiffToken& token : result.tokens)
            tokens.push(diffTokenToJson(token));
        return Json::object({{"mean_kl", result.meanKl},
                             {"ppl_a", result.pplA},
                             {"ppl_b", result.pplB},
                             {"agreement", result.agreement},
                             {"first_divergence", result.firstDivergence < 0 ? Json() : Json(result.firstDivergence)},
                             {"path_a", result.pathA},
                             {"path_b", result.pathB},
                             {"tokens", tokens}});
    };
    return recordRun(workspace, "diff", args, {"mean_kl", "ppl_a", "ppl_b", "agreement", "path_a", "path_b"}, work);
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
    return {
        {"generate",
         "continues a text (no chat template)",
         {modelArg(), promptArg,
          {"n", {"-n", "--tokens"}, ArgType::Integer, false, "tokens to write at most (128)", {}},
          {"temp", {"--temp"}, ArgType::Real, false, "temperature; 0 is greedy (0)", {}},
          {"top_k", {"--top-k"}, ArgType::Integer, false, "keep the k most likely tokens; 0 is off (0)", {}},
          {"top_p", {"--top-p"}, ArgType::Real, false, "keep the most likely tokens up to this probability (1)", {}},
          {"min_p", {"--min-p"}, ArgType::Real, false, "drop tokens below this share of the best one (0)", {}},
          {"repeat_penalty", {"--repeat-penalty"}, ArgType::Real, false, "above 1 avoids repetition (1)", {}},
          {"repeat_window", {"--repeat-window"}, ArgType::Integer, false, "tokens the penalty looks back (64)", {}},
          {"seed", {"--seed"}, ArgType::Integer, false, "the same seed gives the same text (0)", {}},
          {"ctx", {"--ctx"}, ArgType::Integer, false, "context length (what prompt and answer need)", {}},
          {"ignore_end", {"--ignore-end"}, ArgType::Flag, false, "go on after an end token", {}},
          activationsArg(), cacheArg()},
         runGenerate,
         generateText},
        {"compare",
         "runs two models over the same tokens and shows where and how far they part",
         {modelArg(),
          {"other", {}, ArgType::Path, true, "the model to compare with", {}},
          promptArg,
          {"n", {"-n", "--tokens"}, ArgType::Integer, false, "tokens to compare at most (32)", {}},
          activationsArg(), cacheArg()},
         compare,
         compareText},
        {"diff",
         "two models over one given text: KL divergence and best candidates at every token",
         {modelArg(),
          {"other", {}, ArgType::Path, true, "the model to compare with", {}},
          {"prompt", {"-p", "--text"}, ArgType::Text, true, "the text that both read", {}},
          {"n", {"-n", "--tokens"}, ArgType::Integer, false, "then continue with the first model's choices (0)", {}},
          activationsArg(), cacheArg()},
         diff,
         diffResultText},
    };
}

} // namespace trilobit
