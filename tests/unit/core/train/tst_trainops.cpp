// Every training operation, forward and backward, against reference results in double; matrix products against a plain
// triple loop.
#include "core/base/rng.h"
#include "core/train/gemm/gemm.h"
#include "core/train/ops/attention.h"
#include "core/train/ops/embedding.h"
#include "core/train/ops/gates.h"
#include "core/train/ops/losses.h"
#include "core/train/ops/norms.h"
#include "core/train/ops/rope.h"
#include "core/train/optimizer/adamw.h"
#include "core/train/schemes/linearscheme.h"
#include "tests/unit/core/train/goldentensors.h"

#include <algorithm>

using namespace trilobit;
using namespace trilobit::test;
using Values = std::vector<double>;

namespace {

constexpr int kThreads = 2;
constexpr double kClose = 1e-13; // double arithmetic in another order, a few hundred terms

/// [a][b][c][d] -> [a][c][b][d]: from (batch, head, position, dim) to rows of positions.
Values swapAxes(const Values& in, std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
    Values out(in.size());
    for (std::int64_t i = 0; i < a; ++i)
        for (std::int64_t j = 0; j < b; ++j)
            for (std::int64_t k = 0; k < c; ++k)
                for (std::int64_t l = 0; l < d; ++l)
                    out[static_cast<std::size_t>(((i * c + k) * b + j) * d + l)] =
                        in[static_cast<std::size_t>(((i * b + j) * c + k) * d + l)];
    return out;
}

std::shared_ptr<const LinearScheme<double>> scheme(const char* name, const Json& settings = Json::object()) {
    auto made = makeLinearScheme<double>(name, settings);
    if (!made)
        qFatal("%s", made.error().text().c_str());
    return *made;
}

} // namespace

#define COMPARE_CLOSE(found, expected) QVERIFY2(relativeDistance(found, expected) <= kClose, qPrintable(QString::number(relativeDistance(found, expected))))

class TestTrainOps : public QObject {
    Q_OBJECT

    GoldenTensors golden(const char* name) const {
        return GoldenTensors(dataPath(QStringLiteral("golden/train/ops/%1.safetensors").arg(QLatin1String(name))));
    }

    template <class Real>
    void checkGemm(double eps) {
        Rng rng(7);
        Gemm<Real> one(1), two(2);
        for (int round = 0; round < 40; ++round) {
            const auto m = static_cast<std::int64_t>(rng.below(70)), n = static_cast<std::int64_t>(rng.below(90)),
                       k = static_cast<std::int64_t>(rng.below(600));
            const Trans ta = rng.below(2) ? Trans::Yes : Trans::No, tb = rng.below(2) ? Trans::Yes : Trans::No;
            const bool accumulate = rng.below(2) != 0;
            std::vector<Real> a(static_cast<std::size_t>(m * k + 1)), b(static_cast<std::size_t>(k * n + 1)),
                c(static_cast<std::size_t>(m * n + 1));
            for (auto* values : {&a, &b, &c})
                for (Real& value : *values)
                    value = static_cast<Real>(rng.normal());
            std::vector<Real> before = c, again = c;
            const std::int64_t lda = ta == Trans::Yes ? m : k, ldb = tb == Trans::Yes ? k : n;
            one.run(ta, tb, m, n, k, a.data(), lda, b.data(), ldb, c.data(), n, accumulate);
            two.run(ta, tb, m, n, k, a.data(), lda, b.data(), ldb, again.data(), n, accumulate);
            QVERIFY(c == again);
            for (std::int64_t i = 0; i < m; ++i)
                for (std::int64_t j = 0; j < n; ++j) {
                    const auto at = static_cast<std::size_t>(i * n + j);
                    double sum = accumulate ? static_cast<double>(before[at]) : 0, magnitude = std::abs(sum);
                    for (std::int64_t q = 0; q < k; ++q) {
                        const double term = static_cast<double>(a[static_cast<std::size_t>(ta == Trans::Yes ? q * m + i : i * k + q)])
                                            * static_cast<double>(b[static_cast<std::size_t>(tb == Trans::Yes ? j * k + q : q * n + j)]);
                        sum += term;
                        magnitude += std::abs(term);
                    }
                    // Each of at most k + 2 roundings is below eps/2 of a partial sum, itself below the sum of magnitudes.
                    QVERIFY(std::abs(sum - static_cast<double>(c[at])) <= static_cast<double>(k + 2) * eps * magnitude);
                }
        }
    }

private slots:
    void gemmFloat() { checkGemm<float>(0x1p-24); }
    void gemmDouble() { checkGemm<double>(0x1p-53); }

    void norms_data() {
        QTest::addColumn<bool>("centred");
        QTest::newRow("rmsnorm") << false;
        QTest::newRow("layernorm") << true;
    }
    void norms() {
        TRILOBIT_NEED_DATA("golden/train/ops/rmsnorm.safetensors");
        QFETCH(bool, centred);
        const GoldenTensors g = golden(centred ? "layernorm" : "rmsnorm");
        Values y(64), mean(4), inverse(4), dx(64), dw(16);
        if (centred) {
            ops::layerNorm(4, 16, g["x"].data(), g["weight"].data(), 1e-5, y.data(), mean.data(), inverse.data(), kThreads);
            ops::layerNormBackward(4, 16, g["x"].data(), g["weight"].data(), mean.data(), inverse.data(), g["dy"].data(),
                                   dx.data(), dw.data(), kThreads);
        } else {
            ops::rmsNorm(4, 16, g["x"].data(), g["weight"].data(), 1e-5, y.data(), inverse.data(), kThreads);
            ops::rmsNormBackward(4, 16, g["x"].data(), g["weight"].data(), inverse.data(), g["dy"].data(), dx.data(),
                                 dw.data(), kThreads);
        }
        COMPARE_CLOSE(y, g["y"]);
        COMPARE_CLOSE(dx, g["dx"]);
        COMPARE_CLOSE(dw, g["dweight"]);
    }
    void linear() {
        TRILOBIT_NEED_DATA("golden/train/ops/linear.safetensors");
        const GoldenTensors g = golden("linear");
        Gemm<double> gemm(kThreads);
        Values y(30), dx(40), dw(48);
        gemm.linear(5, 8, 6, g["x"].data(), g["weight"].data(), y.data());
        gemm.linearInputGradient(5, 8, 6, g["dy"].data(), g["weight"].data(), dx.data(), false);
        gemm.linearWeightGradient(5, 8, 6, g["dy"].data(), g["x"].data(), dw.data(), false);
        COMPARE_CLOSE(y, g["y"]);
        COMPARE_CLOSE(dx, g["dx"]);
        COMPARE_CLOSE(dw, g["dweight"]);
    }
    void rope_data() {
        QTest::addColumn<bool>("interleaved");
        QTest::newRow("half") << false;
        QTest::newRow("interleaved") << true;
    }
    void rope() {
        TRILOBIT_NEED_DATA("golden/train/ops/rope_half.safetensors");
        QFETCH(bool, interleaved);
        const GoldenTensors g = golden(interleaved ? "rope_interleaved" : "rope_half");
        const std::vector<std::int32_t> positions = g.integers("pos");
        const RopeKind kind = interleaved ? RopeKind::Interleaved : RopeKind::SplitHalves;
        const std::int64_t last = *std::max_element(positions.begin(), positions.end()) + 1;
        const ops::RopeTable<double> table(last, 8, 10000.0);
        // The reference uses any positions; here rows are at consecutive ones, so each goes through on its own row.
        Values y(g["x"].size()), dx(g["x"].size());
        for (std::size_t head = 0; head < 3; ++head)
            for (std::size_t p = 0; p < 5; ++p) {
                const std::size_t at = (head * 5 + p) * 8;
                Values rows(static_cast<std::size_t>(last) * 8), back(rows.size());
                const auto place = static_cast<std::ptrdiff_t>(positions[p]) * 8;
                std::copy_n(g["x"].begin() + static_cast<std::ptrdiff_t>(at), 8, rows.begin() + place);
                std::copy_n(g["dy"].begin() + static_cast<std::ptrdiff_t>(at), 8, back.begin() + place);
                ops::rope(kind, table, last, last, 1, rows.data(), false, kThreads);
                ops::rope(kind, table, last, last, 1, back.data(), true, kThreads);
                std::copy_n(rows.begin() + place, 8, y.begin() + static_cast<std::ptrdiff_t>(at));
                std::copy_n(back.begin() + place, 8, dx.begin() + static_cast<std::ptrdiff_t>(at));
            }
        COMPARE_CLOSE(y, g["y"]);
        COMPARE_CLOSE(dx, g["dx"]);
    }
    void attention() {
        TRILOBIT_NEED_DATA("golden/train/ops/attention_gqa.safetensors");
        const GoldenTensors g = golden("attention_gqa");
        const AttentionShape shape{6, 4, 2, 8};
        const Values q = swapAxes(g["q"], 2, 4, 6, 8), k = swapAxes(g["k"], 2, 2, 6, 8), v = swapAxes(g["v"], 2, 2, 6, 8),
                     dy = swapAxes(g["dy"], 2, 4, 6, 8);
        Values y(q.size()), dq(q.size()), dk(k.size()), dv(v.size());
        Attention<double> attention(shape, kThreads);
        attention.forward(q.data(), k.data(), v.data(), y.data(), 2);
        attention.backward(q.data(), k.data(), v.data(), dy.data(), dq.data(), dk.data(), dv.data(), 2);
        COMPARE_CLOSE(y, swapAxes(g["y"], 2, 4, 6, 8));
        COMPARE_CLOSE(dq, swapAxes(g["dq"], 2, 4, 6, 8));
        COMPARE_CLOSE(dk, swapAxes(g["dk"], 2, 2, 6, 8));
        COMPARE_CLOSE(dv, swapAxes(g["dv"], 2, 2, 6, 8));
    }
    void gates_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("swiglu") << "swiglu";
        QTest::newRow("relu2") << "relu2_gate";
    }
    void gates() {
        TRILOBIT_NEED_DATA("golden/train/ops/swiglu.safetensors");
        QFETCH(QString, name);
        const GoldenTensors g = golden(qPrintable(name));
        Values y(40), dgate(40), dup(40);
        if (name == "swiglu") {
            ops::swiGlu(40, g["gate"].data(), g["up"].data(), y.data(), kThreads);
            ops::swiGluBackward(40, g["gate"].data(), g["up"].data(), g["dy"].data(), dgate.data(), dup.data(), kThreads);
        } else {
            ops::relu2Gate(40, g["gate"].data(), g["up"].data(), y.data(), kThreads);
            ops::relu2GateBackward(40, g["gate"].data(), g["up"].data(), g["dy"].data(), dgate.data(), dup.data(), kThreads);
        }
        COMPARE_CLOSE(y, g["y"]);
        COMPARE_CLOSE(dgate, g["dgate"]);
        COMPARE_CLOSE(dup, g["dup"]);
    }
    void crossEntropy() {
        TRILOBIT_NEED_DATA("golden/train/ops/cross_entropy.safetensors");
        const GoldenTensors g = golden("cross_entropy");
        const std::vector<std::int32_t> targets = g.integers("targets");
        const auto counted = std::count_if(targets.begin(), targets.end(), [](int t) { return t != ops::kIgnoredTarget; });
        Values dlogits(99), scratch(9);
        const double weight = 1.0 / static_cast<double>(counted);
        const double loss = ops::crossEntropy(9, 11, g["logits"].data(), targets.data(), weight, dlogits.data(),
                                              scratch.data(), kThreads);
        for (double& d : dlogits)
            d *= g["dy"][0];
        COMPARE_CLOSE(Values{loss}, g["y"]);
        COMPARE_CLOSE(dlogits, g["dlogits"]);
    }
    void embedding() {
        TRILOBIT_NEED_DATA("golden/train/ops/embedding.safetensors");
        const GoldenTensors g = golden("embedding");
        const std::vector<std::int32_t> ids = g.integers("ids");
        Values y(42), dw(60);
        ops::embedding(7, 6, ids.data(), g["weight"].data(), y.data(), kThreads);
        ops::embeddingBackward(7, 6, ids.data(), g["dy"].data(), dw.data(), kThreads);
        COMPARE_CLOSE(y, g["y"]);
        COMPARE_CLOSE(dw, g["dweight"]);
    }
    void distillation() {
        TRILOBIT_NEED_DATA("golden/train/ops/kl_distill.safetensors");
        const GoldenTensors kl = golden("kl_distill");
        Values d(80), scratch(6);
        const double loss = ops::klDistillation(5, 16, kl["teacher"].data(), kl["student"].data(), 2.0, 0.2, d.data(),
                                                scratch.data(), kThreads);
        for (double& value : d)
            value *= kl["dy"][0];
        COMPARE_CLOSE(Values{loss}, kl["y"]);
        COMPARE_CLOSE(d, kl["dstudent"]);
        const GoldenTensors off = golden("off_distill");
        Values e(192);
        const double cosine = ops::cosineDistillation(6, 32, off["teacher"].data(), off["student"].data(), 1.0 / 6, e.data(),
                                                      scratch.data(), kThreads);
        for (double& value : e)
            value *= off["dy"][0];
        COMPARE_CLOSE(Values{cosine}, off["y"]);
        COMPARE_CLOSE(e, off["dstudent"]);
    }
    void quantizedLinear_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("name");
        QTest::newRow("bitnet") << "bitlinear" << "bitnet";
        QTest::newRow("bitnet ties") << "bitlinear_ties" << "bitnet";
        QTest::newRow("b1") << "b1linear" << "b1";
        QTest::newRow("b1 ties") << "b1linear_ties" << "b1";
    }
    void quantizedLinear() {
        TRILOBIT_NEED_DATA("golden/train/ops/bitlinear.safetensors");
        QFETCH(QString, file);
        QFETCH(QString, name);
        const GoldenTensors g = golden(qPrintable(file));
        const auto unit = scheme(qPrintable(name));
        const std::int64_t rows = g.shape("x")[0], in = g.shape("x")[1], out = g.shape("weight")[0];
        Values what(g["weight"].size()), xhat(g["x"].size()), y(g["y"].size()), dx(xhat.size()), dwhat(what.size()),
            dw(what.size());
        unit->weight(out, in, g["weight"].data(), nullptr, what.data(), kThreads);
        unit->input(rows, in, g["x"].data(), xhat.data(), kThreads);
        Gemm<double> gemm(kThreads);
        gemm.linear(rows, in, out, xhat.data(), what.data(), y.data());
        gemm.linearInputGradient(rows, in, out, g["dy"].data(), what.data(), dx.data(), false);
        gemm.linearWeightGradient(rows, in, out, g["dy"].data(), xhat.data(), dwhat.data(), false);
        unit->weightGradient(out, in, g["weight"].data(), nullptr, dwhat.data(), dw.data(), nullptr, kThreads);
        COMPARE_CLOSE(what, g["w_hat"]);
        COMPARE_CLOSE(xhat, g["x_hat"]);
        COMPARE_CLOSE(y, g["y"]);
        COMPARE_CLOSE(dx, g["dx"]);
        COMPARE_CLOSE(dw, g["dweight"]);
    }
    void dlt_data() {
        QTest::addColumn<bool>("centred");
        QTest::newRow("plain") << false;
        QTest::newRow("centred") << true;
    }
    void dlt() {
        TRILOBIT_NEED_DATA("golden/train/ops/dlt.safetensors");
        QFETCH(bool, centred);
        const GoldenTensors g = golden(centred ? "dlt_centred" : "dlt");
        const auto unit = scheme("dlt", Json::object({{"group", 32}, {"centred", centred}}));
        Values alpha(12), gamma(12), what(384), dw(384), dalpha(12), dgamma(12);
        Rng rng(1);
        double* start[] = {alpha.data(), gamma.data()};
        Values weight = g["weight"];
        unit->initialize(6, 64, weight.data(), start, rng);
        COMPARE_CLOSE(alpha, g["alpha_init"]);
        COMPARE_CLOSE(gamma, g["gamma_init"]);
        const double* extras[] = {g["alpha"].data(), g["gamma"].data()};
        double* gradients[] = {dalpha.data(), dgamma.data()};
        unit->weight(6, 64, g["weight"].data(), extras, what.data(), kThreads);
        unit->weightGradient(6, 64, g["weight"].data(), extras, g["dy"].data(), dw.data(), gradients, kThreads);
        COMPARE_CLOSE(what, g["y"]);
        COMPARE_CLOSE(dw, g["dweight"]);
        COMPARE_CLOSE(dalpha, g["dalpha"]);
        COMPARE_CLOSE(dgamma, g["dgamma"]);
    }
    void lsq() {
        TRILOBIT_NEED_DATA("golden/train/ops/lsq.safetensors");
        const GoldenTensors g = golden("lsq");
        const auto unit = scheme("lsq", Json::object({{"bits", 4}, {"gradient_scale", false}}));
        Values what(144), dw(144), ds(6);
        const double* extras[] = {g["s"].data()};
        double* gradients[] = {ds.data()};
        unit->weight(6, 24, g["weight"].data(), extras, what.data(), kThreads);
        unit->weightGradient(6, 24, g["weight"].data(), extras, g["dy"].data(), dw.data(), gradients, kThreads);
        COMPARE_CLOSE(what, g["y"]);
        COMPARE_CLOSE(dw, g["dweight"]);
        COMPARE_CLOSE(ds, g["ds"]);
    }
    void lrqat() {
        TRILOBIT_NEED_DATA("golden/train/ops/lrqat.safetensors");
        const GoldenTensors g = golden("lrqat");
        const auto unit = scheme("lrqat", Json::object({{"bits", 4}, {"rank", 3}, {"alpha", 6.0}}));
        Values what(144), ds(6), da(18), db(72);
        const double* extras[] = {g["s"].data(), g["A"].data(), g["B"].data()};
        double* gradients[] = {ds.data(), da.data(), db.data()};
        unit->weight(6, 24, g["phi0"].data(), extras, what.data(), kThreads);
        unit->weightGradient(6, 24, g["phi0"].data(), extras, g["dy"].data(), nullptr, gradients, kThreads);
        COMPARE_CLOSE(what, g["y"]);
        COMPARE_CLOSE(ds, g["ds"]);
        COMPARE_CLOSE(da, g["dA"]);
        COMPARE_CLOSE(db, g["dB"]);
    }
    void lora() {
        TRILOBIT_NEED_DATA("golden/train/ops/lora_linear.safetensors");
        const GoldenTensors g = golden("lora_linear");
        const auto unit = scheme("lora", Json::object({{"rank", 4}, {"alpha", 8.0}}));
        Values what(192), y(60), dx(80), dwhat(192), da(64), db(48);
        const double* extras[] = {g["A"].data(), g["B"].data()};
        double* gradients[] = {da.data(), db.data()};
        Gemm<double> gemm(kThreads);
        unit->weight(12, 16, g["weight"].data(), extras, what.data(), kThreads);
        gemm.linear(5, 16, 12, g["x"].data(), what.data(), y.data());
        gemm.linearInputGradient(5, 16, 12, g["dy"].data(), what.data(), dx.data(), false);
        gemm.linearWeightGradient(5, 16, 12, g["dy"].data(), g["x"].data(), dwhat.data(), false);
        unit->weightGradient(12, 16, g["weight"].data(), extras, dwhat.data(), nullptr, gradients, kThreads);
        COMPARE_CLOSE(y, g["y"]);
        COMPARE_CLOSE(dx, g["dx"]);
        COMPARE_CLOSE(da, g["dA"]);
        COMPARE_CLOSE(db, g["dB"]);
    }
    void adamW() {
        TRILOBIT_NEED_DATA("golden/train/ops/adamw.safetensors");
        const GoldenTensors g = golden("adamw");
        Values p = g["p0"], m(12), v(12);
        const double rates[] = {0.01, 0.02, 0.005};
        for (int step = 1; step <= 3; ++step) {
            const std::string n = std::to_string(step);
            const Values& gradient = g["g" + n];
            double norm = 0;
            for (const double value : gradient)
                norm += value * value;
            const double clip = std::min(1.0, 1.0 / (std::sqrt(norm) + 1e-6));
            adamWStep<double>({}, step, rates[step - 1], 0.1, clip, p, gradient, m, v, kThreads);
            COMPARE_CLOSE(m, g["m" + n]);
            COMPARE_CLOSE(v, g["v" + n]);
            COMPARE_CLOSE(p, g["p" + n]);
        }
    }
};

QTEST_GUILESS_MAIN(TestTrainOps)
#include "tst_trainops.moc"
