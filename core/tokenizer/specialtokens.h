// SpecialTokens: finds the tokens that are recognised in the text as a whole, before anything is merged.
#pragma once

#include "core/tokenizer/tokenizer.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace trilobit {

class SpecialTokens {
public:
    /// Longer names are never looked for in text: this bounds the work per character.
    static constexpr std::size_t kMaxNameBytes = 256;

    struct Match {
        TokenId id = kNoToken; ///< kNoToken: nothing more to find
        std::size_t start = 0, length = 0;
    };

    explicit SpecialTokens(const TokenizerData& data);
    /// The first special token at or after `from`, the longest of those that start there. User-defined tokens always
    /// count, control and unknown tokens only when `all`.
    Match find(std::string_view text, std::size_t from, bool all) const;

private:
    /// A tree over the bytes of the names; children of a node are linked by `sibling`.
    struct Node {
        unsigned char byte = 0;
        std::uint32_t child = 0, sibling = 0; ///< 0: none (the root is nobody's child)
        TokenId control = kNoToken, user = kNoToken;
    };

    void add(std::string_view name, TokenId id, bool user);
    std::uint32_t childOf(std::uint32_t node, unsigned char byte) const;

    std::vector<Node> m_nodes;
    std::uint32_t m_first[256] = {}; ///< child of the root by byte
};

} // namespace trilobit
