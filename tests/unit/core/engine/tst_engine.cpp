// The decoder graph against plain double-precision loops; the same bits for any threads, batches and instruction sets.
#include "tinymodel.h"

#include "core/engine/engine.h"
#include "core/kernels/kernelset.h"

#include <QtTest>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

using namespace trilobit;
using namespace trilobit::test;

namespace {

using Ids = std::vector<TokenId>;

Ids randomIds(std::size_t count, std::int64_t vocab, std::uint64_t seed) {
    Rng rng(seed);
    Ids ids(count);
    for (TokenId& id : ids)
        id = static_cast<TokenId>(rng.below(static_cast<std::uint64_t>(vocab)));
    return ids;
}

std::shared_ptr<const Engine> engineFor(std::shared_ptr<const Model> model, int threads = 1,
                                        ActivationPath path = ActivationPath::Auto) {
    RunControl control;
    auto engine = Engine::create(std::move(model), {threads, path}, control);
    if (!engine)
        qFatal("%s", engine.error().text().c_str());
    return *engine;
}

/// Logits of every position, the ids handed over in pieces of `step`.
std::vector<float> run(const Engine& engine, const Ids& ids, std::size_t step) {
    RunControl control;
    auto session = engine.newSession(64);
    std::vector<float> all;
    for (std::size_t i = 0; i < ids.size(); i += step) {
        const auto piece = std::span(ids).subspan(i, std::min(step, ids.size() - i));
        if (const auto done = (*session)->evaluate(piece, Session::Logits::All, control); !done)
            qFatal("%s", done.error().text().c_str());
        all.insert(all.end(), (*session)->logits().begin(), (*session)->logits().end());
    }
    return all;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

double largestDifference(const std::vector<float>& got, const std::vector<double>& expected) {
    double worst = got.size() == expected.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < got.size() && i < expected.size(); ++i) {
        const double difference = std::fabs(static_cast<double>(got[i]) - expected[i]);
        worst = difference <= worst ? worst : difference; // NaN sticks
    }
    return worst;
}

/// Cancelled from a moment on; remembers nothing else.
class CancelAfter : public RunControl {
public:
    explicit CancelAfter(std::chrono::milliseconds delay) : m_at(std::chrono::steady_clock::now() + delay) {}
    bool isCancelled() const noexcept override { return std::chrono::steady_clock::now() >= m_at; }
    double lateMs() const {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_at).count();
    }

private:
    std::chrono::steady_clock::time_point m_at;
};

ModelConfig bitnetConfig() {
    ModelConfig c = tinyConfig();
    c.architecture = "bitnet-b1.58";
    c.rope = RopeKind::SplitHalves;
    c.activation = Activation::Relu2;
    c.subNorms = c.tiedOutput = true;
    c.activationQuant = ActivationQuant::Int8PerToken;
    return c;
}

} // namespace

class TestEngine : public QObject {
    Q_OBJECT
private slots:
    void matchesReference_data();
    void matchesReference();
    void batchesThreadsAndSets_data();
    void batchesThreadsAndSets();
    void ternaryInt8_data();
    void ternaryInt8();
    void onlineAbsmean();
    void activationPaths();
    void scalesInTensorsOfTheirOwn();
    void timesOfLayers();
    void keptLogits();
    void truncateForgets();
    void contextAndTokens();
    void cancelLeavesPosition();
    void cancelAnswersFast();
    void refusals();
};

void TestEngine::matchesReference_data() {
    QTest::addColumn<ModelConfig>("config");
    const ModelConfig plain = tinyConfig();
    QTest::newRow("llama") << plain;
    ModelConfig c = plain;
    c.rope = RopeKind::SplitHalves;
    c.qkvBias = c.tiedOutput = true;
    c.rmsEps = 1e-2;
    QTest::newRow("split halves, biases, tied, large epsilon") << c;
    c = plain;
    c.headDim = 20; // heads * headDim is not the hidden size
    c.ropeDim = 14; // and a part of each head is not rotated
    c.kvHeads = 1;
    c.hiddenSize = 37; // nothing is a multiple of sixteen
    c.ffnSize = 71;
    c.activation = Activation::GeluTanh;
    QTest::newRow("odd sizes, partial rotation, gelu") << c;
    c = bitnetConfig();
    c.activationQuant = ActivationQuant::None;
    QTest::newRow("sub-norms, relu2") << c;
    c = plain;
    c.ropeBase = 50;
    c.ropeScaling = {RopeScaling::Kind::Llama3, 8, 1, 4, 40};
    QTest::newRow("llama3 scaling") << c;
    c.ropeScaling = {RopeScaling::Kind::Linear, 3, 1, 4, 0};
    QTest::newRow("linear scaling") << c;
    c = plain;
    c.ropeFreqFactors = {1, 1.5f, 2, 4, 8, 8};
    QTest::newRow("frequency factors") << c;
    c = plain;
    c.ropeDim = 0;
    c.kvHeads = 4;
    QTest::newRow("no rotation, all heads") << c;
}

void TestEngine::matchesReference() {
    QFETCH(ModelConfig, config);
    const TinyModel tiny = TinyModel::random(config, 1);
    const Ids ids = randomIds(24, config.vocabSize, 2);
    const auto got = run(*engineFor(tiny.model()), ids, ids.size());
    const double worst = largestDifference(got, tiny.logits(ids, false));
    // Logits are of size 1 to 5; float32 through two layers of sums of 80 leaves about 1e-6 of that.
    QVERIFY2(worst < 2e-5, qPrintable(QString::number(worst)));
}

void TestEngine::batchesThreadsAndSets_data() {
    QTest::addColumn<bool>("int8");
    QTest::newRow("float") << false;
    QTest::newRow("int8") << true;
}

void TestEngine::batchesThreadsAndSets() {
    QFETCH(bool, int8);
    ModelConfig c = int8 ? bitnetConfig() : tinyConfig();
    c.hiddenSize = 200; // enough work for the threads to start
    c.ffnSize = 331;
    c.headDim = 40;
    c.ropeDim = 40;
    TinyModel tiny = TinyModel::random(c, 3);
    Rng rng(4);
    if (int8)
        tiny.makeTernary(rng, [](std::int64_t, std::int64_t) { return 0.1f; });
    const Ids ids = randomIds(20, c.vocabSize, 5);
    const auto inPlace = tiny.model(), decoded = tiny.model("anything");
    const auto expected = run(*engineFor(inPlace), ids, ids.size());
    for (const KernelSet& set : kernelSets()) {
        if (!set.supported())
            continue;
        qputenv("TRILOBIT_ISA", set.name);
        for (const int threads : {1, 2, 3})
            for (const auto& model : {inPlace, decoded}) {
                const auto engine = engineFor(model, threads);
                QCOMPARE(engine->threads(), threads);
                for (const std::size_t step : {std::size_t{1}, std::size_t{7}, ids.size()})
                    QVERIFY2(sameBits(run(*engine, ids, step), expected),
                             qPrintable(QStringLiteral("%1, %2 threads, %3 at a time")
                                            .arg(QLatin1String(set.name)).arg(threads).arg(step)));
            }
        qunsetenv("TRILOBIT_ISA");
    }
}

void TestEngine::ternaryInt8_data() {
    QTest::addColumn<int>("scales");
    QTest::newRow("one scale") << 0;
    QTest::newRow("a scale per row") << 1;
    QTest::newRow("a scale per block") << 2;
}

void TestEngine::ternaryInt8() {
    QFETCH(int, scales);
    ModelConfig c = bitnetConfig();
    c.ffnSize = 530; // two blocks of 256 and a rest
    TinyModel tiny = TinyModel::random(c, 6);
    Rng rng(7);
    tiny.makeTernary(rng, [&](std::int64_t row, std::int64_t col) {
        const std::int64_t step = scales == 0 ? 0 : scales == 1 ? row % 5 : row % 5 + col / 256;
        return 0.12f * static_cast<float>(1 + step) / 4.0f;
    });
    const Ids ids = randomIds(24, c.vocabSize, 8);
    const auto engine = engineFor(tiny.model(), 2);
    QCOMPARE(engine->pathDescription(), std::string("int8 activations (per token)"));
    const auto got = run(*engine, ids, ids.size());
    const auto rounded = tiny.logits(ids, true), plain = tiny.logits(ids, false);
    // An activation next to a tie may round the other way in the reference and move a few logits by a fraction of a
    // step, so: nearly all agree like float32, none is off by as much as the rounding itself.
    std::size_t close = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
        close += std::fabs(static_cast<double>(got[i]) - rounded[i]) < 2e-5;
    const double worst = largestDifference(got, rounded), roundingCost = largestDifference(got, plain);
    QVERIFY2(static_cast<double>(close) > 0.8 * static_cast<double>(got.size()), qPrintable(QString::number(close)));
    QVERIFY2(worst < 0.5 * roundingCost && roundingCost > 1e-2,
             qPrintable(QStringLiteral("%1 against %2").arg(worst).arg(roundingCost)));
    // The same weights with plain activations.
    const auto unrounded = run(*engineFor(tiny.model(), 2, ActivationPath::Float), ids, ids.size());
    QVERIFY(largestDifference(unrounded, plain) < 2e-5);
}

void TestEngine::onlineAbsmean() {
    ModelConfig c = bitnetConfig();
    c.ternarization = WeightTernarization::OnlineAbsmean;
    TinyModel tiny = TinyModel::random(c, 9);
    const Ids ids = randomIds(20, c.vocabSize, 10);
    const auto engine = engineFor(tiny.model(), 2, ActivationPath::Float);
    const auto got = run(*engine, ids, ids.size());
    QVERIFY(std::any_of(engine->kernels().begin(), engine->kernels().end(),
                        [](const KernelChoice& k) { return k.kernel.rfind("ternary-f32/", 0) == 0; }));
    // The definition, applied to the reference's weights.
    TinyModel rounded = tiny;
    for (auto& [name, matrix] : rounded.tensors) {
        if (!TinyModel::isBlockMatrix(name))
            continue;
        double sum = 0;
        for (const float v : matrix.values)
            sum += std::fabs(static_cast<double>(v));
        const double mean = sum / static_cast<double>(matrix.values.size());
        for (float& v : matrix.values)
            v = static_cast<float>(std::clamp(std::nearbyint(static_cast<double>(v) / mean), -1.0, 1.0) * mean);
    }
    QVERIFY(largestDifference(got, rounded.logits(ids, false)) < 2e-5);
    QVERIFY(largestDifference(got, tiny.logits(ids, false)) > 0.1);
    const auto int8 = engineFor(tiny.model());
    QCOMPARE(int8->pathDescription(), std::string("int8 activations (per token)"));
    // 2 bits per weight in blocks of 256, not a float copy.
    QVERIFY(int8->weightBytes().owned < 60'000);

    tiny.tensors["blk.1.ffn_up.weight"].values[3] = NAN;
    RunControl control;
    const auto broken = Engine::create(tiny.model(), {}, control);
    QVERIFY(!broken);
    QCOMPARE(broken.error().code, ErrorCode::Format);
    QCOMPARE(broken.error().field, std::string("blk.1.ffn_up.weight"));
}

void TestEngine::activationPaths() {
    TinyModel tiny = TinyModel::random(tinyConfig(), 11);
    const Ids ids = randomIds(5, 50, 1);
    // Nothing is ternary: asking for int8 changes nothing, and the description says so.
    const auto plain = engineFor(tiny.model()), asked = engineFor(tiny.model(), 1, ActivationPath::Int8PerToken);
    QCOMPARE(plain->pathDescription(), std::string("float"));
    QCOMPARE(asked->pathDescription(), std::string("float"));
    QVERIFY(sameBits(run(*plain, ids, 5), run(*asked, ids, 5)));
    QCOMPARE(plain->kernels().size(), std::size_t{16}); // embedding, 2 x 7, output
    QCOMPARE(plain->kernels().front().kernel, std::string("lookup"));
    const std::string isa = (*selectKernelSet())->name, panels = (*selectKernelSet())->panelName;
    QCOMPARE(plain->kernels().back().tensor, std::string("output.weight"));
    QCOMPARE(plain->kernels().back().kernel, "f32/" + isa);
    QCOMPARE(plain->kernels().back().encoding, std::string("F32"));
    QCOMPARE(engineFor(tiny.model("other"))->kernels().back().kernel, "generic-f32/" + isa);
    // One ternary matrix among them is used as such when asked for.
    for (float& v : tiny.tensors["blk.0.ffn_up.weight"].values)
        v = v > 0.1f ? 0.25f : v < -0.1f ? -0.25f : 0.0f;
    const auto mixed = engineFor(tiny.model(), 1, ActivationPath::Int8PerToken);
    QCOMPARE(mixed->pathDescription(),
             std::string("int8 activations (per token) in 1 of 14 block matrices, float in the rest"));
    for (const KernelChoice& choice : mixed->kernels())
        QCOMPARE(choice.kernel.starts_with("ternary-") && choice.kernel.ends_with("-int8/" + panels), choice.tensor == "blk.0.ffn_up.weight");
    QCOMPARE(engineFor(tiny.model())->pathDescription(), std::string("float"));
    // However it lies in memory, the sums are the same: one token, a few, many.
    std::vector<float> first;
    for (const auto& [layout, kernel] : {std::pair{TernaryLayout::TwoBits, "ternary-int8/"},
                                         {TernaryLayout::Base3, "ternary-base3-int8/"},
                                         {TernaryLayout::Lookup, "ternary-lookup-int8/"}}) {
        EngineOptions options;
        options.threads = 2;
        options.activations = ActivationPath::Int8PerToken;
        options.ternary = layout;
        RunControl control;
        const auto engine = *Engine::create(tiny.model(), options, control);
        for (const KernelChoice& choice : engine->kernels())
            QCOMPARE(choice.kernel == kernel + panels, choice.tensor == "blk.0.ffn_up.weight");
        std::vector<float> logits;
        for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{5}})
            for (const float v : run(*engine, ids, step))
                logits.push_back(v);
        if (first.empty())
            first = logits;
        QVERIFY(sameBits(logits, first));
    }
}

void TestEngine::scalesInTensorsOfTheirOwn() {
    for (const bool ternary : {false, true}) {
        TinyModel whole = TinyModel::random(ternary ? bitnetConfig() : tinyConfig(), 21);
        Rng rng(5);
        if (ternary)
            whole.makeTernary(rng, [](std::int64_t, std::int64_t) { return 0.125f; });
        TinyModel apart = whole;
        for (const char* stem : {"blk.0.attn_q", "blk.1.ffn_down"}) {
            for (float& v : apart.tensors[std::string(stem) + ".weight"].values)
                v *= 4; // exact, so that both give the same bits
            apart.tensors[std::string(stem) + ".scale"] = {1, 1, {0.25f}};
        }
        const Ids ids = randomIds(6, 50, 2);
        for (const int threads : {1, 2})
            QVERIFY(sameBits(run(*engineFor(whole.model(), threads), ids, 6), run(*engineFor(apart.model(), threads), ids, 6)));
        apart.tensors["blk.0.attn_q.scale"].values = {0.5f};
        QVERIFY(!sameBits(run(*engineFor(whole.model()), ids, 6), run(*engineFor(apart.model()), ids, 6)));
        apart.tensors["blk.0.attn_q.scale"].values = {NAN};
        RunControl control;
        const auto refused = Engine::create(apart.model(), {}, control);
        QVERIFY(!refused);
        QCOMPARE(refused.error().field, std::string("blk.0.attn_q.scale"));
    }
}

void TestEngine::timesOfLayers() {
    const TinyModel tiny = TinyModel::random(tinyConfig(), 22);
    const auto engine = engineFor(tiny.model(), 2);
    const Ids ids = randomIds(7, 50, 3);
    RunControl control;
    SessionTimes times;
    const auto session = *engine->newSession(16);
    session->measure(&times);
    QVERIFY(session->evaluate(std::span(ids).first(5), Session::Logits::Last, control));
    session->measure(nullptr);
    QCOMPARE(times.tokens, std::int64_t{5});
    QCOMPARE(times.layers.size(), std::size_t{2});
    for (const SessionTimes::Layer& layer : times.layers)
        QVERIFY(layer.attention > 0 && layer.ffn > 0);
    QVERIFY(times.output > 0);
    QVERIFY(session->evaluate(std::span(ids).subspan(5), Session::Logits::Last, control));
    QCOMPARE(times.tokens, std::int64_t{5});
    const auto watched = session->logits();
    const auto plain = run(*engine, ids, ids.size());
    QVERIFY(sameBits({watched.begin(), watched.end()}, {plain.end() - static_cast<std::ptrdiff_t>(watched.size()), plain.end()}));
}

void TestEngine::keptLogits() {
    const TinyModel tiny = TinyModel::random(tinyConfig(), 12);
    const auto engine = engineFor(tiny.model());
    const Ids ids = randomIds(10, 50, 1);
    const auto all = run(*engine, ids, ids.size());
    RunControl control;
    const auto tail = [&](std::size_t from) { return std::vector<float>(all.begin() + static_cast<std::ptrdiff_t>(50 * from), all.end()); };
    const auto held = [](const Session& s) { return std::vector<float>(s.logits().begin(), s.logits().end()); };
    for (const std::size_t from : {0u, 4u, 9u, 10u, 99u}) {
        auto session = *engine->newSession(0);
        QCOMPARE(session->contextLength(), 64);
        QVERIFY(session->evaluateFrom(ids, from, control));
        QVERIFY(sameBits(held(*session), tail(std::min<std::size_t>(from, 10))));
    }
    auto session = *engine->newSession(0);
    QVERIFY(session->evaluate(ids, Session::Logits::Last, control));
    QVERIFY(sameBits(held(*session), tail(9)));
    session->truncate(0);
    QVERIFY(session->evaluate(ids, Session::Logits::None, control));
    QVERIFY(session->logits().empty());
    QCOMPARE(session->position(), 10);
    QCOMPARE(session->cacheBytes(), std::uint64_t{2 * 2 * 64 * 24 * 4});
}

void TestEngine::truncateForgets() {
    const TinyModel tiny = TinyModel::random(tinyConfig(), 13);
    const auto engine = engineFor(tiny.model());
    const Ids a = randomIds(12, 50, 1), b = randomIds(12, 50, 2);
    Ids joined(a.begin(), a.begin() + 5);
    joined.insert(joined.end(), b.begin(), b.end());
    const auto expected = run(*engine, joined, joined.size());
    RunControl control;
    auto session = *engine->newSession(64);
    QVERIFY(session->evaluate(a, Session::Logits::None, control));
    session->truncate(99); // beyond the end: nothing to forget
    QCOMPARE(session->position(), 12);
    session->truncate(5);
    QCOMPARE(session->position(), 5);
    QVERIFY(session->evaluate(b, Session::Logits::All, control));
    QVERIFY(sameBits({session->logits().begin(), session->logits().end()}, {expected.begin() + 250, expected.end()}));
}

void TestEngine::contextAndTokens() {
    const TinyModel tiny = TinyModel::random(tinyConfig(), 14);
    const auto engine = engineFor(tiny.model());
    RunControl control;
    auto session = *engine->newSession(8);
    const auto refused = [&](const Ids& ids, const char* word) {
        const auto result = session->evaluate(ids, Session::Logits::Last, control);
        return !result && result.error().code == ErrorCode::Usage && result.error().message.find(word) != std::string::npos;
    };
    QVERIFY(refused({1, 50}, "50"));
    QVERIFY(refused({-1}, "-1"));
    QVERIFY(refused({}, "no tokens"));
    QVERIFY(refused(Ids(9, 1), "full"));
    QCOMPARE(session->position(), 0);
    QVERIFY(session->evaluate(Ids(8, 1), Session::Logits::Last, control));
    QVERIFY(refused({1}, "full"));
    QCOMPARE(session->position(), 8);
    for (const std::int64_t wrong : {std::int64_t{-1}, std::int64_t{1} << 40}) {
        const auto none = engine->newSession(wrong);
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::Usage);
    }
}

void TestEngine::cancelLeavesPosition() {
    const TinyModel tiny = TinyModel::random(tinyConfig(), 15);
    const auto engine = engineFor(tiny.model(), 2);
    const Ids ids = randomIds(20, 50, 1);
    const auto expected = run(*engine, ids, ids.size());
    RunControl control;
    CancelAfter cancelled(std::chrono::milliseconds(0));
    auto session = *engine->newSession(64);
    QVERIFY(session->evaluate(std::span(ids).first(6), Session::Logits::Last, control));
    const auto result = session->evaluate(std::span(ids).subspan(6), Session::Logits::All, cancelled);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
    QCOMPARE(session->position(), 6);
    QVERIFY(session->logits().empty());
    QVERIFY(session->evaluate(std::span(ids).subspan(6), Session::Logits::All, control));
    QVERIFY(sameBits({session->logits().begin(), session->logits().end()}, {expected.begin() + 300, expected.end()}));
    const auto made = Engine::create(tiny.model(), {}, cancelled);
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Cancelled);
}

void TestEngine::cancelAnswersFast() {
    ModelConfig c = tinyConfig(); // 512 tokens through this take about a second on two cores
    c.vocabSize = 8000;
    c.hiddenSize = 512;
    c.ffnSize = 2048;
    c.layers = 4;
    c.heads = 8;
    c.kvHeads = 4;
    c.headDim = c.ropeDim = 64;
    const auto engine = engineFor(TinyModel::random(c, 16).model("decoded"), 2);
    const Ids ids = randomIds(512, c.vocabSize, 1);
    for (const int delay : {5, 60, 150}) {
        auto session = *engine->newSession(512);
        CancelAfter control{std::chrono::milliseconds(delay)};
        const auto result = session->evaluate(ids, Session::Logits::All, control);
        if (!result)
            QVERIFY2(control.lateMs() < 200, qPrintable(QString::number(control.lateMs())));
        QVERIFY(!result || delay > 100); // a fast machine may be done by then
        QCOMPARE(session->position(), result ? 512 : 0);
    }
}

void TestEngine::refusals() {
    const TinyModel good = TinyModel::random(tinyConfig(), 17);
    RunControl control;
    const auto refuse = [&](const TinyModel& tiny, const char* field) {
        const auto engine = Engine::create(tiny.model(), {}, control);
        return !engine && engine.error().code == ErrorCode::Unsupported && engine.error().field == field;
    };
    TinyModel bad = good;
    bad.tensors.erase("blk.1.attn_k.weight");
    QVERIFY(refuse(bad, "blk.1.attn_k.weight"));
    bad = good;
    bad.tensors["blk.0.ffn_down.weight"].rows -= 1;
    bad.tensors["blk.0.ffn_down.weight"].values.resize(47 * 80);
    QVERIFY(refuse(bad, "blk.0.ffn_down.weight"));
    bad = good;
    bad.tensors["blk.0.attn_q_norm.weight"] = {1, 12, std::vector<float>(12, 1.0f)};
    QVERIFY(refuse(bad, "blk.0.attn_q_norm.weight"));
    bad = good;
    bad.config.qkvBias = true;
    QVERIFY(refuse(bad, "blk.0.attn_q.bias"));
    const auto configRefused = [&](auto change) {
        TinyModel changed = good;
        change(changed.config);
        return refuse(changed, "");
    };
    QVERIFY(configRefused([](ModelConfig& c) { c.kvHeads = 3; }));
    QVERIFY(configRefused([](ModelConfig& c) { c.kvHeads = 0; }));
    QVERIFY(configRefused([](ModelConfig& c) { c.ropeDim = 13; }));
    QVERIFY(configRefused([](ModelConfig& c) { c.ropeDim = 14; }));
    QVERIFY(configRefused([](ModelConfig& c) { c.ropeFreqFactors = {1, 2}; }));
    QVERIFY(configRefused([](ModelConfig& c) { c.layers = std::int64_t{1} << 50; }));
    QVERIFY(configRefused([](ModelConfig& c) { c.headDim = -12; }));
    QVERIFY(configRefused([](ModelConfig& c) { c.rmsEps = std::nan(""); }));
    for (const int threads : {-1, 100000}) {
        const auto engine = Engine::create(good.model(), {threads, ActivationPath::Auto}, control);
        QVERIFY(!engine);
        QCOMPARE(engine.error().code, ErrorCode::Usage);
    }
    qputenv("TRILOBIT_ISA", "z80");
    const auto engine = Engine::create(good.model(), {}, control);
    qunsetenv("TRILOBIT_ISA");
    QVERIFY(!engine);
    QVERIFY(engine.error().message.find("z80") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
