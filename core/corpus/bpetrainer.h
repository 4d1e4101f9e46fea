// Trains a byte-level BPE vocabulary on texts.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/tokenizer/tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct BpeTraining {
    std::size_t vocabSize = 2048;            ///< special tokens, the 256 bytes and the merged tokens together
    std::vector<std::string> specialTokens;  ///< Control tokens with the ids 0, 1, ...; never part of a merged token
    std::uint64_t minPairCount = 2;          ///< pairs seen less often are not joined
    std::string preTokenizer = "gpt-2";      ///< its expressions cut the texts into words; merges stay inside a word
};

/// The vocabulary: the special tokens, then the 256 bytes in the order of their letters' code points, then one token a
/// merge in the order in which they were found. The pair that occurs most often is joined first; of pairs that occur
/// equally often the one with the smaller left id, then the smaller right id. So the result does not depend on the
/// order of `texts`. Names of special tokens in the texts cut them and are not learned. With fewer than `vocabSize`
/// tokens when no pair is left that occurs `minPairCount` times. `texts` must stay alive during the call only.
/// Time about O(bytes + merges * words changed). bos, eos and the chat template are left to the caller.
/// Errors: Usage (sizes, special tokens, all named by field), Unsupported (pre-tokenizer), Cancelled.
Result<TokenizerData> trainBpe(std::span<const std::string_view> texts, const BpeTraining& training, RunControl& control);

} // namespace trilobit
