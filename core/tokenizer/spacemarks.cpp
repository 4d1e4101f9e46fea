#include "core/tokenizer/spacemarks.h"

namespace trilobit {

int byteOfName(std::string_view name) {
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (name.size() != 6 || name.substr(0, 3) != "<0x" || name[5] != '>')
        return -1;
    const std::size_t high = kDigits.find(name[3]), low = kDigits.find(name[4]);
    return high == std::string_view::npos || low == std::string_view::npos ? -1 : static_cast<int>(high * 16 + low);
}

std::string withSpaceMarks(std::string_view text, bool prefix) {
    std::string out;
    out.reserve(text.size() + text.size() / 2);
    if (prefix)
        out += kSpaceMark;
    for (const char c : text) {
        if (c == ' ')
            out += kSpaceMark;
        else
            out += c;
    }
    return out;
}

std::string withSpacesForMarks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        if (text.substr(i, kSpaceMark.size()) == kSpaceMark) {
            out += ' ';
            i += kSpaceMark.size();
        } else {
            out += text[i++];
        }
    }
    return out;
}

std::string withSingleSpaces(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' || (!out.empty() && out.back() != ' '))
            out += c;
    if (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

} // namespace trilobit
