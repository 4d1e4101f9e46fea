// The part of the interpreter that evaluates expressions.
#include "core/template/format.h"
#include "core/template/interpreter.h"
#include "core/template/lexer.h"
#include "core/template/operators.h"
#include "core/template/pytext.h"

#include <algorithm>

namespace trilobit::tmpl {

namespace {

Value undefined(std::string why) { return Value(Undefined{std::make_shared<const std::string>(std::move(why))}); }

/// "dict object", as messages name the owner of what is missing.
std::string ownerName(const Value& owner) {
    return owner.isNone() ? std::string("None") : std::string(owner.typeName()) + " object";
}

Value missing(const Value& owner, std::string_view name) {
    return undefined("'" + ownerName(owner) + "' has no attribute '" + std::string(name.substr(0, 80)) + "'");
}

/// Python's rule: negative positions count from the end. False when out of range.
bool wrapIndex(std::int64_t& index, std::size_t size) {
    const auto count = static_cast<std::int64_t>(size);
    if (index < 0)
        index += count;
    return index >= 0 && index < count;
}

/// The positions that [start:stop:step] picks from `size` items.
std::vector<std::size_t> slicePositions(const Value& start, const Value& stop, std::int64_t step, std::size_t size) {
    const auto count = static_cast<std::int64_t>(size);
    const auto bound = [&](const Value& value, std::int64_t fallback) {
        if (!value.isInteger())
            return fallback;
        const std::int64_t at =
            value.integer() < 0 ? std::max<std::int64_t>(value.integer() + count, -1) : value.integer();
        if (step > 0)
            return std::clamp<std::int64_t>(at, 0, count);
        return std::clamp<std::int64_t>(at, -1, count - 1);
    };
    std::vector<std::size_t> positions;
    const std::int64_t begin = bound(start, step > 0 ? 0 : count - 1), end = bound(stop, step > 0 ? count : -1);
    const std::int64_t stride = std::clamp<std::int64_t>(step, -count - 1, count + 1); // no overflow below
    for (std::int64_t at = begin; step > 0 ? at < end : at > end; at += stride)
        positions.push_back(static_cast<std::size_t>(at));
    return positions;
}

} // namespace

Result<Value> Interpreter::evaluate(const Expr& expr, Scope& scope) {
    const Budget::Level level(budget);
    TRILOBIT_CHECK(level.check());
    TRILOBIT_CHECK(budget.spend(1));
    Result<Value> value = evaluateKind(expr, scope);
    if (value || !value.error().field.empty())
        return value;
    return errorAt(expr.at, value.error().code, value.error().message);
}

Result<Value> Interpreter::evaluateKind(const Expr& expr, Scope& scope) {
    switch (expr.kind) {
    case ExprKind::Constant: return expr.constant;
    case ExprKind::Name: return evaluateName(expr, scope);
    case ExprKind::List:
    case ExprKind::Tuple: return evaluateSequence(expr, scope);
    case ExprKind::Dict: return evaluateDict(expr, scope);
    case ExprKind::Attribute: {
        TRILOBIT_TRY(const Value owner, evaluate(*expr.children[0], scope));
        return attribute(owner, expr.text);
    }
    case ExprKind::Subscript: {
        TRILOBIT_TRY(const Value owner, evaluate(*expr.children[0], scope));
        TRILOBIT_TRY(const Value key, evaluate(*expr.children[1], scope));
        return subscript(owner, key);
    }
    case ExprKind::Slice: return evaluateSlice(expr, scope);
    case ExprKind::Call: return evaluateCall(expr, scope);
    case ExprKind::Filter: return evaluateFilter(expr, scope);
    case ExprKind::Test: return evaluateTest(expr, scope);
    case ExprKind::Not: {
        TRILOBIT_TRY(const Value value, evaluate(*expr.children[0], scope));
        return Value(!value.truthy());
    }
    case ExprKind::Negate: {
        TRILOBIT_TRY(const Value value, evaluate(*expr.children[0], scope));
        return arithmetic(Operator::Subtract, Value(std::int64_t{0}), value, arena, budget);
    }
    case ExprKind::Arithmetic: return evaluateArithmetic(expr, scope);
    case ExprKind::Concat: return evaluateConcat(expr, scope);
    case ExprKind::And:
    case ExprKind::Or: return evaluateLogic(expr, scope);
    case ExprKind::Compare: return evaluateCompare(expr, scope);
    case ExprKind::Conditional: return evaluateConditional(expr, scope);
    }
    return Value();
}

Result<Value> Interpreter::evaluateName(const Expr& expr, Scope& scope) {
    if (const Value* value = scope.find(expr.text))
        return *value;
    if (isGlobalFunction(expr.text))
        return Value(arena.function({Function::Kind::Global, expr.text, {}, nullptr, nullptr}));
    return undefined("'" + expr.text.substr(0, 80) + "' is undefined");
}

Result<Value> Interpreter::evaluateSequence(const Expr& expr, Scope& scope) {
    std::vector<Value> items;
    items.reserve(expr.children.size());
    for (const ExprPtr& child : expr.children) {
        TRILOBIT_TRY(Value item, evaluate(*child, scope));
        items.push_back(std::move(item));
    }
    return makeList(std::move(items), expr.kind == ExprKind::Tuple);
}

Result<Value> Interpreter::evaluateDict(const Expr& expr, Scope& scope) {
    Dict* dict = arena.dict();
    for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
        TRILOBIT_TRY(const Value key, evaluate(*expr.children[i], scope));
        TRILOBIT_TRY(Value value, evaluate(*expr.children[i + 1], scope));
        if (!key.isText() && !key.isNumber() && !key.isNone())
            return fail(ErrorCode::Format, std::string("unhashable type: '") + key.typeName() + "'");
        TRILOBIT_CHECK(budget.spend(dict->entries.size() / 8));
        dict->set(key, std::move(value));
    }
    return Value(dict);
}

Result<Value> Interpreter::attribute(const Value& value, std::string_view name) {
    if (value.isUndefined())
        return undefinedError(value);
    if (hasMethod(value, name)) {
        Function method{Function::Kind::Method, std::string(name), value, nullptr, nullptr};
        return Value(arena.function(std::move(method)));
    }
    Dict* dict = value.dict() ? value.dict() : value.object() ? &value.object()->values : nullptr;
    if (dict) {
        TRILOBIT_CHECK(budget.spend(dict->entries.size() / 8));
        if (const Value* found = dict->find(name))
            return *found;
    } else if (value.loop()) {
        Value found = loopMember(*value.loop(), name);
        if (!found.isUndefined())
            return found;
    } else if (value.function() && value.function()->kind == Function::Kind::Macro && name == "name") {
        return Value(value.function()->name);
    }
    return missing(value, name);
}

Result<Value> Interpreter::subscript(const Value& value, const Value& key) {
    if (value.isUndefined())
        return undefinedError(value);
    if (Dict* dict = value.dict()) {
        TRILOBIT_CHECK(budget.spend(dict->entries.size() / 8));
        if (const Value* found = dict->find(key))
            return *found;
    }
    if (key.isInteger()) {
        std::int64_t index = key.integer();
        if (const List* list = value.list()) {
            if (wrapIndex(index, list->items.size()))
                return list->items[static_cast<std::size_t>(index)];
        } else if (value.isText()) {
            TRILOBIT_CHECK(budget.spend(value.text().size() / 8));
            const std::vector<std::string_view> all = characters(value.text());
            if (wrapIndex(index, all.size()))
                return Value(all[static_cast<std::size_t>(index)]);
        }
        return undefined(ownerName(value) + " has no element " + std::to_string(key.integer()));
    }
    if (key.isText())
        return attribute(value, key.text());
    return missing(value, key.typeName());
}

Result<Value> Interpreter::evaluateSlice(const Expr& expr, Scope& scope) {
    TRILOBIT_TRY(const Value row, evaluate(*expr.children[0], scope));
    Value parts[3];
    for (std::size_t i = 0; i < 3; ++i) {
        if (!expr.children[i + 1])
            continue;
        TRILOBIT_TRY(parts[i], evaluate(*expr.children[i + 1], scope));
        if (!parts[i].isInteger() && !parts[i].isNone())
            return fail(ErrorCode::Format, "slice indices must be integers or None");
    }
    const std::int64_t step = parts[2].isInteger() ? parts[2].integer() : 1;
    if (step == 0)
        return fail(ErrorCode::Format, "slice step cannot be zero");
    if (const List* list = row.list()) {
        TRILOBIT_CHECK(budget.spend(list->items.size()));
        std::vector<Value> items;
        for (const std::size_t at : slicePositions(parts[0], parts[1], step, list->items.size()))
            items.push_back(list->items[at]);
        return makeList(std::move(items), list->tuple);
    }
    if (row.isText()) {
        TRILOBIT_CHECK(budget.spend(row.text().size() / 8));
        const std::vector<std::string_view> all = characters(row.text());
        std::string text;
        for (const std::size_t at : slicePositions(parts[0], parts[1], step, all.size()))
            text += all[at];
        return makeText(std::move(text));
    }
    if (row.isUndefined())
        return undefinedError(row);
    return fail(ErrorCode::Format, std::string("'") + row.typeName() + "' object cannot be sliced");
}

Result<Arguments> Interpreter::evaluateArguments(const Expr& expr, Scope& scope) {
    Arguments arguments;
    for (std::size_t i = 1; i < expr.children.size(); ++i) {
        TRILOBIT_TRY(Value value, evaluate(*expr.children[i], scope));
        arguments.plain.push_back(std::move(value));
    }
    for (const auto& [name, child] : expr.named) {
        TRILOBIT_TRY(Value value, evaluate(*child, scope));
        arguments.named.emplace_back(name, std::move(value));
    }
    return arguments;
}

Result<Value> Interpreter::evaluateCall(const Expr& expr, Scope& scope) {
    TRILOBIT_TRY(const Value callee, evaluate(*expr.children[0], scope));
    TRILOBIT_TRY(const Arguments arguments, evaluateArguments(expr, scope));
    return call(callee, arguments);
}

Result<Value> Interpreter::call(const Value& callee, const Arguments& arguments) {
    if (callee.isUndefined())
        return undefinedError(callee);
    const Function* function = callee.function();
    if (!function)
        return fail(ErrorCode::Format, std::string("'") + callee.typeName() + "' object is not callable");
    switch (function->kind) {
    case Function::Kind::Global: return callGlobal(*this, function->name, arguments);
    case Function::Kind::Method: return callMethod(*this, function->self, function->name, arguments);
    default: return callMacro(*function, arguments);
    }
}

Result<Value> Interpreter::evaluateFilter(const Expr& expr, Scope& scope) {
    Value input = m_filterInput ? *m_filterInput : Value();
    if (expr.children[0]) {
        TRILOBIT_TRY(input, evaluate(*expr.children[0], scope));
    }
    TRILOBIT_TRY(const Arguments arguments, evaluateArguments(expr, scope));
    return applyFilter(expr.text, input, arguments);
}

Result<Value> Interpreter::evaluateTest(const Expr& expr, Scope& scope) {
    TRILOBIT_TRY(const Value value, evaluate(*expr.children[0], scope));
    TRILOBIT_TRY(const Arguments arguments, evaluateArguments(expr, scope));
    TRILOBIT_TRY(const bool result, applyTest(expr.text, value, arguments));
    return Value(result);
}

Result<Value> Interpreter::evaluateArithmetic(const Expr& expr, Scope& scope) {
    TRILOBIT_TRY(Value result, evaluate(*expr.children[0], scope));
    for (std::size_t i = 0; i < expr.operators.size(); ++i) {
        TRILOBIT_TRY(const Value next, evaluate(*expr.children[i + 1], scope));
        TRILOBIT_TRY(result, arithmetic(expr.operators[i], result, next, arena, budget));
    }
    return result;
}

Result<Value> Interpreter::evaluateConcat(const Expr& expr, Scope& scope) {
    std::string text;
    for (const ExprPtr& child : expr.children) {
        TRILOBIT_TRY(const Value part, evaluate(*child, scope));
        TRILOBIT_TRY(const std::string partText, toText(part, budget));
        TRILOBIT_CHECK(budget.checkSize(text.size() + partText.size()));
        text += partText;
    }
    return makeText(std::move(text));
}

Result<Value> Interpreter::evaluateLogic(const Expr& expr, Scope& scope) {
    const bool stopsAt = expr.kind == ExprKind::Or;
    Value result;
    for (const ExprPtr& child : expr.children) {
        TRILOBIT_TRY(result, evaluate(*child, scope));
        if (result.truthy() == stopsAt)
            break;
    }
    return result;
}

Result<Value> Interpreter::evaluateCompare(const Expr& expr, Scope& scope) {
    TRILOBIT_TRY(Value left, evaluate(*expr.children[0], scope));
    for (std::size_t i = 0; i < expr.operators.size(); ++i) {
        TRILOBIT_TRY(Value right, evaluate(*expr.children[i + 1], scope));
        TRILOBIT_TRY(const bool holds, compare(expr.operators[i], left, right, budget));
        if (!holds)
            return Value(false);
        left = std::move(right);
    }
    return Value(true);
}

Result<Value> Interpreter::evaluateConditional(const Expr& expr, Scope& scope) {
    TRILOBIT_TRY(const Value condition, evaluate(*expr.children[1], scope));
    if (condition.truthy())
        return evaluate(*expr.children[0], scope);
    if (expr.children[2])
        return evaluate(*expr.children[2], scope);
    return undefined("the inline if-expression evaluated to false and no else section was defined");
}

} // namespace trilobit::tmpl
