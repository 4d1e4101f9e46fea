// Interpreter: runs a parsed template over a context, within a budget.
#pragma once

#include "core/base/json.h"
#include "core/template/ast.h"
#include "core/template/budget.h"

#include <span>
#include <string>

namespace trilobit::tmpl {

/// Arguments of a call, a filter or a test.
struct Arguments {
    std::vector<Value> plain;
    std::vector<std::pair<std::string, Value>> named;

    /// The argument at this place or of this name; null when neither was given.
    const Value* find(std::size_t index, std::string_view name) const;
    bool truthy(std::size_t index, std::string_view name, bool fallback) const;
    std::int64_t integer(std::size_t index, std::string_view name, std::int64_t fallback) const;
    std::string text(std::size_t index, std::string_view name, std::string_view fallback) const;
};

class Interpreter {
public:
    /// `context` must outlive the object; `now` is its "now" member.
    Interpreter(const Json& context, const TemplateLimits& limits);

    Result<std::string> render(const Block& program);

    // For filters, tests, methods and functions.
    Arena arena;
    Budget budget;
    /// `text` as a value, after paying for it.
    Result<Value> makeText(std::string text);
    Value makeList(std::vector<Value> items, bool tuple = false) { return Value(arena.list(std::move(items), tuple)); }
    /// value.name: a member, or a method to call.
    Result<Value> attribute(const Value& value, std::string_view name);
    Result<Value> subscript(const Value& value, const Value& key);
    Result<Value> call(const Value& callee, const Arguments& arguments);
    Result<Value> applyFilter(std::string_view name, const Value& value, const Arguments& arguments);
    Result<bool> applyTest(std::string_view name, const Value& value, const Arguments& arguments);
    /// ISO time for strftime_now; empty: the machine's clock.
    const std::string& now() const { return m_now; }

private:
    enum class Flow { Normal, Break, Continue };

    Result<Value> fromJson(const Json& json);

    Result<Flow> run(const Block& block, Scope& scope);
    Result<Flow> runStatement(const Statement& statement, Scope& scope);
    Result<Flow> runIf(const Statement& statement, Scope& scope);
    Result<Flow> runFor(const Statement& statement, Scope& scope);
    Result<void> runSet(const Statement& statement, Scope& scope);
    Result<void> runCall(const Statement& statement, Scope& scope);
    Result<Flow> runWith(const Statement& statement, Scope& scope);
    Result<void> assign(const Statement& statement, Value value, Scope& scope);
    Result<void> write(std::string_view text);
    /// What the block prints, instead of printing it.
    Result<std::string> capture(const Block& block, Scope& scope, Flow* flow = nullptr);
    Result<Value> callMacro(const Function& function, const Arguments& arguments);
    void captureScope(Scope& scope);

    Result<Value> evaluate(const Expr& expr, Scope& scope);
    Result<Value> evaluateKind(const Expr& expr, Scope& scope);
    Result<Value> evaluateName(const Expr& expr, Scope& scope);
    Result<Value> evaluateSequence(const Expr& expr, Scope& scope);
    Result<Value> evaluateDict(const Expr& expr, Scope& scope);
    Result<Value> evaluateSlice(const Expr& expr, Scope& scope);
    Result<Value> evaluateCall(const Expr& expr, Scope& scope);
    Result<Value> evaluateFilter(const Expr& expr, Scope& scope);
    Result<Value> evaluateTest(const Expr& expr, Scope& scope);
    Result<Value> evaluateArithmetic(const Expr& expr, Scope& scope);
    Result<Value> evaluateConcat(const Expr& expr, Scope& scope);
    Result<Value> evaluateLogic(const Expr& expr, Scope& scope);
    Result<Value> evaluateCompare(const Expr& expr, Scope& scope);
    Result<Value> evaluateConditional(const Expr& expr, Scope& scope);
    Result<Arguments> evaluateArguments(const Expr& expr, Scope& scope);

    const Json& m_context;
    std::string m_now;
    Scope m_globals;
    std::string* m_out = nullptr;
    const Value* m_filterInput = nullptr; ///< value of a filter chain that has none of its own
    Value m_caller;                       ///< for the macro about to be called by a call block
};

/// Global functions: range, dict, namespace, raise_exception, strftime_now.
bool isGlobalFunction(std::string_view name);
Result<Value> callGlobal(Interpreter& interpreter, std::string_view name, const Arguments& arguments);
/// Methods of texts, lists and dicts.
bool hasMethod(const Value& value, std::string_view name);
Result<Value> callMethod(Interpreter& interpreter, const Value& self, std::string_view name,
                         const Arguments& arguments);
/// loop.index and the like; undefined when there is no such member.
Value loopMember(const Loop& loop, std::string_view name);

} // namespace trilobit::tmpl
