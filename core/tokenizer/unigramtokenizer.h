// UnigramTokenizer: the cut of a text into pieces whose scores add up to the most.
#pragma once

#include "core/tokenizer/basetokenizer.h"

#include <array>
#include <cstdint>

namespace trilobit {

class UnigramTokenizer : public BaseTokenizer {
public:
    /// Errors: Format (scores that do not fit the tokens or are not numbers).
    static Result<std::shared_ptr<const Tokenizer>> create(TokenizerData data);

    std::string pieceBytes(TokenId id, bool special) const override { return markedPieceBytes(id, special); }
    std::string decode(std::span<const TokenId> ids, bool special) const override;

protected:
    void encodeText(std::string_view text, std::vector<TokenId>& out) const override;

private:
    explicit UnigramTokenizer(TokenizerData data);
    void encodeMarked(std::string_view marked, std::vector<TokenId>& out) const;
    void encodePiece(std::string_view piece, std::vector<TokenId>& out) const;
    bool encodeBytes(std::string_view bytes, std::vector<TokenId>& out) const;

    TextIndex m_index;
    std::size_t m_longest = 0;      ///< bytes of the longest piece, at most kMaxPieceBytes
    double m_unknownScore = 0;
    std::array<TokenId, 256> m_byteIds{};
};

} // namespace trilobit
