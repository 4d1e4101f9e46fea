#include "core/base/rng.h"
#include "core/engine/attention.h"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace trilobit;
using kernels::CacheType;

namespace {

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

/// Keys and values of one layer, as the cache keeps them.
struct Filled {
    std::int64_t rows, kvHeads, dim;
    KvCache cache;
    std::vector<float> keys, values; ///< [rows, kvHeads, dim]

    Filled(const KernelSet& set, std::int64_t rowCount, std::int64_t heads, std::int64_t width, Rng& rng)
        : rows(rowCount), kvHeads(heads), dim(width), cache(2, rows, kvHeads, dim, CacheType::F32), keys(size(rows * kvHeads * dim)),
          values(keys.size()) {
        for (float& v : keys)
            v = static_cast<float>(rng.normal());
        for (float& v : values)
            v = static_cast<float>(rng.normal());
        cache.reserve(rows);
        std::copy(keys.begin(), keys.end(), cache.newKeys());
        std::copy(values.begin(), values.end(), cache.newValues());
        cache.commit(set, 1, 0, rows);
    }
};

/// Softmax attention in double, by its definition. The largest |value| that goes into an output bounds what rounding does to it.
std::vector<double> expectedOf(const Filled& f, const Attention::Shape& shape, const Attention::Tokens& t) {
    std::vector<double> out(size(t.count * shape.heads * f.dim));
    for (std::int64_t i = 0; i < t.count; ++i)
        for (std::int64_t h = 0; h < shape.heads; ++h) {
            const std::int64_t end = t.position + i + 1, first = t.window > 0 ? std::max<std::int64_t>(0, end - t.window) : 0;
            const std::int64_t kv = h / (shape.heads / shape.kvHeads);
            const float* q = t.q + (i * shape.heads + h) * f.dim;
            std::vector<double> weights;
            double sum = 0;
            for (std::int64_t j = first; j < end; ++j) {
                double score = 0;
                for (std::int64_t k = 0; k < f.dim; ++k)
                    score += static_cast<double>(q[k]) * static_cast<double>(f.keys[size((j * f.kvHeads + kv) * f.dim + k)]);
                score *= shape.scale;
                if (shape.cap > 0)
                    score = shape.cap * std::tanh(score / shape.cap);
                weights.push_back(std::exp(score));
                sum += weights.back();
            }
            for (std::int64_t j = first; j < end; ++j)
                for (std::int64_t k = 0; k < f.dim; ++k)
                    out[size((i * shape.heads + h) * f.dim + k)] +=
                        weights[size(j - first)] / sum * static_cast<double>(f.values[size((j * f.kvHeads + kv) * f.dim + k)]);
        }
    return out;
}

} // namespace

class TestAttention : public QObject {
    Q_OBJECT

private slots:
    void againstTheDefinition_data();
    void againstTheDefinition();
    void sameBitsHoweverShared();
    void cancels();
};

void TestAttention::againstTheDefinition_data() {
    QTest::addColumn<int>("heads");
    QTest::addColumn<int>("kvHeads");
    QTest::addColumn<int>("dim");
    QTest::addColumn<int>("position");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("window");
    QTest::addColumn<double>("cap");
    QTest::newRow("first token") << 4 << 1 << 32 << 0 << 1 << 0 << 0.0;
    QTest::newRow("a prompt") << 6 << 2 << 24 << 0 << 40 << 0 << 0.0;
    QTest::newRow("one whole chunk") << 4 << 2 << 32 << 383 << 1 << 0 << 0.0;
    QTest::newRow("one row more") << 4 << 2 << 32 << 384 << 1 << 0 << 0.0;
    QTest::newRow("some chunks, capped") << 5 << 5 << 20 << 1000 << 3 << 0 << 3.0;
    QTest::newRow("a window") << 8 << 2 << 64 << 900 << 2 << 500 << 0.0;
    QTest::newRow("a window not reached") << 8 << 2 << 64 << 90 << 2 << 500 << 0.0;
}

void TestAttention::againstTheDefinition() {
    QFETCH(int, heads);
    QFETCH(int, kvHeads);
    QFETCH(int, dim);
    QFETCH(int, position);
    QFETCH(int, count);
    QFETCH(int, window);
    QFETCH(double, cap);
    const KernelSet& set = **findKernelSet("");
    Rng rng(5);
    const Filled filled(set, position + count, kvHeads, dim, rng);
    const Attention::Shape shape{heads, kvHeads, dim, 1 / std::sqrt(static_cast<double>(dim)), cap};
    std::vector<float> q(size(std::int64_t{count} * heads * dim)), got(q.size());
    for (float& v : q)
        v = static_cast<float>(rng.normal());
    const Attention::Tokens tokens{1, window, position, count, q.data(), got.data()};
    WorkerTeam team(2);
    RunControl control;
    QVERIFY(Attention(shape, position + count, 2).run(set, team, filled.cache, tokens, control));
    const std::vector<double> expected = expectedOf(filled, shape, tokens);
    // A score is off by dim / 8 + 3 roundings of at most |q| |k| / sqrt(dim) < 12, a weight by as much relatively; the sums of
    // values and of weights by one rounding a row. Values are below 6, weights sum up to one.
    const int rows = window > 0 ? std::min(window, position + count) : position + count;
    const double bound = 6 * (2 * 12 * (dim / 8 + 8) + 2 * std::min<double>(rows, Attention::kChunkRows)) * 0x1p-24;
    for (std::size_t i = 0; i < got.size(); ++i)
        QVERIFY2(std::fabs(static_cast<double>(got[i]) - expected[i]) <= bound,
                 qPrintable(QStringLiteral("%1: %2, expected %3").arg(i).arg(static_cast<double>(got[i])).arg(expected[i])));
}

/// Alone or among others, on one thread or several.
void TestAttention::sameBitsHoweverShared() {
    const KernelSet& set = **findKernelSet("");
    Rng rng(6);
    constexpr std::int64_t kRows = 1300, kHeads = 6, kKvHeads = 2, kDim = 32, kNew = 5;
    const Filled filled(set, kRows, kKvHeads, kDim, rng);
    const Attention::Shape shape{kHeads, kKvHeads, kDim, 0.2, 0};
    std::vector<float> q(size(kNew * kHeads * kDim)), expected(q.size());
    for (float& v : q)
        v = static_cast<float>(rng.normal());
    RunControl control;
    for (const std::int64_t window : {std::int64_t{0}, std::int64_t{700}})
        for (int threads = 1; threads <= 3; ++threads) {
            WorkerTeam team(threads);
            Attention attention(shape, kRows, threads);
            std::vector<float> together(q.size()), apart(q.size());
            QVERIFY(attention.run(set, team, filled.cache, {1, window, kRows - kNew, kNew, q.data(), together.data()}, control));
            for (std::int64_t i = 0; i < kNew; ++i)
                QVERIFY(attention.run(set, team, filled.cache,
                                      {1, window, kRows - kNew + i, 1, q.data() + i * kHeads * kDim, apart.data() + i * kHeads * kDim},
                                      control));
            if (threads == 1)
                expected = together;
            QCOMPARE(together, expected);
            QCOMPARE(apart, expected);
        }
}

void TestAttention::cancels() {
    struct Cancelled : RunControl {
        bool isCancelled() const noexcept override { return true; }
    } control;
    const KernelSet& set = **findKernelSet("");
    Rng rng(7);
    const Filled filled(set, 8, 1, 32, rng);
    std::vector<float> q(8 * 32), out(q.size());
    WorkerTeam team(1);
    const auto done = Attention({1, 1, 32, 1, 0}, 8, 1).run(set, team, filled.cache, {1, 0, 0, 8, q.data(), out.data()}, control);
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Cancelled);
}

QTEST_APPLESS_MAIN(TestAttention)
#include "tst_attention.moc"
