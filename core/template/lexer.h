// Lexer: a template's source cut into text and the tokens inside its tags, white space control applied.
#pragma once

#include "core/base/result.h"
#include "core/template/ast.h"

#include <string>
#include <string_view>
#include <vector>

namespace trilobit::tmpl {

enum class TokenKind { Text, OutputBegin, OutputEnd, TagBegin, TagEnd, Name, String, Integer, Float, Symbol, End };

struct Token {
    TokenKind kind = TokenKind::End;
    Position at;
    std::string text; ///< text, name, decoded string, or the symbol ("==", "|", ...)
    std::int64_t integer = 0;
    double number = 0;
};

/// With trim_blocks and lstrip_blocks on, as chat templates expect. Errors: Format, naming line and column.
Result<std::vector<Token>> tokenize(std::string_view source);

/// An error at a place in the template.
Error errorAt(Position at, ErrorCode code, std::string message);

} // namespace trilobit::tmpl
