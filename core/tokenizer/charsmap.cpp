#include "core/tokenizer/charsmap.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <cstring>

namespace trilobit {

namespace {

// A unit of the trie: its label, whether a value hangs below it, and how far its children are.
std::uint32_t label(std::uint32_t unit) { return unit & (0x80000000u | 0xFFu); }
bool hasValue(std::uint32_t unit) { return (unit >> 8 & 1) != 0; }
std::uint32_t value(std::uint32_t unit) { return unit & 0x7FFFFFFFu; }
std::uint32_t offset(std::uint32_t unit) { return (unit >> 10) << ((unit & (1u << 9)) >> 6); }

} // namespace

Result<std::shared_ptr<const CharsMap>> CharsMap::read(std::string_view blob) {
    const Error broken{ErrorCode::Format, "the character map is damaged, expected the size of its table, a multiple of 4, and then so many bytes", {}, "precompiled_charsmap"};
    std::uint32_t size = 0;
    if (blob.size() < sizeof size)
        return broken;
    std::memcpy(&size, blob.data(), sizeof size);
    if (size == 0 || size % 4 != 0 || size > blob.size() - sizeof size)
        return broken;
    auto map = std::make_shared<CharsMap>();
    map->m_units.resize(size / 4);
    std::memcpy(map->m_units.data(), blob.data() + sizeof size, size);
    map->m_texts = blob.substr(sizeof size + size);
    return std::shared_ptr<const CharsMap>(std::move(map));
}

std::string CharsMap::apply(std::string_view text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t longest = 0, target = 0;
        std::size_t node = offset(m_units[0]);
        for (std::size_t i = at; i < text.size(); ++i) {
            const auto byte = static_cast<unsigned char>(text[i]);
            node ^= byte;
            if (node >= m_units.size() || label(m_units[node]) != byte)
                break;
            const std::uint32_t unit = m_units[node];
            node ^= offset(unit);
            if (hasValue(unit) && node < m_units.size()) {
                longest = i + 1 - at;
                target = value(m_units[node]);
            }
        }
        if (longest > 0 && target < m_texts.size()) {
            const std::size_t end = std::min(m_texts.find('\0', target), m_texts.size());
            out.append(m_texts, target, end - target);
            at += longest;
            continue;
        }
        const std::size_t length = std::max<std::size_t>(1, utf8SequenceLength(text.substr(at)));
        out.append(text.substr(at, length));
        at += length;
    }
    return out;
}

} // namespace trilobit
