// The filters of the template language, in two groups.
#pragma once

#include "core/template/interpreter.h"

#include <optional>

namespace trilobit::tmpl {

/// Filters that make texts and numbers from values; empty when `name` is none of them.
std::optional<Result<Value>> textFilter(Interpreter& in, std::string_view name, const Value& value,
                                        const Arguments& arguments);
/// Filters over lists and dicts; empty when `name` is none of them.
std::optional<Result<Value>> rowFilter(Interpreter& in, std::string_view name, const Value& value,
                                       const Arguments& arguments);

} // namespace trilobit::tmpl
