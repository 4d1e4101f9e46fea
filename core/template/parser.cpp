#include "core/template/parser.h"

#include "core/template/expressionparser.h"

#include <algorithm>
#include <initializer_list>

namespace trilobit::tmpl {

namespace {

constexpr int kMaxBlockDepth = 60;

class Parser {
public:
    explicit Parser(const std::vector<Token>& tokens) : m_stream{tokens}, m_expressions(m_stream) {}

    Result<Block> run() {
        TRILOBIT_TRY(Block block, body({}));
        return block;
    }

private:
    using Words = std::initializer_list<std::string_view>;

    Error unexpected(std::string_view wanted) const { return m_expressions.unexpected(wanted); }

    Result<void> endTag() {
        if (m_stream.take().kind == TokenKind::TagEnd)
            return {};
        --m_stream.at;
        return unexpected("the end of the tag");
    }

    /// Statements up to a tag that starts with one of `ends` (left at that word), or to the end when there are none.
    Result<Block> body(Words ends) {
        if (++m_depth > kMaxBlockDepth)
            return errorAt(m_stream.peek().at, ErrorCode::Unsupported,
                           "blocks are nested deeper than " + std::to_string(kMaxBlockDepth) + " levels, expected at most so many");
        Block block;
        for (;;) {
            const Token& token = m_stream.peek();
            if (token.kind == TokenKind::End) {
                if (ends.size() > 0)
                    return unexpected("{% " + std::string(*ends.begin()) + " %}");
                break;
            }
            if (token.kind == TokenKind::Text) {
                Statement& text = block.emplace_back();
                text.at = token.at;
                text.text = m_stream.take().text;
                continue;
            }
            if (token.kind == TokenKind::OutputBegin) {
                TRILOBIT_TRY(Statement statement, output());
                block.push_back(std::move(statement));
                continue;
            }
            m_stream.take(); // "{%"
            const Token& word = m_stream.peek();
            if (word.kind == TokenKind::Name && std::find(ends.begin(), ends.end(), word.text) != ends.end())
                break;
            TRILOBIT_TRY(Statement statement, tag());
            block.push_back(std::move(statement));
        }
        --m_depth;
        return block;
    }

    /// body(), with the end word and its tag's end taken.
    Result<Block> bodyUntil(std::string_view end) {
        TRILOBIT_TRY(Block block, body({end}));
        m_stream.take();
        TRILOBIT_CHECK(endTag());
        return block;
    }

    Result<Statement> output() {
        Statement statement;
        statement.kind = StatementKind::Output;
        statement.at = m_stream.take().at;
        TRILOBIT_TRY(statement.value, m_expressions.expressions());
        if (m_stream.take().kind != TokenKind::OutputEnd) {
            --m_stream.at;
            return unexpected("the end of the output");
        }
        return statement;
    }

    Result<Statement> tag() {
        const Token& word = m_stream.peek();
        if (word.kind != TokenKind::Name)
            return unexpected("the name of a statement");
        m_stream.take();
        Statement statement;
        statement.at = word.at;
        if (word.text == "if")
            return ifTag(std::move(statement));
        if (word.text == "for")
            return forTag(std::move(statement));
        if (word.text == "set")
            return setTag(std::move(statement));
        if (word.text == "macro")
            return macroTag(std::move(statement));
        if (word.text == "call")
            return callTag(std::move(statement));
        if (word.text == "filter")
            return filterTag(std::move(statement));
        if (word.text == "with")
            return withTag(std::move(statement));
        if (word.text == "generation") { // marks the assistant's text for training; prints as it is
            statement.kind = StatementKind::With;
            TRILOBIT_CHECK(endTag());
            TRILOBIT_TRY(Block block, bodyUntil("endgeneration"));
            statement.blocks.push_back(std::move(block));
            return statement;
        }
        if (word.text == "break" || word.text == "continue") {
            if (m_loops == 0)
                return errorAt(word.at, ErrorCode::Format, "\"" + word.text + "\" outside a loop");
            statement.kind = word.text == "break" ? StatementKind::Break : StatementKind::Continue;
            TRILOBIT_CHECK(endTag());
            return statement;
        }
        return errorAt(word.at, ErrorCode::Format,
                       "the statement \"" + word.text.substr(0, 40) + "\" is not supported here");
    }

    Result<Statement> ifTag(Statement statement) {
        statement.kind = StatementKind::If;
        for (;;) {
            TRILOBIT_TRY(ExprPtr condition, m_expressions.expressions(false));
            statement.conditions.push_back(std::move(condition));
            TRILOBIT_CHECK(endTag());
            TRILOBIT_TRY(Block block, body({"elif", "else", "endif"}));
            statement.blocks.push_back(std::move(block));
            if (!m_stream.takeName("elif"))
                break;
        }
        if (m_stream.takeName("else")) {
            TRILOBIT_CHECK(endTag());
            TRILOBIT_TRY(Block block, body({"endif"}));
            statement.blocks.push_back(std::move(block));
        }
        m_stream.take();
        TRILOBIT_CHECK(endTag());
        return statement;
    }

    /// "a", "a, b" or "(a, b)"
    Result<void> targets(Statement& statement) {
        const bool parentheses = m_stream.takeSymbol("(");
        for (;;) {
            if (m_stream.peek().kind != TokenKind::Name)
                return unexpected("the name of a variable");
            statement.names.push_back(m_stream.take().text);
            if (!m_stream.takeSymbol(","))
                break;
            statement.unpack = true;
            if (m_stream.peek().kind != TokenKind::Name || m_stream.isName("in"))
                break;
        }
        if (parentheses && !m_stream.takeSymbol(")"))
            return unexpected("\")\"");
        return {};
    }

    Result<Statement> forTag(Statement statement) {
        statement.kind = StatementKind::For;
        TRILOBIT_CHECK(targets(statement));
        if (!m_stream.takeName("in"))
            return unexpected("\"in\"");
        TRILOBIT_TRY(statement.value, m_expressions.expressions(false));
        if (m_stream.takeName("if")) {
            TRILOBIT_TRY(ExprPtr condition, m_expressions.expression());
            statement.conditions.push_back(std::move(condition));
        }
        if (m_stream.isName("recursive"))
            return errorAt(m_stream.peek().at, ErrorCode::Format, "recursive loops are not supported");
        TRILOBIT_CHECK(endTag());
        ++m_loops;
        TRILOBIT_TRY(Block block, body({"else", "endfor"}));
        --m_loops;
        statement.blocks.push_back(std::move(block));
        if (m_stream.takeName("else")) {
            TRILOBIT_CHECK(endTag());
            TRILOBIT_TRY(Block otherwise, body({"endfor"}));
            statement.blocks.push_back(std::move(otherwise));
        }
        m_stream.take();
        TRILOBIT_CHECK(endTag());
        return statement;
    }

    Result<Statement> setTag(Statement statement) {
        statement.kind = StatementKind::Set;
        TRILOBIT_CHECK(targets(statement));
        if (!statement.unpack && m_stream.takeSymbol(".")) {
            if (m_stream.peek().kind != TokenKind::Name)
                return unexpected("a name after the dot");
            statement.attribute = m_stream.take().text;
        }
        if (m_stream.takeSymbol("=")) {
            TRILOBIT_TRY(statement.value, m_expressions.expressions());
            TRILOBIT_CHECK(endTag());
            return statement;
        }
        if (statement.unpack)
            return unexpected("\"=\"");
        statement.kind = StatementKind::SetBlock;
        if (m_stream.takeSymbol("|")) {
            TRILOBIT_TRY(statement.value, m_expressions.filterChain());
        }
        TRILOBIT_CHECK(endTag());
        TRILOBIT_TRY(Block block, bodyUntil("endset"));
        statement.blocks.push_back(std::move(block));
        return statement;
    }

    /// "(a, b=1)", names and defaults
    Result<void> parameters(Statement& statement) {
        if (!m_stream.takeSymbol("("))
            return {};
        for (bool first = true; !m_stream.takeSymbol(")"); first = false) {
            if (!first && !m_stream.takeSymbol(","))
                return unexpected("\",\" or \")\"");
            if (m_stream.takeSymbol(")"))
                break;
            if (m_stream.peek().kind != TokenKind::Name)
                return unexpected("the name of a parameter");
            statement.names.push_back(m_stream.take().text);
            if (m_stream.takeSymbol("=")) {
                TRILOBIT_TRY(ExprPtr value, m_expressions.expression());
                statement.defaults.push_back(std::move(value));
            } else if (!statement.defaults.empty()) {
                return unexpected("a default value, as the parameter before has one,");
            }
        }
        return {};
    }

    /// A body that is no longer inside the loop around it.
    Result<Block> separateBody(std::string_view end) {
        const int loops = std::exchange(m_loops, 0);
        TRILOBIT_TRY(Block block, bodyUntil(end));
        m_loops = loops;
        return block;
    }

    Result<Statement> macroTag(Statement statement) {
        statement.kind = StatementKind::Macro;
        if (m_stream.peek().kind != TokenKind::Name)
            return unexpected("the name of the macro");
        statement.text = m_stream.take().text;
        if (!m_stream.isSymbol("("))
            return unexpected("\"(\"");
        TRILOBIT_CHECK(parameters(statement));
        TRILOBIT_CHECK(endTag());
        TRILOBIT_TRY(Block block, separateBody("endmacro"));
        statement.blocks.push_back(std::move(block));
        return statement;
    }

    Result<Statement> callTag(Statement statement) {
        statement.kind = StatementKind::CallBlock;
        TRILOBIT_CHECK(parameters(statement));
        TRILOBIT_TRY(statement.value, m_expressions.expression());
        if (statement.value->kind != ExprKind::Call)
            return errorAt(statement.value->at, ErrorCode::Format, "a call block needs a call");
        TRILOBIT_CHECK(endTag());
        TRILOBIT_TRY(Block block, separateBody("endcall"));
        statement.blocks.push_back(std::move(block));
        return statement;
    }

    Result<Statement> filterTag(Statement statement) {
        statement.kind = StatementKind::FilterBlock;
        TRILOBIT_TRY(statement.value, m_expressions.filterChain());
        TRILOBIT_CHECK(endTag());
        TRILOBIT_TRY(Block block, separateBody("endfilter"));
        statement.blocks.push_back(std::move(block));
        return statement;
    }

    Result<Statement> withTag(Statement statement) {
        statement.kind = StatementKind::With;
        while (m_stream.peek().kind == TokenKind::Name) {
            statement.names.push_back(m_stream.take().text);
            if (!m_stream.takeSymbol("="))
                return unexpected("\"=\"");
            TRILOBIT_TRY(ExprPtr value, m_expressions.expression());
            statement.conditions.push_back(std::move(value));
            if (!m_stream.takeSymbol(","))
                break;
        }
        TRILOBIT_CHECK(endTag());
        TRILOBIT_TRY(Block block, bodyUntil("endwith"));
        statement.blocks.push_back(std::move(block));
        return statement;
    }

    TokenStream m_stream;
    ExpressionParser m_expressions;
    int m_depth = 0, m_loops = 0;
};

} // namespace

Result<Block> parseTemplate(std::string_view source) {
    TRILOBIT_TRY(const std::vector<Token> tokens, tokenize(source));
    return Parser(tokens).run();
}

} // namespace trilobit::tmpl
