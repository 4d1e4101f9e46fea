#include "core/model/architectures/llama.h"

namespace trilobit {

namespace {

Result<void> configure(const Metadata& metadata, ModelConfig& config) {
    config.activation = Activation::Silu;
    const std::string key = config.architecture + ".expert_count";
    if (metadata.toInt(key, 0) > 0)
        return Error{ErrorCode::Unsupported, "the model is a mixture of experts, which this program does not run for "
                     "the llama architecture", {}, key};
    return {};
}

Result<void> fromHf(const Json& hfConfig, Metadata&) {
    const std::string act = hfConfig["hidden_act"].toString("silu");
    if (act != "silu")
        return Error{ErrorCode::Unsupported, "is \"" + act + "\"; a llama model uses silu here", {}, "hidden_act"};
    return {};
}

} // namespace

Architecture llamaArchitecture() {
    Architecture a;
    a.names = {"llama"};
    a.hfModelType = "llama";
    a.nameForHf = "llama";
    a.ggufRope = RopeKind::Interleaved;
    a.tensors = commonDecoderTensors();
    a.configure = configure;
    a.fromHf = fromHf;
    return a;
}

} // namespace trilobit
