#include "core/chat/chatprompt.h"

#include "core/template/chattemplate.h"

#include <cctype>

namespace trilobit {

namespace {

std::string tokenText(const TokenizerData& data, TokenId id) {
    return id >= 0 && static_cast<std::size_t>(id) < data.tokens.size() ? data.tokens[static_cast<std::size_t>(id)]
                                                                        : std::string();
}

Result<std::string> render(const TokenizerData& data, std::span<const ChatMessage> messages, const std::string& now) {
    TRILOBIT_TRY(const ChatTemplate chatTemplate, ChatTemplate::parse(data.chatTemplate));
    Json list = Json::array();
    for (const ChatMessage& message : messages)
        list.push(Json::object({{"role", message.role}, {"content", message.text}}));
    const Json context = Json::object({{"messages", std::move(list)},
                                       {"tools", nullptr},
                                       {"documents", nullptr},
                                       {"add_generation_prompt", true},
                                       {"bos_token", tokenText(data, data.bos)},
                                       {"eos_token", tokenText(data, data.eos)},
                                       {"unk_token", tokenText(data, data.unknown)},
                                       {"pad_token", tokenText(data, data.padding)},
                                       {"now", now}});
    return chatTemplate.render(context);
}

std::string bareText(std::span<const ChatMessage> messages) {
    std::string text;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const std::string& next = messages[i].text;
        // An answer follows its prompt directly; a new prompt starts a line of its own unless it says otherwise.
        const bool separate = i > 0 && messages[i].role == "user" && !text.empty() && !next.empty()
                              && !std::isspace(static_cast<unsigned char>(text.back()))
                              && !std::isspace(static_cast<unsigned char>(next.front()));
        if (separate)
            text += '\n';
        text += next;
    }
    return text;
}

} // namespace

ChatPrompt renderChatPrompt(const Tokenizer& tokenizer, std::span<const ChatMessage> messages, const std::string& now) {
    ChatPrompt prompt;
    const TokenizerData& data = tokenizer.data();
    if (data.chatTemplate.empty()) {
        prompt.note = "This model brings no chat template, so it simply continues the text.";
    } else if (auto text = render(data, messages, now)) {
        prompt.text = *std::move(text);
        prompt.usedTemplate = true;
    } else {
        prompt.note = "The model's chat template could not be used (" + text.error().text()
                      + "), so it simply continues the text.";
    }
    if (!prompt.usedTemplate)
        prompt.text = bareText(messages);
    prompt.ids =
        tokenizer.encode(prompt.text, {.addSpecial = !prompt.usedTemplate, .parseSpecial = prompt.usedTemplate});
    return prompt;
}

} // namespace trilobit
