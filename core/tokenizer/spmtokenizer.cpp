#include "core/tokenizer/spmtokenizer.h"

#include "core/base/utf8.h"
#include "core/tokenizer/spacemarks.h"
#include "core/tokenizer/wordmemory.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

/// Where the word that starts at `begin` ends: at the next space mark that follows something else.
std::size_t nextWord(std::string_view marked, std::size_t begin) {
    std::size_t at = begin;
    while (marked.substr(at, kSpaceMark.size()) == kSpaceMark)
        at += kSpaceMark.size();
    return std::min(marked.find(kSpaceMark, at), marked.size());
}

} // namespace

SpmTokenizer::SpmTokenizer(TokenizerData data) : BaseTokenizer(std::move(data)) {
    m_byteIds.fill(kNoToken);
    m_index.reserve(this->data().tokens.size());
    for (TokenId id = 0; id < vocabSize(); ++id) {
        if (typeOf(id) == TokenType::Byte) {
            if (const int byte = byteOfName(textOf(id)); byte >= 0)
                m_byteIds[static_cast<std::size_t>(byte)] = id;
            continue;
        }
        if (isHidden(id) || textOf(id).empty())
            continue;
        m_index[textOf(id)] = id; // of two tokens with one text the later counts
        m_longest = std::max(m_longest, textOf(id).size());
    }
    // Then merges never cross the start of a word, and every word can be encoded by itself.
    m_wordsApart = idOf(kSpaceMark) != kNoToken && std::none_of(m_index.begin(), m_index.end(), [](const auto& entry) {
                       return entry.first.size() > kSpaceMark.size() && nextWord(entry.first, 0) < entry.first.size();
                   });
}

TokenId SpmTokenizer::idOf(std::string_view piece) const {
    if (piece.size() > m_longest)
        return kNoToken;
    const auto it = m_index.find(piece);
    return it == m_index.end() ? kNoToken : it->second;
}

Result<std::shared_ptr<const Tokenizer>> SpmTokenizer::create(TokenizerData data) {
    if (data.scores.size() != data.tokens.size())
        return Error{ErrorCode::Format,
                     "there are " + std::to_string(data.scores.size()) + " scores, expected one for each of the "
                         + std::to_string(data.tokens.size()) + " tokens",
                     {},
                     "tokenizer.ggml.scores"};
    for (std::size_t i = 0; i < data.scores.size(); ++i)
        if (std::isnan(data.scores[i]))
            return Error{ErrorCode::Format,
                         "the score of token " + std::to_string(i) + " is not a number, expected one",
                         {},
                         "tokenizer.ggml.scores"};
    return std::shared_ptr<const Tokenizer>(new SpmTokenizer(std::move(data)));
}

void SpmTokenizer::encodeText(std::string_view text, std::vector<TokenId>& out) const {
    const std::string marked = withSpaceMarks(text, data().addSpacePrefix);
    const std::string_view all = marked;
    Workspace work;
    if (!m_wordsApart) {
        encodePiece(all, work, out);
        return;
    }
    WordMemory memory;
    for (std::size_t begin = 0; begin < all.size();) {
        const std::size_t end = nextWord(all, begin);
        const std::string_view word = all.substr(begin, end - begin);
        if (!memory.repeat(word, out)) {
            const std::size_t before = out.size();
            encodePiece(word, work, out);
            memory.keep(word, before, out.size());
        }
        begin = end;
    }
}

void SpmTokenizer::encodePiece(std::string_view piece, Workspace& work, std::vector<TokenId>& out) const {
    std::vector<MergeSymbol>& symbols = work.symbols;
    symbols.clear();
    for (std::size_t i = 0; i < piece.size();) {
        const std::size_t length = std::max<std::size_t>(1, utf8SequenceLength(piece.substr(i)));
        const std::size_t at = symbols.size();
        symbols.push_back({i, length, at == 0 ? MergeSymbol::kNone : at - 1, at + 1, idOf(piece.substr(i, length))});
        i += length;
    }
    symbols.back().next = MergeSymbol::kNone;

    work.queue.run(symbols, [&](const MergeSymbol& left, const MergeSymbol& right) {
        std::optional<MergeCandidate> found;
        if (const TokenId id = idOf(piece.substr(left.start, left.length + right.length)); id != kNoToken)
            found = MergeCandidate{data().scores[static_cast<std::size_t>(id)], id};
        return found;
    });
    bool wasUnknown = false;
    for (const MergeSymbol& symbol : symbols) {
        if (symbol.length == 0)
            continue;
        const std::size_t before = out.size();
        if (symbol.id != kNoToken)
            out.push_back(symbol.id);
        else
            encodeBytes(piece.substr(symbol.start, symbol.length), out);
        const bool unknown = symbol.id == kNoToken && out.size() == before + 1 && out.back() == data().unknown;
        if (unknown && wasUnknown)
            out.pop_back();
        wasUnknown = unknown;
    }
}

void SpmTokenizer::encodeBytes(std::string_view bytes, std::vector<TokenId>& out) const {
    const std::size_t before = out.size();
    for (const char c : bytes) {
        const TokenId id = m_byteIds[static_cast<unsigned char>(c)];
        if (id == kNoToken) { // not all bytes of the character have a token: it is unknown as a whole
            out.resize(before);
            if (data().unknown != kNoToken)
                out.push_back(data().unknown);
            return;
        }
        out.push_back(id);
    }
}

std::string SpmTokenizer::decode(std::span<const TokenId> ids, bool special) const {
    std::string out;
    bool first = data().addSpacePrefix; // the next piece starts with the space that encode added
    for (const TokenId id : ids) {
        if (!isKnown(id))
            continue;
        std::string piece = pieceBytes(id, special);
        if (isSpecial(id)) {
            first = data().addSpacePrefix;
        } else {
            if (first && !piece.empty() && piece.front() == ' ')
                piece.erase(0, 1);
            first = false;
        }
        out += piece;
    }
    return out;
}

} // namespace trilobit
