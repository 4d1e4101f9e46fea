// Perplexity of separate documents: every token after the first of its own document is scored.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/engine/engine.h"

#include <span>
#include <vector>

namespace trilobit {

struct DocumentPerplexity {
    double ppl = 0;
    std::int64_t tokens = 0; ///< scored
};

struct ScoredDocument {
    std::vector<TokenId> ids;
    std::vector<std::uint8_t> scored; ///< of each token, 0: read, but not counted; empty: every token counts
};

/// exp of the mean of -log p(token | the document so far) over the scored tokens, logits in float32, sums in double. Documents
/// longer than the context are cut there. Errors: Usage (nothing to score), OutOfMemory, Cancelled.
Result<DocumentPerplexity> documentPerplexity(const Engine& engine, std::span<const ScoredDocument> documents,
                                              RunControl& control);

} // namespace trilobit
