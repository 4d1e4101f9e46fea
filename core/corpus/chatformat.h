// The chat format of models trained here: four special tokens and the template that places them.
#pragma once

#include "core/base/result.h"
#include "core/tokenizer/tokenizer.h"

#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

constexpr std::string_view kBeginToken = "<|begin|>";         ///< BOS: starts every document
constexpr std::string_view kUserToken = "<|user|>";
constexpr std::string_view kAssistantToken = "<|assistant|>";
constexpr std::string_view kEndToken = "<|end|>";             ///< EOS: ends every message and every plain document

/// "<|begin|><|user|>\nHello<|end|>\n<|assistant|>\nHi!<|end|>\n"; the lines are those of Phi-3, which programs that do not
/// run templates recognise by the tokens' names. A system message is put before the first user message's text.
extern const std::string_view kChatTemplate;

/// In the order of their ids 0 to 3.
std::vector<std::string> chatSpecialTokens();

/// Sets bos, eos, end of generation, addBos and the template. addBos is true and the template writes bos_token itself:
/// plain text gets its BOS from the encoder, chat text from the template and is then encoded without addSpecial. That is
/// the convention of Llama 3: every program that renders templates takes care not to add BOS twice.
/// Errors: Format when one of the four is not a Control token of the vocabulary.
Result<void> applyChatFormat(TokenizerData& data);

} // namespace trilobit
