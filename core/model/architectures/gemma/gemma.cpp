// Gemma 2 and 3: norms before and after each part, windows in most blocks, a scaled embedding, capped scores (2) or norms of
// q and k (3).
#include "core/model/configkeys.h"
#include "core/model/decodertensors.h"
#include "core/model/hfconfig.h"

#include <cmath>

namespace trilobit {

namespace {

constexpr std::int64_t kMaxWindow = std::int64_t{1} << 32;
constexpr std::int64_t kPattern2 = 2, kPattern3 = 6; ///< every so many blocks one sees the whole context
constexpr std::int64_t kLayers2_27b = 46, kLayers3_27b = 62;

std::vector<bool> allButEvery(std::int64_t layers, std::int64_t step) {
    std::vector<bool> sliding(static_cast<std::size_t>(layers));
    for (std::size_t i = 0; i < sliding.size(); ++i)
        sliding[i] = (static_cast<std::int64_t>(i) + 1) % step != 0;
    return sliding;
}

Result<void> configure(const Metadata& metadata, ModelConfig& config, std::int64_t pattern, std::int64_t largest) {
    const ConfigKeys keys(metadata, config.architecture);
    config.activation = Activation::GeluTanh;
    config.norms = NormPlaces::BeforeAndAfter;
    config.embeddingScale = std::sqrt(static_cast<double>(config.hiddenSize));
    // Files say nothing of it; the largest models of either kind divide by another size than that of a head.
    const double headWidth = static_cast<double>(config.hiddenSize) / static_cast<double>(config.heads);
    const double usual = 1 / std::sqrt(config.layers == largest ? headWidth : static_cast<double>(config.headDim));
    TRILOBIT_TRY(config.attentionScale, keys.positive("attention.scale", usual));
    TRILOBIT_TRY(config.slidingWindow, keys.sizeOrNone("attention.sliding_window", kMaxWindow));
    TRILOBIT_TRY(auto sliding, keys.flags("attention.sliding_window_pattern", config.layers));
    if (!sliding) {
        TRILOBIT_TRY(const std::int64_t step, keys.size("attention.sliding_window_pattern", 1 << 16, pattern));
        sliding = allButEvery(config.layers, step);
    }
    config.layerTraits.resize(static_cast<std::size_t>(config.layers));
    for (std::size_t i = 0; i < config.layerTraits.size(); ++i)
        config.layerTraits[i].sliding = (*sliding)[i];
    return {};
}

Result<void> configure2(const Metadata& metadata, ModelConfig& config) {
    const ConfigKeys keys(metadata, config.architecture);
    if (keys.has("attn_logit_softcapping")) {
        TRILOBIT_TRY(config.attentionCap, keys.positive("attn_logit_softcapping", 50));
    }
    if (keys.has("final_logit_softcapping")) {
        TRILOBIT_TRY(config.logitCap, keys.positive("final_logit_softcapping", 30));
    }
    return configure(metadata, config, kPattern2, kLayers2_27b);
}

Result<void> configure3(const Metadata& metadata, ModelConfig& config) {
    const ConfigKeys keys(metadata, config.architecture);
    config.qkNorm = QkNorm::PerHead;
    if (keys.has("final_logit_softcapping")) {
        TRILOBIT_TRY(config.logitCap, keys.positive("final_logit_softcapping", 30));
    }
    TRILOBIT_TRY(config.slidingRopeBase, keys.positive("rope.freq_base_swa", 10000));
    return configure(metadata, config, kPattern3, kLayers3_27b);
}

Result<void> fromHf(const Json& hf, Metadata& metadata, const std::string& prefix, std::int64_t pattern) {
    TRILOBIT_CHECK(wantHfActivation(hf, {"gelu_pytorch_tanh"}, "Gemma"));
    if (hf["use_bidirectional_attention"].toBool())
        return Error{ErrorCode::Unsupported, "is true; this program runs models that look back only", {},
                     "use_bidirectional_attention"};
    TRILOBIT_TRY(const std::uint32_t window, hfSize(hf, "sliding_window", 4096));
    metadata.set(prefix + ".attention.sliding_window", MetaValue::u32(window));
    for (const char* field : {"attn_logit_softcapping", "final_logit_softcapping"}) {
        if (hf[field].isNull())
            continue;
        TRILOBIT_TRY(const double cap, hfPositive(hf, field, 0));
        metadata.set(prefix + "." + field, MetaValue::f32(static_cast<float>(cap)));
    }
    TRILOBIT_TRY(const double scalar, hfPositive(hf, "query_pre_attn_scalar", 256));
    metadata.set(prefix + ".attention.scale", MetaValue::f32(static_cast<float>(1 / std::sqrt(scalar))));
    TRILOBIT_TRY(auto sliding, hfSlidingLayers(hf));
    if (!sliding) {
        const char* field = hf["sliding_window_pattern"].isNull() ? "_sliding_window_pattern" : "sliding_window_pattern";
        TRILOBIT_TRY(const std::uint32_t step, hfSize(hf, field, pattern));
        TRILOBIT_TRY(const std::uint32_t layers, hfSize(hf, "num_hidden_layers"));
        if (layers > 65'536)
            return Error{ErrorCode::Format, "expected at most 65536", {}, "num_hidden_layers"};
        sliding = allButEvery(layers, step);
    }
    if (*sliding != allButEvery(static_cast<std::int64_t>(sliding->size()), pattern))
        setLayerFlags(metadata, prefix + ".attention.sliding_window_pattern", *sliding);
    return {};
}

Result<void> from2(const Json& hf, Metadata& metadata) { return fromHf(hf, metadata, "gemma2", kPattern2); }

Result<void> from3(const Json& hf, Metadata& metadata) {
    if (!hf["attn_logit_softcapping"].isNull())
        return Error{ErrorCode::Unsupported, "is set; this program runs Gemma 3 without it, as published", {},
                     "attn_logit_softcapping"};
    const Json& nested = hf["rope_parameters"]["sliding_attention"];
    TRILOBIT_TRY(const double outer, hfPositive(hf, "rope_local_base_freq", 10000));
    TRILOBIT_TRY(const double base, hfPositive(nested, "rope_theta", outer));
    metadata.set("gemma3.rope.freq_base_swa", MetaValue::f32(static_cast<float>(base)));
    return fromHf(hf, metadata, "gemma3", kPattern3);
}

void toHf(const ModelConfig& config, Json& hf) {
    hf.set("hidden_activation", "gelu_pytorch_tanh");
    hf.set("sliding_window", config.slidingWindow);
    hf.set("query_pre_attn_scalar", std::llround(1 / (config.attentionScale * config.attentionScale)));
    hf.set("final_logit_softcapping", config.logitCap > 0 ? Json(asWritten(config.logitCap)) : Json());
    hf.set("attn_logit_softcapping", config.attentionCap > 0 ? Json(asWritten(config.attentionCap)) : Json());
    hf.set("layer_types", hfLayerTypes(config));
}

void to2(const ModelConfig& config, Json& hf) {
    hf.set("model_type", "gemma2");
    hf.set("architectures", Json(Json::Array{Json("Gemma2ForCausalLM")}));
    toHf(config, hf);
}

void to3(const ModelConfig& config, Json& hf) {
    hf.set("model_type", "gemma3_text");
    hf.set("architectures", Json(Json::Array{Json("Gemma3ForCausalLM")}));
    hf.set("rope_local_base_freq", asWritten(config.slidingRopeBase));
    toHf(config, hf);
}

} // namespace

std::vector<Architecture> gemmaArchitectures() {
    Architecture two;
    two.names = {"gemma2"};
    two.hfModelTypes = {"gemma2"};
    two.nameForHf = "gemma2";
    two.hfDefaultHeadDim = 256;
    two.hfNormOffset = 1;
    two.ggufRope = RopeKind::SplitHalves;
    two.tensors = joined({outerTensors(), normsBefore("model.layers.%.pre_feedforward_layernorm.weight"), normsAfter(),
                          separateQkv(), attentionOutput(), gatedFfn()});
    two.configure = configure2;
    two.fromHf = from2;
    two.toHf = to2;

    Architecture three = two;
    three.names = {"gemma3"};
    three.hfModelTypes = {"gemma3_text"};
    three.nameForHf = "gemma3";
    three.hfDefaultRopeBase = 1e6;
    three.tensors = joined({two.tensors, queryKeyNorms(Extent::HeadDim, Extent::HeadDim)});
    three.configure = configure3;
    three.fromHf = from3;
    three.toHf = to3;
    return {two, three};
}

} // namespace trilobit
