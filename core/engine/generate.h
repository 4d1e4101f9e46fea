// generate(): the token loop shared by the command line, chat and comparisons.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/sampler.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace trilobit {

struct GenerateOptions {
    std::int64_t maxTokens = 128;    ///< beyond `forced`
    SamplerConfig sampler;
    bool stopAtEnd = true;           ///< stop at end-of-generation tokens
    std::vector<TokenId> forced;     ///< the answer begins with these, whatever the sampler would say
};

struct TokenEvent {
    TokenId id = kNoToken;
    std::string text;                ///< complete UTF-8 only: bytes of an unfinished character wait for the next event
};

struct GenerateResult {
    std::vector<TokenId> ids;        ///< with the forced ones, without the prompt and the end token
    std::string text;
    std::string stopReason;          ///< "end", "length", "context", "cancelled"
    std::int64_t promptTokens = 0;
    double prefillSeconds = 0, decodeSeconds = 0, firstTokenSeconds = 0;
    double prefillTps = 0, decodeTps = 0; ///< tokens per second; 0 when nothing was measured
};

/// Told of every token of the answer before onToken is, the end token too, with the logits [vocabulary] behind it, which
/// live as long as the call.
using ChoiceListener = std::function<void(TokenId token, std::span<const float> logits)>;

/// Continues the session with `prompt` (at least one token). A cancelled run returns what it has with that stop reason.
/// Errors: Usage (also when prompt and forced tokens do not fit into the context), OutOfMemory.
Result<GenerateResult> generate(Session& session, std::span<const TokenId> prompt, const GenerateOptions& options,
                                RunControl& control, const std::function<void(const TokenEvent&)>& onToken = {},
                                const ChoiceListener& onChoice = {});

} // namespace trilobit
