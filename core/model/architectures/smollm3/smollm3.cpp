// SmolLM 3: llama whose every fourth block has no rotary positions.
#include "core/model/configkeys.h"
#include "core/model/decodertensors.h"
#include "core/model/hfconfig.h"

namespace trilobit {

namespace {

constexpr std::int64_t kInterval = 4;

std::vector<bool> everyNth(std::int64_t layers, std::int64_t step) {
    std::vector<bool> still(static_cast<std::size_t>(layers));
    for (std::size_t i = 0; i < still.size(); ++i)
        still[i] = (static_cast<std::int64_t>(i) + 1) % step == 0;
    return still;
}

Result<void> configure(const Metadata&, ModelConfig& config) {
    const std::vector<bool> still = everyNth(config.layers, kInterval);
    config.layerTraits.resize(static_cast<std::size_t>(config.layers));
    for (std::size_t i = 0; i < still.size(); ++i)
        config.layerTraits[i].rotates = !still[i];
    return {};
}

/// The list says 1 for blocks that rotate.
Result<std::vector<bool>> stillLayers(const Json& hf) {
    TRILOBIT_TRY(const std::uint32_t layers, hfSize(hf, "num_hidden_layers"));
    const Json& list = hf["no_rope_layers"];
    if (layers > 65'536)
        return Error{ErrorCode::Format, "expected at most 65536", {}, "num_hidden_layers"};
    if (!list.isArray()) {
        TRILOBIT_TRY(const std::uint32_t step, hfSize(hf, "no_rope_layer_interval", kInterval));
        return everyNth(layers, step);
    }
    std::vector<bool> still;
    for (const Json& value : list.items())
        still.push_back(value.toInt(1) == 0);
    if (still.size() != layers)
        return Error{ErrorCode::Format, "expected one entry for each of the num_hidden_layers blocks", {}, "no_rope_layers"};
    return still;
}

Result<void> fromHf(const Json& hf, Metadata& metadata) {
    TRILOBIT_CHECK(wantHfActivation(hf, {"silu"}, "SmolLM 3"));
    if (hf["use_sliding_window"].toBool() && !hf["sliding_window"].isNull())
        return Error{ErrorCode::Unsupported, "is true; this program runs SmolLM 3 without windows, as published", {},
                     "use_sliding_window"};
    TRILOBIT_TRY(const std::vector<bool> still, stillLayers(hf));
    if (still != everyNth(static_cast<std::int64_t>(still.size()), kInterval))
        setLayerFlags(metadata, std::string(kStillLayersKey), still);
    return {};
}

void toHf(const ModelConfig& config, Json& hf) {
    hf.set("model_type", "smollm3");
    hf.set("architectures", Json(Json::Array{Json("SmolLM3ForCausalLM")}));
    hf.set("hidden_act", "silu");
    Json rotates = Json::array();
    for (const LayerTraits& layer : config.layerTraits)
        rotates.push(layer.rotates ? 1 : 0);
    hf.set("no_rope_layers", std::move(rotates));
}

} // namespace

std::vector<Architecture> smollm3Architectures() {
    Architecture a;
    a.names = {"smollm3"};
    a.hfModelTypes = {"smollm3"};
    a.nameForHf = "smollm3";
    a.hfDefaultRopeBase = 2e6;
    a.ggufRope = RopeKind::Interleaved;
    a.tensors = llamaTensors();
    a.configure = configure;
    a.fromHf = fromHf;
    a.toHf = toHf;
    return {a};
}

} // namespace trilobit
