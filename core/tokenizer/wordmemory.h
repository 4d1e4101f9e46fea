// WordMemory: while one text is encoded, a word that came before is copied instead of computed again.
#pragma once

#include "core/tokenizer/tokenizer.h"

#include <string_view>
#include <unordered_map>
#include <vector>

namespace trilobit {

/// The words are views that must outlive the object. Bounded: long words and more than kMaxWords are not kept.
class WordMemory {
public:
    /// Appends the tokens that `word` had before; false when it is new.
    bool repeat(std::string_view word, std::vector<TokenId>& out) const {
        const auto it = word.size() > kMaxBytes ? m_ranges.end() : m_ranges.find(word);
        if (it == m_ranges.end())
            return false;
        for (std::size_t i = it->second.begin; i < it->second.end; ++i) {
            const TokenId id = out[i];
            out.push_back(id);
        }
        return true;
    }
    /// `word` has become the tokens from `begin` to `end` of the output.
    void keep(std::string_view word, std::size_t begin, std::size_t end) {
        if (word.size() <= kMaxBytes && m_ranges.size() < kMaxWords)
            m_ranges.emplace(word, Range{begin, end});
    }

private:
    static constexpr std::size_t kMaxWords = 1u << 16, kMaxBytes = 64;
    struct Range {
        std::size_t begin, end;
    };
    std::unordered_map<std::string_view, Range> m_ranges;
};

} // namespace trilobit
