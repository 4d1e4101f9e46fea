#include "core/model/model.h"

#include "core/base/sha256.h"
#include "core/model/tensorhash.h"

#include <algorithm>
#include <new>
#include <numeric>

namespace trilobit {

namespace {

constexpr std::size_t kHashPiece = 4u << 20;
constexpr std::int64_t kDecodePiece = 1 << 20; ///< values between two looks at RunControl

} // namespace

const char* tensorRoleName(TensorRole role) noexcept {
    switch (role) {
    case TensorRole::Embedding: return "embedding";
    case TensorRole::Output: return "output";
    case TensorRole::AttnQ: return "attn_q";
    case TensorRole::AttnK: return "attn_k";
    case TensorRole::AttnV: return "attn_v";
    case TensorRole::AttnOut: return "attn_out";
    case TensorRole::FfnGate: return "ffn_gate";
    case TensorRole::FfnUp: return "ffn_up";
    case TensorRole::FfnDown: return "ffn_down";
    case TensorRole::Norm: return "norm";
    case TensorRole::Bias: return "bias";
    case TensorRole::Other: return "other";
    case TensorRole::AttnQkv: return "attn_qkv";
    case TensorRole::FfnGateUp: return "ffn_gate_up";
    case TensorRole::Router: return "router";
    }
    return "other";
}

bool ModelConfig::isBasicGraph() const {
    const auto plain = [](const LayerTraits& layer) { return layer == LayerTraits(); };
    return !qkvBias && ropeScaling.kind == RopeScaling::Kind::None && ropeFreqFactors.empty() && slidingWindow == 0
           && std::all_of(layerTraits.begin(), layerTraits.end(), plain) && norms == NormPlaces::Before && normOffset == 0
           && qkNorm == QkNorm::None && !fusedQkv && !fusedGateUp && experts.count == 0 && embeddingScale == 1
           && residualScale == 1 && attentionScale == 0 && logitScale == 1 && attentionCap == 0 && logitCap == 0;
}

bool Tensor::isQuantizable() const noexcept {
    return dimensions == 2 && role != TensorRole::Norm && role != TensorRole::Bias && role != TensorRole::Other
           && role != TensorRole::Router;
}

Model::Model(Parts parts) : m_parts(std::move(parts)), m_byName(m_parts.tensors.size()) {
    std::iota(m_byName.begin(), m_byName.end(), std::size_t{0});
    std::sort(m_byName.begin(), m_byName.end(),
              [&](std::size_t a, std::size_t b) { return m_parts.tensors[a].name < m_parts.tensors[b].name; });
}

const Tensor* Model::find(std::string_view name) const {
    const auto it = std::lower_bound(m_byName.begin(), m_byName.end(), name, [&](std::size_t i, std::string_view key) {
        return m_parts.tensors[i].name < key;
    });
    if (it == m_byName.end() || m_parts.tensors[*it].name != name)
        return nullptr;
    return &m_parts.tensors[*it];
}

void Model::release(std::span<const std::byte> bytes) const noexcept {
    for (const auto& file : m_parts.files)
        file->release(bytes);
}

std::uint64_t Model::parameterCount() const {
    std::uint64_t count = 0;
    for (const Tensor& tensor : m_parts.tensors)
        count += static_cast<std::uint64_t>(tensor.count());
    return count;
}

std::uint64_t Model::tensorBytes() const {
    std::uint64_t bytes = 0;
    for (const Tensor& tensor : m_parts.tensors)
        bytes += tensor.bytes.size();
    return bytes;
}

double Model::bitsPerWeight() const {
    const std::uint64_t count = parameterCount();
    return count == 0 ? 0 : static_cast<double>(tensorBytes()) * 8 / static_cast<double>(count);
}

namespace {

/// Everything of the config that changes what the model computes, as one line; the name is left out.
std::string configText(const ModelConfig& c) {
    const auto row = [](const std::vector<float>& values) {
        Json out = Json::array();
        for (const float f : values)
            out.push(f);
        return out;
    };
    Json text = Json::object({{"architecture", c.architecture},
                         {"vocab", c.vocabSize},
                         {"context", c.contextLength},
                         {"hidden", c.hiddenSize},
                         {"layers", c.layers},
                         {"ffn", c.ffnSize},
                         {"heads", c.heads},
                         {"kv_heads", c.kvHeads},
                         {"head_dim", c.headDim},
                         {"rope_dim", c.ropeDim},
                         {"rms_eps", c.rmsEps},
                         {"rope_base", c.ropeBase},
                         {"rope", static_cast<int>(c.rope)},
                         {"rope_scaling", static_cast<int>(c.ropeScaling.kind)},
                         {"rope_factor", c.ropeScaling.factor},
                         {"rope_low", c.ropeScaling.lowFreqFactor},
                         {"rope_high", c.ropeScaling.highFreqFactor},
                         {"rope_original", c.ropeScaling.originalContext},
                         {"rope_freq_factors", row(c.ropeFreqFactors)},
                         {"activation", static_cast<int>(c.activation)},
                         {"sub_norms", c.subNorms},
                         {"qkv_bias", c.qkvBias},
                         {"tied", c.tiedOutput},
                         {"activation_quant", static_cast<int>(c.activationQuant)},
                         {"ternarization", static_cast<int>(c.ternarization)}});
    // What the first graphs did not have is mentioned where it differs: their hashes stay what they were.
    const ModelConfig usual;
    const auto add = [&](const char* key, const auto& value, const auto& common, Json shown) {
        if (value != common)
            text.set(key, std::move(shown));
    };
    add("rope_short", c.ropeShortFactors, usual.ropeShortFactors, row(c.ropeShortFactors));
    add("rope_long", c.ropeLongFactors, usual.ropeLongFactors, row(c.ropeLongFactors));
    add("rope_beta_fast", c.ropeScaling.betaFast, usual.ropeScaling.betaFast, c.ropeScaling.betaFast);
    add("rope_beta_slow", c.ropeScaling.betaSlow, usual.ropeScaling.betaSlow, c.ropeScaling.betaSlow);
    add("rope_magnitude", c.ropeScaling.magnitude, usual.ropeScaling.magnitude, c.ropeScaling.magnitude);
    add("sliding_rope_base", c.slidingRopeBase, usual.slidingRopeBase, c.slidingRopeBase);
    add("sliding_window", c.slidingWindow, usual.slidingWindow, c.slidingWindow);
    Json traits = Json::array();
    for (const LayerTraits& layer : c.layerTraits)
        traits.push((layer.sliding ? 1 : 0) + (layer.rotates ? 0 : 2));
    add("layers_special", c.layerTraits, usual.layerTraits, std::move(traits));
    add("norm_places", c.norms, usual.norms, static_cast<int>(c.norms));
    add("norm_offset", c.normOffset, usual.normOffset, c.normOffset);
    add("qk_norm", c.qkNorm, usual.qkNorm, static_cast<int>(c.qkNorm));
    add("experts", c.experts, usual.experts,
        Json(Json::Array{Json(c.experts.count), Json(c.experts.used), Json(c.experts.ffnSize), Json(c.experts.normalized)}));
    add("embedding_scale", c.embeddingScale, usual.embeddingScale, c.embeddingScale);
    add("residual_scale", c.residualScale, usual.residualScale, c.residualScale);
    add("attention_scale", c.attentionScale, usual.attentionScale, c.attentionScale);
    add("logit_scale", c.logitScale, usual.logitScale, c.logitScale);
    add("attention_cap", c.attentionCap, usual.attentionCap, c.attentionCap);
    add("logit_cap", c.logitCap, usual.logitCap, c.logitCap);
    return text.dump();
}

} // namespace

Result<std::string> weightsHash(const Model& model, RunControl& control) {
    Sha256 hash;
    hash.add(configText(model.config()));
    std::vector<const Tensor*> tensors;
    for (const Tensor& tensor : model.tensors())
        tensors.push_back(&tensor);
    std::sort(tensors.begin(), tensors.end(), [](const Tensor* a, const Tensor* b) { return a->name < b->name; });
    const double total = static_cast<double>(std::max<std::uint64_t>(1, model.tensorBytes()));
    double done = 0;
    for (const Tensor* tensor : tensors) {
        hash.add("\n" + tensor->name + "|" + std::to_string(tensor->rows) + "|" + std::to_string(tensor->cols));
        TRILOBIT_CHECK(addEncodingTo(hash, *tensor));
        for (std::size_t begin = 0; begin < tensor->bytes.size(); begin += kHashPiece) {
            if (control.isCancelled())
                return cancelledError();
            const auto piece = tensor->bytes.subspan(begin, std::min(kHashPiece, tensor->bytes.size() - begin));
            hash.add(piece);
            done += static_cast<double>(piece.size());
            control.progress(done, total, "hashing weights");
        }
    }
    return hash.finish();
}

Result<std::vector<float>> decodeTensor(const Tensor& tensor, RunControl& control) {
    try {
        std::vector<float> values(static_cast<std::size_t>(tensor.count()));
        const std::int64_t step = std::max<std::int64_t>(1, kDecodePiece / std::max<std::int64_t>(1, tensor.cols));
        for (std::int64_t row = 0; row < tensor.rows; row += step) {
            if (control.isCancelled())
                return cancelledError();
            tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, row, std::min(step, tensor.rows - row),
                                        values.data() + row * tensor.cols);
        }
        return values;
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory to decode " + std::to_string(tensor.count())
                     + " values", {}, tensor.name};
    }
}

} // namespace trilobit
