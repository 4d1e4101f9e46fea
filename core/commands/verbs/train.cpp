// train: a model from data, or an existing one made better; and recorded runs repeated.
#include "core/base/machine.h"
#include "core/base/jsonfile.h"
#include "core/base/safefile.h"
#include "core/base/steering.h"
#include "core/chat/chatprompt.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/corpus/bpetrainer.h"
#include "core/corpus/chatformat.h"
#include "core/engine/generate.h"
#include "core/model/modelwriter.h"
#include "core/tokenizer/tokenizerfiles.h"
#include "core/train/exporting/adapter.h"
#include "core/train/presets/trainpresets.h"
#include "core/train/replay/replay.h"
#include "core/train/trainer/streambatches.h"

#include <cmath>
#include <filesystem>

namespace trilobit {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTokenizerText = std::size_t{24} << 20; // enough for the counts of a small vocabulary
constexpr std::int64_t kSampleTokens = 60;
constexpr std::size_t kMaxCommandBytes = std::size_t{1} << 20;

Json doublesToJson(const std::vector<double>& values) {
    Json out = Json::array();
    for (const double value : values)
        out.push(value);
    return out;
}

int threadsOf(const Workspace& workspace) { return workspace.threads > 0 ? workspace.threads : defaultThreads(); }

// ---- replay

Result<Json> runReplay(Workspace& workspace, const Json& args, RunControl& control) {
    const ReplayOptions options{args["double"].toBool(), args["run"].toString(), threadsOf(workspace)};
    TRILOBIT_TRY(const std::vector<ReplayRun> runs, replayTraining(args["replay"].toString(), options, control));
    Json all = Json::object();
    for (const ReplayRun& run : runs)
        if (!run.name.empty())
            all.set(run.name, Json::object({{"losses", doublesToJson(run.losses)},
                                            {"grad_norms", doublesToJson(run.gradNorms)},
                                            {"clip_scales", doublesToJson(run.clipScales)},
                                            {"loss_batch1_after", run.lossBatch1After}}));
    const ReplayRun& first = runs.front();
    Json out = Json::object({{"run", first.name},
                             {"precision", options.inDouble ? "double" : "float"},
                             {"losses", doublesToJson(first.losses)},
                             {"grad_norms", doublesToJson(first.gradNorms)},
                             {"clip_scales", doublesToJson(first.clipScales)},
                             {"loss_batch1_after", first.lossBatch1After}});
    if (!all.members().empty())
        out.set("runs", std::move(all));
    return out;
}

// ---- data and vocabulary

Result<std::shared_ptr<const Tokenizer>> trainTokenizer(const std::vector<Document>& documents, std::int64_t size,
                                                        RunControl& control) {
    std::vector<std::string_view> texts;
    std::size_t bytes = 0;
    for (const Document& document : documents) {
        if (bytes > kTokenizerText)
            break;
        if (!document.isChat())
            texts.push_back(document.text);
        for (const CorpusMessage& message : document.messages)
            texts.push_back(message.text);
        bytes += document.text.size();
        for (const CorpusMessage& message : document.messages)
            bytes += message.text.size();
    }
    BpeTraining training;
    training.vocabSize = static_cast<std::size_t>(size);
    training.specialTokens = chatSpecialTokens();
    TRILOBIT_TRY(TokenizerData data, trainBpe(texts, training, control));
    TRILOBIT_CHECK(applyChatFormat(data));
    return makeTokenizer(std::move(data));
}

struct Prepared {
    TrainInputs inputs;
    TrainPlan plan;
    std::uint64_t trainingTokens = 0;
};

Result<std::shared_ptr<const BatchSource>> batchesOf(const Tokenizer& tokenizer, const std::vector<Document>& documents,
                                                     const TrainPlan& plan, std::uint64_t* tokens, RunControl& control) {
    TokenStreamOptions options;
    options.time = static_cast<std::size_t>(plan.time);
    options.seed = plan.seed;
    options.answersOnly = plan.answersOnly;
    TRILOBIT_TRY(TokenStream stream, TokenStream::create(tokenizer, documents, options, control));
    if (tokens)
        *tokens = stream.ids().size();
    return std::shared_ptr<const BatchSource>(std::make_shared<StreamBatches>(std::move(stream)));
}

Result<TrainPlan> planFrom(const Json& args) {
    TRILOBIT_TRY(TrainPlan plan, trainPlanNamed(args["recipe"].toString("small-b1.58")));
    if (args.contains("shape")) {
        Json whole = trainPlanToJson(plan);
        whole.set("shape", args["shape"]);
        TRILOBIT_TRY(plan, trainPlanFromJson(whole));
    }
    if (args.contains("minutes")) {
        plan.minutes = args["minutes"].toDouble();
        if (!(plan.minutes > 0))
            return fail(ErrorCode::Usage, "--minutes must be above 0");
    }
    if (args.contains("steps")) {
        plan.schedule.steps = args["steps"].toInt();
        plan.minutes = 0;
        if (plan.schedule.steps < 1)
            return fail(ErrorCode::Usage, "--steps must be 1 or more");
        plan.schedule.warmup = std::min(plan.schedule.warmup, plan.schedule.steps / 10);
    }
    if (args.contains("seed"))
        plan.seed = args["seed"].toUInt();
    if (args.contains("peak")) {
        plan.schedule.peak = args["peak"].toDouble();
        if (!(plan.schedule.peak > 0 && plan.schedule.peak <= 1))
            return fail(ErrorCode::Usage, "--peak: the learning rate must be above 0 and at most 1");
        plan.schedule.floor = std::min(plan.schedule.floor, plan.schedule.peak);
    }
    const auto whole = [&args](const char* key, const char* flag, std::int64_t low, std::int64_t high,
                               std::int64_t& out) -> Result<void> {
        if (!args.contains(key))
            return {};
        out = args[key].toInt();
        if (out < low || out > high)
            return fail(ErrorCode::Usage, std::string(flag) + " must be " + std::to_string(low) + " to " + std::to_string(high));
        return {};
    };
    TRILOBIT_CHECK(whole("batch", "--batch", 1, 4096, plan.batch));
    TRILOBIT_CHECK(whole("time", "--row", 2, 65536, plan.time));
    TRILOBIT_CHECK(whole("look_every", "--look-every", 0, 1'000'000'000, plan.evaluateEvery));
    TRILOBIT_CHECK(whole("sample_every", "--sample-every", 0, 1'000'000'000, plan.sampleEvery));
    if (args.contains("sample_prompt"))
        plan.samplePrompt = args["sample_prompt"].toString();
    if (args.contains("name"))
        plan.name = args["name"].toString();
    return plan;
}

Result<Prepared> prepare(Workspace& workspace, const Json& args, RunControl& control) {
    Prepared p;
    TRILOBIT_TRY(p.plan, planFrom(args));
    if (!args.contains("data"))
        return fail(ErrorCode::Usage, "--data is missing: a text file, or chats as JSONL");
    control.progress(0, 1, "reading the data");
    TRILOBIT_TRY(const std::vector<Document> documents, readDocuments(args["data"].toString(), control));
    if (args.contains("model")) {
        TRILOBIT_TRY(p.inputs.base, modelFrom(workspace, args));
        p.inputs.tokenizer = p.inputs.base->tokenizer();
        if (!p.inputs.tokenizer)
            return fail(ErrorCode::Unsupported, "this model has no tokenizer: " + p.inputs.base->tokenizerNote());
        if (p.plan.name.empty() || args["name"].isNull())
            p.plan.name = p.inputs.base->config().name + " (" + p.plan.scheme + ")";
    } else if (args.contains("tokenizer")) {
        TRILOBIT_TRY(p.inputs.tokenizer, loadTokenizer(args["tokenizer"].toString()));
    } else {
        control.progress(0, 1, "learning the vocabulary");
        TRILOBIT_TRY(p.inputs.tokenizer, trainTokenizer(documents, p.plan.shape.vocabSize, control));
    }
    if (!p.inputs.base) {
        p.plan.shape.vocabSize = p.inputs.tokenizer->vocabSize();
        tokenizerDataToGguf(p.inputs.tokenizer->data(), p.inputs.tokenizerMetadata);
    }
    if (args.contains("teacher")) {
        TRILOBIT_TRY(p.inputs.teacher, modelFrom(workspace, args, "teacher"));
    }
    control.progress(0, 1, "encoding the data");
    TRILOBIT_TRY(p.inputs.training, batchesOf(*p.inputs.tokenizer, documents, p.plan, &p.trainingTokens, control));
    if (args.contains("heldout")) {
        TRILOBIT_TRY(const std::vector<Document> heldOut, readDocuments(args["heldout"].toString(), control));
        TRILOBIT_TRY(p.inputs.heldOut, batchesOf(*p.inputs.tokenizer, heldOut, p.plan, nullptr, control));
    }
    return p;
}

// ---- a run

Result<std::string> sampleText(const std::shared_ptr<const Model>& model, const std::string& prompt, int threads,
                               RunControl& control) {
    TRILOBIT_TRY(const auto engine, Engine::create(model, {threads, ActivationPath::Auto}, control));
    const ChatMessage message{"user", prompt};
    const ChatPrompt rendered = renderChatPrompt(*model->tokenizer(), {&message, 1}, {});
    if (rendered.ids.empty())
        return std::string();
    TRILOBIT_TRY(const auto session, engine->newSession(static_cast<std::int64_t>(rendered.ids.size()) + kSampleTokens + 1));
    GenerateOptions options;
    options.maxTokens = kSampleTokens;
    TRILOBIT_TRY(const GenerateResult made, generate(*session, rendered.ids, options, control));
    return made.text;
}

Json countsToJson(const std::vector<std::uint64_t>& counts) {
    Json out = Json::array();
    for (const std::uint64_t count : counts)
        out.push(count);
    return out;
}

/// So that the folder alone says how to go on.
Result<void> writeCommand(const std::string& path, const Json& args) {
    return writeFileSafely(path, Command{"train", args}.toJson().dump(1) + "\n");
}

/// Resuming without data: the arguments that the run in the folder was started with.
Result<Json> startedWith(const std::string& path, const Json& args) {
    TRILOBIT_TRY(const Json json, readJsonFile(path, kMaxCommandBytes));
    const auto command = Command::fromJson(json);
    if (!command)
        return located(command.error(), path);
    if (command->verb != "train")
        return Error{ErrorCode::Format, "is no command that trains", path};
    Json all = command->args;
    all.set("resume", true).set("output", args["output"]);
    return all;
}

Json pointToJson(const TrainPoint& p) {
    return Json::object({{"event", "step"},
                         {"step", p.step},
                         {"steps", p.steps},
                         {"loss", p.loss},
                         {"smoothed_loss", p.smoothedLoss},
                         {"lr", p.learningRate},
                         {"grad_norm", p.gradNorm},
                         {"lambda", p.lambda},
                         {"blocks", p.blocks},
                         {"tokens_per_second", p.tokensPerSecond},
                         {"seconds_left", p.secondsLeft}});
}

TrainObserver observerFor(const EventSink& events, const TrainPlan& plan, int threads, RunControl& control) {
    TrainObserver observer;
    if (!events)
        return observer;
    observer.onStep = [events](const TrainPoint& point) { events(pointToJson(point)); };
    observer.onEvaluation = [events](std::int64_t step, double loss) {
        events(Json::object({{"event", "heldout"}, {"step", step}, {"loss", loss}, {"ppl", std::exp(loss)}}));
    };
    observer.onShares = [events](std::int64_t step, const std::vector<TernaryShares>& shares) {
        Json list = Json::array();
        for (const TernaryShares& s : shares)
            list.push(Json::object({{"tensor", s.tensor}, {"minus", s.minus}, {"zero", s.zero}, {"plus", s.plus},
                                    {"flipped", s.flippedPerStep}}));
        events(Json::object({{"event", "shares"}, {"step", step}, {"tensors", list}}));
    };
    observer.onSnapshot = [events, prompt = plan.samplePrompt, threads, &control](std::int64_t step, const auto& model) {
        if (!model->tokenizer())
            return;
        const auto text = sampleText(model, prompt, threads, control);
        if (text)
            events(Json::object({{"event", "sample"}, {"step", step}, {"prompt", prompt}, {"text", *text}}));
    };
    observer.onWeights = [events](std::int64_t step, const LatentHistogram& h) {
        events(Json::object({{"event", "weights"}, {"step", step}, {"tensor", h.tensor}, {"unit", h.unit}, {"low", h.low},
                             {"high", h.high}, {"ternary", h.ternary}, {"minus", countsToJson(h.minus)},
                             {"zero", countsToJson(h.zero)}, {"plus", countsToJson(h.plus)}}));
    };
    if (SteeredControl* steering = steeringOf(control)) {
        observer.isPaused = [steering] { return steering->isPaused(); };
        observer.weightsAsked = [steering] { return steering->takeRequest(); };
    }
    observer.onCheckpoint = [events](const std::string& path) {
        events(Json::object({{"event", "checkpoint"}, {"path", path}}));
    };
    return observer;
}

Result<Json> runTraining(Workspace& workspace, const Json& given, RunControl& control, const EventSink& events) {
    const std::string folder = given["output"].toString();
    if (folder.empty())
        return fail(ErrorCode::Usage, "-o FOLDER is missing: where checkpoint and model go");
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return Error{ErrorCode::Io, "cannot be made: " + error.message(), folder};
    const std::string checkpoint = (fs::path(folder) / "checkpoint.safetensors").string();
    const std::string modelPath = (fs::path(folder) / "model.gguf").string();
    const std::string commandPath = (fs::path(folder) / "command.json").string();
    const bool resume = given["resume"].toBool();
    Json args = given;
    if (resume && !given.contains("data")) {
        TRILOBIT_TRY(args, startedWith(commandPath, given));
    }
    if (fs::exists(checkpoint) && !resume)
        return Error{ErrorCode::Usage, "there is a checkpoint of an earlier run; give --resume to go on, or another folder",
                     checkpoint};
    TRILOBIT_TRY(Prepared prepared, prepare(workspace, args, control));
    if (!resume)
        TRILOBIT_CHECK(writeCommand(commandPath, args));
    if (events)
        events(Json::object({{"event", "data"}, {"training_tokens", prepared.trainingTokens},
                             {"vocabulary", prepared.inputs.tokenizer->vocabSize()}}));
    const int threads = threadsOf(workspace);
    const auto work = [&](RunRecorder& run) -> Result<Json> {
        run.setSeed(prepared.plan.seed);
        if (prepared.inputs.base)
            TRILOBIT_CHECK(run.setModel(*prepared.inputs.base, control));
        TRILOBIT_TRY(const auto trainer,
                     Trainer::create(prepared.plan, prepared.inputs, workspace.encodings, threads, control));
        if (resume && fs::exists(checkpoint))
            TRILOBIT_CHECK(trainer->resume(checkpoint));
        else if (args.contains("from"))
            TRILOBIT_CHECK(trainer->continueFrom(args["from"].toString()));
        if (events && trainer->stepsDone() > 0)
            events(Json::object({{"event", "curves"}, {"step", trainer->stepsDone()}, {"curves", trainCurvesToJson(trainer->curves())}}));
        TRILOBIT_TRY(const TrainResult result,
                     trainer->run(checkpoint, observerFor(events, prepared.plan, threads, control), control));
        RunControl always; // what was stopped is kept
        TRILOBIT_CHECK(writeModelGguf(*result.model, modelPath, always));
        TRILOBIT_CHECK(run.addArtefact(modelPath, always));
        const std::string adapterPath = (fs::path(folder) / "adapter.gguf").string();
        const bool adapter = trainer->decoder().scheme().adapterAlpha().has_value();
        if (adapter) {
            TRILOBIT_CHECK(writeLoraAdapter(trainer->decoder(), trainer->plan().name, adapterPath, always));
            TRILOBIT_CHECK(run.addArtefact(adapterPath, always));
        }
        const Json curves = trainCurvesToJson(result.curves);
        TRILOBIT_CHECK(writeFileSafely((fs::path(folder) / "run.json").string(),
                                       Json::object({{"plan", trainPlanToJson(trainer->plan())}, {"curves", curves}}).dump(1)));
        Json out = Json::object({{"losses", curves["loss"]},
                                 {"grad_norms", curves["grad_norm"]},
                                 {"steps", result.steps},
                                 {"final_loss", result.finalLoss},
                                 {"tokens_per_second", result.tokensPerSecond},
                                 {"seconds_trained", result.seconds},
                                 {"training_tokens", prepared.trainingTokens},
                                 {"checkpoint", checkpoint},
                                 {"model", modelPath},
                                 {"stopped", result.stopped},
                                 {"threads", threads},
                                 {"plan", trainPlanToJson(trainer->plan())},
                                 {"curves", curves}});
        if (adapter)
            out.set("adapter", adapterPath);
        if (prepared.inputs.heldOut) {
            out.set("heldout_loss", result.heldOutLoss);
            out.set("heldout_ppl", std::exp(result.heldOutLoss));
        }
        return out;
    };
    return recordRun(workspace, "train", args,
                     {"steps", "final_loss", "heldout_loss", "heldout_ppl", "tokens_per_second", "seconds_trained",
                      "training_tokens", "stopped", "threads", "plan", "curves"},
                     work);
}

Result<Json> runTrain(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    return args.contains("replay") ? runReplay(workspace, args, control) : runTraining(workspace, args, control, events);
}

std::string trainText(const Json& result) {
    if (result.contains("precision")) {
        std::vector<std::vector<std::string>> rows{{"step", "loss", "gradient norm"}};
        for (std::size_t i = 0; i < result["losses"].items().size(); ++i)
            rows.push_back({std::to_string(i + 1), numberText(result["losses"].items()[i].toDouble(), 8),
                            numberText(result["grad_norms"].items()[i].toDouble(), 8)});
        return textTable(rows);
    }
    std::string out = result["steps"].dump() + " steps at " + numberText(result["tokens_per_second"].toDouble(), 0)
                      + " tokens/s, loss " + numberText(result["final_loss"].toDouble(), 4);
    if (result.contains("heldout_ppl"))
        out += ", held-out perplexity " + numberText(result["heldout_ppl"].toDouble(), 3);
    return out + "\n" + result["model"].toString() + "\n";
}

std::string trainEventText(const Json& event) {
    const std::string kind = event["event"].toString();
    const std::string step = "step " + event["step"].dump() + ": ";
    if (kind == "heldout")
        return step + "held-out perplexity " + numberText(event["ppl"].toDouble(), 3);
    if (kind == "sample")
        return step + event["prompt"].dump() + " -> " + event["text"].dump();
    if (kind == "step" && event["step"].toInt() % 50 == 0)
        return step + (event["blocks"].toBool() ? "error of blocks " : "loss ")
               + numberText(event["smoothed_loss"].toDouble(), 4) + ", "
               + numberText(event["tokens_per_second"].toDouble(), 0) + " tokens/s, "
               + numberText(event["seconds_left"].toDouble() / 60, 1) + " min left";
    return {};
}

} // namespace

std::vector<CommandSpec> trainVerbs() {
    return {
        {"train",
         "trains a model from data, recovers a quantized one, or repeats a recorded run",
         {modelArg(false),
          {"replay", {"--replay"}, ArgType::Path, false, "repeat the recorded run of this folder", {}},
          {"run", {"--run"}, ArgType::Text, false, "with --replay: one run of several, by name", {}},
          {"double", {"--double"}, ArgType::Flag, false, "with --replay: in double precision", {}},
          {"recipe", {"--recipe"}, ArgType::Text, false, "a plan by name, or a .json file (small-b1.58)", {}},
          {"shape", {"--shape"}, ArgType::JsonText, false, "size of a new model: {\"hidden\": 256, \"layers\": 4, ...}", {}},
          {"data", {"--data"}, ArgType::Path, false, "text, or chats as JSONL", {}},
          {"heldout", {"--held-out"}, ArgType::Path, false, "data that is only measured on", {}},
          {"tokenizer", {"--tokenizer"}, ArgType::Path, false, "a vocabulary to use instead of one learned from the data", {}},
          {"teacher", {"--teacher"}, ArgType::Path, false, "the model to learn from (the start model itself)", {}},
          {"from", {"--from"}, ArgType::Path, false, "start with the weights of another run's checkpoint", {}},
          {"minutes", {"--minutes"}, ArgType::Real, false, "time for the whole run; the steps follow from the speed", {}},
          {"steps", {"--steps"}, ArgType::Integer, false, "length of the run in steps", {}},
          {"batch", {"--batch"}, ArgType::Integer, false, "rows of a step", {}},
          {"time", {"--row"}, ArgType::Integer, false, "tokens of a row", {}},
          {"peak", {"--peak"}, ArgType::Real, false, "highest learning rate", {}},
          {"seed", {"--seed"}, ArgType::Integer, false, "start weights and order of the data", {}},
          {"look_every", {"--look-every"}, ArgType::Integer, false, "steps between measurements; 0: none", {}},
          {"sample_every", {"--sample-every"}, ArgType::Integer, false, "steps between samples; 0: none", {}},
          {"sample_prompt", {"--sample-prompt"}, ArgType::Text, false, "what the samples answer", {}},
          {"name", {"--name"}, ArgType::Text, false, "what the model is called", {}},
          {"resume", {"--resume"}, ArgType::Flag, false, "go on from the checkpoint in the output folder; nothing else need be given", {}},
          {"output", {"-o", "--output"}, ArgType::OutputPath, false, "folder for checkpoint, curves and model", {}}},
         runTrain,
         trainText,
         trainEventText},
    };
}

} // namespace trilobit
