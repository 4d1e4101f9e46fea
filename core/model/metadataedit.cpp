#include "core/model/metadataedit.h"

#include "core/model/architecture.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace trilobit {

namespace {

Error usage(const std::string& key, std::string message) {
    return Error{ErrorCode::Usage, std::move(message), {}, key};
}

std::optional<MetaType> typeNamed(std::string_view name) {
    constexpr std::pair<const char*, MetaType> kNames[] = {
        {"u8", MetaType::U8},   {"i8", MetaType::I8},   {"u16", MetaType::U16}, {"i16", MetaType::I16},
        {"u32", MetaType::U32}, {"i32", MetaType::I32}, {"u64", MetaType::U64}, {"i64", MetaType::I64},
        {"f32", MetaType::F32}, {"f64", MetaType::F64}, {"bool", MetaType::Bool}, {"str", MetaType::String}};
    for (const auto& [text, type] : kNames)
        if (name == text)
            return type;
    return std::nullopt;
}

template <class Number>
std::optional<Number> parsed(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

MetaType guessed(const std::string& text) {
    if (text == "true" || text == "false")
        return MetaType::Bool;
    if (const auto whole = parsed<std::int64_t>(text)) {
        if (*whole >= 0 && *whole <= std::numeric_limits<std::uint32_t>::max())
            return MetaType::U32;
        return MetaType::I64;
    }
    return parsed<double>(text) ? MetaType::F32 : MetaType::String;
}

template <class Limit, class Wide>
Result<MetaValue> whole(const std::string& key, MetaType type, const std::string& text) {
    const auto value = parsed<Wide>(text);
    if (!value || *value < static_cast<Wide>(std::numeric_limits<Limit>::min())
        || *value > static_cast<Wide>(std::numeric_limits<Limit>::max()))
        return usage(key, "expected a whole number from " + std::to_string(std::numeric_limits<Limit>::min()) + " to "
                              + std::to_string(std::numeric_limits<Limit>::max()) + ", found \"" + text.substr(0, 60) + "\"");
    return MetaValue{type, {}, *value};
}

Result<MetaValue> valueOf(const std::string& key, MetaType type, const std::string& text) {
    switch (type) {
    case MetaType::U8: return whole<std::uint8_t, std::uint64_t>(key, type, text);
    case MetaType::U16: return whole<std::uint16_t, std::uint64_t>(key, type, text);
    case MetaType::U32: return whole<std::uint32_t, std::uint64_t>(key, type, text);
    case MetaType::U64: return whole<std::uint64_t, std::uint64_t>(key, type, text);
    case MetaType::I8: return whole<std::int8_t, std::int64_t>(key, type, text);
    case MetaType::I16: return whole<std::int16_t, std::int64_t>(key, type, text);
    case MetaType::I32: return whole<std::int32_t, std::int64_t>(key, type, text);
    case MetaType::I64: return whole<std::int64_t, std::int64_t>(key, type, text);
    case MetaType::F32:
    case MetaType::F64: {
        const auto value = parsed<double>(text);
        if (!value || !std::isfinite(*value) || (type == MetaType::F32 && !std::isfinite(static_cast<float>(*value))))
            return usage(key, "expected a number, found \"" + text.substr(0, 60) + "\"");
        return MetaValue{type, {}, type == MetaType::F32 ? static_cast<double>(static_cast<float>(*value)) : *value};
    }
    case MetaType::Bool:
        if (text != "true" && text != "false")
            return usage(key, "expected true or false, found \"" + text.substr(0, 60) + "\"");
        return MetaValue::boolean(text == "true");
    case MetaType::String: return MetaValue::string(text);
    case MetaType::Array: break;
    }
    return usage(key, "is a list, and lists cannot be set here");
}

bool isKept(std::string_view key) { return key.starts_with("split.") || key.starts_with("trilobit."); }

} // namespace

Result<void> editMetadata(Metadata& metadata, const std::string& edit) {
    if (edit.starts_with('-')) {
        const std::string key = edit.substr(1);
        if (isKept(key) || !metadata.find(key))
            return usage(key, isKept(key) ? "is set by the writer itself" : "is not in the model and cannot be taken away");
        metadata.remove(key);
        return {};
    }
    const std::size_t equals = edit.find('=');
    if (equals == std::string::npos || equals == 0)
        return usage(edit.substr(0, 60), "expected key=value or -key");
    const std::string key = edit.substr(0, equals);
    std::string text = edit.substr(equals + 1);
    if (isKept(key))
        return usage(key, "is set by the writer itself");
    MetaType type = guessed(text);
    if (const MetaValue* there = metadata.find(key)) {
        type = there->type;
    } else if (const std::size_t colon = text.find(':'); colon != std::string::npos) {
        if (const auto named = typeNamed(std::string_view(text).substr(0, colon))) {
            type = *named;
            text.erase(0, colon + 1);
        }
    }
    TRILOBIT_TRY(MetaValue value, valueOf(key, type, text));
    metadata.set(key, std::move(value));
    return {};
}

Result<std::shared_ptr<const Model>> withMetadata(std::shared_ptr<const Model> model, std::span<const std::string> edits) {
    if (edits.empty())
        return model;
    Model::Parts parts;
    parts.path = model->path();
    parts.container = model->container();
    parts.config = model->config();
    parts.metadata = model->metadata();
    parts.tensors = model->tensors();
    parts.tokenizer = model->tokenizer();
    parts.tokenizerNote = model->tokenizerNote();
    parts.fileBytes = model->fileBytes();
    parts.files = model->files();
    for (const std::string& edit : edits)
        TRILOBIT_CHECK(editMetadata(parts.metadata, edit));
    const std::string name = parts.metadata.toString("general.architecture");
    const Architecture* architecture = findArchitecture(name);
    if (!architecture)
        return usage("general.architecture", "is \"" + name + "\", which this program does not know");
    TRILOBIT_TRY(ModelConfig config, readConfig(*architecture, parts.metadata, parts.config.vocabSize, parts.warnings));
    TRILOBIT_CHECK(completeConfig(*architecture, parts.tensors, config));
    // What the container decides, not the keys.
    config.rope = parts.config.rope;
    config.ropeScaling = parts.config.ropeScaling;
    config.activationQuant = parts.config.activationQuant;
    config.ternarization = parts.config.ternarization;
    for (const Tensor& tensor : parts.tensors) {
        const auto match = matchTensor(*architecture, tensor.name, Naming::Gguf);
        const std::int64_t ne[] = {tensor.cols, tensor.rows};
        if (!match)
            return usage("general.architecture", "\"" + name + "\" has no place for " + tensor.name);
        TRILOBIT_CHECK(placeTensor(*match, tensor.name, std::span(ne).first(tensor.dimensions == 1 ? 1 : 2), config));
    }
    parts.config = config;
    return std::make_shared<const Model>(std::move(parts));
}

} // namespace trilobit
