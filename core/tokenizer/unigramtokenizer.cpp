#include "core/tokenizer/unigramtokenizer.h"

#include "core/base/utf8.h"
#include "core/tokenizer/spacemarks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trilobit {

namespace {

/// Added to the lowest score for a character that no piece holds.
constexpr double kUnknownPenalty = 10;
/// Longer pieces are never found: this bounds the work per character.
constexpr std::size_t kMaxPieceBytes = 512;

} // namespace

UnigramTokenizer::UnigramTokenizer(TokenizerData data) : BaseTokenizer(std::move(data)) {
    m_byteIds.fill(kNoToken);
    double lowest = std::numeric_limits<double>::infinity();
    for (TokenId id = 0; id < vocabSize(); ++id) {
        if (typeOf(id) == TokenType::Byte) {
            if (const int byte = byteOfName(textOf(id)); byte >= 0)
                m_byteIds[static_cast<std::size_t>(byte)] = id;
            continue;
        }
        if (typeOf(id) == TokenType::Normal)
            lowest = std::min(lowest, this->data().scores[static_cast<std::size_t>(id)]);
        if (isHidden(id) || typeOf(id) == TokenType::Unused || textOf(id).empty() || textOf(id).size() > kMaxPieceBytes)
            continue;
        m_index.try_emplace(textOf(id), id);
        m_longest = std::max(m_longest, textOf(id).size());
    }
    m_unknownScore = (std::isfinite(lowest) ? lowest : 0) - kUnknownPenalty;
}

Result<std::shared_ptr<const Tokenizer>> UnigramTokenizer::create(TokenizerData data) {
    if (data.scores.size() != data.tokens.size())
        return Error{ErrorCode::Format, "there are " + std::to_string(data.scores.size()) + " scores, expected one for each of the "
                     + std::to_string(data.tokens.size()) + " tokens", {}, "tokenizer.ggml.scores"};
    for (std::size_t i = 0; i < data.scores.size(); ++i)
        if (std::isnan(data.scores[i]))
            return Error{ErrorCode::Format, "the score of token " + std::to_string(i) + " is not a number, expected one", {},
                         "tokenizer.ggml.scores"};
    return std::shared_ptr<const Tokenizer>(new UnigramTokenizer(std::move(data)));
}

void UnigramTokenizer::encodeText(std::string_view text, std::vector<TokenId>& out) const {
    const TokenizerData& d = data();
    if (!d.splitAtSpaces) {
        const std::string marked = withSpaceMarks(d.mergeSpaces ? withSingleSpaces(text) : std::string(text),
                                                  d.addSpacePrefix);
        if (!d.mergeSpaces || marked.size() > (d.addSpacePrefix ? kSpaceMark.size() : 0))
            encodeMarked(marked, out);
        return;
    }
    // Words apart, each with a mark before it.
    for (std::size_t at = 0; at < text.size();) {
        at = std::min(text.find_first_not_of(" \t\n\r\f\v", at), text.size());
        const std::size_t end = std::min(text.find_first_of(" \t\n\r\f\v", at), text.size());
        if (end > at)
            encodePiece(withSpaceMarks(text.substr(at, end - at), d.addSpacePrefix), out);
        at = end;
    }
}

void UnigramTokenizer::encodeMarked(std::string_view marked, std::vector<TokenId>& out) const {
    const std::string_view start = data().wordStart;
    if (start.empty())
        return encodePiece(marked, out);
    // No piece goes on beyond the start of the next word.
    for (std::size_t begin = 0; begin < marked.size();) {
        const std::size_t end = std::min(marked.find(start, begin + 1), marked.size());
        encodePiece(marked.substr(begin, end - begin), out);
        begin = end;
    }
}

void UnigramTokenizer::encodePiece(std::string_view piece, std::vector<TokenId>& out) const {
    struct Best {
        double score = -std::numeric_limits<double>::infinity();
        std::size_t begin = 0;
        TokenId id = kNoToken; ///< kNoToken: unknown
        bool reached = false;
    };
    std::vector<Best> best(piece.size() + 1);
    best[0] = {0, 0, kNoToken, true};
    for (std::size_t at = 0; at < piece.size();) {
        const std::size_t character = std::max<std::size_t>(1, utf8SequenceLength(piece.substr(at)));
        bool single = false;
        const auto offer = [&](std::size_t length, TokenId id, double score) {
            Best& target = best[at + length];
            double sum = best[at].score + score;
            if (data().floatScores)
                sum = static_cast<double>(static_cast<float>(sum));
            if (!target.reached || sum > target.score)
                target = {sum, at, id, true};
        };
        for (std::size_t length = character; length <= std::min(m_longest, piece.size() - at);
             length += at + length < piece.size() ? std::max<std::size_t>(1, utf8SequenceLength(piece.substr(at + length)))
                                                  : 1) {
            const auto found = m_index.find(piece.substr(at, length));
            if (found == m_index.end())
                continue;
            offer(length, found->second, data().scores[static_cast<std::size_t>(found->second)]);
            single = single || length == character;
        }
        if (!single)
            offer(character, kNoToken, m_unknownScore);
        at += character;
    }
    std::vector<std::pair<std::size_t, std::size_t>> cuts; // begin and end, last first
    for (std::size_t end = piece.size(); end > 0; end = best[end].begin)
        cuts.emplace_back(best[end].begin, end);
    bool wasUnknown = false;
    for (auto cut = cuts.rbegin(); cut != cuts.rend(); ++cut) {
        const TokenId id = best[cut->second].id;
        if (id != kNoToken) {
            out.push_back(id);
            wasUnknown = false;
        } else if (!encodeBytes(piece.substr(cut->first, cut->second - cut->first), out)) {
            if (!wasUnknown && data().unknown != kNoToken)
                out.push_back(data().unknown); // a run of unknown characters is one token
            wasUnknown = true;
        }
    }
}

bool UnigramTokenizer::encodeBytes(std::string_view bytes, std::vector<TokenId>& out) const {
    for (const char c : bytes)
        if (m_byteIds[static_cast<unsigned char>(c)] == kNoToken)
            return false;
    for (const char c : bytes)
        out.push_back(m_byteIds[static_cast<unsigned char>(c)]);
    return true;
}

std::string UnigramTokenizer::decode(std::span<const TokenId> ids, bool special) const {
    std::string out;
    const auto& steps = data().normalizers;
    bool first = data().addSpacePrefix || std::any_of(steps.begin(), steps.end(), [](const TextStep& step) {
                     return step.kind == TextStep::Kind::Prepend && step.content == " ";
                 });
    for (const TokenId id : ids) {
        std::string piece = pieceBytes(id, special);
        if (first && !piece.empty() && piece.front() == ' ')
            piece.erase(0, 1);
        first = first && piece.empty();
        out += piece;
    }
    return out;
}

} // namespace trilobit
