// Tokenizer: text to token ids and back, exactly as the model's makers do it.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

using TokenId = std::int32_t;
constexpr TokenId kNoToken = -1;

/// Numbers as in GGUF (tokenizer.ggml.token_type); on disk, never renumber.
enum class TokenType : std::uint8_t { Undefined = 0, Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5,
                                      Byte = 6 };

enum class TokenizerKind { SentencePiece, ByteLevelBpe, Unigram, WordPiece };
/// "SentencePiece-style", "byte-level BPE", ...
const char* tokenizerKindName(TokenizerKind kind) noexcept;

/// One step that rewrites text before it is cut.
struct TextStep {
    enum class Kind { Nfc, Nfd, Nfkc, Nfkd, Lowercase,
                      StripMarks,        ///< without non-spacing marks
                      Clean,             ///< without control characters, every white space a space
                      CjkApart,          ///< spaces around ideographs
                      StripLeft, StripRight,
                      Prepend,           ///< `content` before a text that is not empty
                      Replace,           ///< `pattern` as it stands by `content`
                      ReplaceExpression, ///< what matches `pattern` by `content`
                      CharsMap           ///< `pattern` holds the table of a SentencePiece model
    } kind = Kind::Nfc;
    std::string pattern, content;

    bool operator==(const TextStep&) const = default;
};

/// Everything a vocabulary file says, whatever container it came from. Ids are positions in `tokens`.
struct TokenizerData {
    TokenizerKind kind = TokenizerKind::SentencePiece;
    std::vector<std::string> tokens;   ///< as stored: U+2581 for spaces (SentencePiece), byte-level letters (BPE)
    std::vector<double> scores;        ///< SentencePiece, Unigram; empty otherwise
    bool floatScores = false;          ///< Unigram: sums of scores are rounded to float32, as SentencePiece does; ties hang on it
    std::vector<TokenType> types;      ///< the size of `tokens`
    std::vector<std::string> merges;   ///< BPE: "left right", best first
    std::string preTokenizer;          ///< GGUF name: "llama-bpe", "gpt-2", "smollm", "qwen2", "default", ...
    std::vector<std::string> preTokenizerRegexes; ///< when a tokenizer.json spells them out; wins over the name
    bool ignoreMerges = false;         ///< a whole word that is a token is taken as it is (Llama 3)
    TokenId bos = kNoToken, eos = kNoToken, unknown = kNoToken, padding = kNoToken, separator = kNoToken;
    std::vector<TokenId> endOfGeneration; ///< besides eos: <|im_end|>, <|eot_id|>, ... found by name and config
    bool addBos = false, addEos = false;
    std::vector<TokenId> stripLeft, stripRight; ///< special tokens that swallow white space before or after them
    bool addSpacePrefix = true;        ///< SentencePiece, Unigram: a space before the text (and after special tokens)
    std::vector<TextStep> normalizers; ///< applied in order to what stands between special tokens
    bool mergeSpaces = false;          ///< Unigram: one space where several stand, none at the ends
    bool splitAtSpaces = false;        ///< Unigram: words apart, each with a space of its own
    std::string wordStart, wordRest;   ///< WordPiece: what marks pieces that begin, or go on with, a word; one is empty
    std::string chatTemplate;          ///< Jinja, empty when there is none
};

struct EncodeOptions {
    bool addSpecial = true;   ///< BOS/EOS as the vocabulary asks for
    bool parseSpecial = true; ///< "<|im_end|>" in the text becomes that token; otherwise it is plain text
};

/// Immutable; every call may come from any thread.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;
    virtual const TokenizerData& data() const = 0;
    /// Never fails: bytes that are not UTF-8 become byte tokens or the unknown token. Time is O(n log n) in the text.
    virtual std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options) const = 0;
    /// The exact bytes of one token as it appears in running text (may be part of a UTF-8 sequence). Control tokens
    /// give their name when `special`, nothing otherwise. Ids out of range give nothing.
    virtual std::string pieceBytes(TokenId id, bool special) const = 0;
    /// Text of a whole sequence. decode(encode(t, {false, false}), false) == t for every valid UTF-8 t of a vocabulary
    /// with byte fallback (the space prefix that encode added is taken off again). Exceptions lie in the
    /// vocabularies: what normalizers rewrite does not come back, nor do the spaces of WordPiece; SentencePiece writes U+2581 for a space, so a U+2581 in the text comes back as one; and what
    /// stripLeft and stripRight swallow is gone.
    virtual std::string decode(std::span<const TokenId> ids, bool special) const = 0;

    TokenId vocabSize() const { return static_cast<TokenId>(data().tokens.size()); }
    bool isEndOfGeneration(TokenId id) const;
};

/// Errors: Format (sizes that do not fit, merges that name unknown tokens), Unsupported (a pre-tokenizer this program
/// does not know, by name).
Result<std::shared_ptr<const Tokenizer>> makeTokenizer(TokenizerData data);

} // namespace trilobit
