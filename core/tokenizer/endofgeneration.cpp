#include "core/tokenizer/endofgeneration.h"

#include <algorithm>
#include <array>

namespace trilobit {

namespace {

constexpr std::array<std::string_view, 18> kNames = {"<|im_end|>",
                                                     "<|eot_id|>",
                                                     "<|end|>",
                                                     "<end_of_turn>",
                                                     "<|endoftext|>",
                                                     "<|end_of_text|>",
                                                     "</s>",
                                                     "<|eom_id|>",
                                                     "<EOT>",
                                                     "< EOT >",
                                                     "_<EOT>",
                                                     "<end_of_utterance>",
                                                     "<\xEF\xBD\x9C"
                                                     "end\xE2\x96\x81of\xE2\x96\x81sentence\xEF\xBD\x9C>",
                                                     "<|end_of_turn|>",
                                                     "<|return|>",
                                                     "<|call|>",
                                                     "<|eot|>",
                                                     "<|END_OF_TURN_TOKEN|>"};

} // namespace

void addEnd(TokenizerData& data, std::int64_t id) {
    if (id < 0 || id >= static_cast<std::int64_t>(data.tokens.size()) || id == data.eos)
        return;
    const auto token = static_cast<TokenId>(id);
    if (std::find(data.endOfGeneration.begin(), data.endOfGeneration.end(), token) == data.endOfGeneration.end())
        data.endOfGeneration.push_back(token);
}

void addWellKnownEnds(TokenizerData& data) {
    for (std::size_t i = 0; i < data.tokens.size() && i < data.types.size(); ++i) {
        // An ordinary token with such a name is text.
        if (data.types[i] != TokenType::Control && data.types[i] != TokenType::UserDefined)
            continue;
        if (std::find(kNames.begin(), kNames.end(), data.tokens[i]) != kNames.end())
            addEnd(data, static_cast<std::int64_t>(i));
    }
}

} // namespace trilobit
