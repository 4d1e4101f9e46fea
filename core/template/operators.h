// Operators between values, as Python defines them for its own types.
#pragma once

#include "core/template/ast.h"
#include "core/template/budget.h"

namespace trilobit::tmpl {

/// + - * / // % **. Errors: Format (types that do not go together, division by zero), Unsupported (limits, integers
/// beyond 64 bits).
Result<Value> arithmetic(Operator op, const Value& left, const Value& right, Arena& arena, Budget& budget);
/// == != < <= > >= in, not in. Errors: Format, Unsupported.
Result<bool> compare(Operator op, const Value& left, const Value& right, Budget& budget);
Result<bool> equal(const Value& left, const Value& right, Budget& budget);
/// left < right. Errors: Format when the types have no order.
Result<bool> lessThan(const Value& left, const Value& right, Budget& budget);
Result<bool> contains(const Value& container, const Value& item, Budget& budget);
/// The items that a loop sees: of a list, the keys of a dict, the characters of a text, nothing of undefined.
Result<std::vector<Value>> iterate(const Value& value, Budget& budget);
/// The error that using an undefined value gives.
Error undefinedError(const Value& value);

} // namespace trilobit::tmpl
