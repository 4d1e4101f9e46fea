// GGUF keys made up from a Hugging Face config.json, so that everything behind the loader sees one kind of description.
#include "core/model/hfconfig.h"
#include "core/model/loaders.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace trilobit {

namespace {

constexpr std::size_t kMaxGeneralKey = 200;

Error badField(std::string field, std::string message) {
    return Error{ErrorCode::Format, std::move(message), {}, std::move(field)};
}

/// The rotary settings: an object of its own in new files, spread over rope_theta and rope_scaling in older ones.
const Json& ropeObject(const Json& config) {
    const Json& rope = config["rope_parameters"].isObject() ? config["rope_parameters"] : config["rope_scaling"];
    // One object per kind of block: the scaling is that of blocks which see the whole context.
    return rope["full_attention"].isObject() ? rope["full_attention"] : rope;
}

std::string ropeType(const Json& config) {
    const Json& rope = ropeObject(config);
    const std::string type = rope["rope_type"].isString() ? rope["rope_type"].toString() : rope["type"].toString();
    return type.empty() ? "default" : type;
}

Result<void> addRope(const Json& config, const std::string& prefix, std::uint32_t headDim, double defaultBase,
                     Metadata& out) {
    const Json& rope = ropeObject(config);
    TRILOBIT_TRY(const double outerBase, hfPositive(config, "rope_theta", defaultBase));
    TRILOBIT_TRY(const double base, hfPositive(rope, "rope_theta", outerBase));
    TRILOBIT_TRY(const double outerPart, hfPositive(config, "partial_rotary_factor", 1));
    TRILOBIT_TRY(const double part, hfPositive(rope, "partial_rotary_factor", outerPart));
    if (part > 1)
        return badField("partial_rotary_factor", "expected at most 1");
    out.set(prefix + "rope.dimension_count", MetaValue::u32(static_cast<std::uint32_t>(part * headDim)));
    out.set(prefix + "rope.freq_base", MetaValue::f32(static_cast<float>(base)));
    TRILOBIT_TRY(const RopeScaling scaling, ropeScalingFromHf(config));
    const auto number = [&](const char* key, double value) {
        out.set(prefix + "rope.scaling." + key, MetaValue::f32(static_cast<float>(value)));
    };
    switch (scaling.kind) {
    case RopeScaling::Kind::None:
    case RopeScaling::Kind::Llama3: return {};
    case RopeScaling::Kind::Linear:
        out.set(prefix + "rope.scaling.type", MetaValue::string("linear"));
        number("factor", scaling.factor);
        return {};
    case RopeScaling::Kind::Yarn:
        out.set(prefix + "rope.scaling.type", MetaValue::string("yarn"));
        number("factor", scaling.factor);
        number("yarn_beta_fast", scaling.betaFast);
        number("yarn_beta_slow", scaling.betaSlow);
        // Readers multiply by the usual magnitude themselves.
        number("attn_factor", scaling.magnitude / (1 + 0.1 * std::log(scaling.factor)));
        break;
    case RopeScaling::Kind::Longrope:
        out.set(prefix + "rope.scaling.type", MetaValue::string("longrope"));
        number("attn_factor", scaling.magnitude);
        break;
    }
    out.set(prefix + "rope.scaling.original_context_length",
            MetaValue::u32(static_cast<std::uint32_t>(scaling.originalContext)));
    return {};
}

Result<std::vector<float>> factorList(const Json& rope, const char* field) {
    std::vector<float> out;
    for (const Json& value : rope[field].items()) {
        const double factor = value.toDouble(0);
        if (!(factor > 0) || factor > 1e30)
            return badField(field, "expected positive numbers");
        out.push_back(static_cast<float>(factor));
    }
    if (out.empty())
        return badField(field, "is missing, but longrope needs it");
    return out;
}

Result<RopeScaling> yarn(const Json& rope, std::uint32_t context) {
    RopeScaling s;
    s.kind = RopeScaling::Kind::Yarn;
    TRILOBIT_TRY(s.factor, hfPositive(rope, "factor", 0));
    TRILOBIT_TRY(const std::uint32_t original, hfSize(rope, "original_max_position_embeddings", context));
    s.originalContext = original;
    TRILOBIT_TRY(s.betaFast, hfPositive(rope, "beta_fast", 32));
    TRILOBIT_TRY(s.betaSlow, hfPositive(rope, "beta_slow", 1));
    if (s.factor < 1)
        return badField("factor", "expected at least 1");
    for (const char* field : {"mscale", "mscale_all_dim"})
        if (!rope[field].isNull())
            return Error{ErrorCode::Unsupported, "is set, which this program does not run; expected none", {}, field};
    if (rope["truncate"].isBool() && !rope["truncate"].toBool())
        return Error{ErrorCode::Unsupported, "is false, which this program does not run; expected true", {}, "truncate"};
    TRILOBIT_TRY(s.magnitude, hfPositive(rope, "attention_factor", 1 + 0.1 * std::log(s.factor)));
    return s;
}

Result<RopeScaling> longrope(const Json& config, const Json& rope, std::uint32_t context) {
    RopeScaling s;
    s.kind = RopeScaling::Kind::Longrope;
    const bool inside = !rope["original_max_position_embeddings"].isNull();
    TRILOBIT_TRY(const std::uint32_t original,
                 hfSize(inside ? rope : config, "original_max_position_embeddings", context));
    s.originalContext = original;
    const double stretch = static_cast<double>(context) / static_cast<double>(original);
    TRILOBIT_TRY(const double factor, hfPositive(rope, "factor", stretch));
    const double usual = factor <= 1 ? 1 : std::sqrt(1 + std::log(factor) / std::log(static_cast<double>(original)));
    TRILOBIT_TRY(s.magnitude, hfPositive(rope, "attention_factor", usual));
    return s;
}

} // namespace

Result<void> readRopeFactorsFromHf(const Json& config, ModelConfig& out) {
    if (out.ropeScaling.kind != RopeScaling::Kind::Longrope)
        return {};
    const Json& rope = ropeObject(config);
    TRILOBIT_TRY(out.ropeShortFactors, factorList(rope, "short_factor"));
    TRILOBIT_TRY(out.ropeLongFactors, factorList(rope, "long_factor"));
    const auto half = static_cast<std::size_t>(out.ropeDim / 2);
    for (const auto& [field, factors] : {std::pair{"short_factor", &out.ropeShortFactors},
                                         std::pair{"long_factor", &out.ropeLongFactors}})
        if (factors->size() != half)
            return badField(field, "has " + std::to_string(factors->size()) + " numbers, expected "
                                       + std::to_string(half));
    return {};
}

Result<RopeScaling> ropeScalingFromHf(const Json& config) {
    RopeScaling scaling;
    const Json& rope = ropeObject(config);
    const std::string type = ropeType(config);
    TRILOBIT_TRY(const std::uint32_t context, hfSize(config, "max_position_embeddings", 2048));
    if (type == "yarn")
        return yarn(rope, context);
    if (type == "longrope" || type == "su")
        return longrope(config, rope, context);
    if (type == "linear") {
        scaling.kind = RopeScaling::Kind::Linear;
        TRILOBIT_TRY(scaling.factor, hfPositive(rope, "factor", 0));
        return scaling;
    }
    if (type == "default")
        return scaling;
    if (type != "llama3")
        return Error{ErrorCode::Unsupported, "is \"" + type.substr(0, 60) + "\"; this program runs default, linear, "
                     "llama3, yarn and longrope", {}, "rope_type"};
    scaling.kind = RopeScaling::Kind::Llama3;
    TRILOBIT_TRY(scaling.factor, hfPositive(rope, "factor", 0));
    TRILOBIT_TRY(scaling.lowFreqFactor, hfPositive(rope, "low_freq_factor", 0));
    TRILOBIT_TRY(scaling.highFreqFactor, hfPositive(rope, "high_freq_factor", 0));
    TRILOBIT_TRY(const std::uint32_t original, hfSize(rope, "original_max_position_embeddings"));
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
    const auto unsupported = [](const char* field, const Json& value, const char* expected) {
        return Error{ErrorCode::Unsupported, "is " + value.dump().substr(0, 60) + ", which this program does not read; expected "
                     + expected, {}, std::string("quantization_config.") + field};
    };
    const std::string method = config["quant_method"].toString();
    if (method == "gptq" || method == "awq" || method == "hqq")
        return out; // packed matrices, nothing about activations
    if (method != "bitnet")
        return unsupported("quant_method", config["quant_method"], "bitnet, gptq, awq or hqq");
    if (config["use_rms_norm"].toBool())
        return unsupported("use_rms_norm", config["use_rms_norm"], "false");
    const std::string linear = config["linear_class"].toString("bitlinear");
    const std::string mode = config["quantization_mode"].toString("offline");
    if (linear != "bitlinear" && linear != "autobitlinear")
        return unsupported("linear_class", config["linear_class"], "bitlinear or autobitlinear");
    if (mode != "offline" && mode != "online")
        return unsupported("quantization_mode", config["quantization_mode"], "offline or online");
    out.kind = mode == "online" ? HfQuantization::Kind::Online : HfQuantization::Kind::Offline;
    out.scaleMultiplies = linear == "autobitlinear";
    return out;
}

bool isDerivedKey(std::string_view key) {
    return key == "general.architecture" || key == "general.type" || key == "general.alignment" || key == "general.file_type"
           || key == "general.quantization_version";
}

Result<Metadata> metadataFromHf(const Json& config, const Architecture& architecture, const std::string& name) {
    Metadata out;
    const std::string prefix = std::string(architecture.nameForHf) + ".";
    TRILOBIT_TRY(const std::uint32_t layers, hfSize(config, "num_hidden_layers"));
    TRILOBIT_TRY(const std::uint32_t context, hfSize(config, "max_position_embeddings", 2048));
    TRILOBIT_TRY(const std::uint32_t hidden, hfSize(config, "hidden_size"));
    TRILOBIT_TRY(const std::uint32_t ffn, hfSize(config, "intermediate_size"));
    TRILOBIT_TRY(const std::uint32_t heads, hfSize(config, "num_attention_heads"));
    TRILOBIT_TRY(const std::uint32_t kvHeads, hfSize(config, "num_key_value_heads", heads));
    TRILOBIT_TRY(const std::uint32_t vocab, hfSize(config, "vocab_size"));
    const std::int64_t usualDim = architecture.hfDefaultHeadDim > 0 ? architecture.hfDefaultHeadDim
                                                                    : std::max<std::int64_t>(1, hidden / heads);
    if (config["head_dim"].isNull() && architecture.hfDefaultHeadDim == 0 && hidden % heads != 0)
        return badField("num_attention_heads", "does not divide hidden_size");
    TRILOBIT_TRY(const std::uint32_t headDim, hfSize(config, "head_dim", usualDim));
    TRILOBIT_TRY(const double eps, hfPositive(config, "rms_norm_eps", 0));
    out.set("general.architecture", MetaValue::string(std::string(architecture.nameForHf)));
    out.set("general.type", MetaValue::string("model"));
    out.set("general.name", MetaValue::string(name));
    for (const auto& [key, value] : config[kGeneralKeys].members()) {
        if (!key.starts_with("general.") || key.size() > kMaxGeneralKey || isDerivedKey(key))
            continue;
        if (value.isString())
            out.set(key, MetaValue::string(value.toString()));
        else if (value.isBool())
            out.set(key, MetaValue::boolean(value.toBool()));
        else if (value.isInteger() && value.toInt(-1) >= 0)
            out.set(key, value.toInt() <= UINT32_MAX ? MetaValue::u32(static_cast<std::uint32_t>(value.toInt()))
                                                     : MetaValue::u64(value.toUInt()));
        else if (value.isArray()) {
            std::vector<std::string> texts;
            for (const Json& text : value.items())
                texts.push_back(text.toString());
            out.set(key, MetaValue::strings(std::move(texts)));
        }
    }
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
