// OLMo 2: norms after attention and feed-forward part only, and over whole rows of q and k.
#include "core/model/decodertensors.h"
#include "core/model/hfconfig.h"

namespace trilobit {

namespace {

Result<void> configure(const Metadata&, ModelConfig& config) {
    config.norms = NormPlaces::After;
    config.qkNorm = QkNorm::WholeRow;
    return {};
}

Result<void> fromHf(const Json& hf, Metadata&) { return wantHfActivation(hf, {"silu"}, "OLMo 2"); }

void toHf(const ModelConfig&, Json& hf) {
    hf.set("model_type", "olmo2");
    hf.set("architectures", Json(Json::Array{Json("Olmo2ForCausalLM")}));
    hf.set("hidden_act", "silu");
}

} // namespace

std::vector<Architecture> olmo2Architectures() {
    using enum Extent;
    Architecture a;
    a.names = {"olmo2"};
    a.hfModelTypes = {"olmo2"};
    a.nameForHf = "olmo2";
    a.ggufRope = RopeKind::SplitHalves;
    a.tensors = joined({outerTensors(), normsAfter(), separateQkv(), queryKeyNorms(Queries, KeyValues), attentionOutput(),
                        gatedFfn()});
    a.configure = configure;
    a.fromHf = fromHf;
    a.toHf = toHf;
    return {a};
}

} // namespace trilobit
