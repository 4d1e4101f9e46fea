#include "core/template/interpreter.h"

#include "core/template/format.h"
#include "core/template/lexer.h"
#include "core/template/operators.h"

#include <algorithm>

namespace trilobit::tmpl {

const Value* Arguments::find(std::size_t index, std::string_view name) const {
    if (index < plain.size())
        return &plain[index];
    for (const auto& [key, value] : named)
        if (key == name)
            return &value;
    return nullptr;
}

bool Arguments::truthy(std::size_t index, std::string_view name, bool fallback) const {
    const Value* value = find(index, name);
    return value ? value->truthy() : fallback;
}

std::int64_t Arguments::integer(std::size_t index, std::string_view name, std::int64_t fallback) const {
    const Value* value = find(index, name);
    return value && value->isInteger() ? value->integer() : fallback;
}

std::string Arguments::text(std::size_t index, std::string_view name, std::string_view fallback) const {
    const Value* value = find(index, name);
    return std::string(value && value->isText() ? value->text() : fallback);
}

Interpreter::Interpreter(const Json& context, const TemplateLimits& limits)
    : budget(limits), m_context(context), m_now(context["now"].toString()) {}

Result<Value> Interpreter::makeText(std::string text) {
    TRILOBIT_CHECK(budget.fits(text.size()));
    return Value(std::move(text));
}

/// The context is copied, so that a template can change its lists; its depth is bounded by the budget.
Result<Value> Interpreter::fromJson(const Json& json) {
    const Budget::Level level(budget);
    TRILOBIT_CHECK(level.check());
    TRILOBIT_CHECK(budget.checkMemory());
    if (json.isBool())
        return Value(json.toBool());
    if (json.isInteger())
        return Value(json.toInt());
    if (json.isDouble())
        return Value(json.toDouble());
    if (json.isString())
        return Value(json.toString());
    if (json.isArray()) {
        std::vector<Value> items;
        for (const Json& item : json.items()) {
            TRILOBIT_TRY(Value value, fromJson(item));
            items.push_back(std::move(value));
        }
        return makeList(std::move(items));
    }
    if (json.isObject()) {
        Dict* dict = arena.dict();
        for (const auto& [key, item] : json.members()) { // keys are distinct already
            TRILOBIT_TRY(Value value, fromJson(item));
            dict->entries.emplace_back(Value(key), std::move(value));
        }
        return Value(dict);
    }
    return Value(None{});
}

Result<std::string> Interpreter::render(const Block& program) {
    for (const auto& [name, json] : m_context.members()) {
        if (name == "now")
            continue;
        TRILOBIT_TRY(Value value, fromJson(json));
        m_globals.variables.emplace_back(name, std::move(value));
    }
    arena.scopes.emplace_back().parent = &m_globals;
    std::string out;
    m_out = &out;
    TRILOBIT_CHECK(run(program, arena.scopes.back()));
    return out;
}

Result<void> Interpreter::write(std::string_view text) {
    TRILOBIT_CHECK(budget.checkSize(m_out->size() + text.size()));
    TRILOBIT_CHECK(budget.spendBytes(text.size()));
    m_out->append(text);
    return {};
}

Result<Interpreter::Flow> Interpreter::run(const Block& block, Scope& scope) {
    const Budget::Level level(budget);
    TRILOBIT_CHECK(level.check());
    for (const Statement& statement : block) {
        Result<Flow> flow = runStatement(statement, scope);
        if (!flow) {
            Error error = std::move(flow).error();
            return error.field.empty() ? errorAt(statement.at, error.code, std::move(error.message)) : error;
        }
        if (*flow != Flow::Normal)
            return flow;
    }
    return Flow::Normal;
}

Result<Interpreter::Flow> Interpreter::runStatement(const Statement& statement, Scope& scope) {
    TRILOBIT_CHECK(budget.spend(1));
    switch (statement.kind) {
    case StatementKind::Text: TRILOBIT_CHECK(write(statement.text)); return Flow::Normal;
    case StatementKind::Output: {
        TRILOBIT_TRY(const Value value, evaluate(*statement.value, scope));
        if (value.isText()) {
            TRILOBIT_CHECK(write(value.text()));
            return Flow::Normal;
        }
        TRILOBIT_TRY(const std::string text, toText(value, budget));
        TRILOBIT_CHECK(write(text));
        return Flow::Normal;
    }
    case StatementKind::If: return runIf(statement, scope);
    case StatementKind::For: return runFor(statement, scope);
    case StatementKind::Set: TRILOBIT_CHECK(runSet(statement, scope)); return Flow::Normal;
    case StatementKind::SetBlock:
    case StatementKind::FilterBlock: {
        Flow flow = Flow::Normal;
        Scope& inner = arena.scopes.emplace_back();
        inner.parent = &scope;
        TRILOBIT_TRY(std::string text, capture(statement.blocks[0], inner, &flow));
        TRILOBIT_TRY(Value value, makeText(std::move(text)));
        if (statement.value) {
            const Value input = value;
            m_filterInput = &input;
            TRILOBIT_TRY(value, evaluate(*statement.value, scope));
        }
        if (statement.kind == StatementKind::SetBlock) {
            TRILOBIT_CHECK(assign(statement, std::move(value), scope));
        } else {
            TRILOBIT_TRY(const std::string printed, toText(value, budget));
            TRILOBIT_CHECK(write(printed));
        }
        return flow;
    }
    case StatementKind::Macro: {
        captureScope(scope);
        Function macro{Function::Kind::Macro, statement.text, {}, &statement, &scope};
        scope.set(statement.text, Value(arena.function(std::move(macro))));
        return Flow::Normal;
    }
    case StatementKind::CallBlock: TRILOBIT_CHECK(runCall(statement, scope)); return Flow::Normal;
    case StatementKind::With: return runWith(statement, scope);
    case StatementKind::Break: return Flow::Break;
    case StatementKind::Continue: return Flow::Continue;
    }
    return Flow::Normal;
}

Result<Interpreter::Flow> Interpreter::runIf(const Statement& statement, Scope& scope) {
    for (std::size_t i = 0; i < statement.conditions.size(); ++i) {
        TRILOBIT_TRY(const Value condition, evaluate(*statement.conditions[i], scope));
        if (condition.truthy())
            return run(statement.blocks[i], scope);
    }
    return statement.blocks.size() > statement.conditions.size() ? run(statement.blocks.back(), scope) : Flow::Normal;
}

Result<Interpreter::Flow> Interpreter::runFor(const Statement& statement, Scope& scope) {
    TRILOBIT_TRY(const Value row, evaluate(*statement.value, scope));
    TRILOBIT_TRY(std::vector<Value> items, iterate(row, budget));
    Scope* round = &arena.scopes.emplace_back();
    round->parent = &scope;
    if (!statement.conditions.empty()) {
        std::vector<Value> kept;
        for (Value& item : items) {
            TRILOBIT_CHECK(assign(statement, item, *round));
            TRILOBIT_TRY(const Value condition, evaluate(*statement.conditions[0], *round));
            if (condition.truthy())
                kept.push_back(std::move(item));
        }
        items = std::move(kept);
    }
    if (items.empty())
        return statement.blocks.size() > 1 ? run(statement.blocks[1], scope) : Flow::Normal;
    Loop* loop = &arena.loops.emplace_back();
    loop->items = arena.list(std::move(items));
    for (; loop->index < loop->items->items.size(); ++loop->index) {
        TRILOBIT_CHECK(budget.spend(1));
        if (round->captured) {
            round = &arena.scopes.emplace_back();
            round->parent = &scope;
        }
        round->variables.clear();
        round->set("loop", Value(loop));
        TRILOBIT_CHECK(assign(statement, loop->items->items[loop->index], *round));
        TRILOBIT_TRY(const Flow flow, run(statement.blocks[0], *round));
        if (flow == Flow::Break)
            break;
    }
    return Flow::Normal;
}

Result<void> Interpreter::assign(const Statement& statement, Value value, Scope& scope) {
    if (!statement.unpack) {
        scope.set(statement.names[0], std::move(value));
        return {};
    }
    TRILOBIT_TRY(std::vector<Value> items, iterate(value, budget));
    if (items.size() != statement.names.size())
        return fail(ErrorCode::Format, "expected " + std::to_string(statement.names.size()) + " values to unpack, not "
                                           + std::to_string(items.size()));
    for (std::size_t i = 0; i < items.size(); ++i)
        scope.set(statement.names[i], std::move(items[i]));
    return {};
}

Result<void> Interpreter::runSet(const Statement& statement, Scope& scope) {
    TRILOBIT_TRY(Value value, evaluate(*statement.value, scope));
    if (statement.attribute.empty())
        return assign(statement, std::move(value), scope);
    const Value* target = scope.find(statement.names[0]);
    if (!target || !target->object())
        return fail(ErrorCode::Format, "cannot assign attribute on non-namespace object");
    target->object()->values.set(Value(statement.attribute), std::move(value));
    return {};
}

Result<void> Interpreter::runCall(const Statement& statement, Scope& scope) {
    captureScope(scope);
    Function caller{Function::Kind::Caller, "caller", {}, &statement, &scope};
    const Expr& callExpr = *statement.value;
    TRILOBIT_TRY(const Value callee, evaluate(*callExpr.children[0], scope));
    TRILOBIT_TRY(const Arguments arguments, evaluateArguments(callExpr, scope));
    m_caller = Value(arena.function(std::move(caller)));
    Result<Value> value = call(callee, arguments);
    m_caller = Value();
    if (!value)
        return std::move(value).error();
    TRILOBIT_TRY(const std::string text, toText(*value, budget));
    return write(text);
}

Result<Interpreter::Flow> Interpreter::runWith(const Statement& statement, Scope& scope) {
    Scope& inner = arena.scopes.emplace_back();
    inner.parent = &scope;
    for (std::size_t i = 0; i < statement.names.size(); ++i) {
        TRILOBIT_TRY(Value value, evaluate(*statement.conditions[i], scope));
        inner.set(statement.names[i], std::move(value));
    }
    return run(statement.blocks[0], inner);
}

Result<std::string> Interpreter::capture(const Block& block, Scope& scope, Flow* flow) {
    std::string text;
    std::string* const before = std::exchange(m_out, &text);
    Result<Flow> result = run(block, scope);
    m_out = before;
    if (!result)
        return std::move(result).error();
    if (flow)
        *flow = *result;
    return text;
}

void Interpreter::captureScope(Scope& scope) {
    for (Scope* s = &scope; s; s = s->parent)
        s->captured = true;
}

Result<Value> Interpreter::callMacro(const Function& function, const Arguments& arguments) {
    const Statement& macro = *function.body;
    Scope& scope = arena.scopes.emplace_back();
    scope.parent = function.scope;
    if (const Value caller = std::exchange(m_caller, Value()); caller.function())
        scope.set("caller", caller);
    for (const auto& [name, value] : arguments.named)
        if (std::find(macro.names.begin(), macro.names.end(), name) == macro.names.end())
            return fail(ErrorCode::Format, "macro '" + function.name + "' takes no keyword argument '" + name + "'");
    if (arguments.plain.size() > macro.names.size())
        return fail(ErrorCode::Format, "macro '" + function.name + "' takes not more than "
                                           + std::to_string(macro.names.size()) + " argument(s)");
    const std::size_t firstDefault = macro.names.size() - macro.defaults.size();
    for (std::size_t i = 0; i < macro.names.size(); ++i) {
        const std::string& name = macro.names[i];
        if (const Value* given = arguments.find(i, name)) {
            scope.set(name, *given);
        } else if (i >= firstDefault) {
            TRILOBIT_TRY(Value value, evaluate(*macro.defaults[i - firstDefault], scope));
            scope.set(name, std::move(value));
        } else {
            scope.set(name, Value(Undefined{
                                std::make_shared<const std::string>("parameter '" + name + "' was not provided")}));
        }
    }
    TRILOBIT_TRY(std::string text, capture(macro.blocks[0], scope));
    return makeText(std::move(text));
}

} // namespace trilobit::tmpl
