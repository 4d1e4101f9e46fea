#include "core/chat/chatsession.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace trilobit {

namespace {
constexpr std::size_t kReadAtOnce = 16; // words; rows of logits held at once
} // namespace

Result<std::shared_ptr<ChatSession>> ChatSession::create(std::shared_ptr<const Engine> engine,
                                                         std::int64_t contextLength) {
    const Model& model = engine->model();
    if (!model.tokenizer())
        return fail(ErrorCode::Unsupported,
                    "this model cannot chat because it has no tokenizer: " + model.tokenizerNote());
    TRILOBIT_TRY(std::unique_ptr<Session> session, engine->newSession(contextLength));
    return std::shared_ptr<ChatSession>(new ChatSession(std::move(engine), std::move(session)));
}

std::int64_t ChatSession::rewind(std::span<const TokenId> ids, std::int64_t limit) {
    const auto same = std::mismatch(m_read.begin(), m_read.end(), ids.begin(), ids.end()).first - m_read.begin();
    const auto kept = std::clamp<std::int64_t>(limit, 0, same);
    m_session->truncate(kept);
    m_read.assign(ids.begin(), ids.begin() + kept);
    return kept;
}

Result<void> ChatSession::checkRoom(std::size_t tokens) const {
    if (static_cast<std::int64_t>(tokens) >= m_session->contextLength())
        return fail(ErrorCode::Usage, "the conversation has " + std::to_string(tokens)
                                          + " tokens and the context holds "
                                          + std::to_string(m_session->contextLength()) + "; start a new conversation");
    return {};
}

Result<ChatReply> ChatSession::reply(std::span<const ChatMessage> messages, const std::string& now,
                                     const GenerateOptions& options, RunControl& control,
                                     const std::function<void(const TokenEvent&)>& onToken,
                                     std::span<const std::shared_ptr<WordFeed>> readers) {
    TRILOBIT_CHECK(checkSampler(options.sampler));
    const Tokenizer& tokenizer = *m_engine->model().tokenizer();
    ChatReply reply;
    reply.prompt = renderChatPrompt(tokenizer, messages, now);
    const std::vector<TokenId>& ids = reply.prompt.ids;
    if (ids.empty())
        return fail(ErrorCode::Usage, "the prompt is empty");
    TRILOBIT_CHECK(checkRoom(ids.size() + options.forced.size()));
    for (const auto& reader : readers)
        reader->begin(ids);

    auto limit = static_cast<std::int64_t>(ids.size()) - 1; // the last one is read for its logits
    // The penalty looks back over the tokens that generate() was given.
    if (options.sampler.repetitionPenalty != 1)
        limit = std::min(limit, static_cast<std::int64_t>(ids.size()) - options.sampler.repetitionWindow);
    reply.reusedTokens = rewind(ids, limit);

    ChoiceListener onChoice;
    if (!readers.empty())
        onChoice = [&](TokenId id, std::span<const float> logits) {
            for (const auto& reader : readers)
                reader->push(id, options.stopAtEnd && tokenizer.isEndOfGeneration(id), logits, control);
        };
    auto generated = generate(*m_session, std::span(ids).subspan(static_cast<std::size_t>(reply.reusedTokens)), options,
                              control, onToken, onChoice);
    if (!generated) {
        m_session->truncate(reply.reusedTokens);
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

Result<ReadAlong> ChatSession::readAlong(WordFeed& feed, RunControl& control,
                                         const std::function<void(const TextDiffToken&)>& onWord) {
    const Tokenizer& tokenizer = *m_engine->model().tokenizer();
    const auto vocabulary = static_cast<std::size_t>(m_engine->model().config().vocabSize);
    ReadAlong result;
    Utf8Stream text;
    double kl = 0;
    std::int64_t agreed = 0;
    const auto finish = [&](const char* reason) {
        result.stopReason = reason;
        const auto count = static_cast<double>(std::max<std::int64_t>(result.words, 1));
        result.meanKl = kl / count;
        result.agreement = result.words > 0 ? static_cast<double>(agreed) / count : 1;
        return result;
    };
    const auto compare = [&](const WordFeed::Word& word, std::span<const float> row) {
        TextDiffToken token = diffToken(word.id, word.logits, row);
        if (!word.end)
            token.text = text.add(tokenizer.pieceBytes(word.id, true));
        kl += token.kl;
        if (token.agree())
            ++agreed;
        else if (result.firstDivergence < 0)
            result.firstDivergence = result.words;
        ++result.words;
        if (onWord)
            onWord(token);
    };
    /// False when cancelled; what is in the cache is then still in m_read.
    const auto read = [&](std::span<const TokenId> ids, Session::Logits which) -> Result<bool> {
        if (auto done = m_session->evaluate(ids, which, control); !done) {
            if (done.error().code == ErrorCode::Cancelled)
                return false;
            return std::move(done).error();
        }
        m_read.insert(m_read.end(), ids.begin(), ids.end());
        return true;
    };

    const std::optional<std::vector<TokenId>> prompt = feed.prompt(control);
    if (!prompt)
        return finish("cancelled");
    TRILOBIT_CHECK(checkRoom(prompt->size()));
    for (const TokenId id : *prompt)
        if (id < 0 || static_cast<std::size_t>(id) >= vocabulary)
            return fail(ErrorCode::Usage, "the models have different vocabularies; reading along needs the same one");
    result.promptTokens = static_cast<std::int64_t>(prompt->size());
    result.reusedTokens = rewind(*prompt, result.promptTokens - 1);
    TRILOBIT_TRY(const bool begun, read(std::span(*prompt).subspan(static_cast<std::size_t>(result.reusedTokens)),
                                        Session::Logits::Last));
    if (!begun)
        return finish("cancelled");
    for (;;) {
        const std::vector<WordFeed::Word> words = feed.take(kReadAtOnce, control);
        if (words.empty())
            return finish(control.isCancelled() ? "cancelled" : "end");
        std::vector<TokenId> ids;
        for (const WordFeed::Word& word : words) {
            if (word.logits.size() != vocabulary || word.id < 0 || static_cast<std::size_t>(word.id) >= vocabulary)
                return fail(ErrorCode::Usage,
                            "the models have vocabularies of " + std::to_string(word.logits.size()) + " and "
                                + std::to_string(vocabulary) + " tokens; reading along needs the same one");
            if (!word.end)
                ids.push_back(word.id);
        }
        compare(words.front(), m_session->logits().last(vocabulary));
        if (ids.empty())
            continue;
        if (m_session->position() + static_cast<std::int64_t>(ids.size()) > m_session->contextLength())
            return finish("context");
        TRILOBIT_TRY(const bool done, read(ids, Session::Logits::All));
        if (!done)
            return finish("cancelled");
        for (std::size_t i = 1; i < words.size(); ++i)
            compare(words[i], m_session->logits().subspan((i - 1) * vocabulary, vocabulary));
    }
}

} // namespace trilobit
