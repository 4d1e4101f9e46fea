// Values as text: Python's str() and repr(), and JSON as Python's json module writes it.
#pragma once

#include "core/template/budget.h"
#include "core/template/value.h"

#include <optional>
#include <string>

namespace trilobit::tmpl {

struct JsonStyle {
    std::optional<std::string> indent; ///< one level of it; none: everything on one line
    std::string itemSeparator = ", ", keySeparator = ": ";
    bool asciiOnly = false, sortKeys = false;
};

/// Errors of all: Unsupported (limits), Format (what cannot be written as JSON).
Result<std::string> toText(const Value& value, Budget& budget);
Result<std::string> toRepr(const Value& value, Budget& budget);
Result<std::string> toJson(const Value& value, const JsonStyle& style, Budget& budget);
/// With & < > ' " as HTML entities.
std::string escaped(std::string_view text);
/// The shortest digits that read back the same, as Python prints them: "1.0", "1e-05", "1e+16", "inf".
std::string floatText(double value);

} // namespace trilobit::tmpl
