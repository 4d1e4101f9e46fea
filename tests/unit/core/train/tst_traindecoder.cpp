// Whole training runs against reference runs: losses, gradient norms, first gradient, final weights.
#include "core/base/json.h"
#include "core/base/mappedfile.h"
#include "core/train/graph/decoder.h"
#include "core/train/optimizer/adamw.h"
#include "tests/unit/core/train/goldentensors.h"

#include <algorithm>

using namespace trilobit;
using namespace trilobit::test;

namespace {

ModelConfig tinyConfig(bool bitnet) {
    ModelConfig config;
    config.vocabSize = 512;
    config.hiddenSize = 64;
    config.layers = 2;
    config.heads = 4;
    config.kvHeads = 2;
    config.headDim = config.ropeDim = 16;
    config.ffnSize = 160;
    config.rope = RopeKind::SplitHalves;
    config.activation = bitnet ? Activation::Relu2 : Activation::Silu;
    config.subNorms = bitnet;
    return config;
}

Json readJson(const QString& path) {
    auto text = readFile(path.toStdString());
    auto json = text ? Json::parse(*text) : Result<Json>(text.error());
    if (!json)
        qFatal("%s", json.error().text().c_str());
    return *std::move(json);
}

template <class Real>
void load(TrainDecoder<Real>& decoder, const GoldenTensors& tensors, const char* suffix = "") {
    for (std::size_t i = 0; i < decoder.layout().list.size(); ++i) {
        const auto found = tensors.all().find(decoder.layout().list[i].name + suffix);
        if (found == tensors.all().end())
            continue;
        const std::span<Real> target = decoder.parameter(i);
        if (target.size() != found->second.size())
            qFatal("%s has another size", found->first.c_str());
        std::transform(found->second.begin(), found->second.end(), target.begin(),
                       [](double value) { return static_cast<Real>(value); });
    }
}

struct Outcome {
    std::vector<double> loss, gradNorm;
    double lossAfter = 0;
};

/// The update of the reference: clip all together, then AdamW with decay on matrices only.
template <class Real>
Outcome run(TrainDecoder<Real>& decoder, const Json& rates, int steps, const std::vector<std::int32_t>& inputs,
            const std::vector<std::int32_t>& targets, const std::function<void(int)>& afterBackward = {}) {
    Outcome outcome;
    std::vector<Real> m(decoder.values().size()), v(m.size());
    for (int step = 1; step <= steps; ++step) {
        const std::int32_t* ids = inputs.data() + (step - 1) * 256;
        decoder.forward(ids, 256);
        outcome.loss.push_back(static_cast<double>(decoder.loss(targets.data() + (step - 1) * 256, 256)));
        decoder.zeroGradients();
        decoder.backward(ids, 256);
        if (afterBackward)
            afterBackward(step);
        double squares = 0;
        for (std::size_t i = 0; i < decoder.layout().list.size(); ++i)
            if (decoder.layout().list[i].trained)
                for (const Real g : decoder.gradient(i))
                    squares += static_cast<double>(g) * static_cast<double>(g);
        const double norm = std::sqrt(squares);
        outcome.gradNorm.push_back(norm);
        for (std::size_t i = 0; i < decoder.layout().list.size(); ++i) {
            const ParameterInfo& info = decoder.layout().list[i];
            if (info.trained)
                adamWStep<Real>({}, step, rates.items()[static_cast<std::size_t>(step - 1)].toDouble(),
                                info.decays ? 0.1 : 0.0, std::min(1.0, 1 / (norm + 1e-6)), decoder.parameter(i),
                                decoder.gradient(i), std::span(m).subspan(info.offset, info.count()),
                                std::span(v).subspan(info.offset, info.count()), 2);
        }
    }
    decoder.forward(inputs.data(), 256);
    outcome.lossAfter = static_cast<double>(decoder.loss(targets.data(), 256));
    return outcome;
}

double worst(const std::vector<double>& found, const Json& expected) {
    double largest = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
        largest = std::max(largest, std::abs(found[i] - expected.items()[i].toDouble()));
    return largest;
}

} // namespace

class TestTrainDecoder : public QObject {
    Q_OBJECT

    std::vector<std::int32_t> m_inputs, m_targets;
    QString file(const char* relative) const { return dataPath(QStringLiteral("golden/train/") + QLatin1String(relative)); }

    template <class Real>
    std::unique_ptr<TrainDecoder<Real>> decoder(bool bitnet, const char* scheme, const Json& settings,
                                                NormKind norms = NormKind::Rms, int threads = 2) const {
        auto made = makeLinearScheme<Real>(scheme, settings);
        if (!made)
            qFatal("%s", made.error().text().c_str());
        return std::make_unique<TrainDecoder<Real>>(tinyConfig(bitnet), *made, norms, 4, 64, threads);
    }

private slots:
    void init() {
        TRILOBIT_NEED_DATA("golden/train/data/inputs.i32");
        m_inputs = readInts(file("data/inputs.i32"));
        m_targets = readInts(file("data/targets.i32"));
    }

    void fullPrecision() {
        const Json golden = readJson(file("llama-fp/run.json"));
        auto model = decoder<double>(false, "plain", Json::object());
        load(*model, GoldenTensors(file("llama-fp/init.safetensors")));
        const GoldenTensors gradient(file("llama-fp/grad1.safetensors")), final(file("llama-fp/final.safetensors"));
        const Outcome outcome = run(*model, golden["lr"], 10, m_inputs, m_targets, [&](int step) {
            for (std::size_t i = 0; step == 1 && i < model->layout().list.size(); ++i) {
                const auto g = model->gradient(i);
                QVERIFY(relativeDistance({g.begin(), g.end()}, gradient[model->layout().list[i].name]) < 1e-11);
            }
        });
        QVERIFY2(worst(outcome.loss, golden["float64"]["loss"]) < 1e-10, "loss");
        QVERIFY2(worst(outcome.gradNorm, golden["float64"]["grad_norm"]) < 1e-10, "gradient norm");
        QVERIFY(std::abs(outcome.lossAfter - golden["float64"]["loss_batch1_after"].toDouble()) < 1e-10);
        for (std::size_t i = 0; i < model->layout().list.size(); ++i) {
            const auto p = model->parameter(i);
            QVERIFY(relativeDistance({p.begin(), p.end()}, final[model->layout().list[i].name]) < 1e-7); // stored as F32
        }
    }
    void fullPrecisionInFloat() {
        const Json golden = readJson(file("llama-fp/run.json"));
        auto model = decoder<float>(false, "plain", Json::object());
        load(*model, GoldenTensors(file("llama-fp/init.safetensors")));
        const Outcome outcome = run(*model, golden["lr"], 10, m_inputs, m_targets);
        QVERIFY2(worst(outcome.loss, golden["float64"]["loss"]) < 1e-5, qPrintable(QString::number(worst(outcome.loss, golden["float64"]["loss"]))));
    }
    void sameBitsForAnyThreadCount() {
        const Json golden = readJson(file("bitnet-qat/run.json"));
        std::vector<std::vector<float>> results;
        for (const int threads : {1, 2, 3}) {
            auto model = decoder<float>(true, "bitnet", Json::object(), NormKind::Rms, threads);
            load(*model, GoldenTensors(file("bitnet-qat/init.safetensors")));
            run(*model, golden["lr"], 3, m_inputs, m_targets);
            results.emplace_back(model->values().begin(), model->values().end());
        }
        QVERIFY(results[0] == results[1]);
        QVERIFY(results[0] == results[2]);
    }
    void quantized_data() {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("variant");
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<QString>("settings");
        QTest::addColumn<bool>("bitnet");
        QTest::addColumn<bool>("layerNorm");
        QTest::addColumn<QString>("init");
        QTest::addColumn<int>("steps");
        QTest::newRow("bitnet") << "bitnet-qat" << "" << "bitnet" << "{}" << true << false << "bitnet-qat" << 10;
        QTest::newRow("bitnet, weights only") << "bitnet-qat" << "weight_only" << "bitnet" << R"({"activations":false})" << true << false << "bitnet-qat" << 10;
        QTest::newRow("b1") << "binary-b1" << "rmsnorm" << "b1" << "{}" << true << false << "bitnet-qat" << 5;
        QTest::newRow("b1, layer norms") << "binary-b1" << "layernorm" << "b1" << "{}" << true << true << "bitnet-qat" << 5;
        QTest::newRow("b1, weights only") << "binary-b1" << "rmsnorm_weight_only" << "b1" << R"({"activations":false})" << true << false << "bitnet-qat" << 5;
        QTest::newRow("dlt") << "dlt" << "plain" << "dlt" << R"({"group":32})" << false << false << "llama-fp" << 5;
        QTest::newRow("dlt, centred") << "dlt" << "centred" << "dlt" << R"({"group":32,"centred":true})" << false << false << "llama-fp" << 5;
        QTest::newRow("lora") << "lora" << "lora" << "lora" << R"({"rank":4,"alpha":8})" << false << false << "llama-fp" << 5;
        QTest::newRow("qlora") << "lora" << "qlora" << "lora" << R"({"rank":4,"alpha":8})" << false << false << "llama-fp" << 5;
    }
    void quantized() {
        QFETCH(QString, folder);
        QFETCH(QString, variant);
        QFETCH(QString, scheme);
        QFETCH(QString, settings);
        QFETCH(bool, bitnet);
        QFETCH(bool, layerNorm);
        QFETCH(QString, init);
        QFETCH(int, steps);
        const Json whole = readJson(file(qPrintable(folder + "/run.json")));
        const Json golden = variant.isEmpty() ? whole : whole[variant.toStdString()];
        QVERIFY2(golden.isObject(), qPrintable("run.json has no " + variant));
        const auto parsed = Json::parse(settings.toStdString());
        auto model = decoder<double>(bitnet, qPrintable(scheme), *parsed, layerNorm ? NormKind::Layer : NormKind::Rms);
        load(*model, GoldenTensors(file(qPrintable(init + "/init.safetensors"))));
        if (folder == "dlt")
            load(*model, GoldenTensors(file("dlt/init-scales.safetensors")));
        if (folder == "lora")
            load(*model, GoldenTensors(file("lora/init-adapter.safetensors")));
        if (variant == "qlora")
            load(*model, GoldenTensors(file("lora/nf4-dequantized.safetensors")));
        const Json& rates = golden.contains("lr") ? golden["lr"] : whole["lr"];
        const Outcome outcome = run(*model, rates, steps, m_inputs, m_targets);
        const Json& expected = golden["float64"];
        const double difference = worst(outcome.loss, expected["loss"]);
        QVERIFY2(difference < 1e-10, qPrintable(QString::number(difference)));
        QVERIFY2(worst(outcome.gradNorm, expected["grad_norm"]) < 1e-9, "gradient norm");
    }
};

QTEST_GUILESS_MAIN(TestTrainDecoder)
#include "tst_traindecoder.moc"
