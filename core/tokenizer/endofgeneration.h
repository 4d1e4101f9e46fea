// Which tokens end an answer, by the names that model makers gave them.
#pragma once

#include "core/tokenizer/tokenizer.h"

namespace trilobit {

/// Adds every token with a well-known end-of-turn name (other than eos) to data.endOfGeneration, each id once.
void addWellKnownEnds(TokenizerData& data);
/// Adds `id` when it is a token, not eos and not there yet.
void addEnd(TokenizerData& data, std::int64_t id);

} // namespace trilobit
