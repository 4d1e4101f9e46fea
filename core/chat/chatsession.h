// ChatSession: one model answering a conversation; what it has already read is not read again.
#pragma once

#include "core/chat/chatprompt.h"
#include "core/engine/engine.h"
#include "core/engine/generate.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

struct ChatReply {
    GenerateResult generated;
    ChatPrompt prompt;
    std::int64_t reusedTokens = 0; ///< of the prompt, still in the KV cache from the turn before
};

/// One thread at a time.
class ChatSession {
public:
    /// contextLength as in Engine::newSession. Errors: OutOfMemory, Usage; Unsupported when the model has no tokenizer.
    static Result<std::shared_ptr<ChatSession>> create(std::shared_ptr<const Engine> engine,
                                                       std::int64_t contextLength);

    const Engine& engine() const { return *m_engine; }
    std::uint64_t cacheBytes() const { return m_session->cacheBytes(); }
    std::int64_t contextLength() const { return m_session->contextLength(); }

    /// Answers the last of `messages`. The answer is the same as that of a new session given the whole conversation.
    /// `now` as in renderChatPrompt. Errors: Usage (settings out of range, a conversation longer than the context),
    /// OutOfMemory. A cancelled answer is a value with that stop reason.
    Result<ChatReply> reply(std::span<const ChatMessage> messages, const std::string& now,
                            const GenerateOptions& options, RunControl& control,
                            const std::function<void(const TokenEvent&)>& onToken = {});

private:
    ChatSession(std::shared_ptr<const Engine> engine, std::unique_ptr<Session> session)
        : m_engine(std::move(engine)), m_session(std::move(session)) {}

    std::shared_ptr<const Engine> m_engine;
    std::unique_ptr<Session> m_session;
    std::vector<TokenId> m_read; ///< tokens in the KV cache
};

} // namespace trilobit
