// Parts of tokenizer.json files beyond byte-level BPE.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/tokenizer/tokenizer.h"

#include <vector>

namespace trilobit {

/// The "normalizer" of a tokenizer.json. Errors: Format, Unsupported naming the step.
Result<std::vector<TextStep>> readJsonNormalizers(const Json& part);
/// Pieces and scores of a unigram "model". Errors: Format.
Result<void> readUnigramVocabulary(const Json& model, TokenizerData& data);
/// Where a unigram text is cut before scores count. Errors: Unsupported naming the step.
Result<void> readUnigramPreTokenizer(const Json& part, TokenizerData& data);
Result<void> checkWordPiecePreTokenizer(const Json& part);

} // namespace trilobit
