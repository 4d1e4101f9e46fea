// SpmTokenizer: SentencePiece's BPE: neighbours join by the score of the joint token, unknown characters as bytes.
#pragma once

#include "core/tokenizer/basetokenizer.h"
#include "core/tokenizer/mergequeue.h"

#include <array>

namespace trilobit {

class SpmTokenizer : public BaseTokenizer {
public:
    /// Errors: Format (scores that are missing or not numbers).
    static Result<std::shared_ptr<const Tokenizer>> create(TokenizerData data);

    std::string pieceBytes(TokenId id, bool special) const override { return markedPieceBytes(id, special); }
    std::string decode(std::span<const TokenId> ids, bool special) const override;

protected:
    void encodeText(std::string_view text, std::vector<TokenId>& out) const override;

private:
    struct Workspace {
        std::vector<MergeSymbol> symbols;
        MergeQueue queue;
    };

    explicit SpmTokenizer(TokenizerData data);
    TokenId idOf(std::string_view piece) const;
    /// Appends the tokens of a piece of marked text that no merge leaves.
    void encodePiece(std::string_view piece, Workspace& work, std::vector<TokenId>& out) const;
    /// Appends a character that is no token: byte tokens, or the unknown token once per run of such characters.
    void encodeBytes(std::string_view bytes, std::vector<TokenId>& out) const;

    TextIndex m_index;                    ///< tokens that text can become: normal, user-defined and unused ones
    std::array<TokenId, 256> m_byteIds{}; ///< <0x00> to <0xFF>
    std::size_t m_longest = 0;            ///< bytes of the longest token in m_index
    bool m_wordsApart = false;            ///< no token goes on with a space mark after something else
};

} // namespace trilobit
