#include "core/commands/recorded.h"

#include "core/base/utf8.h"
#include "core/commands/support.h"

namespace trilobit {

namespace {

const char* activationsName(ActivationPath path) {
    switch (path) {
    case ActivationPath::Auto: return "auto";
    case ActivationPath::Float: return "float";
    case ActivationPath::Int8PerToken: return "int8";
    case ActivationPath::Fast: return "fast";
    }
    return "auto";
}

} // namespace

Json candidatesToJson(const std::vector<CompareCandidate>& candidates) {
    Json out = Json::array();
    for (const CompareCandidate& candidate : candidates)
        out.push(Json::object({{"id", candidate.id}, {"probability", candidate.probability}}));
    return out;
}

Json generatedToJson(const GenerateResult& result, int threads, const std::string& path) {
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
                         {"threads", threads},
                         {"path", path}});
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

Json diffToJson(const TextDiff& diff) {
    Json tokens = Json::array();
    for (const TextDiffToken& token : diff.tokens)
        tokens.push(diffTokenToJson(token));
    return Json::object({{"mean_kl", diff.meanKl},
                         {"ppl_a", diff.pplA},
                         {"ppl_b", diff.pplB},
                         {"agreement", diff.agreement},
                         {"first_divergence", diff.firstDivergence < 0 ? Json() : Json(diff.firstDivergence)},
                         {"path_a", diff.pathA},
                         {"path_b", diff.pathB},
                         {"tokens", tokens}});
}

std::string recordDone(Workspace& workspace, const DoneRun& done, const Result<Json>& result, RunControl& control) {
    std::string hash = done.hash;
    const auto& keys = done.command.verb == "generate" ? kGenerateMetrics : kDiffMetrics;
    const Result<Json> recorded =
        recordRun(workspace, done.command.verb, done.command.args, keys, [&](RunRecorder& run) -> Result<Json> {
            run.setTook(done.seconds);
            run.setSeed(done.command.args["seed"].toUInt());
            TRILOBIT_CHECK(run.setModel(*done.model, hash, control));
            return result;
        });
    if (workspace.onCommand)
        workspace.onCommand(done.command, recorded);
    return hash;
}

Command generateCommand(Json args, const Tokenizer& tokenizer, const std::string& prompt, const std::vector<TokenId>& ids,
                        const GenerateOptions& options, ActivationPath activations) {
    Command command{"generate", std::move(args)};
    if (tokenizer.encode(prompt, {true, true}) == ids) {
        command.args.set("prompt", prompt);
    } else {
        Json list = Json::array();
        for (const TokenId id : ids)
            list.push(id);
        command.args.set("ids", std::move(list));
    }
    setSampling(command.args, options);
    if (!options.forced.empty()) {
        Json begin = Json::array();
        for (const TokenId id : options.forced)
            begin.push(id);
        command.args.set("begin", std::move(begin));
    }
    command.args.set("activations", activationsName(activations));
    return command;
}

} // namespace trilobit
