// generate(): prefill, then one token at a time until something says stop.
#include "core/engine/generate.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <chrono>

namespace trilobit {

namespace {

constexpr std::size_t kForcedBatch = 32; // rows of logits held at once

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

class Writer {
public:
    Writer(Session& session, std::span<const TokenId> prompt, const GenerateOptions& options, RunControl& control,
           const std::function<void(const TokenEvent&)>& onToken, const ChoiceListener& onChoice)
        : m_session(session), m_prompt(prompt), m_options(options), m_control(control), m_onToken(onToken),
          m_onChoice(onChoice), m_tokenizer(session.engine().model().tokenizer().get()),
          m_vocabulary(static_cast<std::size_t>(session.engine().model().config().vocabSize)),
          m_limit(options.forced.size() + static_cast<std::size_t>(options.maxTokens)),
          m_history(prompt.begin(), prompt.end()) {}

    Result<GenerateResult> run() {
        m_result.promptTokens = static_cast<std::int64_t>(m_prompt.size());
        m_start = Clock::now();
        m_control.progress(0, static_cast<double>(m_limit + 1), "reading the prompt");
        TRILOBIT_TRY(const bool read, evaluate(m_prompt, Session::Logits::Last));
        if (!read)
            return std::move(m_result);
        m_result.prefillSeconds = secondsSince(m_start);
        m_result.prefillTps = static_cast<double>(m_prompt.size()) / m_result.prefillSeconds;
        TRILOBIT_TRY(const bool forced, force());
        const auto decodeStart = Clock::now();
        std::int64_t decoded = 0;
        if (forced) {
            TRILOBIT_CHECK(choose(decoded));
        }
        m_result.text += m_text.rest();
        m_result.decodeSeconds = secondsSince(decodeStart);
        if (decoded > 0)
            m_result.decodeTps = static_cast<double>(decoded) / m_result.decodeSeconds;
        return std::move(m_result);
    }

private:
    /// False when cancelled.
    Result<bool> evaluate(std::span<const TokenId> ids, Session::Logits which) {
        auto done = m_session.evaluate(ids, which, m_control);
        if (!done && done.error().code == ErrorCode::Cancelled)
            m_result.stopReason = "cancelled";
        else if (!done)
            return std::move(done).error();
        return done.has_value();
    }
    std::span<const float> lastRow() const { return m_session.logits().last(m_vocabulary); }

    void add(TokenId id) {
        m_result.ids.push_back(id);
        m_history.push_back(id);
        const std::string text = m_text.add(m_tokenizer ? m_tokenizer->pieceBytes(id, true) : std::string());
        m_result.text += text;
        if (m_onToken)
            m_onToken({id, text});
        m_control.progress(static_cast<double>(m_result.ids.size()), static_cast<double>(m_limit + 1), "writing");
    }

    /// Reads the tokens that were decided beforehand, in batches. False when cancelled.
    Result<bool> force() {
        for (std::span<const TokenId> left(m_options.forced); !left.empty();) {
            const auto batch = left.first(std::min(kForcedBatch, left.size()));
            left = left.subspan(batch.size());
            if (m_onChoice)
                m_onChoice(batch.front(), lastRow());
            add(batch.front());
            TRILOBIT_TRY(const bool done, evaluate(batch, m_onChoice ? Session::Logits::All : Session::Logits::Last));
            if (!done)
                return false;
            for (std::size_t i = 1; i < batch.size(); ++i) {
                if (m_onChoice)
                    m_onChoice(batch[i], m_session.logits().subspan((i - 1) * m_vocabulary, m_vocabulary));
                add(batch[i]);
            }
        }
        return true;
    }

    Result<void> choose(std::int64_t& decoded) {
        Sampler sampler(m_options.sampler);
        m_result.stopReason = "length";
        while (m_result.ids.size() < m_limit) {
            const TokenId id = sampler.next(lastRow(), m_history);
            if (m_result.firstTokenSeconds == 0)
                m_result.firstTokenSeconds = secondsSince(m_start);
            if (m_onChoice)
                m_onChoice(id, lastRow());
            if (m_options.stopAtEnd && m_tokenizer && m_tokenizer->isEndOfGeneration(id)) {
                m_result.stopReason = "end";
                break;
            }
            add(id);
            if (m_result.ids.size() == m_limit)
                break;
            if (m_session.position() >= m_session.contextLength()) {
                m_result.stopReason = "context";
                break;
            }
            TRILOBIT_TRY(const bool done, evaluate(std::span(&id, 1), Session::Logits::Last));
            if (!done)
                break;
            ++decoded;
        }
        return {};
    }

    Session& m_session;
    std::span<const TokenId> m_prompt;
    const GenerateOptions& m_options;
    RunControl& m_control;
    const std::function<void(const TokenEvent&)>& m_onToken;
    const ChoiceListener& m_onChoice;
    const Tokenizer* m_tokenizer;
    std::size_t m_vocabulary, m_limit;
    std::vector<TokenId> m_history;
    Utf8Stream m_text;
    Clock::time_point m_start;
    GenerateResult m_result;
};

} // namespace

Result<GenerateResult> generate(Session& session, std::span<const TokenId> prompt, const GenerateOptions& options,
                                RunControl& control, const std::function<void(const TokenEvent&)>& onToken,
                                const ChoiceListener& onChoice) {
    TRILOBIT_CHECK(checkSampler(options.sampler));
    if (prompt.empty())
        return fail(ErrorCode::Usage, "the prompt has no tokens; give some text to continue");
    if (options.maxTokens < 0)
        return fail(ErrorCode::Usage, "the number of tokens to generate must be 0 or more");
    return Writer(session, prompt, options, control, onToken, onChoice).run();
}

} // namespace trilobit
