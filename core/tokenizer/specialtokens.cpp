#include "core/tokenizer/specialtokens.h"

namespace trilobit {

SpecialTokens::SpecialTokens(const TokenizerData& data) : m_nodes(1) {
    for (std::size_t i = 0; i < data.tokens.size(); ++i) {
        const TokenType type = data.types[i];
        const bool user = type == TokenType::UserDefined;
        if (user || type == TokenType::Control || type == TokenType::Unknown)
            add(data.tokens[i], static_cast<TokenId>(i), user);
    }
}

void SpecialTokens::add(std::string_view name, TokenId id, bool user) {
    if (name.empty() || name.size() > kMaxNameBytes)
        return;
    std::uint32_t node = 0;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        std::uint32_t next = node == 0 ? m_first[byte] : childOf(node, byte);
        if (next == 0) {
            next = static_cast<std::uint32_t>(m_nodes.size());
            m_nodes.push_back({byte, 0, node == 0 ? 0 : m_nodes[node].child});
            (node == 0 ? m_first[byte] : m_nodes[node].child) = next;
        }
        node = next;
    }
    (user ? m_nodes[node].user : m_nodes[node].control) = id;
}

std::uint32_t SpecialTokens::childOf(std::uint32_t node, unsigned char byte) const {
    std::uint32_t child = m_nodes[node].child;
    while (child != 0 && m_nodes[child].byte != byte)
        child = m_nodes[child].sibling;
    return child;
}

SpecialTokens::Match SpecialTokens::find(std::string_view text, std::size_t from, bool all) const {
    for (std::size_t start = from; start < text.size(); ++start) {
        Match best;
        std::uint32_t node = m_first[static_cast<unsigned char>(text[start])];
        for (std::size_t i = start + 1; node != 0; ++i) {
            const Node& here = m_nodes[node];
            const TokenId id = here.user != kNoToken ? here.user : all ? here.control : kNoToken;
            if (id != kNoToken)
                best = {id, start, i - start};
            if (i >= text.size())
                break;
            node = childOf(node, static_cast<unsigned char>(text[i]));
        }
        if (best.id != kNoToken)
            return best;
    }
    return {};
}

} // namespace trilobit
