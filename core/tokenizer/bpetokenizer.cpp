#include "core/tokenizer/bpetokenizer.h"

#include "core/base/utf8.h"
#include "core/tokenizer/bytelevel.h"
#include "core/tokenizer/pretokenizers.h"
#include "core/tokenizer/wordmemory.h"

namespace trilobit {

namespace {

std::uint64_t pairKey(TokenId left, TokenId right) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 | static_cast<std::uint32_t>(right);
}

} // namespace

Result<std::shared_ptr<const Tokenizer>> BpeTokenizer::create(TokenizerData data) {
    std::vector<std::string> expressions = data.preTokenizerRegexes;
    const PreTokenizer* known = findPreTokenizer(data.preTokenizer);
    if (expressions.empty()) {
        if (!known)
            return Error{ErrorCode::Unsupported,
                         "the pre-tokenizer \"" + utf8Sanitized(data.preTokenizer.substr(0, 80)) + "\" is not known, expected one of llama.cpp's names",
                         {},
                         "tokenizer.ggml.pre"};
        expressions = known->expressions;
    }
    auto tokenizer = std::shared_ptr<BpeTokenizer>(new BpeTokenizer(std::move(data)));
    tokenizer->m_ignoreMerges = tokenizer->data().ignoreMerges;
    TRILOBIT_TRY(tokenizer->m_splitter, makeWordSplitter(expressions));
    TRILOBIT_CHECK(tokenizer->readMerges());
    return std::shared_ptr<const Tokenizer>(std::move(tokenizer));
}

Result<void> BpeTokenizer::readMerges() {
    const std::vector<std::string>& tokens = data().tokens;
    TextIndex all;
    all.reserve(tokens.size());
    m_index.reserve(tokens.size());
    for (TokenId id = 0; id < vocabSize(); ++id) {
        if (textOf(id).empty())
            continue;
        all[textOf(id)] = id; // of two tokens with one text the later counts
        if (!isHidden(id))
            m_index[textOf(id)] = id;
    }
    for (std::size_t byte = 0; byte < 256; ++byte) {
        const auto it = all.find(byteLetters()[byte]);
        m_byteIds[byte] = it == all.end() ? kNoToken : it->second;
    }
    m_merges.reserve(data().merges.size());
    std::string joint;
    for (std::size_t rank = 0; rank < data().merges.size(); ++rank) {
        const std::string_view merge = data().merges[rank];
        // From the second byte on: a left side is never empty, but could start with a space itself.
        const std::size_t space = merge.find(' ', 1);
        if (space == std::string_view::npos)
            return Error{ErrorCode::Format,
                         "merge " + std::to_string(rank) + " is not two tokens, expected a space between them",
                         {},
                         "tokenizer.ggml.merges"};
        const std::string_view left = merge.substr(0, space), right = merge.substr(space + 1);
        joint.assign(left).append(right);
        const auto l = all.find(left), r = all.find(right), j = all.find(joint);
        if (l == all.end() || r == all.end() || j == all.end())
            return Error{ErrorCode::Format,
                         "merge " + std::to_string(rank) + " names a token that is not in the vocabulary, expected both and what they make there",
                         {},
                         "tokenizer.ggml.merges"};
        m_merges.try_emplace(pairKey(l->second, r->second), Merge{static_cast<std::uint32_t>(rank), j->second});
    }
    return {};
}

void BpeTokenizer::encodeText(std::string_view text, std::vector<TokenId>& out) const {
    std::vector<std::string_view> words;
    m_splitter->split(text, words);
    Workspace work;
    WordMemory memory;
    for (const std::string_view word : words) {
        if (memory.repeat(word, out))
            continue;
        const std::size_t before = out.size();
        encodeWord(word, work, out);
        memory.keep(word, before, out.size());
    }
}

void BpeTokenizer::encodeWord(std::string_view word, Workspace& work, std::vector<TokenId>& out) const {
    if (m_ignoreMerges) {
        if (const auto it = m_index.find(bytesToLetters(word)); it != m_index.end()) {
            out.push_back(it->second);
            return;
        }
    }
    work.symbols.resize(word.size());
    for (std::size_t i = 0; i < word.size(); ++i)
        work.symbols[i] = {i, 1, i == 0 ? MergeSymbol::kNone : i - 1, i + 1 == word.size() ? MergeSymbol::kNone : i + 1,
                           m_byteIds[static_cast<unsigned char>(word[i])]};
    work.queue.run(work.symbols, [&](const MergeSymbol& left, const MergeSymbol& right) {
        std::optional<MergeCandidate> found;
        if (const auto it = m_merges.find(pairKey(left.id, right.id)); it != m_merges.end())
            found = MergeCandidate{-static_cast<double>(it->second.rank), it->second.id};
        return found;
    });
    for (const MergeSymbol& symbol : work.symbols) {
        if (symbol.length == 0)
            continue;
        if (symbol.id != kNoToken)
            out.push_back(symbol.id);
        else if (data().unknown != kNoToken)
            out.push_back(data().unknown); // a byte that this vocabulary has no letter for
    }
}

std::string BpeTokenizer::pieceBytes(TokenId id, bool special) const {
    if (!isKnown(id) || (isHidden(id) && !special))
        return {};
    return isSpecial(id) ? textOf(id) : lettersToBytes(textOf(id));
}

std::string BpeTokenizer::decode(std::span<const TokenId> ids, bool special) const {
    std::string out;
    for (const TokenId id : ids)
        out += pieceBytes(id, special);
    return out;
}

} // namespace trilobit
