#include "core/template/format.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace trilobit::tmpl {

namespace {

void appendHex(std::string& out, std::string_view prefix, std::uint32_t value, int digits) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += prefix;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += kHex[value >> shift & 15];
}

void appendQuoted(std::string_view text, std::string& out) {
    const bool single = text.find('\'') == std::string_view::npos || text.find('"') != std::string_view::npos;
    const char quote = single ? '\'' : '"';
    out += quote;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = std::max<std::size_t>(1, utf8SequenceLength(text.substr(i)));
        const std::uint32_t c = utf8CodePoint(text.substr(i), length);
        if (c == static_cast<unsigned char>(quote) || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD) {
            appendHex(out, "\\x", c, 2);
        } else if ((c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F)
                   || c == 0x3000 || c == 0xFEFF) {
            appendHex(out, "\\u", c, 4);
        } else {
            out.append(text, i, length);
        }
        i += length;
    }
    out += quote;
}

void appendJsonString(std::string_view text, bool asciiOnly, std::string& out) {
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = std::max<std::size_t>(1, utf8SequenceLength(text.substr(i)));
        const std::uint32_t c = utf8CodePoint(text.substr(i), length);
        static constexpr std::string_view kPlain = "\"\\\n\r\t\b\f", kLetter = "\"\\nrtbf";
        const std::size_t known = c < 0x80 ? kPlain.find(static_cast<char>(c)) : std::string_view::npos;
        if (known != std::string_view::npos) {
            out += '\\';
            out += kLetter[known];
        } else if (c < 0x20) {
            appendHex(out, "\\u", c, 4);
        } else if (asciiOnly && c > 0xFFFF) {
            appendHex(out, "\\u", 0xD800 + ((c - 0x10000) >> 10), 4);
            appendHex(out, "\\u", 0xDC00 + ((c - 0x10000) & 0x3FF), 4);
        } else if (asciiOnly && c > 0x7E) {
            if (c == 0x7F)
                out += '\x7F';
            else
                appendHex(out, "\\u", c, 4);
        } else {
            out.append(text, i, length);
        }
        i += length;
    }
    out += '"';
}

/// None, bool or number; empty for anything else.
std::string scalarText(const Value& value, const char* none, const char* yes, const char* no) {
    if (value.isNone())
        return none;
    if (const auto* flag = value.as<bool>())
        return *flag ? yes : no;
    if (const auto* integer = value.as<std::int64_t>())
        return std::to_string(*integer);
    if (const auto* number = value.as<double>())
        return floatText(*number);
    return {};
}

class Printer {
public:
    explicit Printer(Budget& budget) : m_budget(budget) {}

    Result<void> repr(const Value& value) {
        TRILOBIT_CHECK(step(value));
        const Budget::Level level(m_budget);
        TRILOBIT_CHECK(level.check());
        if (value.isText()) {
            appendQuoted(value.text(), out);
        } else if (const List* list = value.list()) {
            out += list->tuple ? '(' : '[';
            for (std::size_t i = 0; i < list->items.size(); ++i) {
                out += i > 0 ? ", " : "";
                TRILOBIT_CHECK(repr(list->items[i]));
            }
            out += list->tuple && list->items.size() == 1 ? "," : "";
            out += list->tuple ? ')' : ']';
        } else if (value.dict() || value.object()) {
            TRILOBIT_CHECK(reprDict(value.dict() ? *value.dict() : value.object()->values));
        } else if (value.isUndefined()) {
            out += "Undefined";
        } else if (value.function() || value.loop()) {
            out += std::string("<") + value.typeName() + ">";
        } else {
            out += scalarText(value, "None", "True", "False");
        }
        return {};
    }

    Result<void> json(const Value& value, const JsonStyle& style, std::size_t depth) {
        TRILOBIT_CHECK(step(value));
        const Budget::Level level(m_budget);
        TRILOBIT_CHECK(level.check());
        if (value.isText()) {
            appendJsonString(value.text(), style.asciiOnly, out);
            return {};
        }
        if (const List* list = value.list(); list && !list->lazy)
            return jsonItems('[', ']', list->items.size(), style, depth,
                             [&](std::size_t i) { return json(list->items[i], style, depth + 1); });
        if (Dict* dict = value.dict())
            return jsonDict(*dict, style, depth);
        std::string text = jsonScalar(value);
        if (text.empty())
            return fail(ErrorCode::Format,
                        std::string("Object of type ") + value.typeName() + " is not JSON serializable");
        out += text;
        return {};
    }

    std::string out;

private:
    /// Pays for one value, and for its bytes before they are written.
    Result<void> step(const Value& value) {
        TRILOBIT_CHECK(m_budget.spend(1 + value.text().size() / Budget::kBytesPerStep));
        if (out.size() + value.text().size() > m_paid) {
            TRILOBIT_CHECK(m_budget.fits(out.size() + value.text().size()));
            m_paid = 2 * (out.size() + value.text().size());
        }
        return {};
    }

    Result<void> reprDict(const Dict& dict) {
        out += '{';
        bool first = true;
        for (const auto& [key, item] : dict.entries) {
            out += first ? "" : ", ";
            first = false;
            TRILOBIT_CHECK(repr(key));
            out += ": ";
            TRILOBIT_CHECK(repr(item));
        }
        out += '}';
        return {};
    }

    static std::string jsonScalar(const Value& value) {
        std::string text = scalarText(value, "null", "true", "false");
        return text == "nan" ? "NaN" : text == "inf" ? "Infinity" : text == "-inf" ? "-Infinity" : text;
    }

    void newLine(const JsonStyle& style, std::size_t depth) {
        if (!style.indent)
            return;
        out += '\n';
        for (std::size_t i = 0; i < depth; ++i)
            out += *style.indent;
    }

    template <class Item>
    Result<void> jsonItems(char open, char close, std::size_t count, const JsonStyle& style, std::size_t depth,
                           Item&& item) {
        out += open;
        for (std::size_t i = 0; i < count; ++i) {
            if (i > 0)
                out += style.itemSeparator;
            newLine(style, depth + 1);
            TRILOBIT_CHECK(item(i));
        }
        if (count > 0)
            newLine(style, depth);
        out += close;
        return {};
    }

    Result<void> jsonDict(const Dict& dict, const JsonStyle& style, std::size_t depth) {
        std::vector<const std::pair<Value, Value>*> entries;
        for (const auto& entry : dict.entries)
            entries.push_back(&entry);
        if (style.sortKeys)
            std::stable_sort(entries.begin(), entries.end(),
                             [](const auto* a, const auto* b) { return a->first.text() < b->first.text(); });
        return jsonItems('{', '}', entries.size(), style, depth, [&](std::size_t i) -> Result<void> {
            const Value& key = entries[i]->first;
            TRILOBIT_CHECK(step(key));
            appendJsonString(key.isText() ? key.text() : std::string_view(jsonScalar(key)), style.asciiOnly, out);
            out += style.keySeparator;
            return json(entries[i]->second, style, depth + 1);
        });
    }

    Budget& m_budget;
    std::size_t m_paid = 0;
};

} // namespace

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '\'': out += "&#39;"; break;
        case '"': out += "&#34;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string floatText(double value) {
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    char buffer[40];
    const double magnitude = std::abs(value);
    const bool scientific = magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e16);
    const auto format = scientific ? std::chars_format::scientific : std::chars_format::fixed;
    const std::to_chars_result result = std::to_chars(buffer, buffer + sizeof buffer, value, format);
    std::string text(buffer, result.ptr);
    if (!scientific && text.find('.') == std::string::npos)
        text += ".0";
    return text;
}

Result<std::string> toText(const Value& value, Budget& budget) {
    if (value.isText()) {
        TRILOBIT_CHECK(budget.spendBytes(value.text().size()));
        return std::string(value.text());
    }
    if (value.isUndefined())
        return std::string();
    return toRepr(value, budget);
}

Result<std::string> toRepr(const Value& value, Budget& budget) {
    Printer printer(budget);
    TRILOBIT_CHECK(printer.repr(value));
    return std::move(printer.out);
}

Result<std::string> toJson(const Value& value, const JsonStyle& style, Budget& budget) {
    Printer printer(budget);
    TRILOBIT_CHECK(printer.json(value, style, 0));
    return std::move(printer.out);
}

} // namespace trilobit::tmpl
