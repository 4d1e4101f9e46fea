// The prompt of a conversation: the model's own chat template, or the bare text when there is none.
#pragma once

#include "core/base/result.h"
#include "core/chat/conversation.h"
#include "core/tokenizer/tokenizer.h"

#include <span>
#include <string>
#include <vector>

namespace trilobit {

struct ChatPrompt {
    std::string text; ///< what the model is given
    std::vector<TokenId> ids;
    bool usedTemplate = false;
    std::string note; ///< why the template was not used; empty when it was
};

/// `messages` start with an optional system message and end with the user's. With a template its text is the whole
/// prompt (it says itself where a BOS belongs), and names of special tokens in it are tokens. Without one, or when it
/// fails, the texts are put one after the other, with BOS as the vocabulary asks for. `now`: ISO time for templates
/// that want a date.
ChatPrompt renderChatPrompt(const Tokenizer& tokenizer, std::span<const ChatMessage> messages, const std::string& now);

} // namespace trilobit
