// MethodRegistry and the check of parameters against their description.
#include "core/quant/methodregistry.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace trilobit {

namespace {

std::string numberText(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return {text, end};
}

Error wrongValue(const MethodInfo& info, const std::string& key, const std::string& expected) {
    Error error = fail(ErrorCode::Usage, "parameter " + key + " of method " + info.id + ": expected " + expected);
    error.field = key;
    return error;
}

Result<void> checkNumber(const ParamValue& value, const ParamSpec& spec, const MethodInfo& info) {
    const bool integerWanted = spec.type == ParamType::Integer;
    const std::string expected = std::string(integerWanted ? "a whole number" : "a number") + " from "
                                 + numberText(spec.minimum) + " to " + numberText(spec.maximum);
    std::optional<double> number;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        number = static_cast<double>(*integer);
    else if (const auto* real = std::get_if<double>(&value); real && !integerWanted)
        number = *real;
    if (!number || !(*number >= spec.minimum && *number <= spec.maximum))
        return wrongValue(info, spec.key, expected);
    return {};
}

Result<void> checkChoice(const ParamValue& value, const ParamSpec& spec, const MethodInfo& info) {
    const auto* text = std::get_if<std::string>(&value);
    if (text && std::find(spec.choices.begin(), spec.choices.end(), *text) != spec.choices.end())
        return {};
    std::string list;
    for (const std::string& choice : spec.choices)
        list += (list.empty() ? "" : ", ") + choice;
    return wrongValue(info, spec.key, "one of " + list);
}

Result<void> checkValue(const ParamValue& value, const ParamSpec& spec, const MethodInfo& info) {
    switch (spec.type) {
    case ParamType::Bool:
        if (!std::holds_alternative<bool>(value))
            return wrongValue(info, spec.key, "true or false");
        return {};
    case ParamType::Integer:
    case ParamType::Real: return checkNumber(value, spec, info);
    case ParamType::Choice: return checkChoice(value, spec, info);
    }
    return fail(ErrorCode::Internal, "unknown parameter type");
}

} // namespace

Result<void> MethodRegistry::add(std::shared_ptr<const Method> method, std::string revision) {
    if (!method)
        return fail(ErrorCode::Plugin, "there is no method to add");
    const std::string& id = method->info().id;
    if (id.empty())
        return fail(ErrorCode::Plugin, "a method needs an id");
    for (const auto& known : m_methods)
        if (known->info().id == id)
            return fail(ErrorCode::Plugin, "there is already a method " + id);
    m_methods.push_back(std::move(method));
    m_revisions.push_back(std::move(revision));
    return {};
}

std::string MethodRegistry::revision(std::string_view id) const {
    for (std::size_t i = 0; i < m_methods.size(); ++i)
        if (m_methods[i]->info().id == id)
            return m_revisions[i];
    return {};
}

Result<std::shared_ptr<const Method>> MethodRegistry::find(std::string_view id) const {
    std::string ids;
    for (const auto& method : m_methods) {
        if (method->info().id == id)
            return method;
        ids += (ids.empty() ? "" : ", ") + method->info().id;
    }
    return fail(ErrorCode::Usage, "there is no method \"" + std::string(id) + "\"; "
                                      + (ids.empty() ? "no method is loaded" : "known are " + ids));
}

Result<void> checkParams(const ParamValues& values, const MethodInfo& info) {
    for (const auto& [key, value] : values) {
        const auto spec = std::find_if(info.params.begin(), info.params.end(),
                                       [&, &name = key](const ParamSpec& s) { return s.key == name; });
        if (spec == info.params.end()) {
            std::string known;
            for (const ParamSpec& s : info.params)
                known += (known.empty() ? "" : ", ") + s.key;
            Error error = fail(ErrorCode::Usage, "method " + info.id + " has no parameter " + key + "; "
                                                     + (known.empty() ? "it has none" : "it has " + known));
            error.field = key;
            return error;
        }
        TRILOBIT_CHECK(checkValue(value, *spec, info));
    }
    return {};
}

} // namespace trilobit
