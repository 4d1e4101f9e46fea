#include "core/model/architectures/bitnet.h"

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

Result<void> fromHf(const Json& hfConfig, Metadata& metadata) {
    const std::string act = hfConfig["hidden_act"].toString("relu2");
    TRILOBIT_TRY(const Activation activation, activationNamed(act, "hidden_act"));
    if (activation != Activation::Relu2)
        metadata.set("bitnet-b1.58.hidden_act", MetaValue::string(act));
    return {};
}

} // namespace

Architecture bitnetArchitecture() {
    using enum Extent;
    Architecture a;
    a.names = {"bitnet-b1.58", "bitnet-25", "bitnet"};
    a.hfModelType = "bitnet";
    a.nameForHf = "bitnet-b1.58";
    a.hfDefaultRopeBase = 500000;
    a.ggufRope = RopeKind::SplitHalves;
    a.tensors = commonDecoderTensors();
    a.tensors.push_back({"blk.%.attn_sub_norm.weight", "model.layers.%.self_attn.attn_sub_norm.weight",
                         TensorRole::Norm, One, Queries});
    a.tensors.push_back({"blk.%.ffn_sub_norm.weight", "model.layers.%.mlp.ffn_sub_norm.weight", TensorRole::Norm, One,
                         Ffn});
    a.configure = configure;
    a.fromHf = fromHf;
    return a;
}

} // namespace trilobit
