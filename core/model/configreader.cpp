// ModelConfig from the keys that all decoder architectures share.
#include "core/model/architecture.h"
#include "core/model/configkeys.h"

#include <cmath>

namespace trilobit {

namespace {

constexpr std::int64_t kMaxSize = 1 << 24;     // hidden size, FFN, vocabulary
constexpr std::int64_t kMaxLayers = 65'536;
constexpr std::int64_t kMaxContext = 1ll << 32;

Result<void> readHeads(const ConfigKeys& keys, ModelConfig& c) {
    TRILOBIT_TRY(c.heads, keys.size("attention.head_count", 65'536));
    TRILOBIT_TRY(c.kvHeads, keys.size("attention.head_count_kv", 65'536, c.heads));
    if (c.heads % c.kvHeads != 0)
        return Error{ErrorCode::Format, std::to_string(c.heads) + " heads cannot share " + std::to_string(c.kvHeads)
                     + " key/value heads evenly, expected a divisor", {}, keys.key("attention.head_count_kv")};
    if (!keys.has("attention.key_length") && c.hiddenSize % c.heads != 0)
        return Error{ErrorCode::Format, std::to_string(c.hiddenSize) + " features, expected a multiple of the "
                     + std::to_string(c.heads) + " heads", {}, keys.key("attention.head_count")};
    TRILOBIT_TRY(c.headDim, keys.size("attention.key_length", 65'536, std::max<std::int64_t>(1, c.hiddenSize / c.heads)));
    TRILOBIT_TRY(const std::int64_t valueDim, keys.size("attention.value_length", 65'536, c.headDim));
    if (valueDim != c.headDim)
        return Error{ErrorCode::Unsupported, "keys of " + std::to_string(c.headDim) + " and values of "
                     + std::to_string(valueDim) + " features per head; this program runs equal lengths only", {},
                     keys.key("attention.value_length")};
    return {};
}

Result<void> readYarn(const ConfigKeys& keys, RopeScaling& s) {
    s.kind = RopeScaling::Kind::Yarn;
    TRILOBIT_TRY(s.factor, keys.positive("rope.scaling.factor", 1));
    TRILOBIT_TRY(s.originalContext, keys.size("rope.scaling.original_context_length", kMaxContext));
    TRILOBIT_TRY(s.betaFast, keys.positive("rope.scaling.yarn_beta_fast", 32));
    TRILOBIT_TRY(s.betaSlow, keys.positive("rope.scaling.yarn_beta_slow", 1));
    TRILOBIT_TRY(const double attention, keys.positive("rope.scaling.attn_factor", 1));
    s.magnitude = attention * (1 + 0.1 * std::log(s.factor));
    if (!(s.magnitude > 0))
        return Error{ErrorCode::Format, "is too small, expected one that leaves attention a positive factor", {}, keys.key("rope.scaling.factor")};
    return {};
}

Result<void> readRope(const ConfigKeys& keys, ModelConfig& c) {
    TRILOBIT_TRY(c.ropeDim, keys.size("rope.dimension_count", c.headDim, c.headDim));
    if (c.ropeDim % 2 != 0)
        return Error{ErrorCode::Format, "is " + std::to_string(c.ropeDim) + ", expected an even number", {},
                     keys.key("rope.dimension_count")};
    TRILOBIT_TRY(c.ropeBase, keys.positive("rope.freq_base", 10000));
    const std::string type = keys.text("rope.scaling.type");
    RopeScaling& s = c.ropeScaling;
    if (type == "yarn")
        return readYarn(keys, s);
    if (!type.empty() && type != "none" && type != "linear" && type != "longrope")
        return Error{ErrorCode::Unsupported, "is \"" + type + "\"; this program runs none, linear, yarn and longrope", {},
                     keys.key("rope.scaling.type")};
    TRILOBIT_TRY(const double oldFactor, keys.positive("rope.scale_linear", 1));
    TRILOBIT_TRY(const double factor, keys.positive("rope.scaling.factor", oldFactor));
    if (type == "longrope" || keys.has("rope.scaling.attn_factor")) {
        // The factors themselves are tensors; files that have none use the magnitude alone.
        TRILOBIT_TRY(s.originalContext, keys.size("rope.scaling.original_context_length", kMaxContext, c.contextLength));
        TRILOBIT_TRY(s.magnitude, keys.positive("rope.scaling.attn_factor", 1));
        if (type == "longrope")
            s.kind = RopeScaling::Kind::Longrope;
    } else if (type != "none" && factor != 1) {
        s.kind = RopeScaling::Kind::Linear;
        s.factor = factor;
    }
    return {};
}

Result<void> readOwnKeys(const Metadata& metadata, ModelConfig& c) {
    const auto unknown = [](std::string_view key, const std::string& value) {
        return Error{ErrorCode::Unsupported, "is \"" + value + "\", which this program does not know", {},
                     std::string(key)};
    };
    if (metadata.find(kActivationQuantKey)) {
        const std::string value = metadata.toString(kActivationQuantKey);
        if (value != "int8-per-token" && value != "none")
            return unknown(kActivationQuantKey, value);
        c.activationQuant = value == "none" ? ActivationQuant::None : ActivationQuant::Int8PerToken;
    }
    if (metadata.find(kTernarizationKey)) {
        const std::string value = metadata.toString(kTernarizationKey);
        if (value != "online-absmean")
            return unknown(kTernarizationKey, value);
        c.ternarization = WeightTernarization::OnlineAbsmean;
    }
    TRILOBIT_TRY(const auto still, readLayerFlags(metadata, std::string(kStillLayersKey), c.layers));
    if (still) {
        c.layerTraits.resize(static_cast<std::size_t>(c.layers));
        for (std::size_t i = 0; i < c.layerTraits.size(); ++i)
            c.layerTraits[i].rotates = !(*still)[i];
    }
    return {};
}

void warnAbout(const ConfigKeys& keys, const Metadata& metadata, const ModelConfig& c,
               std::vector<std::string>& warnings) {
    const std::int64_t claimed = metadata.toInt(keys.key("vocab_size"), c.vocabSize);
    if (claimed != c.vocabSize)
        warnings.push_back("The file says that the vocabulary has " + std::to_string(claimed)
                           + " entries, but the embedding has " + std::to_string(c.vocabSize) + " rows.");
    const std::int64_t window = metadata.toInt(keys.key("attention.sliding_window"), 0);
    if (window > 0 && window < c.contextLength && c.slidingWindow == 0)
        warnings.push_back("The file asks for a sliding attention window of " + std::to_string(window)
                           + " tokens, which models of the kind " + c.architecture + " do not have; attention runs over the "
                             "whole context.");
}

} // namespace

Result<ModelConfig> readConfig(const Architecture& architecture, const Metadata& metadata, std::int64_t embeddingRows,
                               std::vector<std::string>& warnings) {
    ModelConfig c;
    c.architecture = metadata.toString("general.architecture");
    c.name = metadata.toString("general.name");
    const ConfigKeys keys(metadata, c.architecture);
    TRILOBIT_TRY(c.contextLength, keys.size("context_length", kMaxContext));
    TRILOBIT_TRY(c.hiddenSize, keys.size("embedding_length", kMaxSize));
    TRILOBIT_TRY(c.layers, keys.size("block_count", kMaxLayers));
    TRILOBIT_TRY(c.ffnSize, keys.size("feed_forward_length", kMaxSize));
    if (embeddingRows < 1 || embeddingRows > kMaxSize)
        return Error{ErrorCode::Format, "has " + std::to_string(embeddingRows) + " rows, expected 1 to "
                     + std::to_string(kMaxSize), {}, "token_embd.weight"};
    c.vocabSize = embeddingRows;
    TRILOBIT_CHECK(readHeads(keys, c));
    TRILOBIT_TRY(c.rmsEps, keys.positive("attention.layer_norm_rms_epsilon", 1e-5));
    TRILOBIT_CHECK(readRope(keys, c));
    c.rope = architecture.ggufRope;
    TRILOBIT_CHECK(architecture.configure(metadata, c));
    TRILOBIT_CHECK(readOwnKeys(metadata, c));
    warnAbout(keys, metadata, c, warnings);
    return c;
}

} // namespace trilobit
