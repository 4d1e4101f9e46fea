#include "core/model/architecture.h"

#include "core/model/architectures/bitnet.h"
#include "core/model/architectures/llama.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

namespace trilobit {

std::span<const Architecture> architectures() {
    static const std::vector<Architecture> kAll = {
        llamaArchitecture(),
        bitnetArchitecture(),
    };
    return kAll;
}

const Architecture* findArchitecture(std::string_view ggufName) {
    for (const Architecture& a : architectures())
        if (std::find(a.names.begin(), a.names.end(), ggufName) != a.names.end())
            return &a;
    return nullptr;
}

const Architecture* findArchitectureForHf(std::string_view modelType) {
    for (const Architecture& a : architectures())
        if (!a.hfModelType.empty() && a.hfModelType == modelType)
            return &a;
    return nullptr;
}

std::int64_t extentOf(Extent extent, const ModelConfig& config) noexcept {
    switch (extent) {
    case Extent::One: return 1;
    case Extent::Hidden: return config.hiddenSize;
    case Extent::Ffn: return config.ffnSize;
    case Extent::Vocab: return config.vocabSize;
    case Extent::Queries: return config.heads * config.headDim;
    case Extent::KeyValues: return config.kvHeads * config.headDim;
    case Extent::HalfRope: return config.ropeDim / 2;
    }
    return 1;
}

std::vector<TensorSpec> commonDecoderTensors() {
    using enum Extent;
    using Role = TensorRole;
    return {
        {"token_embd.weight", "model.embed_tokens.weight", Role::Embedding, Vocab, Hidden},
        {"output_norm.weight", "model.norm.weight", Role::Norm, One, Hidden},
        {"output.weight", "lm_head.weight", Role::Output, Vocab, Hidden, Need::Optional},
        {"rope_freqs.weight", "", Role::Other, One, HalfRope, Need::Optional},
        {"blk.%.attn_norm.weight", "model.layers.%.input_layernorm.weight", Role::Norm, One, Hidden},
        {"blk.%.attn_q.weight", "model.layers.%.self_attn.q_proj.weight", Role::AttnQ, Queries, Hidden},
        {"blk.%.attn_k.weight", "model.layers.%.self_attn.k_proj.weight", Role::AttnK, KeyValues, Hidden},
        {"blk.%.attn_v.weight", "model.layers.%.self_attn.v_proj.weight", Role::AttnV, KeyValues, Hidden},
        {"blk.%.attn_q.bias", "model.layers.%.self_attn.q_proj.bias", Role::Bias, One, Queries, Need::Optional},
        {"blk.%.attn_k.bias", "model.layers.%.self_attn.k_proj.bias", Role::Bias, One, KeyValues, Need::Optional},
        {"blk.%.attn_v.bias", "model.layers.%.self_attn.v_proj.bias", Role::Bias, One, KeyValues, Need::Optional},
        {"blk.%.attn_output.weight", "model.layers.%.self_attn.o_proj.weight", Role::AttnOut, Hidden, Queries},
        {"blk.%.ffn_norm.weight", "model.layers.%.post_attention_layernorm.weight", Role::Norm, One, Hidden},
        {"blk.%.ffn_gate.weight", "model.layers.%.mlp.gate_proj.weight", Role::FfnGate, Ffn, Hidden},
        {"blk.%.ffn_up.weight", "model.layers.%.mlp.up_proj.weight", Role::FfnUp, Ffn, Hidden},
        {"blk.%.ffn_down.weight", "model.layers.%.mlp.down_proj.weight", Role::FfnDown, Hidden, Ffn},
        {"", "model.layers.%.self_attn.rotary_emb.inv_freq", Role::Other, One, HalfRope, Need::Ignored},
    };
}

std::optional<TensorMatch> matchTensor(const Architecture& architecture, std::string_view name, Naming naming) {
    // The first part between dots that is a plain number is the block's.
    TensorMatch match;
    std::string pattern(name);
    for (std::size_t begin = 0; begin < name.size();) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string_view part = name.substr(begin, end - begin);
        int number = 0;
        const auto parsed = std::from_chars(part.data(), part.data() + part.size(), number);
        const bool plain = !part.empty() && part.front() >= '0' && part.front() <= '9'
                           && (part.size() == 1 || part.front() != '0');
        if (plain && parsed.ec == std::errc() && parsed.ptr == part.data() + part.size()) {
            match.layer = number;
            pattern = std::string(name.substr(0, begin)) + "%" + std::string(name.substr(end));
            break;
        }
        begin = end + 1;
    }
    for (const TensorSpec& spec : architecture.tensors) {
        const std::string_view wanted = naming == Naming::Gguf ? spec.name : spec.hfName;
        const bool perBlock = wanted.find('%') != std::string_view::npos;
        if (!wanted.empty() && wanted == pattern && perBlock == (match.layer >= 0)) {
            match.spec = &spec;
            return match;
        }
    }
    return std::nullopt;
}

std::string tensorName(std::string_view pattern, int layer) {
    const std::size_t mark = pattern.find('%');
    if (mark == std::string_view::npos)
        return std::string(pattern);
    return std::string(pattern.substr(0, mark)) + std::to_string(layer) + std::string(pattern.substr(mark + 1));
}

namespace {

std::string shapeText(std::span<const std::int64_t> ne) {
    std::string text;
    for (const std::int64_t n : ne)
        text += (text.empty() ? "" : " x ") + std::to_string(n);
    return text.empty() ? "one number" : text;
}

} // namespace

Result<Tensor> placeTensor(const TensorMatch& match, std::string_view sourceName, std::span<const std::int64_t> ne,
                           const ModelConfig& config) {
    const TensorSpec& spec = *match.spec;
    Tensor tensor;
    tensor.name = tensorName(spec.name, match.layer);
    tensor.sourceName = sourceName;
    tensor.role = spec.role;
    tensor.layer = match.layer;
    tensor.rows = extentOf(spec.rows, config);
    tensor.cols = extentOf(spec.cols, config);
    tensor.dimensions = spec.rows == Extent::One ? 1 : 2;
    if (match.layer >= config.layers)
        return Error{ErrorCode::Format, "belongs to block " + std::to_string(match.layer) + ", but the model has "
                     + std::to_string(config.layers), {}, std::string(sourceName)};
    // Trailing dimensions of one say nothing.
    std::size_t count = ne.size();
    while (count > static_cast<std::size_t>(tensor.dimensions) && ne[count - 1] == 1)
        --count;
    const bool fits = count == static_cast<std::size_t>(tensor.dimensions) && ne[0] == tensor.cols
                      && (tensor.dimensions == 1 || ne[1] == tensor.rows);
    if (!fits) {
        const std::int64_t expected[] = {tensor.cols, tensor.rows};
        return Error{ErrorCode::Format, "has the shape " + shapeText(ne) + " (input features first), expected "
                     + shapeText(std::span(expected).first(static_cast<std::size_t>(tensor.dimensions))), {},
                     std::string(sourceName)};
    }
    return tensor;
}

namespace {

/// In how many blocks a tensor of this description is; 0 or 1 for tensors outside of blocks.
std::int64_t countPresent(const TensorSpec& spec, const std::unordered_set<std::string_view>& names,
                          std::int64_t layers) {
    const bool perBlock = spec.name.find('%') != std::string_view::npos;
    std::int64_t found = 0;
    for (int layer = 0; layer < (perBlock ? layers : 1); ++layer) {
        if (names.contains(tensorName(spec.name, layer)))
            ++found;
        else if (spec.need == Need::Required)
            break; // a hostile block count must not cost time
    }
    return found;
}

const Tensor* findByName(const std::vector<Tensor>& tensors, std::string_view name) {
    const auto it = std::find_if(tensors.begin(), tensors.end(), [&](const Tensor& t) { return t.name == name; });
    return it == tensors.end() ? nullptr : &*it;
}

Result<void> readRopeFactors(const std::vector<Tensor>& tensors, ModelConfig& config) {
    const Tensor* factors = findByName(tensors, "rope_freqs.weight");
    if (!factors)
        return {};
    RunControl control;
    TRILOBIT_TRY(config.ropeFreqFactors, decodeTensor(*factors, control));
    for (const float f : config.ropeFreqFactors)
        if (!(f > 0.0f) || f > 1e30f)
            return Error{ErrorCode::Format, "holds a factor that is not a positive number", {}, factors->name};
    return {};
}

} // namespace

Result<void> completeConfig(const Architecture& architecture, const std::vector<Tensor>& tensors, ModelConfig& config) {
    std::unordered_set<std::string_view> names;
    for (const Tensor& tensor : tensors)
        if (!names.insert(tensor.name).second)
            return Error{ErrorCode::Format, "is in the model twice", {}, tensor.name};
    int biases = 0;
    for (const TensorSpec& spec : architecture.tensors) {
        if (spec.name.empty() || spec.need == Need::Ignored)
            continue;
        const bool perBlock = spec.name.find('%') != std::string_view::npos;
        const std::int64_t wanted = perBlock ? config.layers : 1;
        const std::int64_t found = countPresent(spec, names, config.layers);
        if (spec.need == Need::Required && found < wanted)
            return Error{ErrorCode::Format, "is missing, but the architecture " + config.architecture + " needs it", {},
                         tensorName(spec.name, static_cast<int>(found))};
        if (found != 0 && found != wanted)
            return Error{ErrorCode::Format, "is in " + std::to_string(found) + " of " + std::to_string(wanted)
                         + " blocks, expected all or none", {}, std::string(spec.name)};
        if (found > 0 && spec.role == TensorRole::Bias)
            ++biases;
    }
    if (biases != 0 && biases != 3)
        return Error{ErrorCode::Format, "expected biases for q, k and v or for none of them", {}, "blk.%.attn_q.bias"};
    config.qkvBias = biases == 3;
    config.tiedOutput = !names.contains("output.weight");
    return readRopeFactors(tensors, config);
}

} // namespace trilobit
