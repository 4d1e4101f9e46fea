// CharsMap: the table by which SentencePiece models rewrite characters: a double-array trie and the texts it leads to.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

class CharsMap {
public:
    /// `blob` as stored: the trie's size in bytes (u32, little endian), the trie, then texts that end with a zero byte.
    /// Errors: Format.
    static Result<std::shared_ptr<const CharsMap>> read(std::string_view blob);
    /// From left to right, the longest known sequence is replaced by its text; other characters stay.
    std::string apply(std::string_view text) const;

private:
    std::vector<std::uint32_t> m_units;
    std::string m_texts;
};

} // namespace trilobit
