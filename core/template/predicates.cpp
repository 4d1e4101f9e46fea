// The tests of the template language: "value is NAME".
#include "core/template/interpreter.h"
#include "core/template/operators.h"
#include "core/template/pytext.h"

#include <array>
#include <optional>

namespace trilobit::tmpl {

namespace {

std::optional<Operator> comparisonTest(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, Operator>, 17> kTests = {
        {{"eq", Operator::Equal},
         {"equalto", Operator::Equal},
         {"==", Operator::Equal},
         {"ne", Operator::NotEqual},
         {"!=", Operator::NotEqual},
         {"lt", Operator::Less},
         {"lessthan", Operator::Less},
         {"<", Operator::Less},
         {"le", Operator::LessEqual},
         {"<=", Operator::LessEqual},
         {"gt", Operator::Greater},
         {"greaterthan", Operator::Greater},
         {">", Operator::Greater},
         {"ge", Operator::GreaterEqual},
         {">=", Operator::GreaterEqual},
         {"in", Operator::In},
         {"notin", Operator::NotIn}}};
    for (const auto& [known, op] : kTests)
        if (known == name)
            return op;
    return std::nullopt;
}

/// Tests that need only the value; empty when the name is no such test.
std::optional<bool> plainTest(std::string_view name, const Value& value) {
    const bool row = value.isText() || value.list() || value.dict() || value.isUndefined();
    if (name == "defined")
        return !value.isUndefined();
    if (name == "undefined")
        return value.isUndefined();
    if (name == "none")
        return value.isNone();
    if (name == "string")
        return value.isText();
    if (name == "mapping")
        return value.dict() != nullptr;
    if (name == "iterable" || name == "sequence")
        return row;
    if (name == "number")
        return value.isNumber();
    if (name == "integer")
        return value.isInteger() && !value.isBool();
    if (name == "float")
        return value.as<double>() != nullptr;
    if (name == "boolean")
        return value.isBool();
    if (name == "true" || name == "false")
        return value.isBool() && value.truthy() == (name == "true");
    if (name == "callable")
        return value.function() != nullptr;
    if (name == "odd" || name == "even")
        return value.isInteger() && (value.integer() % 2 != 0) == (name == "odd");
    if (name == "lower" || name == "upper") {
        const std::string text(value.text());
        return upper(text) != lower(text) && text == (name == "lower" ? lower(text) : upper(text));
    }
    return std::nullopt;
}

} // namespace

Result<bool> Interpreter::applyTest(std::string_view name, const Value& value, const Arguments& arguments) {
    TRILOBIT_CHECK(budget.spend(1));
    TRILOBIT_CHECK(budget.spendBytes(value.text().size()));
    if (const std::optional<bool> result = plainTest(name, value))
        return *result;
    const Value other = arguments.plain.empty() ? Value() : arguments.plain[0];
    if (const std::optional<Operator> op = comparisonTest(name))
        return compare(*op, value, other, budget);
    if (name == "sameas") {
        const bool sameKind = value.isBool() == other.isBool() && value.isNone() == other.isNone();
        if (value.list() || value.dict())
            return value.list() == other.list() && value.dict() == other.dict();
        TRILOBIT_TRY(const bool same, equal(value, other, budget));
        return same && sameKind;
    }
    if (name == "divisibleby") {
        if (!value.isInteger() || !other.isInteger() || other.integer() == 0)
            return fail(ErrorCode::Format, "divisibleby needs an integer and a divisor that is not zero");
        return other.integer() == -1 || value.integer() % other.integer() == 0;
    }
    return fail(ErrorCode::Format, "No test named '" + std::string(name.substr(0, 80)) + "' found.");
}

} // namespace trilobit::tmpl
