// Sampler and token loop against frequencies and cases worked out by hand.
#include "core/engine/generate.h"
#include "core/engine/sampler.h"
#include "tests/support/fakeengine.h"
#include "tests/support/testdata.h"

#include <array>
#include <cmath>
#include <limits>

using namespace trilobit;
using namespace trilobit::test;

namespace {

std::vector<float> logs(std::initializer_list<double> probabilities) {
    std::vector<float> out;
    for (const double p : probabilities)
        out.push_back(static_cast<float>(std::log(p)));
    return out;
}

std::vector<double> frequencies(SamplerConfig config, const std::vector<float>& logits, int draws) {
    Sampler sampler(config);
    std::vector<double> counts(logits.size());
    for (int i = 0; i < draws; ++i)
        counts[static_cast<std::size_t>(sampler.next(logits, {}))] += 1.0 / draws;
    return counts;
}

} // namespace

class TestSampler : public QObject {
    Q_OBJECT
private slots:
    void greedyTakesTheLowestIdOnTies() {
        Sampler sampler({});
        QCOMPARE(sampler.next(std::vector<float>{1, 3, 3, 2}, {}), 1);
        QCOMPARE(sampler.next(std::vector<float>{std::nanf(""), -5, -4}, {}), 2);
        const float lowest = -std::numeric_limits<float>::infinity();
        QCOMPARE(sampler.next(std::vector<float>{lowest, lowest}, {}), 0);
    }
    void frequenciesFollowTheProbabilities() {
        SamplerConfig config;
        config.temperature = 1;
        config.seed = 11;
        const int draws = 40000;
        const auto found = frequencies(config, logs({0.5, 0.3, 0.2}), draws);
        const std::array expected{0.5, 0.3, 0.2};
        for (std::size_t i = 0; i < 3; ++i) // five standard deviations of a binomial share
            QVERIFY(std::abs(found[i] - expected[i]) < 5 * std::sqrt(expected[i] * (1 - expected[i]) / draws));
    }
    void temperatureSharpens() {
        SamplerConfig config;
        config.temperature = 0.5; // squares the odds: 0.25, 0.09, 0.04 of 0.38
        const int draws = 40000;
        const auto found = frequencies(config, logs({0.5, 0.3, 0.2}), draws);
        const double p = 0.25 / 0.38;
        QVERIFY(std::abs(found[0] - p) < 5 * std::sqrt(p * (1 - p) / draws));
    }
    void filtersCutTheTail() {
        const auto logits = logs({0.5, 0.3, 0.15, 0.05});
        SamplerConfig config;
        config.temperature = 1;
        config.topK = 2;
        auto found = frequencies(config, logits, 2000);
        QVERIFY(found[0] > 0 && found[1] > 0 && found[2] == 0 && found[3] == 0);
        config.topK = 0;
        config.topP = 0.7; // 0.5 is not enough, 0.8 is: two tokens stay
        found = frequencies(config, logits, 2000);
        QVERIFY(found[1] > 0 && found[2] == 0);
        config.topP = 1;
        config.minP = 0.25; // of 0.5: below 0.125 goes
        found = frequencies(config, logits, 2000);
        QVERIFY(found[2] > 0 && found[3] == 0);
    }
    void repetitionPenaltyOnceWithinTheWindow() {
        SamplerConfig config;
        config.repetitionPenalty = 2;
        config.repetitionWindow = 2;
        Sampler sampler(config);
        const std::vector<TokenId> history{0, 1, 1};
        // 1 is penalised once (4 -> 2); 0 lies outside the window; 2 is negative and unpenalised.
        QCOMPARE(sampler.next(std::vector<float>{3, 4, -1}, history), 0);
        const std::vector<TokenId> other{2};
        QCOMPARE(sampler.next(std::vector<float>{-3.5f, -9, -2}, other), 0); // -2 becomes -4
    }
    void sameSeedSameText() {
        const auto tokenizer = std::make_shared<LetterTokenizer>(26);
        const FakeEngine engine(tokenizer, [](TokenId, std::span<float>) {});
        GenerateOptions options;
        options.maxTokens = 50;
        options.sampler.temperature = 1;
        options.sampler.seed = 5;
        RunControl control;
        const std::vector<TokenId> prompt{0};
        std::vector<std::string> texts;
        for (int i = 0; i < 2; ++i) {
            auto session = engine.newSession(100);
            const auto result = generate(**session, prompt, options, control);
            QVERIFY_RESULT(result);
            texts.push_back(result->text);
        }
        QCOMPARE(texts[0], texts[1]);
        options.sampler.seed = 6;
        auto session = engine.newSession(100);
        QVERIFY(generate(**session, prompt, options, control)->text != texts[0]);
    }
    void stopsAtEndContextAndLength() {
        const auto tokenizer = std::make_shared<LetterTokenizer>(8);
        tokenizer->mutableData().eos = 5;
        const FakeEngine engine(tokenizer, [](TokenId token, std::span<float> logits) {
            logits[static_cast<std::size_t>(token + 1) % 8] = 9;
        });
        RunControl control;
        const std::vector<TokenId> prompt{0};
        GenerateOptions options;
        options.maxTokens = 20;
        auto session = engine.newSession(100);
        auto result = generate(**session, prompt, options, control);
        QCOMPARE(result->stopReason, std::string("end"));
        QCOMPARE(result->text, std::string("bcde"));
        options.stopAtEnd = false;
        session = engine.newSession(4);
        result = generate(**session, prompt, options, control);
        QCOMPARE(result->stopReason, std::string("context"));
        QCOMPARE(result->ids.size(), std::size_t(4)); // prompt and three in the cache, the fourth needs no place
        options.maxTokens = 3;
        session = engine.newSession(100);
        result = generate(**session, prompt, options, control);
        QCOMPARE(result->stopReason, std::string("length"));
        QCOMPARE(result->ids.size(), std::size_t(3));
    }
    void badSettingsAreNamed() {
        SamplerConfig config;
        config.topP = 0;
        QCOMPARE(checkSampler(config).error().field, std::string("top_p"));
        config = {};
        config.temperature = std::nan("");
        QCOMPARE(checkSampler(config).error().field, std::string("temperature"));
        config = {};
        config.minP = 1;
        QVERIFY(!checkSampler(config));
    }
};

QTEST_GUILESS_MAIN(TestSampler)
#include "tst_sampler.moc"
