// Perplexity of documents against probabilities worked out by hand.
#include "core/eval/documentperplexity.h"
#include "tests/support/fakeengine.h"
#include "tests/support/testdata.h"

#include <QTest>

#include <cmath>

using namespace trilobit;
using namespace trilobit::test;

class TestDocumentPerplexity : public QObject {
    Q_OBJECT
private slots:
    void byHand() {
        // After any token t of 4: the next one has logit log 3, the others 0, so p(next) = 3/6, p(other) = 1/6.
        FakeEngine engine(std::make_shared<LetterTokenizer>(4), [](TokenId token, std::span<float> logits) {
            for (float& value : logits)
                value = 0;
            logits[static_cast<std::size_t>((token + 1) % 4)] = std::log(3.0f);
        });
        RunControl control;
        const std::vector<ScoredDocument> documents{{{0, 1, 2}, {}}, {{3}, {}}, {{2, 2}, {}}};
        const auto measured = documentPerplexity(engine, documents, control);
        QVERIFY(measured);
        QCOMPARE(measured->tokens, std::int64_t{3});
        // 1/2, 1/2 and 1/6: (24)^(1/3); float32 logits.
        QVERIFY(std::abs(measured->ppl - std::cbrt(24.0)) < 1e-6);
        // What does not count is read all the same: 1/2 and 1/6 are left.
        const std::vector<ScoredDocument> masked{{{0, 1, 2}, {1, 0, 1}}, {{2, 2}, {0, 1}}};
        const auto partly = documentPerplexity(engine, masked, control);
        QVERIFY(partly);
        QCOMPARE(partly->tokens, std::int64_t{2});
        QVERIFY(std::abs(partly->ppl - std::sqrt(12.0)) < 1e-6);
    }
    void nothingToScore() {
        FakeEngine engine(std::make_shared<LetterTokenizer>(4), [](TokenId, std::span<float>) {});
        RunControl control;
        const std::vector<ScoredDocument> documents{{{0}, {}}, {}}, masked{{{0, 1}, {1, 0}}};
        for (const auto& nothing : {documents, masked}) {
            const auto measured = documentPerplexity(engine, nothing, control);
            QVERIFY(!measured);
            QCOMPARE(measured.error().code, ErrorCode::Usage);
        }
    }
};

QTEST_GUILESS_MAIN(TestDocumentPerplexity)
#include "tst_documentperplexity.moc"
