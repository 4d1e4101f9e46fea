#include "core/tokenizer/wordpiecetokenizer.h"

#include "core/base/utf8.h"
#include "core/tokenizer/textnormalizer.h"

#include <algorithm>

namespace trilobit {

namespace {

constexpr std::size_t kMaxWordCharacters = 100; ///< longer words are unknown, as the makers have it

} // namespace

WordPieceTokenizer::WordPieceTokenizer(TokenizerData data) : BaseTokenizer(std::move(data)) {
    const std::string_view start = this->data().wordStart, rest = this->data().wordRest;
    for (TokenId id = 0; id < vocabSize(); ++id) {
        if (isHidden(id))
            continue;
        const std::string_view text = textOf(id);
        // Exactly one of the two marks is empty; tokens with the other one belong to its side.
        const bool isRest = rest.empty() ? !text.starts_with(start) : text.starts_with(rest);
        const std::string_view bare = text.substr(isRest ? rest.size() : std::min(start.size(), text.size()));
        if (bare.empty())
            continue;
        (isRest ? m_rests : m_starts).try_emplace(bare, id);
        m_longest = std::max(m_longest, bare.size());
    }
}

Result<std::shared_ptr<const Tokenizer>> WordPieceTokenizer::create(TokenizerData data) {
    if (data.unknown == kNoToken)
        return fail(ErrorCode::Format, "a WordPiece vocabulary needs a token for unknown words");
    if (data.wordStart.empty() == data.wordRest.empty())
        return fail(ErrorCode::Format, "a WordPiece vocabulary marks the start of words or their rest, expected one of the two");
    return std::shared_ptr<const Tokenizer>(new WordPieceTokenizer(std::move(data)));
}

void WordPieceTokenizer::encodeText(std::string_view text, std::vector<TokenId>& out) const {
    std::size_t begin = 0;
    const auto flush = [&](std::size_t end) {
        if (end > begin)
            encodeWord(text.substr(begin, end - begin), out);
    };
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t valid = utf8SequenceLength(text.substr(i));
        const std::size_t length = std::max<std::size_t>(1, valid);
        const std::uint32_t c = valid ? utf8CodePoint(text.substr(i), valid) : 0xFFFD;
        if (isUnicodeSpace(c)) {
            flush(i);
            begin = i + length;
        } else if (isUnicodePunctuation(c)) {
            flush(i);
            encodeWord(text.substr(i, length), out);
            begin = i + length;
        }
        i += length;
    }
    flush(text.size());
}

void WordPieceTokenizer::encodeWord(std::string_view word, std::vector<TokenId>& out) const {
    std::vector<std::size_t> ends; // of every character
    for (std::size_t i = 0; i < word.size();) {
        i += std::max<std::size_t>(1, utf8SequenceLength(word.substr(i)));
        ends.push_back(std::min(i, word.size()));
    }
    const std::size_t before = out.size();
    const auto unknown = [&] {
        out.resize(before);
        out.push_back(data().unknown);
    };
    if (ends.size() > kMaxWordCharacters)
        return unknown();
    std::size_t begin = 0, firstEnd = 0;
    while (begin < word.size()) {
        TokenId found = kNoToken;
        std::size_t k = ends.size();
        for (; k > firstEnd; --k) {
            const std::string_view piece = word.substr(begin, ends[k - 1] - begin);
            if (piece.size() > m_longest)
                continue;
            const TextIndex& known = index(begin == 0);
            if (const auto it = known.find(piece); it != known.end()) {
                found = it->second;
                break;
            }
        }
        if (found == kNoToken)
            return unknown();
        out.push_back(found);
        begin = ends[k - 1];
        firstEnd = k;
    }
}

std::string WordPieceTokenizer::pieceBytes(TokenId id, bool special) const {
    if (!isKnown(id) || (isHidden(id) && !special))
        return {};
    const std::string& text = textOf(id);
    if (isSpecial(id))
        return text;
    const std::string &start = data().wordStart, &rest = data().wordRest;
    const bool isRest = rest.empty() ? !text.starts_with(start) : text.starts_with(rest);
    return isRest ? text.substr(rest.size()) : ' ' + text.substr(start.size());
}

std::string WordPieceTokenizer::decode(std::span<const TokenId> ids, bool special) const {
    std::string out;
    for (const TokenId id : ids)
        out += pieceBytes(id, special);
    return out.starts_with(' ') ? out.substr(1) : out;
}

} // namespace trilobit
