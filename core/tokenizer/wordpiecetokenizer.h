// WordPieceTokenizer: words by white space and punctuation, then the longest known beginning, as in BERT.
#pragma once

#include "core/tokenizer/basetokenizer.h"

namespace trilobit {

/// Text does not come back byte for byte: case, accents and spaces are gone.
class WordPieceTokenizer : public BaseTokenizer {
public:
    /// Errors: Format (no unknown token).
    static Result<std::shared_ptr<const Tokenizer>> create(TokenizerData data);

    std::string pieceBytes(TokenId id, bool special) const override;
    std::string decode(std::span<const TokenId> ids, bool special) const override;

protected:
    void encodeText(std::string_view text, std::vector<TokenId>& out) const override;

private:
    explicit WordPieceTokenizer(TokenizerData data);
    void encodeWord(std::string_view word, std::vector<TokenId>& out) const;
    const TextIndex& index(bool start) const { return start ? m_starts : m_rests; }

    TextIndex m_starts, m_rests; ///< pieces that begin a word, and that go on with one, without their marks
    std::size_t m_longest = 0;
};

} // namespace trilobit
