#include "core/train/graph/parameters.h"

namespace trilobit {

const ParameterInfo* ParameterLayout::find(std::string_view name) const {
    for (const ParameterInfo& info : list)
        if (info.name == name)
            return &info;
    return nullptr;
}

template <class Real>
ParameterLayout makeLayout(const ModelConfig& config, const LinearScheme<Real>& scheme) {
    ParameterLayout layout;
    const auto add = [&](std::string name, std::int64_t rows, std::int64_t cols, bool decays, bool trained) {
        ParameterInfo info{std::move(name), rows, cols, decays, trained, layout.total};
        layout.total += (info.count() + 15) / 16 * 16; // each tensor starts on a cache line
        layout.list.push_back(std::move(info));
        return layout.list.size() - 1;
    };
    // An adapter alone trains when the matrices are frozen; norms, embedding and head are frozen with them.
    const bool all = scheme.trainsMatrix();
    const auto norm = [&](const std::string& name, std::int64_t size) { return add(name, 1, size, false, all); };
    const auto linear = [&](const std::string& name, std::int64_t out, std::int64_t in) {
        LinearSlot slot;
        slot.out = out;
        slot.in = in;
        slot.quantized = true;
        slot.weight = add(name + ".weight", out, in, true, all);
        for (const SchemeExtra& extra : scheme.extras(out, in))
            slot.extras.push_back(add(name + extra.suffix, extra.rows, extra.cols, false, true));
        return slot;
    };
    const std::int64_t hidden = config.hiddenSize, ffn = config.ffnSize;
    layout.embedding = add("model.embed_tokens.weight", config.vocabSize, hidden, true, all);
    for (std::int64_t i = 0; i < config.layers; ++i) {
        const std::string prefix = "model.layers." + std::to_string(i) + ".";
        LayerSlots layer;
        layer.attnNorm = norm(prefix + "input_layernorm.weight", hidden);
        layer.q = linear(prefix + "self_attn.q_proj", config.heads * config.headDim, hidden);
        layer.k = linear(prefix + "self_attn.k_proj", config.kvHeads * config.headDim, hidden);
        layer.v = linear(prefix + "self_attn.v_proj", config.kvHeads * config.headDim, hidden);
        layer.o = linear(prefix + "self_attn.o_proj", hidden, config.heads * config.headDim);
        if (config.subNorms)
            layer.attnSubNorm = norm(prefix + "self_attn.attn_sub_norm.weight", config.heads * config.headDim);
        layer.ffnNorm = norm(prefix + "post_attention_layernorm.weight", hidden);
        layer.gate = linear(prefix + "mlp.gate_proj", ffn, hidden);
        layer.up = linear(prefix + "mlp.up_proj", ffn, hidden);
        layer.down = linear(prefix + "mlp.down_proj", hidden, ffn);
        if (config.subNorms)
            layer.ffnSubNorm = norm(prefix + "mlp.ffn_sub_norm.weight", ffn);
        layout.layers.push_back(std::move(layer));
    }
    layout.finalNorm = norm("model.norm.weight", hidden);
    layout.output.out = config.vocabSize;
    layout.output.in = hidden;
    layout.output.weight =
        config.tiedOutput ? layout.embedding : add("lm_head.weight", config.vocabSize, hidden, true, all);
    return layout;
}

template ParameterLayout makeLayout(const ModelConfig&, const LinearScheme<float>&);
template ParameterLayout makeLayout(const ModelConfig&, const LinearScheme<double>&);

} // namespace trilobit
