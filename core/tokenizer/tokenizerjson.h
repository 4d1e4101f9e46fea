// tokenizer.json and the small JSON files beside it, turned into TokenizerData.
#pragma once

#include "core/base/json.h"
#include "core/tokenizer/tokenizer.h"

#include <string>

namespace trilobit {

/// The vocabulary of a tokenizer.json: byte-level BPE, BPE with byte tokens (as converted from SentencePiece), unigram, WordPiece.
/// Errors: Format, Unsupported (naming the part: another model, pre-tokenizer or normalizer).
Result<TokenizerData> tokenizerDataFromJson(const Json& root);
/// True when the vocabulary of this tokenizer.json was converted from SentencePiece.
bool isConvertedSentencePiece(const Json& root);

/// The files beside a vocabulary that say which tokens begin and end a text, and how a chat is written. Each may be
/// null. Tokens that tokenizer_config.json adds to a SentencePiece vocabulary are appended. Errors: Format.
struct TokenizerSettings {
    Json tokenizerConfig, specialTokensMap, generationConfig;
    std::string chatTemplateFile; ///< content of chat_template.jinja
};
Result<void> applyTokenizerSettings(const TokenizerSettings& settings, TokenizerData& data);

} // namespace trilobit
