#include "core/chat/chatsession.h"

#include <algorithm>

namespace trilobit {

Result<std::shared_ptr<ChatSession>> ChatSession::create(std::shared_ptr<const Engine> engine,
                                                         std::int64_t contextLength) {
    const Model& model = engine->model();
    if (!model.tokenizer())
        return fail(ErrorCode::Unsupported,
                    "this model cannot chat because it has no tokenizer: " + model.tokenizerNote());
    TRILOBIT_TRY(std::unique_ptr<Session> session, engine->newSession(contextLength));
    return std::shared_ptr<ChatSession>(new ChatSession(std::move(engine), std::move(session)));
}

Result<ChatReply> ChatSession::reply(std::span<const ChatMessage> messages, const std::string& now,
                                     const GenerateOptions& options, RunControl& control,
                                     const std::function<void(const TokenEvent&)>& onToken) {
    TRILOBIT_CHECK(checkSampler(options.sampler));
    ChatReply reply;
    reply.prompt = renderChatPrompt(*m_engine->model().tokenizer(), messages, now);
    const std::vector<TokenId>& ids = reply.prompt.ids;
    if (ids.empty())
        return fail(ErrorCode::Usage, "the prompt is empty");
    if (static_cast<std::int64_t>(ids.size()) >= m_session->contextLength())
        return fail(ErrorCode::Usage, "the conversation has " + std::to_string(ids.size())
                                          + " tokens and the context holds "
                                          + std::to_string(m_session->contextLength()) + "; start a new conversation");

    const auto same = std::mismatch(m_read.begin(), m_read.end(), ids.begin(), ids.end()).first - m_read.begin();
    auto reused = std::min<std::int64_t>(same, static_cast<std::int64_t>(ids.size()) - 1);
    // The penalty looks back over the tokens that generate() was given.
    if (options.sampler.repetitionPenalty != 1)
        reused = std::min(reused, static_cast<std::int64_t>(ids.size()) - options.sampler.repetitionWindow);
    reused = std::max<std::int64_t>(reused, 0);
    m_session->truncate(reused);
    m_read.assign(ids.begin(), ids.begin() + reused);
    reply.reusedTokens = reused;

    auto generated =
        generate(*m_session, std::span(ids).subspan(static_cast<std::size_t>(reused)), options, control, onToken);
    if (!generated) {
        m_session->truncate(reused);
        return std::move(generated).error();
    }
    reply.generated = *std::move(generated);
    reply.generated.promptTokens = static_cast<std::int64_t>(ids.size());
    m_read = ids;
    m_read.insert(m_read.end(), reply.generated.ids.begin(), reply.generated.ids.end());
    m_read.resize(
        std::min(m_read.size(), static_cast<std::size_t>(m_session->position()))); // the last one was not read
    return reply;
}

} // namespace trilobit
