#include "core/model/decodertensors.h"

namespace trilobit {

namespace {

using enum Extent;
using Role = TensorRole;

} // namespace

TensorSpecs joined(std::initializer_list<TensorSpecs> parts) {
    TensorSpecs all;
    for (const TensorSpecs& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

TensorSpecs outerTensors() {
    return {{"token_embd.weight", "model.embed_tokens.weight", Role::Embedding, Vocab, Hidden},
            {"output_norm.weight", "model.norm.weight", Role::Norm, One, Hidden},
            {"output.weight", "lm_head.weight", Role::Output, Vocab, Hidden, Need::Optional},
            {"rope_freqs.weight", "", Role::Other, One, HalfRope, Need::Optional},
            {"rope_factors_long.weight", "", Role::Other, One, HalfRope, Need::Optional},
            {"rope_factors_short.weight", "", Role::Other, One, HalfRope, Need::Optional},
            {"", "model.layers.%.self_attn.rotary_emb.inv_freq", Role::Other, One, HalfRope, Need::Ignored}};
}

TensorSpecs normsBefore(std::string_view hfFfnNorm) {
    return {{"blk.%.attn_norm.weight", "model.layers.%.input_layernorm.weight", Role::Norm, One, Hidden},
            {"blk.%.ffn_norm.weight", hfFfnNorm, Role::Norm, One, Hidden}};
}

TensorSpecs normsAfter() {
    return {{"blk.%.post_attention_norm.weight", "model.layers.%.post_attention_layernorm.weight", Role::Norm, One, Hidden},
            {"blk.%.post_ffw_norm.weight", "model.layers.%.post_feedforward_layernorm.weight", Role::Norm, One, Hidden}};
}

TensorSpecs separateQkv() {
    return {{"blk.%.attn_q.weight", "model.layers.%.self_attn.q_proj.weight", Role::AttnQ, Queries, Hidden},
            {"blk.%.attn_k.weight", "model.layers.%.self_attn.k_proj.weight", Role::AttnK, KeyValues, Hidden},
            {"blk.%.attn_v.weight", "model.layers.%.self_attn.v_proj.weight", Role::AttnV, KeyValues, Hidden}};
}

TensorSpecs qkvBiases() {
    return {{"blk.%.attn_q.bias", "model.layers.%.self_attn.q_proj.bias", Role::Bias, One, Queries, Need::Optional},
            {"blk.%.attn_k.bias", "model.layers.%.self_attn.k_proj.bias", Role::Bias, One, KeyValues, Need::Optional},
            {"blk.%.attn_v.bias", "model.layers.%.self_attn.v_proj.bias", Role::Bias, One, KeyValues, Need::Optional}};
}

TensorSpecs fusedQkv() {
    return {{"blk.%.attn_qkv.weight", "model.layers.%.self_attn.qkv_proj.weight", Role::AttnQkv, Qkv, Hidden}};
}

TensorSpecs attentionOutput(bool mayHaveBias) {
    TensorSpecs specs{
        {"blk.%.attn_output.weight", "model.layers.%.self_attn.o_proj.weight", Role::AttnOut, Hidden, Queries}};
    if (mayHaveBias)
        specs.push_back({"blk.%.attn_output.bias", "model.layers.%.self_attn.o_proj.bias", Role::Bias, One, Hidden,
                         Need::Optional});
    return specs;
}

TensorSpecs queryKeyNorms(Extent queries, Extent keys) {
    return {{"blk.%.attn_q_norm.weight", "model.layers.%.self_attn.q_norm.weight", Role::Norm, One, queries},
            {"blk.%.attn_k_norm.weight", "model.layers.%.self_attn.k_norm.weight", Role::Norm, One, keys}};
}

TensorSpecs gatedFfn(bool mayHaveBiases) {
    TensorSpecs specs{{"blk.%.ffn_gate.weight", "model.layers.%.mlp.gate_proj.weight", Role::FfnGate, Ffn, Hidden},
                      {"blk.%.ffn_up.weight", "model.layers.%.mlp.up_proj.weight", Role::FfnUp, Ffn, Hidden},
                      {"blk.%.ffn_down.weight", "model.layers.%.mlp.down_proj.weight", Role::FfnDown, Hidden, Ffn}};
    if (mayHaveBiases) {
        specs.push_back(
            {"blk.%.ffn_gate.bias", "model.layers.%.mlp.gate_proj.bias", Role::Bias, One, Ffn, Need::Optional});
        specs.push_back({"blk.%.ffn_up.bias", "model.layers.%.mlp.up_proj.bias", Role::Bias, One, Ffn, Need::Optional});
        specs.push_back(
            {"blk.%.ffn_down.bias", "model.layers.%.mlp.down_proj.bias", Role::Bias, One, Hidden, Need::Optional});
    }
    return specs;
}

TensorSpecs fusedGatedFfn() {
    return {{"blk.%.ffn_up.weight", "model.layers.%.mlp.gate_up_proj.weight", Role::FfnGateUp, TwoFfn, Hidden},
            {"blk.%.ffn_down.weight", "model.layers.%.mlp.down_proj.weight", Role::FfnDown, Hidden, Ffn}};
}

TensorSpecs gatedExperts() {
    return {{"blk.%.ffn_gate_inp.weight", "model.layers.%.mlp.gate.weight", Role::Router, ExpertCount, Hidden},
            {"blk.%.ffn_gate_exps.weight", "", Role::FfnGate, ExpertFfn, Hidden, Need::Either, ExpertCount},
            {"blk.%.ffn_up_exps.weight", "", Role::FfnUp, ExpertFfn, Hidden, Need::Either, ExpertCount},
            {"blk.%.ffn_down_exps.weight", "", Role::FfnDown, Hidden, ExpertFfn, Need::Either, ExpertCount},
            {"blk.%.ffn_gate.%.weight", "model.layers.%.mlp.experts.%.gate_proj.weight", Role::FfnGate, ExpertFfn, Hidden,
             Need::Either},
            {"blk.%.ffn_up.%.weight", "model.layers.%.mlp.experts.%.up_proj.weight", Role::FfnUp, ExpertFfn, Hidden,
             Need::Either},
            {"blk.%.ffn_down.%.weight", "model.layers.%.mlp.experts.%.down_proj.weight", Role::FfnDown, Hidden, ExpertFfn,
             Need::Either}};
}

TensorSpecs llamaTensors() {
    return joined({outerTensors(), normsBefore(), separateQkv(), qkvBiases(), attentionOutput(true), gatedFfn(true)});
}

} // namespace trilobit
