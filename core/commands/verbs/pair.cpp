// pair: a full-precision model, its 1.58-bit sister, and the first one rounded to three values as it is, on one prompt.
#include "core/chat/chatsession.h"
#include "core/commands/presets.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/corpus/talkcorpus.h"
#include "core/corpus/tokenstream.h"
#include "core/eval/documentperplexity.h"

#include <algorithm>
#include <string_view>

namespace trilobit {

namespace {

constexpr std::int64_t kTalks = 60, kStories = 20; // of the held-out half; about 10 000 tokens
constexpr std::int64_t kAnswerTokens = 160;
constexpr std::string_view kRounded = "ternary-rounded"; // what a quantizer makes of a model that was not trained for it

Result<std::vector<ScoredDocument>> heldOutDocuments(const Tokenizer& tokenizer, bool answersOnly, RunControl& control) {
    TRILOBIT_TRY(const std::vector<Document> documents, makeTalkCorpus({.seed = 2, .talks = kTalks, .stories = kStories, .split = Split::HeldOut}, control));
    std::vector<ScoredDocument> out;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        TRILOBIT_TRY(EncodedDocument encoded, TokenStream::encode(tokenizer, documents[i], i + 1));
        if (!answersOnly)
            out.push_back({std::move(encoded.ids), {}});
        else if (documents[i].isChat())
            out.push_back({std::move(encoded.ids), std::move(encoded.answer)});
    }
    return out;
}

Result<Json> measureOne(Workspace& workspace, const std::shared_ptr<const Model>& model, const std::string& what,
                        const std::string& prompt, const Json& args, RunControl& control) {
    if (!model->tokenizer())
        return fail(ErrorCode::Unsupported, "this model has no tokenizer: " + model->tokenizerNote());
    TRILOBIT_TRY(const std::shared_ptr<const Engine> engine, engineFor(workspace, model, args, control));
    TRILOBIT_TRY(const std::shared_ptr<ChatSession> chat, ChatSession::create(engine, 0));
    GenerateOptions options;
    options.maxTokens = kAnswerTokens;
    const ChatMessage message{"user", prompt};
    TRILOBIT_TRY(const ChatReply reply, chat->reply({&message, 1}, {}, options, control));
    TRILOBIT_TRY(const auto documents, heldOutDocuments(*model->tokenizer(), false, control));
    TRILOBIT_TRY(const DocumentPerplexity measured, documentPerplexity(*engine, documents, control));
    TRILOBIT_TRY(const auto talks, heldOutDocuments(*model->tokenizer(), true, control));
    TRILOBIT_TRY(const DocumentPerplexity answers, documentPerplexity(*engine, talks, control));
    return Json::object({{"what", what},
                         {"name", model->config().name},
                         {"bytes", model->tensorBytes()},
                         {"bits_per_weight", model->bitsPerWeight()},
                         {"answer", reply.generated.text},
                         {"decode_tps", reply.generated.decodeTps},
                         {"heldout_ppl", measured.ppl},
                         {"heldout_tokens", measured.tokens},
                         {"answers_ppl", answers.ppl},
                         {"answer_tokens", answers.tokens},
                         {"path", engine->pathDescription()}});
}

Result<Json> runPair(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> full, modelFrom(workspace, args));
    TRILOBIT_TRY(const std::shared_ptr<const Model> ternary, modelFrom(workspace, args, "ternary"));
    const std::string prompt = args["prompt"].toString("Tell me a story about a fox.");
    const auto work = [&](RunRecorder& run) -> Result<Json> {
        TRILOBIT_CHECK(run.setModel(*full, control));
        const auto& all = presets();
        const auto preset = std::find_if(all.begin(), all.end(), [](const Preset& p) { return p.name == kRounded; });
        if (preset == all.end())
            return fail(ErrorCode::Internal, "the preset " + std::string(kRounded) + " is missing");
        TRILOBIT_TRY(const QuantizedModel naive, quantizeModel(full, preset->recipe, workspace.quantServices(), control));
        Json models = Json::array();
        TRILOBIT_TRY(Json first, measureOne(workspace, full, "full precision", prompt, args, control));
        TRILOBIT_TRY(Json second, measureOne(workspace, ternary, "trained for 1.58 bits", prompt, args, control));
        TRILOBIT_TRY(Json third, measureOne(workspace, naive.model, "rounded without training", prompt, args, control));
        for (Json* model : {&first, &second, &third})
            models.push(std::move(*model));
        return Json::object({{"prompt", prompt}, {"models", models}});
    };
    return recordRun(workspace, "pair", args, {"prompt", "models"}, work);
}

std::string pairText(const Json& result) {
    std::vector<std::vector<std::string>> rows{{"model", "size", "bits/weight", "tokens/s", "held-out perplexity", "of its answers"}};
    std::string answers = "Prompt: " + result["prompt"].toString() + "\n\n";
    for (const Json& m : result["models"].items()) {
        rows.push_back({m["what"].toString(), bytesText(m["bytes"].toUInt()), numberText(m["bits_per_weight"].toDouble(), 2),
                        numberText(m["decode_tps"].toDouble(), 0), numberText(m["heldout_ppl"].toDouble(), 2),
                        numberText(m["answers_ppl"].toDouble(), 2)});
        answers += m["what"].toString() + ":\n  " + m["answer"].toString() + "\n\n";
    }
    return answers + textTable(rows)
           + "\nA model keeps its language in three values only when it was trained for them. Rounding a finished one to them "
             "without training does not.\n";
}

} // namespace

std::vector<CommandSpec> pairVerbs() {
    return {{"pair",
             "a model, its sister trained for 1.58 bits, and the first one rounded to three values as it is, on one prompt",
             {modelArg(),
              {"ternary", {}, ArgType::Path, true, "the sister", {}},
              {"prompt", {"-p", "--prompt"}, ArgType::Text, false, "what to ask all three", {}},
              activationsArg(), cacheArg()},
             runPair,
             pairText}};
}

} // namespace trilobit
