#include "core/template/pytext.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace trilobit::tmpl {

namespace {

bool isSpace(std::uint32_t c) {
    return (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680
           || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::size_t lengthAt(std::string_view text, std::size_t at) {
    return std::max<std::size_t>(1, utf8SequenceLength(text.substr(at)));
}

std::uint32_t codePointAt(std::string_view text, std::size_t at, std::size_t length) {
    return utf8CodePoint(text.substr(at), length);
}

/// Start of the character that ends before `end`.
std::size_t previous(std::string_view text, std::size_t end) {
    std::size_t at = end - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
        --at;
    return at;
}

std::uint32_t upperOf(std::uint32_t c) {
    if ((c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFE && c != 0xF7) || (c >= 0x3B1 && c <= 0x3C9 && c != 0x3C2)
        || (c >= 0x430 && c <= 0x44F))
        return c - 0x20;
    if (c >= 0x450 && c <= 0x45F)
        return c - 0x50;
    const bool evenIsUpper = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x460 && c <= 0x481)
                             || (c >= 0x48A && c <= 0x4BF) || (c >= 0x1E00 && c <= 0x1E95)
                             || (c >= 0x1EA0 && c <= 0x1EFF);
    if (evenIsUpper && c != 0x131)
        return c & ~1u;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c % 2 == 0 ? c - 1 : c;
    return c == 0xFF ? 0x178 : c == 0x3C2 ? 0x3A3 : c == 0xB5 ? 0x39C : c;
}

std::uint32_t lowerOf(std::uint32_t c) {
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9 && c != 0x3A2)
        || (c >= 0x410 && c <= 0x42F))
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    const bool evenIsUpper = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x460 && c <= 0x481)
                             || (c >= 0x48A && c <= 0x4BF) || (c >= 0x1E00 && c <= 0x1E95)
                             || (c >= 0x1EA0 && c <= 0x1EFF);
    if (evenIsUpper && c != 0x130)
        return c | 1u;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c % 2 == 1 ? c + 1 : c;
    return c == 0x178 ? 0xFF : c;
}

bool isLetter(std::uint32_t c) { return upperOf(c) != c || lowerOf(c) != c; }

void appendUpper(std::string& out, std::uint32_t c) {
    if (c == 0xDF)
        out += "SS";
    else
        utf8Append(out, upperOf(c));
}

/// Calls use(code point, bytes) for every character.
template <class Use>
void forEach(std::string_view text, Use&& use) {
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = lengthAt(text, i);
        use(codePointAt(text, i, length), text.substr(i, length));
        i += length;
    }
}

} // namespace

std::size_t characterCount(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::vector<std::string_view> characters(std::string_view text) {
    std::vector<std::string_view> result;
    result.reserve(text.size());
    forEach(text, [&](std::uint32_t, std::string_view bytes) { result.push_back(bytes); });
    return result;
}

std::size_t leadingSpace(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = lengthAt(text, at);
        if (!isSpace(codePointAt(text, at, length)))
            break;
        at += length;
    }
    return at;
}

std::string_view strip(std::string_view text, Side side, const std::string_view* set) {
    const std::vector<std::string_view> wanted = set ? characters(*set) : std::vector<std::string_view>();
    const auto goes = [&](std::string_view bytes) {
        return set ? std::find(wanted.begin(), wanted.end(), bytes) != wanted.end()
                   : isSpace(utf8CodePoint(bytes, std::max<std::size_t>(1, utf8SequenceLength(bytes))));
    };
    std::size_t begin = 0, end = text.size();
    if (side != Side::Right)
        while (begin < end) {
            const std::size_t length = lengthAt(text, begin);
            if (!goes(text.substr(begin, length)))
                break;
            begin += length;
        }
    if (side != Side::Left)
        while (end > begin) {
            const std::size_t at = previous(text, end);
            if (!goes(text.substr(at, end - at)))
                break;
            end = at;
        }
    return text.substr(begin, end - begin);
}

std::vector<std::string_view> splitSpace(std::string_view text, std::int64_t max) {
    std::vector<std::string_view> parts;
    std::string_view rest = strip(text, Side::Left);
    while (!rest.empty() && parts.size() <= kMaxParts) {
        if (max >= 0 && static_cast<std::int64_t>(parts.size()) == max) {
            parts.push_back(strip(rest, Side::Right));
            break;
        }
        std::size_t end = 0;
        while (end < rest.size()) {
            const std::size_t length = lengthAt(rest, end);
            if (isSpace(codePointAt(rest, end, length)))
                break;
            end += length;
        }
        parts.push_back(rest.substr(0, end));
        rest = strip(rest.substr(end), Side::Left);
    }
    return parts;
}

std::vector<std::string_view> splitAt(std::string_view text, std::string_view separator, std::int64_t max,
                                      bool fromRight) {
    std::vector<std::string_view> parts;
    while ((max < 0 || static_cast<std::int64_t>(parts.size()) < max) && parts.size() < kMaxParts + 1) {
        const std::size_t at = fromRight ? text.rfind(separator) : text.find(separator);
        if (at == std::string_view::npos)
            break;
        if (fromRight) {
            parts.push_back(text.substr(at + separator.size()));
            text = text.substr(0, at);
        } else {
            parts.push_back(text.substr(0, at));
            text = text.substr(at + separator.size());
        }
    }
    parts.push_back(text);
    if (fromRight)
        std::reverse(parts.begin(), parts.end());
    return parts;
}

std::vector<std::string_view> splitLines(std::string_view text, bool keep) {
    std::vector<std::string_view> lines;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size() && lines.size() <= kMaxParts;) {
        std::size_t length = lengthAt(text, i);
        const std::uint32_t c = codePointAt(text, i, length);
        const bool ends = (c >= 10 && c <= 13) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
            length = 2;
        if (ends) {
            lines.push_back(text.substr(begin, (keep ? i + length : i) - begin));
            begin = i + length;
        }
        i += length;
    }
    if (begin < text.size())
        lines.push_back(text.substr(begin));
    return lines;
}

std::string upper(std::string_view text) {
    std::string out;
    forEach(text, [&](std::uint32_t c, std::string_view) { appendUpper(out, c); });
    return out;
}

std::string lower(std::string_view text) {
    std::string out;
    forEach(text, [&](std::uint32_t c, std::string_view) { utf8Append(out, lowerOf(c)); });
    return out;
}

std::string capitalize(std::string_view text) {
    if (text.empty())
        return {};
    const std::size_t first = lengthAt(text, 0);
    return upper(text.substr(0, first)) + lower(text.substr(first));
}

std::string title(std::string_view text) {
    std::string out;
    bool start = true;
    forEach(text, [&](std::uint32_t c, std::string_view) {
        if (start)
            appendUpper(out, c);
        else
            utf8Append(out, lowerOf(c));
        start = c == '-' || c == '(' || c == '{' || c == '[' || c == '<' || isSpace(c);
    });
    return out;
}

std::string titleMethod(std::string_view text) {
    std::string out;
    bool start = true;
    forEach(text, [&](std::uint32_t c, std::string_view) {
        if (start)
            appendUpper(out, c);
        else
            utf8Append(out, lowerOf(c));
        start = !isLetter(c);
    });
    return out;
}

} // namespace trilobit::tmpl
