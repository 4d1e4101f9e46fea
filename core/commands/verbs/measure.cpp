// perplexity, and KL against a baseline.
#include "core/base/mappedfile.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/eval/perplexity.h"

namespace trilobit {

namespace {

Result<Json> runPerplexity(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    PerplexityOptions options;
    options.contextLength = args["ctx"].toInt(512);
    options.chunks = args["chunks"].toInt(0);
    if (options.contextLength < 4 || options.contextLength > (1 << 20))
        return fail(ErrorCode::Usage, "--ctx is between 4 and 1048576");
    if (options.chunks < 0)
        return fail(ErrorCode::Usage, "--chunks is 0 (all) or more");
    TRILOBIT_TRY(const std::string text, readFile(args["text"].toString(), std::size_t{1} << 30));
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    std::shared_ptr<const Model> baselineModel;
    if (args.contains("baseline")) {
        TRILOBIT_TRY(baselineModel, modelFrom(workspace, args, "baseline"));
    }
    const auto work = [&](RunRecorder& run) -> Result<Json> {
        TRILOBIT_CHECK(run.setModel(*model, control));
        TRILOBIT_TRY(const std::shared_ptr<const Engine> engine, engineFor(workspace, model, args, control));
        std::shared_ptr<const Engine> baseline;
        if (baselineModel) {
            TRILOBIT_TRY(baseline, engineFor(workspace, baselineModel, args, control));
        }
        TRILOBIT_TRY(const PerplexityResult measured,
                     perplexity(*engine, baseline.get(), text, options, control, [&](std::int64_t chunk, double ppl) {
                         if (events)
                             events(Json::object({{"event", "chunk"}, {"chunk", chunk}, {"ppl", ppl}}));
                     }));
        Json out = Json::object({{"ppl", measured.ppl},
                                 {"ppl_stderr", measured.pplStderr},
                                 {"tokens", measured.tokens},
                                 {"chunks", measured.chunks},
                                 {"ctx", options.contextLength},
                                 {"protocol", "llama.cpp"},
                                 {"path", measured.path},
                                 {"threads", engine->threads()},
                                 {"seconds", measured.seconds}});
        if (measured.kl) {
            out.set("kl_mean", measured.kl->mean);
            out.set("kl_stderr", measured.kl->standardError);
            out.set("kl_median", measured.kl->median);
            out.set("kl_p99", measured.kl->p99);
            out.set("kl_max", measured.kl->max);
            out.set("top1_agreement", measured.kl->top1Agreement);
            out.set("baseline_ppl", measured.kl->baselinePpl);
            out.set("baseline_path", measured.kl->baselinePath);
        }
        return out;
    };
    return recordRun(workspace, "perplexity", args,
                     {"ppl", "ppl_stderr", "tokens", "chunks", "ctx", "protocol", "path", "threads", "kl_mean",
                      "kl_stderr", "kl_median", "kl_p99", "kl_max", "top1_agreement", "baseline_ppl"},
                     work);
}

std::string perplexityText(const Json& result) {
    std::string out = "perplexity " + numberText(result["ppl"].toDouble(), 4) + " +/- "
                      + numberText(result["ppl_stderr"].toDouble(), 4) + " over " + result["tokens"].dump() + " tokens ("
                      + result["chunks"].dump() + " chunks of " + result["ctx"].dump() + ", " + result["path"].toString()
                      + " path, " + numberText(result["seconds"].toDouble(), 1) + " s)\n";
    if (result.contains("kl_mean"))
        out += "KL to the baseline (perplexity " + numberText(result["baseline_ppl"].toDouble(), 4) + "): mean "
               + numberText(result["kl_mean"].toDouble(), 6) + " +/- " + numberText(result["kl_stderr"].toDouble(), 6)
               + ", median " + numberText(result["kl_median"].toDouble(), 6) + ", 99 % "
               + numberText(result["kl_p99"].toDouble(), 4) + ", max " + numberText(result["kl_max"].toDouble(), 4)
               + " nats; same best token " + numberText(result["top1_agreement"].toDouble() * 100, 2) + " %\n";
    return out;
}

} // namespace

std::vector<CommandSpec> measureVerbs() {
    return {
        {"perplexity",
         "perplexity of a text by llama.cpp's protocol, and KL divergence from a baseline model",
         {modelArg(),
          {"text", {"-f", "--text"}, ArgType::Path, true, "the text file", {}},
          {"ctx", {"--ctx"}, ArgType::Integer, false, "tokens per chunk (512)", {}},
          {"chunks", {"--chunks"}, ArgType::Integer, false, "only so many chunks; 0 is all (0)", {}},
          {"protocol", {"--protocol"}, ArgType::Text, false, "how the text is cut and scored", {"llama.cpp"}},
          {"baseline", {"--baseline"}, ArgType::Path, false, "the model to measure KL against", {}},
          activationsArg(), cacheArg()},
         runPerplexity,
         perplexityText,
         [](const Json& event) {
             return event["event"].toString() == "chunk"
                        ? "chunk " + event["chunk"].dump() + ": " + numberText(event["ppl"].toDouble(), 4)
                        : std::string();
         }},
    };
}

} // namespace trilobit
