// GGUF keys made up from a Hugging Face config.json, so that everything behind the loader sees one kind of description.
#include "core/model/loaders.h"

#include <cmath>
#include <limits>

namespace trilobit {

namespace {

Error badField(std::string field, std::string message) {
    return Error{ErrorCode::Format, std::move(message), {}, std::move(field)};
}

Result<std::uint32_t> sizeField(const Json& config, const std::string& field, std::int64_t fallback = 0) {
    const Json& value = config[field];
    const std::int64_t number = value.isNull() ? fallback : value.toInt(-1);
    if (value.isNull() && fallback == 0)
        return badField(field, "is missing, but the model needs it");
    if (number < 1 || number > std::numeric_limits<std::uint32_t>::max())
        return badField(field, "expected a positive integer, found " + value.dump().substr(0, 40));
    return static_cast<std::uint32_t>(number);
}

Result<double> positiveField(const Json& config, const std::string& field, double fallback) {
    const Json& value = config[field];
    if (value.isNull() && fallback > 0)
        return fallback;
    const double number = value.toDouble(0);
    if (!std::isfinite(number) || number <= 0 || number > 1e30)
        return badField(field, value.isNull() ? std::string("is missing, but the model needs it")
                                              : "expected a positive number, found " + value.dump().substr(0, 40));
    return number;
}

/// The rotary settings: an object of its own in new files, spread over rope_theta and rope_scaling in older ones.
const Json& ropeObject(const Json& config) {
    return config["rope_parameters"].isObject() ? config["rope_parameters"] : config["rope_scaling"];
}

std::string ropeType(const Json& config) {
    const Json& rope = ropeObject(config);
    const std::string type = rope["rope_type"].isString() ? rope["rope_type"].toString() : rope["type"].toString();
    return type.empty() ? "default" : type;
}

Result<void> addRope(const Json& config, const std::string& prefix, std::uint32_t headDim, double defaultBase,
                     Metadata& out) {
    const Json& rope = ropeObject(config);
    TRILOBIT_TRY(const double outerBase, positiveField(config, "rope_theta", defaultBase));
    TRILOBIT_TRY(const double base, positiveField(rope, "rope_theta", outerBase));
    TRILOBIT_TRY(const double outerPart, positiveField(config, "partial_rotary_factor", 1));
    TRILOBIT_TRY(const double part, positiveField(rope, "partial_rotary_factor", outerPart));
    if (part > 1)
        return badField("partial_rotary_factor", "expected at most 1");
    out.set(prefix + "rope.dimension_count", MetaValue::u32(static_cast<std::uint32_t>(part * headDim)));
    out.set(prefix + "rope.freq_base", MetaValue::f32(static_cast<float>(base)));
    const std::string type = ropeType(config);
    if (type == "linear") {
        TRILOBIT_TRY(const double factor, positiveField(rope, "factor", 0));
        out.set(prefix + "rope.scaling.type", MetaValue::string("linear"));
        out.set(prefix + "rope.scaling.factor", MetaValue::f32(static_cast<float>(factor)));
    } else if (type != "default" && type != "llama3") {
        return Error{ErrorCode::Unsupported, "is \"" + type + "\"; this program runs default, linear and llama3", {},
                     "rope_type"};
    }
    return {};
}

} // namespace

Result<RopeScaling> ropeScalingFromHf(const Json& config) {
    RopeScaling scaling;
    const Json& rope = ropeObject(config);
    const std::string type = ropeType(config);
    if (type == "linear") {
        scaling.kind = RopeScaling::Kind::Linear;
        TRILOBIT_TRY(scaling.factor, positiveField(rope, "factor", 0));
    }
    if (type != "llama3")
        return scaling;
    scaling.kind = RopeScaling::Kind::Llama3;
    TRILOBIT_TRY(scaling.factor, positiveField(rope, "factor", 0));
    TRILOBIT_TRY(scaling.lowFreqFactor, positiveField(rope, "low_freq_factor", 0));
    TRILOBIT_TRY(scaling.highFreqFactor, positiveField(rope, "high_freq_factor", 0));
    TRILOBIT_TRY(const std::uint32_t original, sizeField(rope, "original_max_position_embeddings"));
    scaling.originalContext = original;
    if (scaling.highFreqFactor <= scaling.lowFreqFactor)
        return badField("high_freq_factor", "expected more than low_freq_factor");
    return scaling;
}

Result<HfQuantization> readHfQuantization(const Json& hfConfig) {
    HfQuantization out;
    const Json& config = hfConfig["quantization_config"];
    if (config.isNull())
        return out;
    const auto unsupported = [](const char* field, const Json& value) {
        return Error{ErrorCode::Unsupported, "is " + value.dump().substr(0, 60) + ", which this program does not read",
                     {}, std::string("quantization_config.") + field};
    };
    const std::string method = config["quant_method"].toString();
    if (method == "gptq" || method == "awq" || method == "hqq")
        return out; // packed matrices, nothing about activations
    if (method != "bitnet")
        return unsupported("quant_method", config["quant_method"]);
    if (config["use_rms_norm"].toBool())
        return unsupported("use_rms_norm", config["use_rms_norm"]);
    const std::string linear = config["linear_class"].toString("bitlinear");
    const std::string mode = config["quantization_mode"].toString("offline");
    if (linear != "bitlinear" && linear != "autobitlinear")
        return unsupported("linear_class", config["linear_class"]);
    if (mode != "offline" && mode != "online")
        return unsupported("quantization_mode", config["quantization_mode"]);
    out.kind = mode == "online" ? HfQuantization::Kind::Online : HfQuantization::Kind::Offline;
    out.scaleMultiplies = linear == "autobitlinear";
    return out;
}

Result<Metadata> metadataFromHf(const Json& config, const Architecture& architecture, const std::string& name) {
    Metadata out;
    const std::string prefix = std::string(architecture.nameForHf) + ".";
    TRILOBIT_TRY(const std::uint32_t layers, sizeField(config, "num_hidden_layers"));
    TRILOBIT_TRY(const std::uint32_t context, sizeField(config, "max_position_embeddings", 2048));
    TRILOBIT_TRY(const std::uint32_t hidden, sizeField(config, "hidden_size"));
    TRILOBIT_TRY(const std::uint32_t ffn, sizeField(config, "intermediate_size"));
    TRILOBIT_TRY(const std::uint32_t heads, sizeField(config, "num_attention_heads"));
    TRILOBIT_TRY(const std::uint32_t kvHeads, sizeField(config, "num_key_value_heads", heads));
    TRILOBIT_TRY(const std::uint32_t vocab, sizeField(config, "vocab_size"));
    if (config["head_dim"].isNull() && hidden % heads != 0)
        return badField("num_attention_heads", "does not divide hidden_size");
    TRILOBIT_TRY(const std::uint32_t headDim, sizeField(config, "head_dim", std::max(1u, hidden / heads)));
    TRILOBIT_TRY(const double eps, positiveField(config, "rms_norm_eps", 0));
    out.set("general.architecture", MetaValue::string(std::string(architecture.nameForHf)));
    out.set("general.type", MetaValue::string("model"));
    out.set("general.name", MetaValue::string(name));
    out.set(prefix + "block_count", MetaValue::u32(layers));
    out.set(prefix + "context_length", MetaValue::u32(context));
    out.set(prefix + "embedding_length", MetaValue::u32(hidden));
    out.set(prefix + "feed_forward_length", MetaValue::u32(ffn));
    out.set(prefix + "attention.head_count", MetaValue::u32(heads));
    out.set(prefix + "attention.head_count_kv", MetaValue::u32(kvHeads));
    out.set(prefix + "attention.key_length", MetaValue::u32(headDim));
    out.set(prefix + "attention.value_length", MetaValue::u32(headDim));
    out.set(prefix + "attention.layer_norm_rms_epsilon", MetaValue::f32(static_cast<float>(eps)));
    out.set(prefix + "vocab_size", MetaValue::u32(vocab));
    TRILOBIT_CHECK(addRope(config, prefix, headDim, architecture.hfDefaultRopeBase, out));
    TRILOBIT_CHECK(architecture.fromHf(config, out));
    return out;
}

} // namespace trilobit
