#include "core/template/lexer.h"

#include "core/base/utf8.h"
#include "core/template/pytext.h"

#include <array>
#include <charconv>

namespace trilobit::tmpl {

namespace {

constexpr std::size_t kMaxTokens = 50'000;  ///< the longest templates in use have a few thousand

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool startsName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// Line ends become "\n"; one at the very end is dropped.
std::string normalized(std::string_view source) {
    std::string out;
    out.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] == '\r') {
            out += '\n';
            if (i + 1 < source.size() && source[i + 1] == '\n')
                ++i;
        } else {
            out += source[i];
        }
    }
    if (!out.empty() && out.back() == '\n')
        out.pop_back();
    return out;
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : m_owned(normalized(source)), m_source(m_owned) {}

    Result<std::vector<Token>> run() {
        while (m_at < m_source.size()) {
            TRILOBIT_CHECK(textAndTag());
            TRILOBIT_CHECK(checkCount());
        }
        add(TokenKind::End, m_at);
        return std::move(m_tokens);
    }

private:
    /// Positions are asked for in rising order, so the line count goes on from the last one.
    Position position(std::size_t at) {
        if (at < m_counted) {
            m_counted = 0;
            m_line = 1;
            m_lineStart = 0;
        }
        for (; m_counted < at; ++m_counted)
            if (m_source[m_counted] == '\n') {
                ++m_line;
                m_lineStart = m_counted + 1;
            }
        return {m_line, static_cast<std::uint32_t>(at - m_lineStart + 1)};
    }
    Error error(std::size_t at, std::string message) {
        return errorAt(position(at), ErrorCode::Format, std::move(message));
    }
    Result<void> checkCount() {
        if (m_tokens.size() > kMaxTokens)
            return errorAt(position(m_at), ErrorCode::Unsupported,
                           "the template has more than " + std::to_string(kMaxTokens) + " words and signs, expected at most so many");
        return {};
    }
    Token& add(TokenKind kind, std::size_t at, std::string_view text = {}) {
        m_tokens.push_back({kind, position(at), std::string(text)});
        return m_tokens.back();
    }
    bool follows(std::string_view what) const { return m_source.substr(m_at, what.size()) == what; }

    std::size_t nextTag(std::size_t from) const {
        for (std::size_t at = m_source.find('{', from); at != std::string_view::npos; at = m_source.find('{', at + 1))
            if (at + 1 < m_source.size()
                && (m_source[at + 1] == '{' || m_source[at + 1] == '%' || m_source[at + 1] == '#'))
                return at;
        return std::string_view::npos;
    }

    /// White space between the start of the line and a tag goes away (not before an output).
    std::string_view trimmedBefore(std::string_view text, char kind, char sign) const {
        if (sign == '-')
            return strip(text, Side::Right);
        if (sign == '+' || kind == '{')
            return text;
        const std::size_t newline = text.rfind('\n');
        const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
        if ((begin > 0 || m_lineStarting) && text.find_first_not_of(" \t", begin) == std::string_view::npos)
            return text.substr(0, begin);
        return text;
    }

    Result<void> textAndTag() {
        const std::size_t tag = nextTag(m_at);
        const bool last = tag == std::string_view::npos;
        const std::string_view text = m_source.substr(m_at, last ? std::string_view::npos : tag - m_at);
        if (last) {
            if (!text.empty())
                add(TokenKind::Text, m_at, text);
            m_at = m_source.size();
            return {};
        }
        const char kind = m_source[tag + 1];
        const char sign = tag + 2 < m_source.size() && (m_source[tag + 2] == '-' || m_source[tag + 2] == '+')
                              ? m_source[tag + 2]
                              : '\0';
        const std::string_view kept = trimmedBefore(text, kind, sign);
        if (!kept.empty())
            add(TokenKind::Text, m_at, kept);
        m_at = tag + 2 + (sign != '\0');
        if (kind == '#')
            return comment(tag);
        if (kind == '%' && startsRaw())
            return raw(tag);
        add(kind == '{' ? TokenKind::OutputBegin : TokenKind::TagBegin, tag);
        return tagBody(tag, kind == '{');
    }

    /// Steps over what closes a tag (`close` without sign) and the white space that goes with it.
    void closeTag(std::string_view close, bool trimNewline) {
        const char sign = m_source[m_at] == '-' || m_source[m_at] == '+' ? m_source[m_at] : '\0';
        m_at += close.size() + (sign != '\0');
        const std::size_t begin = m_at;
        if (sign == '-')
            m_at += leadingSpace(m_source.substr(m_at));
        else if (trimNewline && sign != '+' && m_at < m_source.size() && m_source[m_at] == '\n')
            ++m_at;
        m_lineStarting = m_at > begin && m_source[m_at - 1] == '\n';
    }

    Result<void> comment(std::size_t begin) {
        std::size_t end = m_source.find("#}", m_at);
        if (end == std::string_view::npos)
            return error(begin, "this comment is not closed, expected #}");
        if (end > m_at && (m_source[end - 1] == '-' || m_source[end - 1] == '+'))
            --end;
        m_at = end;
        closeTag("#}", true);
        return {};
    }

    bool startsRaw() const {
        const std::size_t word = m_at + leadingSpace(m_source.substr(m_at));
        if (m_source.substr(word, 3) != "raw")
            return false;
        const std::string_view rest = strip(m_source.substr(word + 3, 64), Side::Left);
        return rest.starts_with("%}") || rest.starts_with("-%}") || rest.starts_with("+%}");
    }

    Result<void> raw(std::size_t begin) {
        m_at = m_source.find("%}", m_at);
        if (m_source[m_at - 1] == '-' || m_source[m_at - 1] == '+')
            --m_at;
        closeTag("%}", true);
        for (std::size_t tag = m_source.find("{%", m_at); tag != std::string_view::npos;
             tag = m_source.find("{%", tag + 2)) {
            std::size_t at = tag + 2;
            const char sign =
                at < m_source.size() && (m_source[at] == '-' || m_source[at] == '+') ? m_source[at] : '\0';
            at += sign != '\0';
            at += leadingSpace(m_source.substr(at));
            if (m_source.substr(at, 6) != "endraw")
                continue;
            at += 6;
            at += leadingSpace(m_source.substr(at));
            const std::string_view kept = trimmedBefore(m_source.substr(m_at, tag - m_at), '%', sign);
            if (!kept.empty())
                add(TokenKind::Text, m_at, kept);
            m_at = at;
            if (!follows("%}") && !follows("-%}") && !follows("+%}"))
                break;
            closeTag("%}", true);
            return {};
        }
        return error(begin, "this raw block is not closed, expected {% endraw %}");
    }

    Result<void> tagBody(std::size_t begin, bool output) {
        const std::string_view close = output ? "}}" : "%}";
        int open = 0; // brackets: "}}" inside a dict does not close the tag
        for (;;) {
            m_at += leadingSpace(m_source.substr(m_at));
            if (m_at >= m_source.size())
                return error(begin, "this tag is not closed, expected " + std::string(close));
            const bool signedClose =
                (m_source[m_at] == '-' || m_source[m_at] == '+') && m_source.substr(m_at + 1, 2) == close;
            if (signedClose || (follows(close) && open == 0)) {
                add(output ? TokenKind::OutputEnd : TokenKind::TagEnd, m_at);
                closeTag(close, !output);
                return {};
            }
            const char c = m_source[m_at];
            if (c == '(' || c == '[' || c == '{')
                ++open;
            else if ((c == ')' || c == ']' || c == '}') && open > 0)
                --open;
            TRILOBIT_CHECK(token(c));
            TRILOBIT_CHECK(checkCount());
        }
    }

    Result<void> token(char c) {
        if (startsName(c)) {
            std::size_t end = m_at;
            while (end < m_source.size() && (startsName(m_source[end]) || isDigit(m_source[end])))
                ++end;
            add(TokenKind::Name, m_at, m_source.substr(m_at, end - m_at));
            m_at = end;
            return {};
        }
        if (isDigit(c))
            return number();
        if (c == '"' || c == '\'')
            return string(c);
        static constexpr std::array<std::string_view, 6> kLong = {"==", "!=", "<=", ">=", "//", "**"};
        for (const std::string_view symbol : kLong)
            if (follows(symbol)) {
                add(TokenKind::Symbol, m_at, symbol);
                m_at += 2;
                return {};
            }
        if (std::string_view("+-*/%~()[]{}.,:|=<>").find(c) == std::string_view::npos)
            return error(m_at, std::string("the character '") + c + "' is not understood here");
        add(TokenKind::Symbol, m_at, m_source.substr(m_at, 1));
        ++m_at;
        return {};
    }

    Result<void> number() {
        const std::size_t begin = m_at;
        std::string digits;
        const auto take = [&] {
            while (m_at < m_source.size() && (isDigit(m_source[m_at]) || m_source[m_at] == '_')) {
                if (m_source[m_at] != '_')
                    digits += m_source[m_at];
                ++m_at;
            }
        };
        take();
        bool isFloat = false;
        if (m_at + 1 < m_source.size() && m_source[m_at] == '.' && isDigit(m_source[m_at + 1])) {
            isFloat = true;
            digits += m_source[m_at++];
            take();
        }
        if (m_at < m_source.size() && (m_source[m_at] == 'e' || m_source[m_at] == 'E')) {
            std::size_t next = m_at + 1;
            if (next < m_source.size() && (m_source[next] == '+' || m_source[next] == '-'))
                ++next;
            if (next < m_source.size() && isDigit(m_source[next])) {
                isFloat = true;
                digits += m_source.substr(m_at, next - m_at);
                m_at = next;
                take();
            }
        }
        if (m_at < m_source.size() && startsName(m_source[m_at]))
            return error(begin, "this number is not understood");
        Token& result = add(isFloat ? TokenKind::Float : TokenKind::Integer, begin);
        const char* end = digits.data() + digits.size();
        const std::errc status = isFloat ? std::from_chars(digits.data(), end, result.number).ec
                                         : std::from_chars(digits.data(), end, result.integer).ec;
        if (status != std::errc())
            return error(begin, "this number is out of range");
        return {};
    }

    Result<void> string(char quote) {
        const std::size_t begin = m_at++;
        std::string out;
        while (m_at < m_source.size() && m_source[m_at] != quote) {
            if (m_source[m_at] == '\\' && m_at + 1 < m_source.size())
                TRILOBIT_CHECK(escape(out));
            else
                out += m_source[m_at++];
        }
        if (m_at >= m_source.size())
            return error(begin, std::string("this string is not closed, expected ") + quote);
        ++m_at;
        add(TokenKind::String, begin, out);
        return {};
    }

    Result<void> escape(std::string& out) {
        static constexpr std::string_view kFrom = "ntr\\'\"abfv";
        static constexpr std::string_view kTo = "\n\t\r\\'\"\a\b\f\v";
        const std::size_t begin = m_at;
        const char c = m_source[m_at + 1];
        m_at += 2;
        if (const std::size_t i = kFrom.find(c); i != std::string_view::npos) {
            out += kTo[i];
        } else if (c == 'x' || c == 'u' || c == 'U') {
            const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
            std::uint32_t value = 0;
            const std::string_view hex = m_source.substr(m_at, digits);
            const auto [end, status] = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
            const bool fits = value <= 0x10FFFF && !(value >= 0xD800 && value <= 0xDFFF);
            if (hex.size() != digits || status != std::errc() || end != hex.data() + digits || !fits)
                return error(begin, "this escape is not a character, expected its number in hexadecimal digits");
            utf8Append(out, value);
            m_at += digits;
        } else if (c >= '0' && c <= '7') {
            std::uint32_t value = static_cast<std::uint32_t>(c - '0');
            for (int more = 0; more < 2 && m_at < m_source.size() && m_source[m_at] >= '0' && m_source[m_at] <= '7';
                 ++more)
                value = value * 8 + static_cast<std::uint32_t>(m_source[m_at++] - '0');
            utf8Append(out, value);
        } else if (c != '\n') {
            out += '\\';
            out += c;
        }
        return {};
    }

    std::string m_owned;
    std::string_view m_source;
    std::size_t m_at = 0;
    bool m_lineStarting = true; ///< what precedes m_at is the start of the text or a line end that a tag took
    std::vector<Token> m_tokens;
    std::size_t m_counted = 0, m_lineStart = 0;
    std::uint32_t m_line = 1;
};

} // namespace

Error errorAt(Position at, ErrorCode code, std::string message) {
    return Error{
        code, std::move(message), {}, "line " + std::to_string(at.line) + ", column " + std::to_string(at.column)};
}

Result<std::vector<Token>> tokenize(std::string_view source) {
    for (std::size_t i = 0; i < source.size();) {
        const std::size_t length = utf8SequenceLength(source.substr(i));
        if (length == 0)
            return Error{ErrorCode::Format, "the template is not text here, expected UTF-8", {}, {}, i};
        i += length;
    }
    return Lexer(source).run();
}

} // namespace trilobit::tmpl
