#include "core/model/configkeys.h"

#include <cmath>

namespace trilobit {

namespace {

template <class T>
std::optional<std::int64_t> common(const std::vector<T>& values) {
    for (const T v : values)
        if (v != values.front())
            return std::nullopt;
    return values.empty() ? std::nullopt : std::optional(static_cast<std::int64_t>(values.front()));
}

std::optional<std::int64_t> sameInEveryBlock(const MetaValue& value) {
    if (const auto* u = std::get_if<std::vector<std::uint64_t>>(&value.value))
        return common(*u);
    if (const auto* i = std::get_if<std::vector<std::int64_t>>(&value.value))
        return common(*i);
    return std::nullopt;
}

} // namespace

Result<std::int64_t> ConfigKeys::size(std::string_view name, std::int64_t max, std::int64_t fallback) const {
    const MetaValue* value = m_metadata.find(key(name));
    if (!value && fallback > 0)
        return fallback;
    if (!value)
        return Error{ErrorCode::Format, "is missing, but the model needs it", {}, key(name)};
    std::int64_t number = m_metadata.toInt(key(name), -1);
    if (value->type == MetaType::Array) {
        const auto same = sameInEveryBlock(*value);
        if (!same)
            return Error{ErrorCode::Unsupported, "differs from block to block, expected one number for all", {},
                         key(name)};
        number = *same;
    }
    if (number < 1 || number > max)
        return Error{ErrorCode::Format, "is " + std::to_string(number) + ", expected 1 to " + std::to_string(max), {},
                     key(name)};
    return number;
}

Result<std::int64_t> ConfigKeys::sizeOrNone(std::string_view name, std::int64_t max) const {
    if (!has(name))
        return 0;
    const std::int64_t number = m_metadata.toInt(key(name), -1);
    if (number < 0 || number > max)
        return Error{ErrorCode::Format, "expected an integer from 0 to " + std::to_string(max), {}, key(name)};
    return number;
}

Result<double> ConfigKeys::positive(std::string_view name, double fallback) const {
    const double number = m_metadata.toDouble(key(name), fallback);
    if (!std::isfinite(number) || number <= 0 || number > 1e30)
        return Error{ErrorCode::Format, "expected a positive number", {}, key(name)};
    return number;
}

Result<std::optional<std::vector<bool>>> ConfigKeys::flags(std::string_view name, std::int64_t layers) const {
    return readLayerFlags(m_metadata, key(name), layers);
}

Result<std::optional<std::vector<bool>>> readLayerFlags(const Metadata& metadata, const std::string& key,
                                                        std::int64_t layers) {
    const MetaValue* value = metadata.find(key);
    if (!value || value->type != MetaType::Array)
        return std::optional<std::vector<bool>>();
    std::vector<bool> flags;
    const auto take = [&](const auto& row) {
        for (const auto v : row)
            flags.push_back(v != 0);
    };
    if (const auto* u = std::get_if<std::vector<std::uint64_t>>(&value->value))
        take(*u);
    else if (const auto* i = std::get_if<std::vector<std::int64_t>>(&value->value))
        take(*i);
    else if (const auto* b = std::get_if<std::vector<std::uint8_t>>(&value->value))
        take(*b);
    if (static_cast<std::int64_t>(flags.size()) != layers)
        return Error{ErrorCode::Format, "expected one flag for each of the " + std::to_string(layers) + " blocks", {}, key};
    return std::optional(std::move(flags));
}

} // namespace trilobit
