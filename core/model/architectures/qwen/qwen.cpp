// Qwen 2 (biases of q, k and v), Qwen 3 (norms of q and k) and Qwen 3 with experts.
#include "core/model/configkeys.h"
#include "core/model/decodertensors.h"
#include "core/model/hfconfig.h"

namespace trilobit {

namespace {

constexpr std::int64_t kMaxWindow = std::int64_t{1} << 32;

Result<void> readWindow(const ConfigKeys& keys, ModelConfig& config) {
    TRILOBIT_TRY(const auto sliding, keys.flags("attention.sliding_window_pattern", config.layers));
    if (!sliding)
        return {};
    TRILOBIT_TRY(config.slidingWindow, keys.size("attention.sliding_window", kMaxWindow));
    config.layerTraits.resize(static_cast<std::size_t>(config.layers));
    for (std::size_t i = 0; i < config.layerTraits.size(); ++i)
        config.layerTraits[i].sliding = (*sliding)[i];
    return {};
}

Result<void> configureQwen2(const Metadata& metadata, ModelConfig& config) {
    return readWindow(ConfigKeys(metadata, config.architecture), config);
}

Result<void> configureQwen3(const Metadata& metadata, ModelConfig& config) {
    config.qkNorm = QkNorm::PerHead;
    return readWindow(ConfigKeys(metadata, config.architecture), config);
}

Result<void> configureMoe(const Metadata& metadata, ModelConfig& config) {
    const ConfigKeys keys(metadata, config.architecture);
    TRILOBIT_TRY(config.experts.count, keys.size("expert_count", 65'536));
    TRILOBIT_TRY(config.experts.used, keys.size("expert_used_count", config.experts.count));
    TRILOBIT_TRY(config.experts.ffnSize, keys.size("expert_feed_forward_length", 1 << 24, config.ffnSize));
    config.experts.normalized = metadata.toBool(keys.key("expert_weights_norm"), true);
    return configureQwen3(metadata, config);
}

/// Windows are off unless use_sliding_window says otherwise; then layer_types or max_window_layers names the blocks.
Result<void> windowFromHf(const Json& hf, const std::string& prefix, Metadata& metadata) {
    if (!hf["use_sliding_window"].toBool() || hf["sliding_window"].isNull())
        return {};
    TRILOBIT_TRY(const std::uint32_t window, hfSize(hf, "sliding_window"));
    TRILOBIT_TRY(auto sliding, hfSlidingLayers(hf));
    TRILOBIT_TRY(const std::uint32_t layers, hfSize(hf, "num_hidden_layers"));
    if (layers > 65'536)
        return Error{ErrorCode::Format, "expected at most 65536", {}, "num_hidden_layers"};
    if (!sliding) {
        sliding.emplace(layers);
        const std::int64_t first = hf["max_window_layers"].toInt(28);
        for (std::size_t i = 0; i < layers; ++i)
            (*sliding)[i] = static_cast<std::int64_t>(i) >= first;
    }
    metadata.set(prefix + ".attention.sliding_window", MetaValue::u32(window));
    setLayerFlags(metadata, prefix + ".attention.sliding_window_pattern", *sliding);
    return {};
}

Result<void> fromQwen2(const Json& hf, Metadata& metadata) {
    TRILOBIT_CHECK(wantHfActivation(hf, {"silu"}, "Qwen 2"));
    return windowFromHf(hf, "qwen2", metadata);
}

Result<void> fromQwen3(const Json& hf, Metadata& metadata) {
    TRILOBIT_CHECK(wantHfActivation(hf, {"silu"}, "Qwen 3"));
    return windowFromHf(hf, "qwen3", metadata);
}

Result<void> fromMoe(const Json& hf, Metadata& metadata) {
    TRILOBIT_CHECK(wantHfActivation(hf, {"silu"}, "Qwen 3"));
    if (hf["decoder_sparse_step"].toInt(1) != 1 || !hf["mlp_only_layers"].items().empty())
        return Error{ErrorCode::Unsupported, "asks for blocks without experts, which this program does not run", {},
                     hf["decoder_sparse_step"].toInt(1) != 1 ? "decoder_sparse_step" : "mlp_only_layers"};
    const char* countField = hf["num_experts"].isNull() ? "num_local_experts" : "num_experts";
    TRILOBIT_TRY(const std::uint32_t count, hfSize(hf, countField));
    TRILOBIT_TRY(const std::uint32_t used, hfSize(hf, "num_experts_per_tok"));
    TRILOBIT_TRY(const std::uint32_t ffn, hfSize(hf, "moe_intermediate_size"));
    metadata.set("qwen3moe.expert_count", MetaValue::u32(count));
    metadata.set("qwen3moe.expert_used_count", MetaValue::u32(used));
    metadata.set("qwen3moe.expert_feed_forward_length", MetaValue::u32(ffn));
    if (!hf["norm_topk_prob"].toBool())
        metadata.set("qwen3moe.expert_weights_norm", MetaValue::boolean(false));
    return windowFromHf(hf, "qwen3moe", metadata);
}

void windowToHf(const ModelConfig& config, Json& hf) {
    hf.set("use_sliding_window", config.slidingWindow > 0);
    hf.set("sliding_window", config.slidingWindow > 0 ? Json(config.slidingWindow) : Json());
    if (config.slidingWindow > 0)
        hf.set("layer_types", hfLayerTypes(config));
}

void toQwen2(const ModelConfig& config, Json& hf) {
    hf.set("model_type", "qwen2");
    hf.set("architectures", Json(Json::Array{Json("Qwen2ForCausalLM")}));
    hf.set("hidden_act", "silu");
    windowToHf(config, hf);
}

void toQwen3(const ModelConfig& config, Json& hf) {
    hf.set("model_type", "qwen3");
    hf.set("architectures", Json(Json::Array{Json("Qwen3ForCausalLM")}));
    hf.set("hidden_act", "silu");
    windowToHf(config, hf);
}

void toMoe(const ModelConfig& config, Json& hf) {
    toQwen3(config, hf);
    hf.set("model_type", "qwen3_moe");
    hf.set("architectures", Json(Json::Array{Json("Qwen3MoeForCausalLM")}));
    hf.set("num_experts", config.experts.count);
    hf.set("num_experts_per_tok", config.experts.used);
    hf.set("moe_intermediate_size", config.experts.ffnSize);
    hf.set("norm_topk_prob", config.experts.normalized);
    hf.set("decoder_sparse_step", 1);
    hf.set("mlp_only_layers", Json::array());
}

} // namespace

std::vector<Architecture> qwenArchitectures() {
    Architecture two;
    two.names = {"qwen2"};
    two.hfModelTypes = {"qwen2"};
    two.nameForHf = "qwen2";
    two.ggufRope = RopeKind::SplitHalves;
    two.tensors = joined({outerTensors(), normsBefore(), separateQkv(), qkvBiases(), attentionOutput(), gatedFfn()});
    two.configure = configureQwen2;
    two.fromHf = fromQwen2;
    two.toHf = toQwen2;

    Architecture three = two;
    three.names = {"qwen3"};
    three.hfModelTypes = {"qwen3"};
    three.nameForHf = "qwen3";
    three.hfDefaultHeadDim = 128;
    three.tensors = joined({outerTensors(), normsBefore(), separateQkv(), qkvBiases(),
                            queryKeyNorms(Extent::HeadDim, Extent::HeadDim), attentionOutput(true), gatedFfn()});
    three.configure = configureQwen3;
    three.fromHf = fromQwen3;
    three.toHf = toQwen3;

    Architecture moe = three;
    moe.names = {"qwen3moe"};
    moe.hfModelTypes = {"qwen3_moe"};
    moe.nameForHf = "qwen3moe";
    moe.hfDefaultHeadDim = 0;
    moe.tensors = joined({outerTensors(), normsBefore(), separateQkv(), qkvBiases(),
                          queryKeyNorms(Extent::HeadDim, Extent::HeadDim), attentionOutput(true), gatedExperts()});
    moe.configure = configureMoe;
    moe.fromHf = fromMoe;
    moe.toHf = toMoe;
    return {two, three, moe};
}

} // namespace trilobit
