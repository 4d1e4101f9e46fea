// BaseTokenizer: what both kinds of tokenizer share: special tokens in the text, BOS and EOS, the token index.
#pragma once

#include "core/tokenizer/specialtokens.h"
#include "core/tokenizer/textnormalizer.h"
#include "core/tokenizer/tokenizer.h"

#include <string_view>
#include <unordered_map>

namespace trilobit {

class BaseTokenizer : public Tokenizer {
public:
    const TokenizerData& data() const override { return m_data; }
    std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options) const override;

protected:
    /// `data` has passed the checks of makeTokenizer.
    explicit BaseTokenizer(TokenizerData data);

    /// Appends the tokens of a non-empty stretch of text that begins the text or follows a special token and goes on
    /// to the next one or the end.
    virtual void encodeText(std::string_view text, std::vector<TokenId>& out) const = 0;

    /// Recognised in the text as a whole: control, unknown and user-defined tokens.
    bool isSpecial(TokenId id) const;
    /// Printed only on request: control and unknown tokens.
    bool isHidden(TokenId id) const;
    bool isKnown(TokenId id) const { return id >= 0 && id < vocabSize(); }
    TokenType typeOf(TokenId id) const { return m_data.types[static_cast<std::size_t>(id)]; }
    const std::string& textOf(TokenId id) const { return m_data.tokens[static_cast<std::size_t>(id)]; }

    /// pieceBytes where U+2581 stands for a space and "<0x41>" for a byte.
    std::string markedPieceBytes(TokenId id, bool special) const;

    using TextIndex = std::unordered_map<std::string_view, TokenId>; ///< views into data().tokens

private:
    TokenizerData m_data;
    SpecialTokens m_specials;
    std::shared_ptr<const TextNormalizer> m_normalizer; ///< null: text is taken as it is
    std::vector<bool> m_stripLeft, m_stripRight; ///< by id; empty when no token asks for it
};

} // namespace trilobit
