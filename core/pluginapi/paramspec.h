// ParamSpec: one parameter of a method, described so that forms, help and checks can be generated.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace trilobit {

using ParamValue = std::variant<bool, std::int64_t, double, std::string>;
/// Ordered by key, so that equal settings have equal text and hash.
using ParamValues = std::map<std::string, ParamValue>;

enum class ParamType { Bool, Integer, Real, Choice };

struct ParamSpec {
    std::string key;                  ///< stored in recipes, never renamed
    std::string label;
    std::string help;
    ParamType type = ParamType::Real;
    ParamValue defaultValue = 0.0;
    double minimum = 0;               ///< Integer and Real
    double maximum = 0;
    std::vector<std::string> choices; ///< Choice
};

/// The value of `key`, or its default from `specs`; T is bool, std::int64_t, double or std::string.
template <class T>
T paramOr(const ParamValues& values, const std::vector<ParamSpec>& specs, std::string_view key) {
    const auto read = [](const ParamValue& value) -> T {
        if (const T* exact = std::get_if<T>(&value))
            return *exact;
        if constexpr (std::is_same_v<T, double>)
            if (const auto* integer = std::get_if<std::int64_t>(&value))
                return static_cast<double>(*integer);
        return T{};
    };
    if (const auto found = values.find(std::string(key)); found != values.end())
        return read(found->second);
    for (const ParamSpec& spec : specs)
        if (spec.key == key)
            return read(spec.defaultValue);
    return T{};
}

} // namespace trilobit
