// Schedules, checkpoints, and what a trained decoder becomes as a model.
#include "core/base/rng.h"
#include "core/base/safefile.h"
#include "core/engine/engine.h"
#include "core/formats/gguf/ggufreader.h"
#include "core/model/configmetadata.h"
#include "core/model/modelwriter.h"
#include "core/train/checkpoint/checkpoint.h"
#include "core/train/exporting/adapter.h"
#include "core/train/exporting/modelparts.h"
#include "core/train/ops/losses.h"
#include "core/train/schedule/schedule.h"
#include "tests/support/testdata.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace trilobit;

namespace {

constexpr std::int64_t kRows = 2, kTime = 12;

ModelConfig config() {
    ModelConfig c;
    c.architecture = "llama";
    c.name = "tiny";
    c.vocabSize = 96;
    c.contextLength = 64;
    c.hiddenSize = 256;
    c.layers = 2;
    c.heads = 4;
    c.kvHeads = 2;
    c.headDim = c.ropeDim = 64;
    c.ffnSize = 256;
    c.rope = RopeKind::SplitHalves;
    c.tiedOutput = true;
    return c;
}

std::unique_ptr<TrainState<float>> state(const char* scheme, const Json& settings = Json::object()) {
    auto made = makeLinearScheme<float>(scheme, settings);
    if (!made)
        qFatal("%s", made.error().text().c_str());
    auto out = std::make_unique<TrainState<float>>(config(), *made, NormKind::Rms, kRows, kTime, 1);
    out->decoder().initialize(7);
    return out;
}

struct Batch {
    std::vector<std::int32_t> ids, targets;
};

Batch batch(std::int64_t step) {
    Rng rng(static_cast<std::uint64_t>(step) * 77 + 5);
    Batch b;
    for (std::int64_t i = 0; i < kRows * kTime; ++i) {
        b.ids.push_back(static_cast<std::int32_t>(rng.below(96)));
        b.targets.push_back(static_cast<std::int32_t>((b.ids.back() * 5 + 1) % 96)); // something to learn
    }
    return b;
}

StepReport train(TrainState<float>& s, std::int64_t from, std::int64_t to) {
    StepReport report;
    for (std::int64_t t = from; t <= to; ++t) {
        const Batch b = batch(t);
        auto done = s.step(b.ids.data(), b.targets.data(), kRows * kTime, {});
        if (!done)
            qFatal("%s", done.error().text().c_str());
        report = *done;
    }
    return report;
}

} // namespace

class TestTrainState : public QObject {
    Q_OBJECT

private slots:
    void schedules() {
        Schedule s;
        s.peak = 3e-3;
        s.floor = 3e-4;
        s.warmup = 3;
        s.steps = 10;
        QCOMPARE(s.learningRate(1), 1e-3);
        QCOMPARE(s.learningRate(3), 3e-3);
        QCOMPARE(s.learningRate(10), 3e-4);
        QVERIFY(std::abs(s.learningRate(5) - (3e-4 + 2.7e-3 / 2 * (1 + std::cos(M_PI * 2 / 7)))) < 1e-15);
        s.kind = Schedule::Kind::TwoStage;
        s.floor = 0;
        s.steps = 100;
        QVERIFY(s.learningRate(50) > 1.4 * s.learningRate(51)); // the drop at half time
        QCOMPARE(s.learningRate(100), 0.0);
        QCOMPARE(s.decay(50), 0.1);
        QCOMPARE(s.decay(51), 0.0);
        s.gradualSteps = 20;
        QCOMPARE(s.lambda(5), 0.25);
        QCOMPARE(s.lambda(40), 1.0);
        const auto back = scheduleFromJson(scheduleToJson(s));
        QVERIFY(back && scheduleToJson(*back) == scheduleToJson(s));
        const auto wrong = scheduleFromJson(Json::object({{"steps", 0}}));
        QVERIFY(!wrong);
        QCOMPARE(QString::fromStdString(wrong.error().field), QStringLiteral("schedule.steps"));
        QVERIFY(!scheduleFromJson(Json::object({{"speed", 1}})));
    }

    void learns() {
        auto s = state("bitnet");
        const double before = train(*s, 1, 1).loss;
        QVERIFY(before > std::log(96.0) - 0.5); // knows nothing yet
        QVERIFY(train(*s, 2, 120).loss < before - 1);
    }

    void roundedStartsNearTheFloats() {
        // A model that goes on in k bits begins near where it was: no scheme may lose the weights it starts from.
        auto full = state("plain");
        train(*full, 1, 60);
        RunControl control;
        TrainedExport options;
        options.floatEncoding = "F32";
        const auto model = exportTrained(full->decoder(), metadataFromConfig(config()), nullptr, EncodingRegistry::builtin(),
                                         options, control);
        QVERIFY(model);
        const Batch b = batch(61);
        const double before = static_cast<double>(full->evaluate(b.ids.data(), b.targets.data(), kRows * kTime));
        for (const char* scheme : {"lsq", "lrqat"}) {
            auto s = state(scheme, Json::object({{"bits", 8}}));
            QVERIFY(importWeights(**model, s->decoder(), control));
            s->decoder().initializeExtras(1);
            const double after = static_cast<double>(s->evaluate(b.ids.data(), b.targets.data(), kRows * kTime));
            // Eight bits leave an error of about a hundredth of the weights; random weights cost more than a nat.
            QVERIFY2(std::abs(after - before) < 0.1, qPrintable(QString("%1: %2 after %3").arg(scheme).arg(after).arg(before)));
        }
    }
    void gradientsAreSlopes_data() {
        QTest::addColumn<bool>("bitnet");
        QTest::addColumn<QString>("loss");
        for (const bool bitnet : {false, true})
            for (const char* loss : {"cross-entropy", "distillation", "blocks"})
                QTest::newRow(qPrintable(QString("%1, %2").arg(bitnet ? "bitnet" : "llama", loss))) << bitnet << loss;
    }
    void gradientsAreSlopes() {
        QFETCH(bool, bitnet);
        QFETCH(QString, loss);
        ModelConfig c = config();
        c.subNorms = bitnet;
        c.activation = bitnet ? Activation::Relu2 : Activation::Silu;
        constexpr std::int64_t rows = kRows * kTime;
        const auto make = [&](std::uint64_t seed) {
            auto d = std::make_unique<TrainDecoder<double>>(c, std::make_shared<LinearScheme<double>>(), NormKind::Rms, kRows, kTime, 1);
            d->initialize(seed);
            for (double& value : d->values())
                value *= 3; // away from where everything is nearly linear
            return d;
        };
        const auto teacher = make(8), student = make(9);
        const Batch b = batch(3);
        const std::int32_t* ids = b.ids.data();
        teacher->forward(ids, rows);
        std::vector<double> scratch(rows);
        // As the trainer puts it together; leaves the gradients when asked.
        const auto value = [&](bool backward) {
            TrainDecoder<double>& d = *student;
            if (loss == "blocks")
                return d.teachBlocks(*teacher, rows);
            d.forward(ids, rows);
            double sum = 0;
            if (loss == "cross-entropy") {
                sum = d.loss(b.targets.data(), rows);
            } else {
                const auto gradient = d.logitGradient();
                std::fill(gradient.begin(), gradient.end(), 0.0);
                sum = ops::klDistillation(rows, c.vocabSize, teacher->logits().data(), d.logits().data(), 2.0, 0.7 / rows,
                                          gradient.data(), scratch.data(), 1);
                sum += d.addCrossEntropy(b.targets.data(), rows, 0.3);
                for (std::size_t layer = 1; layer <= 2; ++layer)
                    sum += ops::cosineDistillation(rows, c.hiddenSize, teacher->residual(layer).data(),
                                                   d.residual(layer).data(), 0.4 / rows, d.residualGradient(layer).data(),
                                                   scratch.data(), 1);
            }
            if (backward)
                d.backward(ids, rows);
            return sum;
        };
        student->zeroGradients();
        value(true);
        const std::vector<double> gradients(student->gradients().begin(), student->gradients().end());
        Rng rng(11);
        struct Found {
            const ParameterInfo* info;
            double slope, gradient;
        };
        std::vector<Found> all;
        double largest = 0;
        for (const ParameterInfo& info : student->layout().list)
            for (int sample = 0; sample < 3; ++sample) {
                const std::size_t at = info.offset + rng.below(info.count());
                double& p = student->values()[at];
                const double before = p, step = 1e-5;
                p = before + step;
                const double above = value(false);
                p = before - step;
                const double below = value(false);
                p = before;
                const double slope = (above - below) / (2 * step);
                largest = std::max(largest, std::abs(slope));
                all.push_back({&info, slope, gradients[at]});
            }
        QVERIFY(largest > 1e-4);
        // A difference of values near 1 is good to step^2 and to 1e-16 / step, so small slopes are seen less exactly.
        for (const Found& f : all)
            QVERIFY2(std::abs(f.slope - f.gradient) <= 1e-6 * std::max(std::abs(f.slope), largest / 10),
                     qPrintable(QString("%1: %2, slope %3").arg(QString::fromStdString(f.info->name)).arg(f.gradient, 0, 'g', 12).arg(f.slope, 0, 'g', 12)));
    }
    void blocksLearnWhatTheTeacherGives() {
        auto full = state("plain");
        train(*full, 1, 60);
        auto student = state("dlt", Json::object({{"group", 64}}));
        for (const ParameterInfo& info : full->decoder().layout().list)
            std::ranges::copy(full->decoder().values().subspan(info.offset, info.count()),
                              student->decoder().values().subspan(student->decoder().layout().find(info.name)->offset).begin());
        student->decoder().initializeExtras(1);
        StepSettings settings;
        settings.weightDecay = 0;
        double first = 0, last = 0;
        for (std::int64_t t = 1; t <= 60; ++t) {
            const Batch b = batch(100 + t);
            full->decoder().forwardBlocks(b.ids.data(), kRows * kTime);
            const auto report = student->stepBlocks(full->decoder(), kRows * kTime, settings);
            QVERIFY(report);
            (t == 1 ? first : last) = report->loss;
        }
        QVERIFY2(last < 0.5 * first, qPrintable(QString("%1 after %2").arg(last).arg(first)));
        // Another loss with other moments: no step is larger than the first of a new run, whatever the old gradients were.
        const std::vector<float> taught(student->decoder().values().begin(), student->decoder().values().end());
        student->restartMoments();
        QVERIFY(student->step(batch(200).ids.data(), batch(200).targets.data(), kRows * kTime, settings));
        QCOMPARE(student->stepsDone(), std::int64_t{61});
        for (std::size_t i = 0; i < taught.size(); ++i)
            QVERIFY(std::abs(student->decoder().values()[i] - taught[i]) <= 1.001 * settings.learningRate);
        // The teacher taught by itself has nothing to learn.
        const Batch b = batch(7);
        auto same = state("plain");
        std::ranges::copy(full->decoder().values(), same->decoder().values().begin());
        full->decoder().forwardBlocks(b.ids.data(), kRows * kTime);
        const auto report = same->stepBlocks(full->decoder(), kRows * kTime, settings);
        QVERIFY(report && report->loss == 0.0 && report->gradNorm == 0.0);
    }
    void parametersOfAnotherRun() {
        QTemporaryDir dir;
        const std::string path = dir.filePath("c.safetensors").toStdString();
        RunControl control;
        const Json groups = Json::object({{"group", 64}});
        auto first = state("dlt", groups);
        train(*first, 1, 5);
        QVERIFY(writeCheckpoint(path, *first, Json::object({{"plan", "x"}}), control));
        // The same scheme: its scales are learned values, and stay.
        auto same = state("dlt", groups);
        QVERIFY(!std::ranges::equal(same->decoder().values(), first->decoder().values()));
        auto read = readParameters(path, same->decoder());
        QVERIFY(read && *read);
        QVERIFY(std::ranges::equal(same->decoder().values(), first->decoder().values()));
        // Other scales: only what all models have.
        auto other = state("lsq", Json::object({{"bits", 2}, {"group", 64}}));
        const auto step = other->decoder().layout().find("model.layers.0.mlp.up_proj.step");
        QVERIFY(step);
        const float before = other->decoder().values()[step->offset];
        read = readParameters(path, other->decoder());
        QVERIFY(read && !*read);
        QCOMPARE(other->decoder().values()[step->offset], before);
        QVERIFY(std::ranges::equal(other->decoder().parameter(other->decoder().layout().layers[1].down.weight),
                                   first->decoder().parameter(first->decoder().layout().layers[1].down.weight)));
    }
    void resumeHasTheSameBits() {
        QTemporaryDir dir;
        const std::string path = dir.filePath("c.safetensors").toStdString();
        RunControl control;
        auto straight = state("bitnet");
        train(*straight, 1, 9);
        auto first = state("bitnet");
        train(*first, 1, 4);
        QVERIFY(writeCheckpoint(path, *first, Json::object({{"plan", "x"}}), control));
        auto second = state("bitnet");
        const auto notes = readCheckpoint(path, *second);
        QVERIFY2(notes, notes ? "" : notes.error().text().c_str());
        QCOMPARE((*notes)["plan"].toString(), std::string("x"));
        QCOMPARE(second->stepsDone(), std::int64_t(4));
        train(*second, 5, 9);
        const auto a = straight->decoder().values(), b = second->decoder().values();
        QVERIFY(std::equal(a.begin(), a.end(), b.begin(), b.end()));
        // Not trivially: one step more is another model.
        train(*second, 10, 10);
        QVERIFY(!std::equal(a.begin(), a.end(), b.begin(), b.end()));
    }
    void damagedCheckpoints() {
        QTemporaryDir dir;
        const QString path = dir.filePath("c.safetensors");
        RunControl control;
        auto s = state("bitnet");
        QVERIFY(writeCheckpoint(path.toStdString(), *s, Json::object(), control));
        auto other = state("dlt");
        const auto missing = readCheckpoint(path.toStdString(), *other);
        QVERIFY(!missing && missing.error().field.find(".alpha") != std::string::npos);
        QFile file(path);
        QVERIFY(file.resize(file.size() - 8));
        const auto cut = readCheckpoint(path.toStdString(), *s);
        QVERIFY(!cut && cut.error().file == path.toStdString());
    }
    void lossThatIsNoNumber() {
        auto s = state("plain");
        train(*s, 1, 2);
        const std::vector<float> before(s->decoder().values().begin(), s->decoder().values().end());
        s->decoder().parameter(0)[5] = NAN;
        Batch b = batch(3);
        b.ids[0] = 0; // row 0 of the embedding, which holds weight 5
        const auto done = s->step(b.ids.data(), b.targets.data(), kRows * kTime, {});
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Numeric);
        QVERIFY(done.error().message.find("step 3") != std::string::npos);
        QCOMPARE(s->stepsDone(), std::int64_t(2));
        s->decoder().parameter(0)[5] = before[5];
        QVERIFY(std::equal(before.begin(), before.end(), s->decoder().values().begin()));
    }

    void exportRunsLikeTheDecoder_data() {
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<QString>("settings");
        QTest::addColumn<QString>("encoding");
        QTest::addColumn<double>("tolerance");
        // Floats: sums in another order. Grids: scales (and shifts) rounded to 11 bits, 2^-12 of every weight of a product;
        // the logits are of size 1.
        QTest::newRow("plain") << "plain" << "{}" << "F32" << 2e-5;
        // Rounded activations: one that lies near a half falls to the other side, a step of 1/127 of the token's largest.
        QTest::newRow("bitnet") << "bitnet" << "{}" << "TQ2_0" << 3e-2;
        QTest::newRow("bitnet, weights only") << "bitnet" << R"({"activations": false})" << "TQ2_0" << 4e-3;
        QTest::newRow("b1") << "b1" << "{}" << "affine-g64-b1" << 3e-2;
        QTest::newRow("b1, weights only") << "b1" << R"({"activations": false})" << "affine-g64-b1" << 4e-3;
        QTest::newRow("dlt") << "dlt" << "{}" << "affine-g32-b2" << 4e-3;
        QTest::newRow("lsq") << "lsq" << "{}" << "affine-g256-b4" << 4e-3;
        QTest::newRow("lrqat") << "lrqat" << "{}" << "affine-g256-b4" << 4e-3;
        QTest::newRow("lora") << "lora" << "{}" << "F32" << 2e-5;
    }
    void exportRunsLikeTheDecoder() {
        QFETCH(QString, scheme);
        QFETCH(QString, settings);
        QFETCH(QString, encoding);
        QFETCH(double, tolerance);
        auto s = state(qPrintable(scheme), *Json::parse(settings.toStdString()));
        train(*s, 1, 30);
        RunControl control;
        TrainedExport options;
        options.floatEncoding = "F32";
        options.name = "tiny trained";
        const auto model = exportTrained(s->decoder(), metadataFromConfig(config()), nullptr, EncodingRegistry::builtin(), options, control);
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE(QString::fromStdString((*model)->find("blk.1.ffn_down.weight")->encoding->info().id), encoding);
        QTemporaryDir dir;
        const std::string path = dir.filePath("m.gguf").toStdString();
        const auto written = writeModelGguf(**model, path, control);
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        const auto loaded = loadModel(path, EncodingRegistry::builtin());
        QVERIFY2(loaded, loaded ? "" : loaded.error().text().c_str());
        QCOMPARE((*loaded)->config().isBitNet(), s->decoder().scheme().changesInput());
        const auto engine = Engine::create(*loaded, {2, ActivationPath::Auto}, control);
        QVERIFY2(engine, engine ? "" : engine.error().text().c_str());
        auto session = (*engine)->newSession(32);
        const Batch b = batch(99);
        QVERIFY((*session)->evaluate(std::span(b.ids).first(kTime), Session::Logits::All, control));
        s->decoder().forward(b.ids.data(), kRows * kTime);
        double worst = 0;
        for (std::size_t i = 0; i < kTime * 96; ++i)
            worst = std::max(worst, std::abs(static_cast<double>(s->decoder().logits()[i] - (*session)->logits()[i])));
        QVERIFY2(worst < tolerance, qPrintable(QString::number(worst)));
    }
    void adapterPlusBaseIsTheMergedModel() {
        auto s = state("lora");
        train(*s, 1, 20);
        QTemporaryDir dir;
        RunControl control;
        const std::string path = dir.filePath("a.gguf").toStdString();
        const auto written = writeLoraAdapter(s->decoder(), "tiny", path, control);
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        const auto file = readGguf(path);
        QVERIFY2(file, file ? "" : file.error().text().c_str());
        QCOMPARE(file->metadata.toString("general.type"), std::string("adapter"));
        const double alpha = file->metadata.toDouble("adapter.lora.alpha", 0);
        TrainedExport options;
        options.floatEncoding = "F32";
        const auto write = [&](TrainedForm form, const char* name) {
            options.form = form;
            const auto model = exportTrained(s->decoder(), metadataFromConfig(config()), nullptr, EncodingRegistry::builtin(), options, control);
            const std::string out = dir.filePath(name).toStdString();
            if (!model || !writeModelGguf(**model, out, control))
                qFatal("cannot write");
            return *loadModel(out, EncodingRegistry::builtin());
        };
        const auto base = write(TrainedForm::Latent, "base.gguf"), merged = write(TrainedForm::Deployed, "merged.gguf");
        for (const char* name : {"blk.0.attn_q.weight", "blk.1.attn_k.weight", "blk.1.ffn_down.weight"}) {
            std::vector<float> parts[2];
            std::int64_t rank = 0;
            for (const GgufTensor& t : file->tensors)
                for (int i = 0; i < 2; ++i)
                    if (t.name == std::string(name) + (i == 0 ? ".lora_a" : ".lora_b")) {
                        rank = i == 0 ? t.ne[1] : t.ne[0];
                        parts[i].resize(static_cast<std::size_t>(t.ne[0] * t.ne[1]));
                        std::memcpy(parts[i].data(), t.rest.data(), parts[i].size() * 4);
                    }
            QVERIFY(rank == 8);
            const auto w = decodeTensor(*base->find(name), control), m = decodeTensor(*merged->find(name), control);
            const std::int64_t rows = base->find(name)->rows, cols = base->find(name)->cols;
            double worst = 0, change = 0;
            for (std::int64_t r = 0; r < rows; ++r)
                for (std::int64_t c = 0; c < cols; ++c) {
                    double sum = 0;
                    for (std::int64_t k = 0; k < rank; ++k)
                        sum += static_cast<double>(parts[1][static_cast<std::size_t>(r * rank + k)])
                               * static_cast<double>(parts[0][static_cast<std::size_t>(k * cols + c)]);
                    const auto at = static_cast<std::size_t>(r * cols + c);
                    const double delta = alpha / static_cast<double>(rank) * sum;
                    worst = std::max(worst, std::abs(static_cast<double>((*w)[at]) + delta - static_cast<double>((*m)[at])));
                    change = std::max(change, std::abs(delta));
                }
            QVERIFY2(change > 1e-3 && worst < 1e-6, qPrintable(QString("%1 %2").arg(change).arg(worst)));
        }
        auto plain = state("plain");
        QVERIFY(!writeLoraAdapter(plain->decoder(), "none", path, control));
    }
    void latentWeightsComeBack() {
        auto s = state("bitnet");
        train(*s, 1, 3);
        RunControl control;
        TrainedExport options;
        options.form = TrainedForm::Latent;
        options.floatEncoding = "F32";
        const auto model = exportTrained(s->decoder(), metadataFromConfig(config()), nullptr, EncodingRegistry::builtin(), options, control);
        QVERIFY(model);
        auto other = state("bitnet");
        other->decoder().initialize(8);
        QVERIFY(importWeights(**model, other->decoder(), control));
        const auto a = s->decoder().values(), b = other->decoder().values();
        QVERIFY(std::equal(a.begin(), a.end(), b.begin(), b.end()));
    }
};

QTEST_GUILESS_MAIN(TestTrainState)
#include "tst_trainstate.moc"
