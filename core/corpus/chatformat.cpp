#include "core/corpus/chatformat.h"

#include <algorithm>

namespace trilobit {

const std::string_view kChatTemplate =
    "{{- bos_token }}"
    "{%- set ns = namespace(system='') %}"
    "{%- for message in messages %}"
    "{%- if message['role'] == 'system' %}"
    "{%- set ns.system = message['content'] + '\n' %}"
    "{%- elif message['role'] == 'user' %}"
    "{{- '<|user|>\n' + ns.system + message['content'] + '<|end|>\n' }}"
    "{%- set ns.system = '' %}"
    "{%- elif message['role'] == 'assistant' %}"
    "{{- '<|assistant|>\n' + message['content'] + '<|end|>\n' }}"
    "{%- endif %}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}"
    "{{- '<|assistant|>\n' }}"
    "{%- endif %}";

std::vector<std::string> chatSpecialTokens() {
    return {std::string(kBeginToken), std::string(kUserToken), std::string(kAssistantToken), std::string(kEndToken)};
}

Result<void> applyChatFormat(TokenizerData& data) {
    const auto idOf = [&](std::string_view name) {
        for (std::size_t id = 0; id < data.tokens.size() && id < data.types.size(); ++id)
            if (data.types[id] == TokenType::Control && data.tokens[id] == name)
                return static_cast<TokenId>(id);
        return kNoToken;
    };
    for (const std::string& name : chatSpecialTokens())
        if (idOf(name) == kNoToken)
            return fail(ErrorCode::Format, "the vocabulary has no control token " + name + ", which the chat format needs");
    data.bos = idOf(kBeginToken);
    data.eos = idOf(kEndToken);
    data.endOfGeneration.clear();
    data.addBos = true;
    data.addEos = false;
    data.chatTemplate = kChatTemplate;
    return {};
}

} // namespace trilobit
