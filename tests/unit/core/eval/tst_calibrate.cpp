// Calibration against sums over a forward pass in plain double-precision loops; the same bits for any number of threads.
#include "../engine/tinymodel.h"
#include "core/eval/calibrate.h"
#include "core/eval/perplexity.h"
#include "tests/support/fakeengine.h"
#include "tests/support/testdata.h"

#include <QtTest>

#include <cmath>

using namespace trilobit;
using namespace trilobit::test;

namespace {

std::string randomText(std::size_t letters, int alphabet, std::uint64_t seed) {
    Rng rng(seed);
    std::string text(letters, 'a');
    for (char& c : text)
        c = static_cast<char>('a' + static_cast<int>(rng.below(static_cast<std::uint64_t>(alphabet))));
    return text;
}

std::shared_ptr<const Engine> engineOf(std::shared_ptr<const Model> model, int threads,
                                       ActivationPath path = ActivationPath::Auto) {
    RunControl control;
    auto engine = Engine::create(std::move(model), {threads, path}, control);
    if (!engine)
        qFatal("%s", engine.error().text().c_str());
    return *engine;
}

struct Expected {
    double tokens = 0;
    std::vector<double> sum, magnitude, square, largest;
};

/// By the reference decoder, chunk by chunk.
std::map<std::string, Expected> expectedSums(const TinyModel& tiny, const std::string& text, std::size_t length, bool int8) {
    std::map<std::string, Expected> sums;
    for (std::size_t from = 0; from + length <= text.size(); from += length) {
        std::vector<std::int32_t> ids;
        for (std::size_t i = from; i < from + length; ++i)
            ids.push_back(text[i] - 'a');
        tiny.logits(ids, int8, [&](const std::string& tensor, const std::vector<double>& x) {
            Expected& e = sums[tensor];
            for (auto* values : {&e.sum, &e.magnitude, &e.square, &e.largest})
                values->resize(x.size());
            e.tokens += 1;
            for (std::size_t c = 0; c < x.size(); ++c) {
                e.sum[c] += x[c];
                e.magnitude[c] += std::fabs(x[c]);
                e.square[c] += x[c] * x[c];
                e.largest[c] = std::max(e.largest[c], std::fabs(x[c]));
            }
        });
    }
    return sums;
}

bool sameStatistics(const Calibration& a, const Calibration& b) {
    return a.tensors.size() == b.tensors.size()
           && std::equal(a.tensors.begin(), a.tensors.end(), b.tensors.begin(), [](const auto& x, const auto& y) {
                  return x.first == y.first && x.second.tokens == y.second.tokens && x.second.sumSquares == y.second.sumSquares
                         && x.second.sums == y.second.sums && x.second.magnitudes == y.second.magnitudes
                         && x.second.largest == y.second.largest;
              });
}

/// Two layers with four experts of which two are used; the experts of a matrix in one tensor.
std::shared_ptr<const Model> expertModel(std::shared_ptr<const Tokenizer> tokenizer) {
    ModelConfig c = tinyConfig();
    TinyModel tiny = TinyModel::random(c, 5);
    c.experts.count = 4;
    c.experts.used = 2;
    c.experts.ffnSize = 20;
    Rng rng(6);
    for (std::int64_t layer = 0; layer < c.layers; ++layer) {
        const std::string blk = "blk." + std::to_string(layer) + ".";
        for (const char* name : {"ffn_gate", "ffn_up", "ffn_down"})
            tiny.tensors.erase(blk + name + ".weight");
        const auto add = [&](const std::string& name, std::int64_t rows, std::int64_t cols) {
            Matrix matrix{rows, cols, std::vector<float>(static_cast<std::size_t>(rows * cols))};
            for (float& v : matrix.values)
                v = static_cast<float>(0.3 * rng.normal());
            tiny.tensors[blk + name] = std::move(matrix);
        };
        add("ffn_gate_inp.weight", c.experts.count, c.hiddenSize);
        add("ffn_gate_exps.weight", c.experts.count * c.experts.ffnSize, c.hiddenSize);
        add("ffn_up_exps.weight", c.experts.count * c.experts.ffnSize, c.hiddenSize);
        add("ffn_down_exps.weight", c.experts.count * c.hiddenSize, c.experts.ffnSize);
    }
    tiny.config = c;
    const auto plain = tiny.model("F32", tokenizer);
    Model::Parts parts;
    parts.config = c;
    parts.tokenizer = tokenizer;
    parts.tensors = plain->tensors();
    const EncodingRegistry encodings = EncodingRegistry::builtin();
    for (Tensor& tensor : parts.tensors) {
        tensor.encoding = *encodings.find("F32"); // knows how large a slice is
        if (tensor.name.find("_exps") != std::string::npos)
            tensor.stack = c.experts.count;
    }
    return std::make_shared<const Model>(std::move(parts));
}

} // namespace

class TestCalibrate : public QObject {
    Q_OBJECT
private slots:
    void matchesReference_data() {
        QTest::addColumn<bool>("bitnet");
        QTest::newRow("llama") << false;
        QTest::newRow("bitnet, int8 activations") << true;
    }
    void matchesReference() {
        QFETCH(bool, bitnet);
        ModelConfig config = tinyConfig();
        if (bitnet) {
            config.activation = Activation::Relu2;
            config.subNorms = config.tiedOutput = true;
            config.activationQuant = ActivationQuant::Int8PerToken;
        }
        TinyModel tiny = TinyModel::random(config, 11);
        Rng rng(3);
        if (bitnet)
            tiny.makeTernary(rng, [](std::int64_t, std::int64_t) { return 0.05f; });
        const auto letters = std::make_shared<LetterTokenizer>(50);
        const std::string text = randomText(45, 26, 4); // two chunks of 20 and a rest
        const auto expected = expectedSums(tiny, text, 20, bitnet);
        const auto engine = engineOf(tiny.model("F32", letters), 1);
        RunControl control;
        CalibrateOptions options;
        options.contextLength = 20;
        options.output = true;
        const auto run = calibrate(*engine, text, options, control);
        QVERIFY_RESULT(run);
        QCOMPARE(run->tokens, std::int64_t{40});
        QCOMPARE(run->calibration.chunks, std::int64_t{2});
        QCOMPARE(run->calibration.chunkTokens, std::int64_t{20});
        QCOMPARE(run->calibration.tensors.size(), expected.size());
        // The engine computes in float32: some 1e-6 of the values, a few times that after two blocks; a code that rounds the
        // other way in the int8 path moves everything behind it by up to a hundredth.
        const double tolerance = bitnet ? 2e-2 : 2e-5;
        for (const auto& [name, e] : expected) {
            const InputStatistics* got = run->calibration.find(name);
            QVERIFY2(got, name.c_str());
            QCOMPARE(got->totalTokens(), e.tokens);
            QCOMPARE(got->sumSquares.size(), e.square.size());
            double squares = 0;
            for (const double value : e.square)
                squares += value;
            const double rms = std::sqrt(squares / static_cast<double>(e.square.size()) / e.tokens);
            for (std::size_t c = 0; c < e.square.size(); ++c) {
                const auto near = [&](float value, double wanted, double size) {
                    return std::fabs(static_cast<double>(value) - wanted) <= tolerance * size;
                };
                QVERIFY2(near(got->sumSquares[c], e.square[c], e.square[c] + rms * rms * e.tokens), name.c_str());
                QVERIFY2(near(got->sums[c], e.sum[c], rms * e.tokens), name.c_str());
                QVERIFY2(near(got->magnitudes[c], e.magnitude[c], rms * e.tokens), name.c_str());
                QVERIFY2(near(got->largest[c], e.largest[c], e.largest[c] + rms), name.c_str());
            }
        }
    }

    void sameBitsForAnyThreadsAndLengthOfRun() {
        // Wide enough that rows and columns are really shared out.
        ModelConfig config = tinyConfig();
        config.hiddenSize = 384;
        config.ffnSize = 640;
        config.contextLength = 400;
        const auto letters = std::make_shared<LetterTokenizer>(50);
        const auto model = TinyModel::random(config, 21).model("F32", letters);
        const std::string text = randomText(700, 26, 8);
        RunControl control;
        CalibrateOptions options;
        options.contextLength = 350;
        const auto one = calibrate(*engineOf(model, 1), text, options, control);
        QVERIFY_RESULT(one);
        QVERIFY(!one->calibration.find("output.weight"));
        for (const int threads : {2, 3, 7}) {
            const auto many = calibrate(*engineOf(model, threads), text, options, control);
            QVERIFY_RESULT(many);
            QVERIFY(sameStatistics(one->calibration, many->calibration));
        }
        // Watching changes nothing in what is watched.
        const auto engine = engineOf(model, 2);
        const auto before = perplexity(*engine, nullptr, text, {350, 1}, control);
        QVERIFY_RESULT(calibrate(*engine, text, options, control));
        const auto after = perplexity(*engine, nullptr, text, {350, 1}, control);
        QCOMPARE(before->ppl, after->ppl);
    }

    void expertsApart() {
        const auto letters = std::make_shared<LetterTokenizer>(50);
        const auto model = expertModel(letters);
        RunControl control;
        CalibrateOptions options;
        options.contextLength = 30;
        const std::string text = randomText(60, 26, 2);
        const auto run = calibrate(*engineOf(model, 1), text, options, control);
        QVERIFY_RESULT(run);
        const InputStatistics* router = run->calibration.find("blk.1.ffn_gate_inp.weight");
        const InputStatistics* up = run->calibration.find("blk.1.ffn_up_exps.weight");
        const InputStatistics* down = run->calibration.find("blk.1.ffn_down_exps.weight");
        QVERIFY(router && up && down);
        QCOMPARE(up->parts, std::int64_t{4});
        QCOMPARE(up->channels(), model->config().hiddenSize);
        QCOMPARE(down->channels(), std::int64_t{20});
        QCOMPARE(up->totalTokens(), 2 * router->totalTokens()); // each token has two experts
        QCOMPARE(up->tokens, down->tokens);
        // Whatever the choice, the squares over all experts are twice the router's; sums of 120 floats in double.
        const auto channels = static_cast<std::size_t>(up->channels());
        for (std::size_t c = 0; c < channels; ++c) {
            double all = 0;
            for (std::size_t part = 0; part < 4; ++part)
                all += static_cast<double>(up->sumSquares[part * channels + c]);
            QVERIFY(std::fabs(all - 2 * static_cast<double>(router->sumSquares[c])) < 1e-5 * all);
        }
        const auto again = calibrate(*engineOf(model, 3), text, options, control);
        QVERIFY(sameStatistics(run->calibration, again->calibration));
    }

    void limitsAndShortTexts() {
        const auto letters = std::make_shared<LetterTokenizer>(50);
        const auto engine = engineOf(TinyModel::random(tinyConfig(), 1).model("F32", letters), 1);
        RunControl control;
        const std::string text = randomText(300, 26, 1);
        const auto chunks = [&](CalibrateOptions options) {
            const auto run = calibrate(*engine, text, options, control);
            return run ? std::pair(run->calibration.chunks, run->calibration.chunkTokens) : std::pair<std::int64_t, std::int64_t>();
        };
        using Pair = std::pair<std::int64_t, std::int64_t>;
        QCOMPARE(chunks({}), Pair(4, 64)); // the model's own context
        QCOMPARE(chunks({100, 0, 0, false}), Pair(3, 100));
        QCOMPARE(chunks({100, 250, 0, false}), Pair(2, 100));
        QCOMPARE(chunks({100, 0, 1, false}), Pair(1, 100));
        QCOMPARE(chunks({100, 40, 0, false}), Pair(1, 40)); // shorter than one chunk
        QCOMPARE(chunks({512, 0, 0, false}), Pair(1, 300));
        std::vector<std::int64_t> seen;
        QVERIFY(calibrate(*engine, text, {100, 0, 0, false}, control, [&](std::int64_t chunk) { seen.push_back(chunk); }));
        QCOMPARE(seen, (std::vector<std::int64_t>{1, 2, 3}));
    }

    void refusals() {
        const auto letters = std::make_shared<LetterTokenizer>(50);
        TinyModel tiny = TinyModel::random(tinyConfig(), 1);
        RunControl control;
        const auto code = [&](const std::shared_ptr<const Model>& model, const std::string& text, CalibrateOptions options = {}) {
            const auto run = calibrate(*engineOf(model, 1), text, options, control);
            return run ? ErrorCode::Internal : run.error().code;
        };
        QCOMPARE(code(tiny.model("F32", letters), ""), ErrorCode::Usage);
        QCOMPARE(code(tiny.model("F32", letters), "abc", {1, 0, 0, false}), ErrorCode::Usage);
        QCOMPARE(code(tiny.model(), "abc"), ErrorCode::Usage); // no tokenizer
        tiny.tensors["blk.1.attn_norm.weight"].values[7] = std::numeric_limits<float>::infinity();
        const auto run = calibrate(*engineOf(tiny.model("F32", letters), 1), "abcabc", {}, control);
        QVERIFY(!run);
        QCOMPARE(run.error().code, ErrorCode::Numeric);
        QCOMPARE(run.error().field, std::string("blk.1.attn_q.weight"));
        QVERIFY(run.error().message.find("channel 7") != std::string::npos);
    }

    void cancelled() {
        struct Cancel : RunControl {
            bool isCancelled() const noexcept override { return true; }
        } control;
        const auto letters = std::make_shared<LetterTokenizer>(50);
        const auto run = calibrate(*engineOf(TinyModel::random(tinyConfig(), 1).model("F32", letters), 1), "abcabcabc", {}, control);
        QVERIFY(!run);
        QCOMPARE(run.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestCalibrate)
#include "tst_calibrate.moc"
