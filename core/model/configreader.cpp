// ModelConfig from the keys that all decoder architectures share.
#include "core/model/architecture.h"

#include <cmath>

namespace trilobit {

namespace {

constexpr std::int64_t kMaxSize = 1 << 24;     // hidden size, FFN, vocabulary
constexpr std::int64_t kMaxLayers = 65'536;
constexpr std::int64_t kMaxContext = 1ll << 32;

class KeyReader {
public:
    KeyReader(const Metadata& metadata, const std::string& architecture)
        : m_metadata(metadata), m_architecture(architecture) {}

    std::string key(std::string_view name) const { return m_architecture + "." + std::string(name); }
    bool has(std::string_view name) const { return m_metadata.find(key(name)) != nullptr; }
    std::string text(std::string_view name) const { return m_metadata.toString(key(name)); }

    /// An integer in [1, max]; `fallback` when the key is absent, an error when that is 0.
    Result<std::int64_t> size(std::string_view name, std::int64_t max, std::int64_t fallback = 0) const {
        const MetaValue* value = m_metadata.find(key(name));
        if (!value && fallback > 0)
            return fallback;
        if (!value)
            return Error{ErrorCode::Format, "this key is missing, but the model needs it", {}, key(name)};
        std::int64_t number = m_metadata.toInt(key(name), -1);
        if (value->type == MetaType::Array) {
            TRILOBIT_TRY(number, sameInEveryBlock(*value, name));
        }
        if (number < 1 || number > max)
            return Error{ErrorCode::Format, "is " + std::to_string(number) + ", expected 1 to " + std::to_string(max),
                         {}, key(name)};
        return number;
    }

    Result<double> positive(std::string_view name, double fallback) const {
        const double number = m_metadata.toDouble(key(name), fallback);
        if (!std::isfinite(number) || number <= 0)
            return Error{ErrorCode::Format, "expected a positive number", {}, key(name)};
        return number;
    }

private:
    template <class T>
    static std::optional<std::int64_t> common(const std::vector<T>& values) {
        for (const T v : values)
            if (v != values.front())
                return std::nullopt;
        return values.empty() ? std::nullopt : std::optional(static_cast<std::int64_t>(values.front()));
    }

    Result<std::int64_t> sameInEveryBlock(const MetaValue& value, std::string_view name) const {
        std::optional<std::int64_t> number;
        if (const auto* u = std::get_if<std::vector<std::uint64_t>>(&value.value))
            number = common(*u);
        else if (const auto* i = std::get_if<std::vector<std::int64_t>>(&value.value))
            number = common(*i);
        if (!number)
            return Error{ErrorCode::Unsupported, "differs from block to block, which this program does not run", {},
                         key(name)};
        return *number;
    }

    const Metadata& m_metadata;
    const std::string& m_architecture;
};

Result<void> readHeads(const KeyReader& keys, ModelConfig& c) {
    TRILOBIT_TRY(c.heads, keys.size("attention.head_count", 65'536));
    TRILOBIT_TRY(c.kvHeads, keys.size("attention.head_count_kv", 65'536, c.heads));
    if (c.heads % c.kvHeads != 0)
        return Error{ErrorCode::Format, std::to_string(c.heads) + " heads cannot share " + std::to_string(c.kvHeads)
                     + " key/value heads evenly", {}, keys.key("attention.head_count_kv")};
    if (!keys.has("attention.key_length") && c.hiddenSize % c.heads != 0)
        return Error{ErrorCode::Format, std::to_string(c.hiddenSize) + " features are not a multiple of "
                     + std::to_string(c.heads) + " heads", {}, keys.key("attention.head_count")};
    TRILOBIT_TRY(c.headDim, keys.size("attention.key_length", 65'536, std::max<std::int64_t>(1, c.hiddenSize / c.heads)));
    TRILOBIT_TRY(const std::int64_t valueDim, keys.size("attention.value_length", 65'536, c.headDim));
    if (valueDim != c.headDim)
        return Error{ErrorCode::Unsupported, "keys of " + std::to_string(c.headDim) + " and values of "
                     + std::to_string(valueDim) + " features per head; this program runs equal lengths only", {},
                     keys.key("attention.value_length")};
    return {};
}

Result<void> readRope(const KeyReader& keys, ModelConfig& c) {
    TRILOBIT_TRY(c.ropeDim, keys.size("rope.dimension_count", c.headDim, c.headDim));
    if (c.ropeDim % 2 != 0)
        return Error{ErrorCode::Format, "is " + std::to_string(c.ropeDim) + ", expected an even number", {},
                     keys.key("rope.dimension_count")};
    TRILOBIT_TRY(c.ropeBase, keys.positive("rope.freq_base", 10000));
    const std::string type = keys.text("rope.scaling.type");
    if (!type.empty() && type != "none" && type != "linear")
        return Error{ErrorCode::Unsupported, "is \"" + type + "\"; this program runs none and linear", {},
                     keys.key("rope.scaling.type")};
    TRILOBIT_TRY(const double oldFactor, keys.positive("rope.scale_linear", 1));
    TRILOBIT_TRY(const double factor, keys.positive("rope.scaling.factor", oldFactor));
    if (type != "none" && factor != 1) {
        c.ropeScaling.kind = RopeScaling::Kind::Linear;
        c.ropeScaling.factor = factor;
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
    return {};
}

void warnAbout(const KeyReader& keys, const Metadata& metadata, const ModelConfig& c,
               std::vector<std::string>& warnings) {
    const std::int64_t claimed = metadata.toInt(keys.key("vocab_size"), c.vocabSize);
    if (claimed != c.vocabSize)
        warnings.push_back("The file says that the vocabulary has " + std::to_string(claimed)
                           + " entries, but the embedding has " + std::to_string(c.vocabSize) + " rows.");
    const std::int64_t window = metadata.toInt(keys.key("attention.sliding_window"), 0);
    if (window > 0 && window < c.contextLength)
        warnings.push_back("The file asks for a sliding attention window of " + std::to_string(window)
                           + " tokens; attention runs over the whole context instead.");
}

} // namespace

Result<ModelConfig> readConfig(const Architecture& architecture, const Metadata& metadata, std::int64_t embeddingRows,
                               std::vector<std::string>& warnings) {
    ModelConfig c;
    c.architecture = metadata.toString("general.architecture");
    c.name = metadata.toString("general.name");
    const KeyReader keys(metadata, c.architecture);
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
