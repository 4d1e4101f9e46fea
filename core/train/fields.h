// Fields: reading settings from JSON with the member's name in every complaint.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace trilobit {

/// Absent members leave the target as it is. Errors: Usage, field "group.member", with the range or the choices.
class Fields {
public:
    Fields(const Json& json, std::string group) : m_json(json), m_group(std::move(group)) {}

    Result<void> only(std::initializer_list<std::string_view> keys) const {
        if (!m_json.isObject() && !m_json.isNull())
            return bad("", "must be a JSON object");
        for (const auto& [key, value] : m_json.members())
            if (std::find(keys.begin(), keys.end(), key) == keys.end())
                return bad(key, "is not a setting of " + m_group);
        return {};
    }
    Result<void> integer(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t& target) const {
        const Json* value = m_json.find(key);
        if (!value)
            return {};
        if (!value->isInteger() || value->toInt() < low || value->toInt() > high)
            return bad(key, "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
        target = value->toInt();
        return {};
    }
    Result<void> real(std::string_view key, double low, double high, double& target) const {
        const Json* value = m_json.find(key);
        if (!value)
            return {};
        const double number = value->toDouble(low - 1);
        if (!value->isNumber() || !(number >= low && number <= high))
            return bad(key, "must be a number from " + Json(low).dump() + " to " + Json(high).dump());
        target = number;
        return {};
    }
    Result<void> flag(std::string_view key, bool& target) const {
        const Json* value = m_json.find(key);
        if (value && !value->isBool())
            return bad(key, "must be true or false");
        if (value)
            target = value->toBool();
        return {};
    }
    Result<void> text(std::string_view key, std::string& target) const {
        const Json* value = m_json.find(key);
        if (value && !value->isString())
            return bad(key, "must be text");
        if (value)
            target = value->toString();
        return {};
    }
    Result<std::size_t> oneOf(std::string_view key, std::span<const char* const> choices, std::size_t fallback) const {
        const Json* value = m_json.find(key);
        if (!value)
            return fallback;
        std::string list;
        for (std::size_t i = 0; i < choices.size(); ++i) {
            if (value->isString() && value->toString() == choices[i])
                return i;
            list += (i ? ", " : "") + std::string(choices[i]);
        }
        return bad(key, "must be one of " + list);
    }
    Error bad(std::string_view key, std::string message) const {
        Error error = fail(ErrorCode::Usage, std::move(message));
        error.field = key.empty() ? m_group : m_group + "." + std::string(key);
        return error;
    }

private:
    const Json& m_json;
    std::string m_group;
};

} // namespace trilobit
