#include "core/base/utf8.h"

#include <algorithm>

namespace trilobit {

namespace {

std::uint8_t byteAt(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

std::size_t expectedLength(std::uint8_t lead) {
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

/// The second byte has a narrower range after some leads (overlong forms, surrogates, above U+10FFFF).
bool secondByteFits(std::uint8_t lead, std::uint8_t second) {
    switch (lead) {
    case 0xE0: return second >= 0xA0 && second <= 0xBF;
    case 0xED: return second >= 0x80 && second <= 0x9F;
    case 0xF0: return second >= 0x90 && second <= 0xBF;
    case 0xF4: return second >= 0x80 && second <= 0x8F;
    default: return second >= 0x80 && second <= 0xBF;
    }
}

} // namespace

std::size_t utf8SequenceLength(std::string_view text) noexcept {
    if (text.empty())
        return 0;
    const std::size_t length = expectedLength(byteAt(text, 0));
    if (length <= 1)
        return length;
    if (text.size() < length || !secondByteFits(byteAt(text, 0), byteAt(text, 1)))
        return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byteAt(text, i) & 0xC0) != 0x80)
            return 0;
    return length;
}

std::uint32_t utf8CodePoint(std::string_view text, std::size_t length) noexcept {
    static constexpr std::uint8_t kLeadMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    std::uint32_t value = byteAt(text, 0) & kLeadMask[length];
    for (std::size_t i = 1; i < length; ++i)
        value = (value << 6) | (byteAt(text, i) & 0x3Fu);
    return value;
}

void utf8Append(std::string& out, std::uint32_t c) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

std::size_t utf8RunLength(std::string_view text) noexcept {
    const bool valid = utf8SequenceLength(text) != 0;
    std::size_t i = 0;
    while (i < text.size()) {
        const std::size_t length = utf8SequenceLength(text.substr(i));
        if ((length != 0) != valid)
            break;
        i += length == 0 ? 1 : length;
    }
    return i;
}

std::string utf8Sanitized(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8SequenceLength(text.substr(i));
        if (length == 0) {
            out += "\xEF\xBF\xBD";
            ++i;
        } else {
            out.append(text, i, length);
            i += length;
        }
    }
    return out;
}

std::size_t utf8CompletePrefix(std::string_view text) noexcept {
    const std::size_t start = text.size() - std::min<std::size_t>(text.size(), 3);
    for (std::size_t i = text.size(); i-- > start;) {
        const std::uint8_t byte = byteAt(text, i);
        if ((byte & 0xC0) == 0x80)
            continue;
        const std::size_t have = text.size() - i;
        const std::size_t want = expectedLength(byte);
        if (want > have && (have < 2 || secondByteFits(byte, byteAt(text, i + 1))))
            return i;
        break;
    }
    return text.size();
}

std::string Utf8Stream::add(std::string_view bytes) {
    m_pending += bytes;
    const std::size_t complete = utf8CompletePrefix(m_pending);
    std::string text = utf8Sanitized(std::string_view(m_pending).substr(0, complete));
    m_pending.erase(0, complete);
    return text;
}

std::string Utf8Stream::rest() {
    std::string text = utf8Sanitized(m_pending);
    m_pending.clear();
    return text;
}

} // namespace trilobit
