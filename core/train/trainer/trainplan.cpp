#include "core/train/trainer/trainplan.h"

#include "core/train/fields.h"

#include <array>

namespace trilobit {

namespace {

constexpr std::array kArchitectures = {"llama", "bitnet-b1.58"};

Json shapeToJson(const ModelConfig& c) {
    return Json::object({{"architecture", c.architecture},
                         {"vocab", c.vocabSize},
                         {"hidden", c.hiddenSize},
                         {"layers", c.layers},
                         {"heads", c.heads},
                         {"kv_heads", c.kvHeads},
                         {"head_dim", c.headDim},
                         {"ffn", c.ffnSize},
                         {"context", c.contextLength},
                         {"rope_base", c.ropeBase},
                         {"rms_eps", c.rmsEps},
                         {"tied", c.tiedOutput}});
}

Result<ModelConfig> shapeFromJson(const Json& json) {
    ModelConfig c;
    const Fields fields(json, "shape");
    TRILOBIT_CHECK(fields.only({"architecture", "vocab", "hidden", "layers", "heads", "kv_heads", "head_dim", "ffn", "context",
                                "rope_base", "rms_eps", "tied"}));
    TRILOBIT_TRY(const std::size_t architecture, fields.oneOf("architecture", kArchitectures, 0));
    c.architecture = kArchitectures[architecture];
    c.vocabSize = 2048;
    c.hiddenSize = 256;
    c.layers = 4;
    c.heads = 4;
    c.ffnSize = 768;
    c.contextLength = 512;
    c.tiedOutput = true;
    TRILOBIT_CHECK(fields.integer("vocab", 2, 1 << 20, c.vocabSize));
    TRILOBIT_CHECK(fields.integer("hidden", 8, 16384, c.hiddenSize));
    TRILOBIT_CHECK(fields.integer("layers", 1, 256, c.layers));
    TRILOBIT_CHECK(fields.integer("heads", 1, 256, c.heads));
    c.kvHeads = c.heads;
    TRILOBIT_CHECK(fields.integer("kv_heads", 1, c.heads, c.kvHeads));
    TRILOBIT_CHECK(fields.integer("ffn", 8, 65536, c.ffnSize));
    TRILOBIT_CHECK(fields.integer("context", 8, 1 << 20, c.contextLength));
    TRILOBIT_CHECK(fields.real("rope_base", 1, 1e9, c.ropeBase));
    TRILOBIT_CHECK(fields.real("rms_eps", 1e-12, 1, c.rmsEps));
    TRILOBIT_CHECK(fields.flag("tied", c.tiedOutput));
    c.headDim = c.hiddenSize / c.heads;
    TRILOBIT_CHECK(fields.integer("head_dim", 2, 1024, c.headDim));
    if (c.heads % c.kvHeads != 0)
        return fields.bad("kv_heads", "must divide the " + std::to_string(c.heads) + " heads");
    if (c.headDim % 2 != 0)
        return fields.bad("head_dim", "must be even, because rotary positions turn pairs");
    c.ropeDim = c.headDim;
    c.rope = RopeKind::SplitHalves;
    if (c.architecture == "bitnet-b1.58") {
        c.subNorms = true;
        c.activation = Activation::Relu2;
        c.activationQuant = ActivationQuant::Int8PerToken;
    }
    return c;
}

} // namespace

Json trainPlanToJson(const TrainPlan& p) {
    return Json::object(
        {{"name", p.name},
         {"shape", shapeToJson(p.shape)},
         {"scheme", p.scheme},
         {"scheme_settings", p.schemeSettings},
         {"schedule", scheduleToJson(p.schedule)},
         {"optimizer", Json::object({{"beta1", p.adam.beta1}, {"beta2", p.adam.beta2}, {"eps", p.adam.eps}, {"clip", p.clipNorm}})},
         {"batch", p.batch},
         {"time", p.time},
         {"seed", p.seed},
         {"answers_only", p.answersOnly},
         {"distill", Json::object({{"cross_entropy", p.distill.crossEntropy},
                                   {"kl", p.distill.kl},
                                   {"temperature", p.distill.temperature},
                                   {"features", p.distill.features},
                                   {"blocks", p.distill.blocks}})},
         {"minutes", p.minutes},
         {"checkpoint_minutes", p.checkpointMinutes},
         {"evaluate_every", p.evaluateEvery},
         {"evaluate_batches", p.evaluateBatches},
         {"sample_every", p.sampleEvery},
         {"sample_prompt", p.samplePrompt},
         {"ternary_encoding", p.ternaryEncoding},
         {"float_encoding", p.floatEncoding}});
}

Result<TrainPlan> trainPlanFromJson(const Json& json) {
    TrainPlan p;
    const Fields fields(json, "plan");
    TRILOBIT_CHECK(fields.only({"name", "shape", "scheme", "scheme_settings", "schedule", "optimizer", "batch", "time", "seed",
                                "answers_only", "distill", "minutes", "checkpoint_minutes", "evaluate_every",
                                "evaluate_batches", "sample_every", "sample_prompt", "ternary_encoding", "float_encoding"}));
    TRILOBIT_CHECK(fields.text("name", p.name));
    TRILOBIT_TRY(p.shape, shapeFromJson(json["shape"]));
    TRILOBIT_CHECK(fields.text("scheme", p.scheme));
    if (json.contains("scheme_settings"))
        p.schemeSettings = json["scheme_settings"];
    TRILOBIT_TRY(p.schedule, scheduleFromJson(json["schedule"]));
    const Fields optimizer(json["optimizer"], "optimizer");
    TRILOBIT_CHECK(optimizer.only({"beta1", "beta2", "eps", "clip"}));
    TRILOBIT_CHECK(optimizer.real("beta1", 0, 0.9999999, p.adam.beta1));
    TRILOBIT_CHECK(optimizer.real("beta2", 0, 0.9999999, p.adam.beta2));
    TRILOBIT_CHECK(optimizer.real("eps", 1e-20, 1, p.adam.eps));
    TRILOBIT_CHECK(optimizer.real("clip", 0, 1e6, p.clipNorm));
    TRILOBIT_CHECK(fields.integer("batch", 1, 4096, p.batch));
    TRILOBIT_CHECK(fields.integer("time", 2, 65536, p.time));
    std::int64_t seed = 1;
    TRILOBIT_CHECK(fields.integer("seed", 0, INT64_MAX, seed));
    p.seed = static_cast<std::uint64_t>(seed);
    TRILOBIT_CHECK(fields.flag("answers_only", p.answersOnly));
    const Fields distill(json["distill"], "distill");
    TRILOBIT_CHECK(distill.only({"cross_entropy", "kl", "temperature", "features", "blocks"}));
    TRILOBIT_CHECK(distill.real("cross_entropy", 0, 1000, p.distill.crossEntropy));
    TRILOBIT_CHECK(distill.real("kl", 0, 1000, p.distill.kl));
    TRILOBIT_CHECK(distill.real("temperature", 0.01, 100, p.distill.temperature));
    TRILOBIT_CHECK(distill.real("features", 0, 1000, p.distill.features));
    TRILOBIT_CHECK(distill.real("blocks", 0, 1, p.distill.blocks));
    TRILOBIT_CHECK(fields.real("minutes", 0, 1e6, p.minutes));
    TRILOBIT_CHECK(fields.real("checkpoint_minutes", 0, 1e6, p.checkpointMinutes));
    TRILOBIT_CHECK(fields.integer("evaluate_every", 0, 1'000'000'000, p.evaluateEvery));
    TRILOBIT_CHECK(fields.integer("evaluate_batches", 1, 1'000'000, p.evaluateBatches));
    TRILOBIT_CHECK(fields.integer("sample_every", 0, 1'000'000'000, p.sampleEvery));
    TRILOBIT_CHECK(fields.text("sample_prompt", p.samplePrompt));
    static constexpr std::array kTernary = {"TQ2_0", "I2_S"};
    static constexpr std::array kFloat = {"F16", "BF16", "F32"};
    TRILOBIT_TRY(const std::size_t ternary, fields.oneOf("ternary_encoding", kTernary, 0));
    TRILOBIT_TRY(const std::size_t floats, fields.oneOf("float_encoding", kFloat, 0));
    p.ternaryEncoding = kTernary[ternary];
    p.floatEncoding = kFloat[floats];
    return p;
}

} // namespace trilobit
