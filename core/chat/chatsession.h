// ChatSession: one model answering a conversation; what it has already read is not read again.
#pragma once

#include "core/chat/chatprompt.h"
#include "core/chat/wordfeed.h"
#include "core/engine/engine.h"
#include "core/engine/generate.h"
#include "core/eval/textdiff.h"

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

/// What a model made of another one's answer.
struct ReadAlong {
    std::int64_t words = 0;            ///< compared, the end of the answer included
    double meanKl = 0;                 ///< KL(writer || reader) in nats
    double agreement = 1;              ///< share of words at which both would say the same
    std::int64_t firstDivergence = -1; ///< first word at which they would not; -1: none
    std::int64_t promptTokens = 0, reusedTokens = 0;
    std::string stopReason;            ///< "end" (of the feed), "context", "cancelled"
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
    /// `now` as in renderChatPrompt. The words go to the `readers`, too. Errors: Usage (settings out of range, a
    /// conversation longer than the context), OutOfMemory. A cancelled answer is a value with that stop reason.
    Result<ChatReply> reply(std::span<const ChatMessage> messages, const std::string& now,
                            const GenerateOptions& options, RunControl& control,
                            const std::function<void(const TokenEvent&)>& onToken = {},
                            std::span<const std::shared_ptr<WordFeed>> readers = {});

    /// Reads the prompt and the answer that another model writes, and says at each word what this one would have said:
    /// A is the writer, B this model. The end of the answer is a word without text. Errors: Usage (another vocabulary, a
    /// prompt longer than the context), OutOfMemory. What was read until a cancel is a value.
    Result<ReadAlong> readAlong(WordFeed& feed, RunControl& control,
                                const std::function<void(const TextDiffToken&)>& onWord = {});

private:
    /// Forgets what does not belong to `ids`, keeping at most `limit` tokens; returns how many are kept.
    std::int64_t rewind(std::span<const TokenId> ids, std::int64_t limit);
    /// Error text for a prompt that leaves no room.
    Result<void> checkRoom(std::size_t tokens) const;

    ChatSession(std::shared_ptr<const Engine> engine, std::unique_ptr<Session> session)
        : m_engine(std::move(engine)), m_session(std::move(session)) {}

    std::shared_ptr<const Engine> m_engine;
    std::unique_ptr<Session> m_session;
    std::vector<TokenId> m_read; ///< tokens in the KV cache
};

} // namespace trilobit
