// ExpressionParser: tokens of a tag to expression trees, with Jinja's precedence.
#pragma once

#include "core/template/lexer.h"

namespace trilobit::tmpl {

/// A place in the token list that both parsers move along.
struct TokenStream {
    const std::vector<Token>& tokens;
    std::size_t at = 0;

    const Token& peek(std::size_t ahead = 0) const {
        return tokens[at + ahead < tokens.size() ? at + ahead : tokens.size() - 1];
    }
    bool isSymbol(std::string_view symbol, std::size_t ahead = 0) const {
        return peek(ahead).kind == TokenKind::Symbol && peek(ahead).text == symbol;
    }
    bool isName(std::string_view name, std::size_t ahead = 0) const {
        return peek(ahead).kind == TokenKind::Name && peek(ahead).text == name;
    }
    bool takeSymbol(std::string_view symbol) { return isSymbol(symbol) && ++at; }
    bool takeName(std::string_view name) { return isName(name) && ++at; }
    const Token& take() { return tokens[at + 1 < tokens.size() ? at++ : at]; }
};

class ExpressionParser {
public:
    /// Deeper trees are refused: evaluation follows them with the machine's stack.
    static constexpr int kMaxDepth = 100;

    explicit ExpressionParser(TokenStream& stream) : m_stream(stream) {}

    /// Errors of all: Format, Unsupported (nested too deeply).
    Result<ExprPtr> expression(bool withCondition = true);
    /// One expression, or a tuple of several with commas between them.
    Result<ExprPtr> expressions(bool withCondition = true);
    /// "name(arguments) | name ..." on a value that comes later (a null child); at least one filter.
    Result<ExprPtr> filterChain();

    Error unexpected(std::string_view wanted) const;

private:
    using Method = Result<ExprPtr> (ExpressionParser::*)();
    Result<ExprPtr> orExpression();
    Result<ExprPtr> andExpression();
    Result<ExprPtr> notExpression();
    Result<ExprPtr> comparison();
    Result<ExprPtr> sum();
    Result<ExprPtr> concatenation();
    Result<ExprPtr> product();
    Result<ExprPtr> power();
    Result<ExprPtr> unary(bool withFilters);
    Result<ExprPtr> unaryWithFilters() { return unary(true); }
    Result<ExprPtr> primary();
    Result<ExprPtr> name();
    Result<ExprPtr> parenthesized();
    Result<ExprPtr> listLiteral();
    Result<ExprPtr> dictLiteral();
    Result<ExprPtr> postfix(ExprPtr value);
    Result<ExprPtr> filtersAndTests(ExprPtr value);
    Result<ExprPtr> attribute(ExprPtr value);
    Result<ExprPtr> subscript(ExprPtr value);
    Result<ExprPtr> call(ExprPtr value);
    Result<ExprPtr> filter(ExprPtr value);
    Result<ExprPtr> test(ExprPtr value);
    Result<void> arguments(Expr& into);
    Result<ExprPtr> chain(Method operand, std::initializer_list<std::pair<std::string_view, Operator>> operators);
    Result<ExprPtr> words(Method operand, std::string_view word, ExprKind kind);

    ExprPtr make(ExprKind kind, Position at) const;
    /// Sets the depth from the children; fails when it is too great.
    Result<ExprPtr> finished(ExprPtr expr) const;

    TokenStream& m_stream;
    int m_nesting = 0;
};

} // namespace trilobit::tmpl
