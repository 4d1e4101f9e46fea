// BitNet b1.58: the 2B4T kind (squared ReLU) and the older models of 1bitLLM (SiLU, other tensor names).
#include "core/model/decodertensors.h"
#include "core/model/hfconfig.h"

namespace trilobit {

namespace {

Result<Activation> activationNamed(const std::string& name, const std::string& key) {
    if (name == "silu")
        return Activation::Silu;
    if (name == "relu2")
        return Activation::Relu2;
    return Error{ErrorCode::Unsupported, "is \"" + name + "\"; a BitNet model uses relu2 or silu here", {}, key};
}

Result<void> configure(const Metadata& metadata, ModelConfig& config) {
    config.subNorms = true;
    config.activationQuant = ActivationQuant::Int8PerToken;
    // The older "bitnet" files are SiLU models and say so only by not saying anything.
    const std::string fallback = config.architecture == "bitnet" ? "silu" : "relu2";
    for (const char* suffix : {".hidden_act", ".hidden_activation"}) {
        const std::string key = config.architecture + suffix;
        if (metadata.find(key) == nullptr)
            continue;
        TRILOBIT_TRY(config.activation, activationNamed(metadata.toString(key), key));
        return {};
    }
    TRILOBIT_TRY(config.activation, activationNamed(fallback, "hidden_act"));
    return {};
}

Result<void> fromHf(const Json& hf, Metadata& metadata) {
    const std::string act = hf["hidden_act"].toString("relu2");
    TRILOBIT_TRY(const Activation activation, activationNamed(act, "hidden_act"));
    if (activation != Activation::Relu2)
        metadata.set("bitnet-b1.58.hidden_act", MetaValue::string(act));
    return {};
}

Result<void> fromOldHf(const Json& hf, Metadata&) {
    TRILOBIT_CHECK(wantHfActivation(hf, {"silu"}, "1bitLLM BitNet"));
    for (const auto& [field, wanted] : {std::pair{"weight_bits", 1}, std::pair{"input_bits", 8}})
        if (hf[field].toInt(wanted) != wanted)
            return Error{ErrorCode::Unsupported, "expected " + std::to_string(wanted) + ", found "
                         + hf[field].dump().substr(0, 40), {}, field};
    return {};
}

void toHf(const ModelConfig& config, Json& hf) {
    hf.set("model_type", "bitnet");
    hf.set("architectures", Json(Json::Array{Json("BitNetForCausalLM")}));
    hf.set("hidden_act", config.activation == Activation::Relu2 ? "relu2" : "silu");
}

Architecture common() {
    using enum Extent;
    Architecture a;
    a.hfDefaultRopeBase = 500000;
    a.ggufRope = RopeKind::SplitHalves;
    a.configure = configure;
    a.toHf = toHf;
    return a;
}

TensorSpecs subNorms(std::string_view hfAttention, std::string_view hfFfn) {
    using enum Extent;
    return {{"blk.%.attn_sub_norm.weight", hfAttention, TensorRole::Norm, One, Queries},
            {"blk.%.ffn_sub_norm.weight", hfFfn, TensorRole::Norm, One, Ffn}};
}

} // namespace

std::vector<Architecture> bitnetArchitectures() {
    Architecture current = common();
    current.names = {"bitnet-b1.58", "bitnet-25"};
    current.hfModelTypes = {"bitnet"};
    current.nameForHf = "bitnet-b1.58";
    current.inStockLlamaCpp = false;
    current.fromHf = fromHf;
    current.tensors = joined({llamaTensors(), subNorms("model.layers.%.self_attn.attn_sub_norm.weight",
                                                       "model.layers.%.mlp.ffn_sub_norm.weight")});
    Architecture old = common();
    old.names = {"bitnet"};
    old.hfClass = "BitnetForCausalLM"; // the model_type of these folders is that of llama
    old.nameForHf = "bitnet";
    old.hfDefaultRopeBase = 10000;
    old.fromHf = fromOldHf;
    old.tensors = joined({llamaTensors(), subNorms("model.layers.%.self_attn.inner_attn_ln.weight",
                                                   "model.layers.%.mlp.ffn_layernorm.weight")});
    return {current, old};
}

} // namespace trilobit
