// Granite 3: llama with four multipliers.
#include "core/model/configkeys.h"
#include "core/model/decodertensors.h"
#include "core/model/hfconfig.h"

namespace trilobit {

namespace {

Result<void> configure(const Metadata& metadata, ModelConfig& config) {
    const ConfigKeys keys(metadata, config.architecture);
    TRILOBIT_TRY(config.embeddingScale, keys.positive("embedding_scale", 1));
    TRILOBIT_TRY(config.residualScale, keys.positive("residual_scale", 1));
    if (keys.has("attention.scale")) {
        TRILOBIT_TRY(config.attentionScale, keys.positive("attention.scale", 1));
    }
    TRILOBIT_TRY(const double divisor, keys.positive("logit_scale", 1));
    config.logitScale = 1 / divisor;
    return {};
}

Result<void> fromHf(const Json& hf, Metadata& metadata) {
    TRILOBIT_CHECK(wantHfActivation(hf, {"silu"}, "Granite"));
    const std::pair<const char*, const char*> fields[] = {{"embedding_multiplier", "granite.embedding_scale"},
                                                          {"residual_multiplier", "granite.residual_scale"},
                                                          {"attention_multiplier", "granite.attention.scale"},
                                                          {"logits_scaling", "granite.logit_scale"}};
    for (const auto& [field, key] : fields) {
        TRILOBIT_TRY(const double value, hfPositive(hf, field, 1));
        metadata.set(key, MetaValue::f32(static_cast<float>(value)));
    }
    return {};
}

void toHf(const ModelConfig& config, Json& hf) {
    hf.set("model_type", "granite");
    hf.set("architectures", Json(Json::Array{Json("GraniteForCausalLM")}));
    hf.set("hidden_act", "silu");
    hf.set("embedding_multiplier", asWritten(config.embeddingScale));
    hf.set("residual_multiplier", asWritten(config.residualScale));
    hf.set("logits_scaling", asWritten(1 / config.logitScale));
    if (config.attentionScale > 0)
        hf.set("attention_multiplier", asWritten(config.attentionScale));
}

} // namespace

std::vector<Architecture> graniteArchitectures() {
    Architecture a;
    a.names = {"granite"};
    a.hfModelTypes = {"granite"};
    a.nameForHf = "granite";
    a.ggufRope = RopeKind::Interleaved;
    a.tensors = llamaTensors();
    a.configure = configure;
    a.fromHf = fromHf;
    a.toHf = toHf;
    return {a};
}

} // namespace trilobit
