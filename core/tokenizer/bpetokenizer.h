// BpeTokenizer: byte-level BPE as in GPT-2: words by regular expressions, then merges by rank.
#pragma once

#include "core/tokenizer/basetokenizer.h"
#include "core/tokenizer/mergequeue.h"
#include "core/tokenizer/wordsplitter.h"

#include <array>
#include <memory>

namespace trilobit {

class BpeTokenizer : public BaseTokenizer {
public:
    /// Errors: Format (a merge that is not two known tokens whose joint text is a token), Unsupported (the
    /// pre-tokenizer's name).
    static Result<std::shared_ptr<const Tokenizer>> create(TokenizerData data);

    std::string pieceBytes(TokenId id, bool special) const override;
    std::string decode(std::span<const TokenId> ids, bool special) const override;

protected:
    void encodeText(std::string_view text, std::vector<TokenId>& out) const override;

private:
    struct Merge {
        std::uint32_t rank = 0;
        TokenId id = kNoToken;
    };
    struct PairHash {
        std::size_t operator()(std::uint64_t key) const noexcept {
            key *= 0x9E3779B97F4A7C15ull;
            return static_cast<std::size_t>(key ^ (key >> 32));
        }
    };
    struct Workspace {
        std::vector<MergeSymbol> symbols;
        MergeQueue queue;
    };

    explicit BpeTokenizer(TokenizerData data) : BaseTokenizer(std::move(data)) {}
    Result<void> readMerges();
    /// Appends the tokens of one word (raw bytes).
    void encodeWord(std::string_view word, Workspace& work, std::vector<TokenId>& out) const;

    std::unique_ptr<const WordSplitter> m_splitter;
    TextIndex m_index; ///< by byte letters; tokens that are not control tokens only
    std::unordered_map<std::uint64_t, Merge, PairHash> m_merges; ///< by left id << 32 | right id
    std::array<TokenId, 256> m_byteIds{};
    bool m_ignoreMerges = false;
};

} // namespace trilobit
