// Perplexity, KL and comparison on engines whose distribution is known in closed form.
#include "core/eval/compare.h"
#include "core/eval/logprob.h"
#include "core/eval/perplexity.h"
#include "tests/support/fakeengine.h"
#include "tests/support/testdata.h"

#include <cmath>
#include <numbers>

using namespace trilobit;
using namespace trilobit::test;

namespace {

/// Every token says: the next letter with probability p, the rest equally likely.
LogitRule nextLetter(double p) {
    return [p](TokenId token, std::span<float> logits) {
        const auto n = static_cast<double>(logits.size());
        for (float& logit : logits)
            logit = static_cast<float>(std::log((1 - p) / (n - 1)));
        logits[(static_cast<std::size_t>(token) + 1) % logits.size()] = static_cast<float>(std::log(p));
    };
}

std::string alphabet(int times) {
    std::string text;
    for (int i = 0; i < times; ++i)
        text += "abcdefgh";
    return text;
}

} // namespace

class TestPerplexity : public QObject {
    Q_OBJECT
private slots:
    void uniformModelHasVocabularySizePerplexity() {
        const FakeEngine engine(std::make_shared<LetterTokenizer>(8), [](TokenId, std::span<float>) {});
        RunControl control;
        const auto result = perplexity(engine, nullptr, alphabet(20), {16, 0}, control);
        QVERIFY_RESULT(result);
        QVERIFY(std::abs(result->ppl - 8) < 1e-12);
        QCOMPARE(result->chunks, 10);
        QCOMPARE(result->tokens, 10 * 7); // positions 8..14 of 16 are scored
        QVERIFY(result->pplStderr < 1e-6);
    }
    void knownProbabilityGivesItsInverse() {
        const FakeEngine engine(std::make_shared<LetterTokenizer>(8), nextLetter(0.8));
        RunControl control;
        const auto result = perplexity(engine, nullptr, alphabet(8), {32, 1}, control);
        QVERIFY_RESULT(result);
        QVERIFY(std::abs(result->ppl - 1.25) < 1e-6); // float logits
        QCOMPARE(result->tokens, 15);
    }
    void firstTokenBecomesBos() {
        const auto tokenizer = std::make_shared<LetterTokenizer>(8);
        tokenizer->mutableData().addBos = true;
        tokenizer->mutableData().bos = 7;
        std::vector<TokenId> seen;
        const FakeEngine engine(tokenizer, [&](TokenId token, std::span<float>) { seen.push_back(token); });
        RunControl control;
        QVERIFY_RESULT(perplexity(engine, nullptr, "aaaaaaaa", {4, 0}, control));
        // Only scored positions ask for logits; with 4 tokens that is position 2 of each chunk.
        QCOMPARE(seen, (std::vector<TokenId>{0, 0}));
    }
    void klOfTwoKnownModels() {
        const auto tokenizer = std::make_shared<LetterTokenizer>(8);
        const FakeEngine p(tokenizer, nextLetter(0.8)), q(tokenizer, nextLetter(0.5));
        RunControl control;
        const auto result = perplexity(q, &p, alphabet(8), {32, 0}, control);
        QVERIFY_RESULT(result);
        QVERIFY(result->kl.has_value());
        const double expected = 0.8 * std::log(0.8 / 0.5) + 0.2 * std::log((0.2 / 7) / (0.5 / 7));
        QVERIFY(std::abs(result->kl->mean - expected) < 1e-6);
        QVERIFY(std::abs(result->kl->median - expected) < 1e-6);
        QVERIFY(std::abs(result->kl->p99 - expected) < 1e-6);
        QVERIFY(std::abs(result->kl->max - expected) < 1e-6);
        QCOMPARE(result->kl->top1Agreement, 1.0);
        QVERIFY(std::abs(result->kl->baselinePpl - 1.25) < 1e-6);
    }
    void klWithItselfIsZero() {
        const auto tokenizer = std::make_shared<LetterTokenizer>(8);
        const FakeEngine p(tokenizer, nextLetter(0.3));
        RunControl control;
        const auto result = perplexity(p, &p, alphabet(8), {16, 0}, control);
        QVERIFY_RESULT(result);
        QCOMPARE(result->kl->max, 0.0);
    }
    void standardErrorAgainstTheFormula() {
        // Half of the targets cost ln 2, half ln 8: the spread of the log-likelihood is known.
        const FakeEngine engine(std::make_shared<LetterTokenizer>(8), [](TokenId token, std::span<float> logits) {
            if (token % 2 == 0)
                return; // uniform: ln 8
            for (float& logit : logits)
                logit = static_cast<float>(std::log(0.5 / 7));
            logits[static_cast<std::size_t>(token + 1) % 8] = static_cast<float>(std::log(0.5));
        });
        RunControl control;
        const auto result = perplexity(engine, nullptr, alphabet(4), {17, 1}, control);
        QVERIFY_RESULT(result);
        QCOMPARE(result->tokens, 8);
        const double a = std::numbers::ln2, b = 3 * std::numbers::ln2, mean = (a + b) / 2;
        const double sem = std::sqrt(((a * a + b * b) / 2 - mean * mean) / 7);
        QVERIFY(std::abs(result->ppl - std::exp(mean)) < 1e-5);
        QVERIFY(std::abs(result->pplStderr - std::exp(mean) * sem) < 1e-5);
    }
    void shortTextAndForeignVocabularyAreRefused() {
        const FakeEngine eight(std::make_shared<LetterTokenizer>(8), nextLetter(0.5));
        const FakeEngine nine(std::make_shared<LetterTokenizer>(9), nextLetter(0.5));
        RunControl control;
        QCOMPARE(perplexity(eight, nullptr, "abc", {512, 0}, control).error().code, ErrorCode::Usage);
        QCOMPARE(perplexity(eight, &nine, alphabet(80), {16, 0}, control).error().code, ErrorCode::Usage);
    }
    void compareFollowsA() {
        const auto tokenizer = std::make_shared<LetterTokenizer>(8);
        const FakeEngine a(tokenizer, nextLetter(0.8));
        const FakeEngine b(tokenizer, [](TokenId token, std::span<float> logits) {
            nextLetter(0.5)(token, logits);
            if (token == 3) // after 'd', b prefers 'a'
                logits[0] = 5;
        });
        RunControl control;
        const std::vector<TokenId> prompt{0};
        const auto result = compareModels(a, b, prompt, 6, control);
        QVERIFY_RESULT(result);
        QCOMPARE(result->tokens.size(), std::size_t(6));
        QCOMPARE(result->firstDivergence, 3);
        QCOMPARE(result->tokens[3].textA, std::string("e"));
        QCOMPARE(result->tokens[3].textB, std::string("a"));
        QCOMPARE(result->tokens[4].idA, 5); // went on with A's 'e'
        QCOMPARE(result->tokens[0].topA.front().id, 1);
        QVERIFY(std::abs(result->tokens[0].topA.front().probability - 0.8) < 1e-6);
    }
    void extremeLogitsStayFinite() {
        const std::vector<float> p{1000, -1000, 0}, q{-1000, 1000, 0};
        QVERIFY(std::abs(logNormalizer(p) - 1000) < 1e-9);
        QVERIFY(std::abs(klDivergence(p, q) - 2000) < 1e-9);
    }
};

QTEST_GUILESS_MAIN(TestPerplexity)
#include "tst_perplexity.moc"
