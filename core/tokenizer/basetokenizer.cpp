#include "core/tokenizer/basetokenizer.h"

#include "core/tokenizer/spacemarks.h"

#include <algorithm>

namespace trilobit {

namespace {

constexpr std::string_view kSpaces = " \t\n\r\f\v";

std::vector<bool> marks(const std::vector<TokenId>& ids, std::size_t size) {
    std::vector<bool> result;
    if (!ids.empty())
        result.resize(size);
    for (const TokenId id : ids)
        result[static_cast<std::size_t>(id)] = true;
    return result;
}

bool marked(const std::vector<bool>& row, TokenId id) { return !row.empty() && row[static_cast<std::size_t>(id)]; }

} // namespace

BaseTokenizer::BaseTokenizer(TokenizerData data)
    : m_data(std::move(data)), m_specials(m_data), m_stripLeft(marks(m_data.stripLeft, m_data.tokens.size())),
      m_stripRight(marks(m_data.stripRight, m_data.tokens.size())) {
    if (auto normalizer = makeTextNormalizer(m_data.normalizers))
        m_normalizer = *std::move(normalizer);
}

bool BaseTokenizer::isHidden(TokenId id) const {
    return typeOf(id) == TokenType::Control || typeOf(id) == TokenType::Unknown;
}

bool BaseTokenizer::isSpecial(TokenId id) const { return isHidden(id) || typeOf(id) == TokenType::UserDefined; }

std::vector<TokenId> BaseTokenizer::encode(std::string_view text, const EncodeOptions& options) const {
    std::vector<TokenId> out;
    if (options.addSpecial && m_data.addBos && m_data.bos != kNoToken)
        out.push_back(m_data.bos);
    const auto encodeStretch = [&](std::string_view stretch) {
        if (stretch.empty())
            return;
        if (!m_normalizer)
            return encodeText(stretch, out);
        if (const std::string rewritten = m_normalizer->apply(stretch); !rewritten.empty())
            encodeText(rewritten, out);
    };
    std::size_t begin = 0;
    for (;;) {
        const SpecialTokens::Match match = m_specials.find(text, begin, options.parseSpecial);
        if (match.id == kNoToken)
            break;
        std::string_view before = text.substr(begin, match.start - begin);
        if (marked(m_stripLeft, match.id)) {
            const std::size_t last = before.find_last_not_of(kSpaces);
            before = before.substr(0, last == std::string_view::npos ? 0 : last + 1);
        }
        encodeStretch(before);
        out.push_back(match.id);
        begin = match.start + match.length;
        if (marked(m_stripRight, match.id))
            begin = std::min(text.find_first_not_of(kSpaces, begin), text.size());
    }
    encodeStretch(text.substr(begin));
    if (options.addSpecial && m_data.addEos && m_data.eos != kNoToken)
        out.push_back(m_data.eos);
    return out;
}

std::string BaseTokenizer::markedPieceBytes(TokenId id, bool special) const {
    if (!isKnown(id) || (isHidden(id) && !special))
        return {};
    if (isSpecial(id))
        return textOf(id);
    if (typeOf(id) == TokenType::Byte) {
        const int byte = byteOfName(textOf(id));
        return byte < 0 ? textOf(id) : std::string(1, static_cast<char>(byte));
    }
    return withSpacesForMarks(textOf(id));
}

} // namespace trilobit
