// Phi 3 and 4 (mini): q, k and v in one matrix, gate and up in another; long texts by two sets of rotary factors.
#include "core/model/configkeys.h"
#include "core/model/decodertensors.h"
#include "core/model/hfconfig.h"

namespace trilobit {

namespace {

Result<void> configure(const Metadata& metadata, ModelConfig& config) {
    const ConfigKeys keys(metadata, config.architecture);
    config.fusedQkv = config.fusedGateUp = true;
    TRILOBIT_TRY(config.slidingWindow, keys.sizeOrNone("attention.sliding_window", std::int64_t{1} << 32));
    if (config.slidingWindow > 0)
        config.layerTraits.assign(static_cast<std::size_t>(config.layers), {.sliding = true});
    return {};
}

Result<void> fromHf(const Json& hf, Metadata& metadata) {
    TRILOBIT_CHECK(wantHfActivation(hf, {"silu"}, "Phi 3"));
    if (hf["sliding_window"].isNull())
        return {};
    TRILOBIT_TRY(const std::uint32_t window, hfSize(hf, "sliding_window"));
    metadata.set("phi3.attention.sliding_window", MetaValue::u32(window));
    return {};
}

void toHf(const ModelConfig& config, Json& hf) {
    hf.set("model_type", "phi3");
    hf.set("architectures", Json(Json::Array{Json("Phi3ForCausalLM")}));
    hf.set("hidden_act", "silu");
    hf.set("sliding_window", config.slidingWindow > 0 ? Json(config.slidingWindow) : Json());
    hf.set("partial_rotary_factor", static_cast<double>(config.ropeDim) / static_cast<double>(config.headDim));
}

} // namespace

std::vector<Architecture> phi3Architectures() {
    Architecture a;
    a.names = {"phi3"};
    a.hfModelTypes = {"phi3"};
    a.nameForHf = "phi3";
    a.ggufRope = RopeKind::SplitHalves;
    a.tensors = joined({outerTensors(), normsBefore(), fusedQkv(), attentionOutput(), fusedGatedFfn()});
    a.configure = configure;
    a.fromHf = fromHf;
    a.toHf = toHf;
    return {a};
}

} // namespace trilobit
