// Lock-step comparison: both models read the same tokens, each says what it would write.
#include "core/eval/compare.h"

#include "core/engine/sampler.h"
#include "core/eval/candidates.h"
#include "core/eval/logprob.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

constexpr std::size_t kCandidates = 5;

} // namespace

std::vector<CompareCandidate> topCandidates(std::span<const float> logits) {
    std::vector<TokenId> order(logits.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = static_cast<TokenId>(i);
    const std::size_t count = std::min(kCandidates, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                      [&](TokenId a, TokenId b) {
                          const float x = logits[static_cast<std::size_t>(a)], y = logits[static_cast<std::size_t>(b)];
                          return x != y ? x > y : a < b;
                      });
    const double normalizer = logNormalizer(logits);
    std::vector<CompareCandidate> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back({order[i], std::exp(static_cast<double>(logits[static_cast<std::size_t>(order[i])]) - normalizer)});
    return out;
}

Result<CompareResult> compareModels(const Engine& a, const Engine& b, std::span<const TokenId> prompt,
                                    std::int64_t count, RunControl& control,
                                    const std::function<void(const CompareToken&)>& onToken) {
    if (prompt.empty())
        return fail(ErrorCode::Usage, "the prompt has no tokens; give some text to continue");
    if (count < 1)
        return fail(ErrorCode::Usage, "the number of tokens to compare must be at least 1");
    if (a.model().config().vocabSize != b.model().config().vocabSize)
        return fail(ErrorCode::Usage, "the models have vocabularies of " + std::to_string(a.model().config().vocabSize)
                                          + " and " + std::to_string(b.model().config().vocabSize)
                                          + " tokens; a comparison token by token needs the same one");
    const std::int64_t context = static_cast<std::int64_t>(prompt.size()) + count;
    TRILOBIT_TRY(const std::unique_ptr<Session> sessionA, a.newSession(context));
    TRILOBIT_TRY(const std::unique_ptr<Session> sessionB, b.newSession(context));
    TRILOBIT_CHECK(sessionA->evaluate(prompt, Session::Logits::Last, control));
    TRILOBIT_CHECK(sessionB->evaluate(prompt, Session::Logits::Last, control));

    const Tokenizer* tokenizer = a.model().tokenizer().get();
    CompareResult result;
    result.pathA = a.pathDescription();
    result.pathB = b.pathDescription();
    double klSum = 0;
    for (std::int64_t step = 0; step < count; ++step) {
        const std::span<const float> logitsA = sessionA->logits(), logitsB = sessionB->logits();
        CompareToken token;
        token.idA = argmax(logitsA);
        token.idB = argmax(logitsB);
        token.kl = klDivergence(logitsA, logitsB);
        token.topA = topCandidates(logitsA);
        token.topB = topCandidates(logitsB);
        if (tokenizer) {
            token.textA = tokenizer->pieceBytes(token.idA, true);
            token.textB = tokenizer->pieceBytes(token.idB, true);
        }
        if (token.idA != token.idB && result.firstDivergence < 0)
            result.firstDivergence = step;
        klSum += token.kl;
        result.tokens.push_back(token);
        if (onToken)
            onToken(token);
        control.progress(static_cast<double>(step + 1), static_cast<double>(count), "comparing");
        if (step + 1 == count || (tokenizer && tokenizer->isEndOfGeneration(token.idA)))
            break;
        // Both follow A, so that the two rows always answer the same question.
        TRILOBIT_CHECK(sessionA->evaluate(std::span(&token.idA, 1), Session::Logits::Last, control));
        TRILOBIT_CHECK(sessionB->evaluate(std::span(&token.idA, 1), Session::Logits::Last, control));
    }
    result.meanKl = klSum / static_cast<double>(result.tokens.size());
    return result;
}

} // namespace trilobit
