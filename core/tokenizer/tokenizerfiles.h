// TokenizerData from the files it comes in.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/formats/metadata.h"
#include "core/tokenizer/tokenizer.h"

#include <string>

namespace trilobit {

/// From the tokenizer.ggml.* keys of a GGUF file. Errors: Format, Unsupported (naming tokenizer.ggml.model).
Result<TokenizerData> tokenizerDataFromGguf(const Metadata& metadata);
/// The reverse: writes the tokenizer.ggml.* keys (and tokenizer.chat_template).
void tokenizerDataToGguf(const TokenizerData& data, Metadata& metadata);
/// The content of a tokenizer.json that gives the same ids. Errors: Unsupported for other kinds than byte-level BPE and for
/// pre-tokenizers that are not known.
Result<Json> tokenizerDataToJson(const TokenizerData& data);
/// The content of a tokenizer.model that gives the same ids. Errors: Unsupported for other kinds than SentencePiece and
/// unigram, and for those that rewrite their text in ways such a file cannot say.
Result<std::string> tokenizerDataToSentencePiece(const TokenizerData& data);
/// generation_config.json: the tokens that end an answer.
Json generationConfigToJson(const TokenizerData& data);
/// tokenizer_config.json: special tokens and the chat template.
Json tokenizerConfigToJson(const TokenizerData& data);
/// From an HF folder: tokenizer.json (byte-level BPE), else tokenizer.model (SentencePiece), with tokenizer_config.json,
/// special_tokens_map.json, generation_config.json and chat_template.jinja where present.
Result<TokenizerData> tokenizerDataFromFolder(const std::string& folder);
/// A SentencePiece .model file alone.
Result<TokenizerData> tokenizerDataFromSentencePiece(const std::string& path);
/// Any of: GGUF file (also vocabulary only), HF folder, tokenizer.json, .model file.
Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::string& path);

} // namespace trilobit
