#include "core/eval/textdiff.h"

#include "core/engine/sampler.h"
#include "core/eval/candidates.h"
#include "core/eval/logprob.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

constexpr std::int64_t kBatch = 32; // rows of logits held at once

class Diff {
public:
    Diff(const Engine& a, const Engine& b, const std::function<void(const TextDiffToken&)>& onToken)
        : m_tokenizer(a.model().tokenizer().get()), m_onToken(onToken) {
        m_result.pathA = a.pathDescription();
        m_result.pathB = b.pathDescription();
    }
    void addFirst(TokenId id) {
        TextDiffToken token;
        token.id = id;
        token.text = textOf(id);
        store(std::move(token));
    }
    /// The token that follows, with the logits of both before it.
    void add(TokenId id, std::span<const float> a, std::span<const float> b) {
        TextDiffToken token = diffToken(id, a, b);
        token.text = textOf(id);
        m_lossA += token.lossA;
        m_lossB += token.lossB;
        m_kl += token.kl;
        ++m_predicted;
        if (token.agree())
            ++m_agreed;
        else if (m_result.firstDivergence < 0)
            m_result.firstDivergence = static_cast<std::int64_t>(m_result.tokens.size());
        store(std::move(token));
    }
    TextDiff take() {
        const auto count = static_cast<double>(std::max<std::int64_t>(m_predicted, 1));
        m_result.meanKl = m_kl / count;
        m_result.pplA = std::exp(m_lossA / count);
        m_result.pplB = std::exp(m_lossB / count);
        m_result.agreement = m_predicted > 0 ? static_cast<double>(m_agreed) / count : 1;
        return std::move(m_result);
    }
    bool endsWith(TokenId id) const { return m_tokenizer && m_tokenizer->isEndOfGeneration(id); }

private:
    std::string textOf(TokenId id) const { return m_tokenizer ? m_tokenizer->pieceBytes(id, true) : std::string(); }
    void store(TextDiffToken token) {
        if (m_onToken)
            m_onToken(token);
        m_result.tokens.push_back(std::move(token));
    }

    const Tokenizer* m_tokenizer;
    const std::function<void(const TextDiffToken&)>& m_onToken;
    TextDiff m_result;
    double m_kl = 0, m_lossA = 0, m_lossB = 0;
    std::int64_t m_predicted = 0, m_agreed = 0;
};

Result<void> checkPair(const Engine& a, const Engine& b, std::span<const TokenId> ids) {
    if (ids.size() < 2)
        return fail(ErrorCode::Usage, "the text has fewer than two tokens; there is nothing to predict");
    if (a.model().config().vocabSize != b.model().config().vocabSize)
        return fail(ErrorCode::Usage, "the models have vocabularies of " + std::to_string(a.model().config().vocabSize)
                                          + " and " + std::to_string(b.model().config().vocabSize)
                                          + " tokens; a comparison token by token needs the same one");
    return {};
}

} // namespace

TextDiffToken diffToken(TokenId id, std::span<const float> logitsA, std::span<const float> logitsB) {
    TextDiffToken token;
    token.id = id;
    const double normalizerA = logNormalizer(logitsA), normalizerB = logNormalizer(logitsB);
    token.lossA = normalizerA - static_cast<double>(logitsA[static_cast<std::size_t>(id)]);
    token.lossB = normalizerB - static_cast<double>(logitsB[static_cast<std::size_t>(id)]);
    token.kl = klDivergence(logitsA, normalizerA, logitsB, normalizerB);
    token.probabilityA = std::exp(-token.lossA);
    token.probabilityB = std::exp(-token.lossB);
    token.topA = topCandidates(logitsA);
    token.topB = topCandidates(logitsB);
    return token;
}

Result<TextDiff> diffText(const Engine& a, const Engine& b, std::span<const TokenId> ids, RunControl& control,
                          const std::function<void(const TextDiffToken&)>& onToken) {
    TRILOBIT_CHECK(checkPair(a, b, ids));
    const auto count = static_cast<std::int64_t>(ids.size());
    TRILOBIT_TRY(const std::unique_ptr<Session> sessionA, a.newSession(count));
    TRILOBIT_TRY(const std::unique_ptr<Session> sessionB, b.newSession(count));
    Diff diff(a, b, onToken);
    diff.addFirst(ids[0]);
    const auto vocabulary = static_cast<std::size_t>(a.model().config().vocabSize);
    // The last token predicts nothing that is in the text.
    for (std::int64_t begin = 0; begin + 1 < count; begin += kBatch) {
        if (control.isCancelled())
            return cancelledError();
        const std::int64_t length = std::min(kBatch, count - 1 - begin);
        const auto batch = ids.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
        TRILOBIT_CHECK(sessionA->evaluate(batch, Session::Logits::All, control));
        TRILOBIT_CHECK(sessionB->evaluate(batch, Session::Logits::All, control));
        for (std::int64_t i = 0; i < length; ++i)
            diff.add(ids[static_cast<std::size_t>(begin + i + 1)],
                     sessionA->logits().subspan(static_cast<std::size_t>(i) * vocabulary, vocabulary),
                     sessionB->logits().subspan(static_cast<std::size_t>(i) * vocabulary, vocabulary));
        control.progress(static_cast<double>(begin + length), static_cast<double>(count - 1), "reading the text");
    }
    return diff.take();
}

Result<TextDiff> diffContinuation(const Engine& a, const Engine& b, std::span<const TokenId> forced, std::int64_t count,
                                  RunControl& control, const std::function<void(const TextDiffToken&)>& onToken) {
    if (forced.empty())
        return fail(ErrorCode::Usage, "the text is empty; give some words to continue");
    if (count < 1)
        return fail(ErrorCode::Usage, "the number of tokens to write must be at least 1");
    const TokenId two[] = {forced[0], forced[0]};
    TRILOBIT_CHECK(checkPair(a, b, two));
    const std::int64_t context = static_cast<std::int64_t>(forced.size()) + count;
    TRILOBIT_TRY(const std::unique_ptr<Session> sessionA, a.newSession(context));
    TRILOBIT_TRY(const std::unique_ptr<Session> sessionB, b.newSession(context));
    Diff diff(a, b, onToken);
    diff.addFirst(forced[0]);
    TRILOBIT_CHECK(sessionA->evaluate(forced.first(1), Session::Logits::Last, control));
    TRILOBIT_CHECK(sessionB->evaluate(forced.first(1), Session::Logits::Last, control));
    for (std::int64_t i = 1; i < context; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const TokenId next = at < forced.size() ? forced[at] : argmax(sessionA->logits());
        diff.add(next, sessionA->logits(), sessionB->logits());
        control.progress(static_cast<double>(i), static_cast<double>(context), "in lock step");
        if (i + 1 == context || (at >= forced.size() && diff.endsWith(next)))
            break;
        TRILOBIT_CHECK(sessionA->evaluate(std::span(&next, 1), Session::Logits::Last, control));
        TRILOBIT_CHECK(sessionB->evaluate(std::span(&next, 1), Session::Logits::Last, control));
    }
    return diff.take();
}

} // namespace trilobit
