#include "core/tokenizer/tokenizer.h"

#include "core/tokenizer/bpetokenizer.h"
#include "core/tokenizer/spmtokenizer.h"
#include "core/tokenizer/textnormalizer.h"
#include "core/tokenizer/unigramtokenizer.h"
#include "core/tokenizer/wordpiecetokenizer.h"

#include <algorithm>
#include <limits>

namespace trilobit {

namespace {

Result<void> checkIds(const TokenizerData& data) {
    const auto count = static_cast<std::int64_t>(data.tokens.size());
    const auto check = [&](TokenId id, const char* what) -> Result<void> {
        if (id != kNoToken && (id < 0 || id >= count))
            return fail(ErrorCode::Format, std::string("the ") + what + " token is " + std::to_string(id)
                                               + ", expected one of the " + std::to_string(count) + " of the vocabulary");
        return {};
    };
    TRILOBIT_CHECK(check(data.bos, "BOS"));
    TRILOBIT_CHECK(check(data.eos, "EOS"));
    TRILOBIT_CHECK(check(data.unknown, "unknown"));
    TRILOBIT_CHECK(check(data.padding, "padding"));
    TRILOBIT_CHECK(check(data.separator, "separator"));
    for (const auto* row : {&data.endOfGeneration, &data.stripLeft, &data.stripRight})
        for (const TokenId id : *row)
            if (id < 0 || id >= count)
                return fail(ErrorCode::Format, "token " + std::to_string(id)
                                                   + " is named as special, expected one of the "
                                                   + std::to_string(count) + " of the vocabulary");
    return {};
}

} // namespace

bool Tokenizer::isEndOfGeneration(TokenId id) const {
    const TokenizerData& d = data();
    return id != kNoToken
           && (id == d.eos
               || std::find(d.endOfGeneration.begin(), d.endOfGeneration.end(), id) != d.endOfGeneration.end());
}

Result<std::shared_ptr<const Tokenizer>> makeTokenizer(TokenizerData data) {
    if (data.tokens.empty())
        return fail(ErrorCode::Format, "the vocabulary has no tokens, expected at least one");
    if (data.tokens.size() > static_cast<std::size_t>(std::numeric_limits<TokenId>::max()))
        return fail(ErrorCode::Format, "the vocabulary has more tokens than ids can count, expected at most 2147483647");
    if (data.types.size() != data.tokens.size())
        return fail(ErrorCode::Format, "there are " + std::to_string(data.types.size()) + " token types, expected one for each of the "
                                           + std::to_string(data.tokens.size()) + " tokens");
    TRILOBIT_CHECK(checkIds(data));
    TRILOBIT_CHECK(makeTextNormalizer(data.normalizers));
    switch (data.kind) {
    case TokenizerKind::SentencePiece: return SpmTokenizer::create(std::move(data));
    case TokenizerKind::ByteLevelBpe: return BpeTokenizer::create(std::move(data));
    case TokenizerKind::Unigram: return UnigramTokenizer::create(std::move(data));
    case TokenizerKind::WordPiece: return WordPieceTokenizer::create(std::move(data));
    }
    return fail(ErrorCode::Internal, "an unknown kind of vocabulary");
}

const char* tokenizerKindName(TokenizerKind kind) noexcept {
    switch (kind) {
    case TokenizerKind::SentencePiece: return "SentencePiece-style";
    case TokenizerKind::ByteLevelBpe: return "byte-level BPE";
    case TokenizerKind::Unigram: return "unigram";
    case TokenizerKind::WordPiece: return "WordPiece";
    }
    return "unknown";
}

} // namespace trilobit
