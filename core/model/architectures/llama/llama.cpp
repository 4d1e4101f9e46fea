// Llama 1 to 3 and what shares its graph: Mistral (a sliding window), Falcon3.
#include "core/model/configkeys.h"
#include "core/model/decodertensors.h"
#include "core/model/hfconfig.h"

namespace trilobit {

namespace {

constexpr std::int64_t kMistralWindow = 4096; ///< when config.json does not say it

Result<void> configure(const Metadata& metadata, ModelConfig& config) {
    const ConfigKeys keys(metadata, config.architecture);
    if (metadata.toInt(keys.key("expert_count"), 0) > 0)
        return Error{ErrorCode::Unsupported, "the model is a mixture of experts, which this program does not run for "
                     "the llama architecture", {}, keys.key("expert_count")};
    TRILOBIT_TRY(config.slidingWindow, keys.sizeOrNone("attention.sliding_window", std::int64_t{1} << 32));
    if (config.slidingWindow > 0)
        config.layerTraits.assign(static_cast<std::size_t>(config.layers), {.sliding = true});
    return {};
}

Result<void> fromHf(const Json& hf, Metadata& metadata) {
    TRILOBIT_CHECK(wantHfActivation(hf, {"silu"}, "llama"));
    if (hf["model_type"].toString() != "mistral")
        return {};
    const Json& window = hf["sliding_window"];
    const bool said = hf.contains("sliding_window");
    if (said && window.isNull())
        return {};
    TRILOBIT_TRY(const std::uint32_t size, hfSize(hf, "sliding_window", kMistralWindow));
    metadata.set("llama.attention.sliding_window", MetaValue::u32(size));
    return {};
}

void toHf(const ModelConfig& config, Json& hf) {
    const bool mistral = config.slidingWindow > 0;
    hf.set("model_type", mistral ? "mistral" : "llama");
    hf.set("architectures", Json(Json::Array{Json(mistral ? "MistralForCausalLM" : "LlamaForCausalLM")}));
    hf.set("hidden_act", "silu");
    if (mistral)
        hf.set("sliding_window", config.slidingWindow);
}

} // namespace

std::vector<Architecture> llamaArchitectures() {
    Architecture a;
    a.names = {"llama"};
    a.hfModelTypes = {"llama", "mistral"};
    a.nameForHf = "llama";
    a.ggufRope = RopeKind::Interleaved;
    a.tensors = llamaTensors();
    a.configure = configure;
    a.fromHf = fromHf;
    a.toHf = toHf;
    return {a};
}

} // namespace trilobit
