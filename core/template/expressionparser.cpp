#include "core/template/expressionparser.h"

#include <algorithm>

namespace trilobit::tmpl {

namespace {

Error tooDeep(Position at) {
    return errorAt(at, ErrorCode::Unsupported,
                   "the expression is nested deeper than " + std::to_string(ExpressionParser::kMaxDepth) + " levels, expected at most so many");
}

/// Counts how deep the parser has called itself.
struct Nesting {
    explicit Nesting(int& count) : level(++count), m_count(count) {}
    ~Nesting() { --m_count; }
    int level;

private:
    int& m_count;
};

std::string describe(const Token& token) {
    switch (token.kind) {
    case TokenKind::End: return "the end of the template";
    case TokenKind::TagEnd:
    case TokenKind::OutputEnd: return "the end of the tag";
    case TokenKind::String: return "a string";
    case TokenKind::Integer:
    case TokenKind::Float: return "a number";
    default: return '"' + token.text.substr(0, 40) + '"';
    }
}

} // namespace

Error ExpressionParser::unexpected(std::string_view wanted) const {
    return errorAt(m_stream.peek().at, ErrorCode::Format,
                   "expected " + std::string(wanted) + " instead of " + describe(m_stream.peek()));
}

ExprPtr ExpressionParser::make(ExprKind kind, Position at) const {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->at = at;
    return expr;
}

Result<ExprPtr> ExpressionParser::finished(ExprPtr expr) const {
    int depth = 0;
    for (const ExprPtr& child : expr->children)
        depth = std::max(depth, child ? child->depth : 0);
    for (const auto& [name, child] : expr->named)
        depth = std::max(depth, child->depth);
    expr->depth = depth + 1;
    if (expr->depth > kMaxDepth)
        return tooDeep(expr->at);
    return expr;
}

Result<ExprPtr> ExpressionParser::expression(bool withCondition) {
    const Nesting nesting(m_nesting);
    if (nesting.level > kMaxDepth)
        return tooDeep(m_stream.peek().at);
    if (!withCondition)
        return orExpression();
    TRILOBIT_TRY(ExprPtr value, orExpression());
    while (m_stream.isName("if")) {
        ExprPtr choice = make(ExprKind::Conditional, m_stream.take().at);
        choice->children.push_back(std::move(value));
        TRILOBIT_TRY(ExprPtr condition, orExpression());
        choice->children.push_back(std::move(condition));
        ExprPtr otherwise;
        if (m_stream.takeName("else")) {
            TRILOBIT_TRY(otherwise, expression());
        }
        choice->children.push_back(std::move(otherwise));
        TRILOBIT_TRY(value, finished(std::move(choice)));
    }
    return value;
}

Result<ExprPtr> ExpressionParser::expressions(bool withCondition) {
    TRILOBIT_TRY(ExprPtr first, expression(withCondition));
    if (!m_stream.isSymbol(","))
        return first;
    ExprPtr tuple = make(ExprKind::Tuple, first->at);
    tuple->children.push_back(std::move(first));
    while (m_stream.takeSymbol(",")) {
        const TokenKind next = m_stream.peek().kind;
        if (next == TokenKind::TagEnd || next == TokenKind::OutputEnd || m_stream.isSymbol(")"))
            break;
        TRILOBIT_TRY(ExprPtr item, expression(withCondition));
        tuple->children.push_back(std::move(item));
    }
    return finished(std::move(tuple));
}

/// operand (word operand)*
Result<ExprPtr> ExpressionParser::words(Method operand, std::string_view word, ExprKind kind) {
    TRILOBIT_TRY(ExprPtr first, (this->*operand)());
    if (!m_stream.isName(word))
        return first;
    ExprPtr row = make(kind, first->at);
    row->children.push_back(std::move(first));
    while (m_stream.takeName(word)) {
        TRILOBIT_TRY(ExprPtr next, (this->*operand)());
        row->children.push_back(std::move(next));
    }
    return finished(std::move(row));
}

/// operand (operator operand)*, in one node however many there are
Result<ExprPtr> ExpressionParser::chain(Method operand,
                                        std::initializer_list<std::pair<std::string_view, Operator>> operators) {
    TRILOBIT_TRY(ExprPtr first, (this->*operand)());
    ExprPtr row;
    for (bool found = true; found;) {
        found = false;
        for (const auto& [symbol, op] : operators) {
            if (!m_stream.takeSymbol(symbol))
                continue;
            if (!row) {
                row = make(ExprKind::Arithmetic, first->at);
                row->children.push_back(std::move(first));
            }
            TRILOBIT_TRY(ExprPtr next, (this->*operand)());
            row->children.push_back(std::move(next));
            row->operators.push_back(op);
            found = true;
            break;
        }
    }
    if (!row)
        return first;
    return finished(std::move(row));
}

Result<ExprPtr> ExpressionParser::orExpression() { return words(&ExpressionParser::andExpression, "or", ExprKind::Or); }
Result<ExprPtr> ExpressionParser::andExpression() {
    return words(&ExpressionParser::notExpression, "and", ExprKind::And);
}

Result<ExprPtr> ExpressionParser::notExpression() {
    if (!m_stream.isName("not"))
        return comparison();
    const Nesting nesting(m_nesting);
    if (nesting.level > kMaxDepth)
        return tooDeep(m_stream.peek().at);
    ExprPtr negation = make(ExprKind::Not, m_stream.take().at);
    TRILOBIT_TRY(ExprPtr value, notExpression());
    negation->children.push_back(std::move(value));
    return finished(std::move(negation));
}

Result<ExprPtr> ExpressionParser::comparison() {
    static constexpr std::pair<std::string_view, Operator> kOperators[] = {
        {"==", Operator::Equal},     {"!=", Operator::NotEqual}, {"<", Operator::Less},
        {"<=", Operator::LessEqual}, {">", Operator::Greater},   {">=", Operator::GreaterEqual}};
    TRILOBIT_TRY(ExprPtr first, sum());
    ExprPtr row;
    for (;;) {
        const auto* known = std::find_if(std::begin(kOperators), std::end(kOperators),
                                         [&](const auto& entry) { return m_stream.isSymbol(entry.first); });
        Operator op = Operator::In;
        if (known != std::end(kOperators)) {
            op = known->second;
            m_stream.take();
        } else if (m_stream.isName("not") && m_stream.isName("in", 1)) {
            op = Operator::NotIn;
            m_stream.at += 2;
        } else if (!m_stream.takeName("in")) {
            break;
        }
        if (!row) {
            row = make(ExprKind::Compare, first->at);
            row->children.push_back(std::move(first));
        }
        TRILOBIT_TRY(ExprPtr next, sum());
        row->children.push_back(std::move(next));
        row->operators.push_back(op);
    }
    if (!row)
        return first;
    return finished(std::move(row));
}

Result<ExprPtr> ExpressionParser::sum() {
    return chain(&ExpressionParser::concatenation, {{"+", Operator::Add}, {"-", Operator::Subtract}});
}

Result<ExprPtr> ExpressionParser::concatenation() {
    TRILOBIT_TRY(ExprPtr first, product());
    if (!m_stream.isSymbol("~"))
        return first;
    ExprPtr row = make(ExprKind::Concat, first->at);
    row->children.push_back(std::move(first));
    while (m_stream.takeSymbol("~")) {
        TRILOBIT_TRY(ExprPtr next, product());
        row->children.push_back(std::move(next));
    }
    return finished(std::move(row));
}

Result<ExprPtr> ExpressionParser::product() {
    return chain(
        &ExpressionParser::power,
        {{"*", Operator::Multiply}, {"/", Operator::Divide}, {"//", Operator::FloorDivide}, {"%", Operator::Modulo}});
}

Result<ExprPtr> ExpressionParser::power() {
    return chain(&ExpressionParser::unaryWithFilters, {{"**", Operator::Power}});
}

Result<ExprPtr> ExpressionParser::unary(bool withFilters) {
    ExprPtr value;
    if (m_stream.isSymbol("-") || m_stream.isSymbol("+")) {
        const Nesting nesting(m_nesting);
        if (nesting.level > kMaxDepth)
            return tooDeep(m_stream.peek().at);
        const Token& sign = m_stream.take();
        TRILOBIT_TRY(value, unary(false));
        if (sign.text == "-") {
            ExprPtr negation = make(ExprKind::Negate, sign.at);
            negation->children.push_back(std::move(value));
            TRILOBIT_TRY(value, finished(std::move(negation)));
        }
    } else {
        TRILOBIT_TRY(value, primary());
    }
    TRILOBIT_TRY(value, postfix(std::move(value)));
    if (!withFilters)
        return value;
    return filtersAndTests(std::move(value));
}

Result<ExprPtr> ExpressionParser::primary() {
    const Token& token = m_stream.peek();
    if (token.kind == TokenKind::Name)
        return name();
    if (token.kind == TokenKind::String) {
        std::string text;
        while (m_stream.peek().kind == TokenKind::String) // neighbours are one string
            text += m_stream.take().text;
        ExprPtr constant = make(ExprKind::Constant, token.at);
        constant->constant = Value(std::move(text));
        return constant;
    }
    if (token.kind == TokenKind::Integer || token.kind == TokenKind::Float) {
        ExprPtr constant = make(ExprKind::Constant, token.at);
        constant->constant = token.kind == TokenKind::Integer ? Value(token.integer) : Value(token.number);
        m_stream.take();
        return constant;
    }
    if (m_stream.isSymbol("("))
        return parenthesized();
    if (m_stream.isSymbol("["))
        return listLiteral();
    if (m_stream.isSymbol("{"))
        return dictLiteral();
    return unexpected("a value");
}

Result<ExprPtr> ExpressionParser::name() {
    const Token& token = m_stream.take();
    ExprPtr expr = make(ExprKind::Constant, token.at);
    if (token.text == "true" || token.text == "True")
        expr->constant = Value(true);
    else if (token.text == "false" || token.text == "False")
        expr->constant = Value(false);
    else if (token.text == "none" || token.text == "None")
        expr->constant = Value(None{});
    else {
        expr->kind = ExprKind::Name;
        expr->text = token.text;
    }
    return expr;
}

Result<ExprPtr> ExpressionParser::parenthesized() {
    const Position at = m_stream.take().at;
    if (m_stream.takeSymbol(")"))
        return make(ExprKind::Tuple, at);
    TRILOBIT_TRY(ExprPtr value, expressions());
    if (!m_stream.takeSymbol(")"))
        return unexpected("\")\"");
    return value;
}

Result<ExprPtr> ExpressionParser::listLiteral() {
    ExprPtr list = make(ExprKind::List, m_stream.take().at);
    while (!m_stream.takeSymbol("]")) {
        if (!list->children.empty() && !m_stream.takeSymbol(","))
            return unexpected("\",\" or \"]\"");
        if (m_stream.takeSymbol("]"))
            break;
        TRILOBIT_TRY(ExprPtr item, expression());
        list->children.push_back(std::move(item));
    }
    return finished(std::move(list));
}

Result<ExprPtr> ExpressionParser::dictLiteral() {
    ExprPtr dict = make(ExprKind::Dict, m_stream.take().at);
    while (!m_stream.takeSymbol("}")) {
        if (!dict->children.empty() && !m_stream.takeSymbol(","))
            return unexpected("\",\" or \"}\"");
        if (m_stream.takeSymbol("}"))
            break;
        TRILOBIT_TRY(ExprPtr key, expression());
        if (!m_stream.takeSymbol(":"))
            return unexpected("\":\"");
        TRILOBIT_TRY(ExprPtr value, expression());
        dict->children.push_back(std::move(key));
        dict->children.push_back(std::move(value));
    }
    return finished(std::move(dict));
}

Result<ExprPtr> ExpressionParser::postfix(ExprPtr value) {
    for (;;) {
        if (m_stream.isSymbol(".")) {
            TRILOBIT_TRY(value, attribute(std::move(value)));
        } else if (m_stream.isSymbol("[")) {
            TRILOBIT_TRY(value, subscript(std::move(value)));
        } else if (m_stream.isSymbol("(")) {
            TRILOBIT_TRY(value, call(std::move(value)));
        } else {
            return value;
        }
    }
}

Result<ExprPtr> ExpressionParser::filtersAndTests(ExprPtr value) {
    for (;;) {
        if (m_stream.isSymbol("|")) {
            m_stream.take();
            TRILOBIT_TRY(value, filter(std::move(value)));
        } else if (m_stream.isName("is")) {
            TRILOBIT_TRY(value, test(std::move(value)));
        } else if (m_stream.isSymbol("(")) {
            TRILOBIT_TRY(value, call(std::move(value)));
        } else {
            return value;
        }
    }
}

Result<ExprPtr> ExpressionParser::attribute(ExprPtr value) {
    ExprPtr expr = make(ExprKind::Attribute, m_stream.take().at);
    expr->children.push_back(std::move(value));
    const Token& token = m_stream.peek();
    if (token.kind == TokenKind::Name) {
        expr->text = token.text;
    } else if (token.kind == TokenKind::Integer) { // row.0 is row[0]
        expr->kind = ExprKind::Subscript;
        ExprPtr index = make(ExprKind::Constant, token.at);
        index->constant = Value(token.integer);
        expr->children.push_back(std::move(index));
    } else {
        return unexpected("a name after the dot");
    }
    m_stream.take();
    return finished(std::move(expr));
}

Result<ExprPtr> ExpressionParser::subscript(ExprPtr value) {
    ExprPtr expr = make(ExprKind::Subscript, m_stream.take().at);
    expr->children.push_back(std::move(value));
    ExprPtr parts[3];
    std::size_t count = 0;
    for (;;) {
        if (!m_stream.isSymbol(":") && !m_stream.isSymbol("]")) {
            TRILOBIT_TRY(parts[count], count == 0 ? expressions() : expression());
        }
        if (count == 2 || !m_stream.takeSymbol(":"))
            break;
        ++count;
    }
    if (!m_stream.takeSymbol("]"))
        return unexpected("\"]\"");
    if (count == 0 && !parts[0])
        return unexpected("an index");
    if (count > 0)
        expr->kind = ExprKind::Slice;
    for (std::size_t i = 0; i < (count > 0 ? 3u : 1u); ++i)
        expr->children.push_back(std::move(parts[i]));
    return finished(std::move(expr));
}

Result<void> ExpressionParser::arguments(Expr& into) {
    if (!m_stream.takeSymbol("("))
        return {};
    for (bool first = true; !m_stream.takeSymbol(")"); first = false) {
        if (!first && !m_stream.takeSymbol(","))
            return unexpected("\",\" or \")\"");
        if (m_stream.takeSymbol(")"))
            break;
        if (m_stream.isSymbol("*") || m_stream.isSymbol("**"))
            return errorAt(m_stream.peek().at, ErrorCode::Format, "arguments spread with * are not supported");
        if (m_stream.peek().kind == TokenKind::Name && m_stream.isSymbol("=", 1)) {
            std::string name = m_stream.take().text;
            m_stream.take();
            TRILOBIT_TRY(ExprPtr value, expression());
            into.named.emplace_back(std::move(name), std::move(value));
        } else {
            if (!into.named.empty())
                return errorAt(m_stream.peek().at, ErrorCode::Format, "a plain argument follows a named one");
            TRILOBIT_TRY(ExprPtr value, expression());
            into.children.push_back(std::move(value));
        }
    }
    return {};
}

Result<ExprPtr> ExpressionParser::call(ExprPtr value) {
    ExprPtr expr = make(ExprKind::Call, m_stream.peek().at);
    expr->children.push_back(std::move(value));
    TRILOBIT_CHECK(arguments(*expr));
    return finished(std::move(expr));
}

Result<ExprPtr> ExpressionParser::filter(ExprPtr value) {
    const Token& token = m_stream.peek();
    if (token.kind != TokenKind::Name)
        return unexpected("the name of a filter");
    ExprPtr expr = make(ExprKind::Filter, m_stream.take().at);
    expr->text = token.text;
    expr->children.push_back(std::move(value));
    TRILOBIT_CHECK(arguments(*expr));
    return finished(std::move(expr));
}

Result<ExprPtr> ExpressionParser::filterChain() {
    TRILOBIT_TRY(ExprPtr chained, filter(nullptr));
    while (m_stream.takeSymbol("|")) {
        TRILOBIT_TRY(chained, filter(std::move(chained)));
    }
    return chained;
}

Result<ExprPtr> ExpressionParser::test(ExprPtr value) {
    const Position at = m_stream.take().at; // "is"
    const bool negated = m_stream.takeName("not");
    const Token& token = m_stream.peek();
    if (token.kind != TokenKind::Name)
        return unexpected("the name of a test");
    ExprPtr expr = make(ExprKind::Test, at);
    expr->text = m_stream.take().text;
    expr->children.push_back(std::move(value));
    const Token& next = m_stream.peek();
    const bool operatorWord = m_stream.isName("else") || m_stream.isName("or") || m_stream.isName("and")
                              || m_stream.isName("if") || m_stream.isName("is") || m_stream.isName("in")
                              || m_stream.isName("not");
    if (m_stream.isSymbol("(")) {
        TRILOBIT_CHECK(arguments(*expr));
    } else if ((next.kind == TokenKind::Name && !operatorWord) || next.kind == TokenKind::String
               || next.kind == TokenKind::Integer || next.kind == TokenKind::Float || m_stream.isSymbol("[")
               || m_stream.isSymbol("{")) {
        TRILOBIT_TRY(ExprPtr argument, primary()); // "is divisibleby 3" without parentheses
        TRILOBIT_TRY(argument, postfix(std::move(argument)));
        expr->children.push_back(std::move(argument));
    }
    TRILOBIT_TRY(expr, finished(std::move(expr)));
    if (!negated)
        return expr;
    ExprPtr negation = make(ExprKind::Not, at);
    negation->children.push_back(std::move(expr));
    return finished(std::move(negation));
}

} // namespace trilobit::tmpl
