// Plan, quantize, preview and lossless conversion on a small model made in memory.
#include "core/base/half.h"
#include "core/base/rng.h"
#include "core/quant/quantizer.h"
#include "plugins/absmean/absmeanmethod.h"
#include "plugins/hqq/hqqmethod.h"
#include "plugins/rtn/rtnmethod.h"
#include "tests/support/testdata.h"

#include <omp.h>

#include <QElapsedTimer>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>

using namespace trilobit;

namespace {

class Quiet : public RunControl {};

struct Services {
    EncodingRegistry encodings = EncodingRegistry::builtin();
    MethodRegistry methods;
    Services() {
        (void)methods.add(std::make_shared<plugins::RtnMethod>());
        (void)methods.add(std::make_shared<plugins::AbsmeanMethod>());
        (void)methods.add(std::make_shared<plugins::HqqMethod>());
    }
    QuantServices get() const { return {&encodings, &methods}; }
    std::shared_ptr<const Encoding> encoding(const char* id) const { return *encodings.find(id); }
};

const Services& services() {
    static const Services all;
    return all;
}

std::vector<float> normal(std::int64_t count, double sigma, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& v : values)
        v = static_cast<float>(sigma * rng.normal());
    return values;
}

Tensor tensorOf(const std::string& name, TensorRole role, std::int64_t rows, std::int64_t cols,
                const std::vector<float>& values, const char* encoding = "F32", int dimensions = 2) {
    Tensor tensor;
    tensor.name = tensor.sourceName = name;
    tensor.role = role;
    tensor.rows = rows;
    tensor.cols = cols;
    tensor.dimensions = dimensions;
    tensor.layer = name.starts_with("blk.") ? 0 : -1;
    tensor.encoding = services().encoding(encoding);
    auto bytes = std::make_shared<std::vector<std::byte>>(*tensor.encoding->sizeBytes(rows, cols));
    Quiet control;
    if (!tensor.encoding->encode({values.data(), rows, cols}, {}, *bytes, control))
        qFatal("cannot encode %s", name.c_str());
    tensor.bytes = *bytes;
    tensor.owner = bytes;
    return tensor;
}

std::shared_ptr<const Model> modelOf(std::vector<Tensor> tensors) {
    Model::Parts parts;
    parts.container = "memory";
    parts.config.architecture = "llama";
    parts.config.tiedOutput = true;
    parts.tensors = std::move(tensors);
    parts.metadata.set("general.name", MetaValue::string("test"));
    return std::make_shared<const Model>(std::move(parts));
}

std::shared_ptr<const Model> sampleModel() {
    return modelOf({
        tensorOf("token_embd.weight", TensorRole::Embedding, 40, 256, normal(40 * 256, 0.5, 1), "F16"),
        tensorOf("blk.0.attn_norm.weight", TensorRole::Norm, 1, 256, normal(256, 1, 2), "F32", 1),
        tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 24, 256, normal(24 * 256, 0.02, 3)),
        tensorOf("blk.0.ffn_down.weight", TensorRole::FfnDown, 16, 192, normal(16 * 192, 0.05, 4)),
        tensorOf("blk.0.attn_v.weight", TensorRole::AttnV, 8, 33, normal(8 * 33, 0.1, 5)),
    });
}

Recipe recipeOf(std::vector<Rule> rules) {
    Recipe recipe;
    recipe.name = "test";
    recipe.rules = std::move(rules);
    return recipe;
}

std::vector<float> decoded(const Tensor& tensor) {
    std::vector<float> values(static_cast<std::size_t>(tensor.count()));
    tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, 0, tensor.rows, values.data());
    return values;
}

const TensorPlan& planOf(const Plan& plan, const Model& model, const char* name) {
    for (const TensorPlan& row : plan.tensors)
        if (model.tensors()[row.tensor].name == name)
            return row;
    qFatal("no plan for %s", name);
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

} // namespace

class TestQuantizer : public QObject {
    Q_OBJECT

private slots:
    void planKeepsWhatNoRuleNames();
    void planCountsBytes();
    void planFallsBack();
    void importanceReachesTheEncoder();
    void expertsHaveTheirOwnImportance();
    void calibrationOfAnotherModel();
    void planRefuses();
    void planChecksEveryRule();
    void planSaysWhatToExpect();
    void keptTensorsAreNotCopied();
    void absmeanThroughFallback();
    void hqqBeatsRounding();
    void sameBytesForAnyThreads();
    void refusedTensorStops();
    void brokenWeightsAreNamed();
    void progressAndCancel();
    void previewOfAllRowsIsTheResult();
    void previewSamples();
    void previewIsFast();
    void previewRefusesAndKeeps();
    void widensExactly();
    void narrowsOnlyWhenEverythingSurvives();
    void ternaryCodesMoveBetweenEncodings();
    void conversionRefuses();
    void codesMoveBetweenForms();
    void conversionKeepsNorms();
};

void TestQuantizer::planKeepsWhatNoRuleNames() {
    const auto model = sampleModel();
    const auto plan = planQuantization(*model, recipeOf({{"*", {"rtn", "Q8_0", {}}}, {"blk.0.attn_q.weight", {}}}),
                                       services().get());
    QVERIFY_RESULT(plan);
    QCOMPARE(plan->tensors.size(), model->tensors().size());
    QVERIFY(planOf(*plan, *model, "blk.0.attn_norm.weight").choice.keeps());
    QVERIFY(planOf(*plan, *model, "blk.0.attn_q.weight").choice.keeps());
    QCOMPARE(planOf(*plan, *model, "blk.0.attn_q.weight").applied, std::string("F32"));
    QCOMPARE(planOf(*plan, *model, "token_embd.weight").applied, std::string("Q8_0"));
    const auto nothing = planQuantization(*model, recipeOf({{"output.weight", {"rtn", "Q8_0", {}}}}), services().get());
    QVERIFY_RESULT(nothing);
    QCOMPARE(nothing->bytesAfter, nothing->bytesBefore);
}

void TestQuantizer::planCountsBytes() {
    const auto model = sampleModel();
    const auto plan = planQuantization(*model, recipeOf({{"blk.*.attn_q.*", {"rtn", "q8_0", {}}}}), services().get());
    QVERIFY_RESULT(plan);
    const std::uint64_t before = 40 * 256 * 2 + 256 * 4 + (24 * 256 + 16 * 192 + 8 * 33) * 4;
    const std::uint64_t after = before - 24 * 256 * 4 + 24 * 256 / 32 * 34;
    QCOMPARE(plan->bytesBefore, before);
    QCOMPARE(plan->bytesAfter, after);
    const double weights = 40 * 256 + 256 + 24 * 256 + 16 * 192 + 8 * 33;
    QCOMPARE(plan->bitsPerWeightBefore, static_cast<double>(before) * 8 / weights);
    QCOMPARE(plan->bitsPerWeightAfter, static_cast<double>(after) * 8 / weights);
    QCOMPARE(planOf(*plan, *model, "blk.0.attn_q.weight").requested, std::string("Q8_0")); // ids in their proper case
}

namespace {

InputStatistics skewed(std::int64_t channels, std::int64_t parts = 1) {
    InputStatistics statistics;
    statistics.parts = parts;
    statistics.tokens.assign(static_cast<std::size_t>(parts), 4.0);
    for (std::int64_t i = 0; i < channels * parts; ++i)
        statistics.sumSquares.push_back(static_cast<float>(1 + (i * 37) % 101));
    return statistics;
}

QuantServices withCalibration(std::initializer_list<std::pair<const std::string, InputStatistics>> tensors) {
    auto calibration = std::make_shared<Calibration>();
    calibration->path = "c.gguf";
    calibration->datasets = {"text.txt"};
    calibration->chunks = 3;
    calibration->tensors.insert(tensors.begin(), tensors.end());
    QuantServices all = services().get();
    all.calibration = calibration;
    return all;
}

std::vector<std::byte> encodedBytes(const char* id, std::span<const float> values, std::int64_t cols,
                                    std::span<const float> importance) {
    const auto encoding = services().encoding(id);
    const auto rows = static_cast<std::int64_t>(values.size()) / cols;
    std::vector<std::byte> bytes(*encoding->sizeBytes(rows, cols));
    Quiet control;
    if (!encoding->encode({values.data(), rows, cols}, importance, bytes, control))
        qFatal("cannot encode");
    return bytes;
}

bool sameBytes(std::span<const std::byte> a, std::span<const std::byte> b) { return std::ranges::equal(a, b); }

} // namespace

void TestQuantizer::importanceReachesTheEncoder() {
    const auto model = sampleModel();
    const QuantServices calibrated = withCalibration({{"blk.0.attn_q.weight", skewed(256)}, {"of.nobody", skewed(3)}});
    const Recipe recipe = recipeOf({{"blk.*", {"rtn", "Q4_0", {}}}, {"blk.0.attn_v.weight", {}}});
    const auto plan = planQuantization(*model, recipe, calibrated);
    QVERIFY_RESULT(plan);
    QVERIFY(planOf(*plan, *model, "blk.0.attn_q.weight").importance);
    QVERIFY(!planOf(*plan, *model, "blk.0.ffn_down.weight").importance);
    Quiet control;
    const auto with = quantizeModel(model, recipe, calibrated, control);
    QVERIFY_RESULT(with);
    QVERIFY(with->tensors[2].calibrated && !with->tensors[3].calibrated);
    const Tensor& source = *model->find("blk.0.attn_q.weight");
    const auto importance = importanceOf(skewed(256), 256, 1);
    const auto expected = encodedBytes("Q4_0", decoded(source), 256, *importance);
    QVERIFY(sameBytes(with->model->find(source.name)->bytes, expected));
    QVERIFY(!sameBytes(expected, encodedBytes("Q4_0", decoded(source), 256, {})));
    // What the other tensor is does not depend on it.
    const auto without = quantizeModel(model, recipe, services().get(), control);
    QVERIFY(!without->tensors[2].calibrated && !without->calibration);
    QVERIFY(sameBytes(with->model->find("blk.0.ffn_down.weight")->bytes, without->model->find("blk.0.ffn_down.weight")->bytes));
    QCOMPARE(with->model->metadata().toString("quantize.imatrix.file"), std::string("c.gguf"));
    QCOMPARE(with->model->metadata().toInt("quantize.imatrix.chunks_count", 0), std::int64_t{3});
    QVERIFY(!without->model->metadata().find("quantize.imatrix.file"));
    // The preview shows the same; encodings that do not look at importance say so.
    const auto preview = previewTensor(source, recipe.rules[0].choice, 0, 0, calibrated, control);
    QVERIFY_RESULT(preview);
    QCOMPARE(preview->error.sumSquaredError, with->tensors[2].error.sumSquaredError);
    const auto eight = quantizeModel(model, recipeOf({{"blk.0.attn_q.weight", {"rtn", "Q8_0", {}}}}), calibrated, control);
    QVERIFY_RESULT(eight);
    QVERIFY(!eight->tensors[2].calibrated);
    QVERIFY(!eight->model->metadata().find("quantize.imatrix.file"));
    // HQQ chooses codes by itself.
    const Recipe byCodes = recipeOf({{"blk.0.attn_q.weight", {"hqq", "Q4_1", {}}}});
    QVERIFY(!planOf(*planQuantization(*model, byCodes, calibrated), *model, "blk.0.attn_q.weight").importance);
    const auto codes = quantizeModel(model, byCodes, calibrated, control);
    QVERIFY_RESULT(codes);
    QVERIFY(!codes->tensors[2].calibrated);
}

void TestQuantizer::expertsHaveTheirOwnImportance() {
    constexpr std::int64_t kParts = 3, kRows = 5, kCols = 64;
    const std::vector<float> values = normal(kParts * kRows * kCols, 0.1, 9);
    Tensor stack = tensorOf("blk.0.ffn_up_exps.weight", TensorRole::FfnUp, kParts * kRows, kCols, values);
    stack.stack = kParts;
    const auto model = modelOf({stack});
    const InputStatistics statistics = skewed(kCols, kParts);
    Quiet control;
    const Recipe recipe = recipeOf({{"blk.*", {"rtn", "Q4_0", {}}}});
    const auto made = quantizeModel(model, recipe, withCalibration({{stack.name, statistics}}), control);
    QVERIFY_RESULT(made);
    QVERIFY(made->tensors[0].calibrated);
    const auto importance = importanceOf(statistics, kCols, kParts);
    std::vector<std::byte> expected;
    for (std::int64_t part = 0; part < kParts; ++part) {
        const auto bytes = encodedBytes("Q4_0", std::span(values).subspan(static_cast<std::size_t>(part * kRows * kCols), kRows * kCols),
                                        kCols, std::span(*importance).subspan(static_cast<std::size_t>(part * kCols), kCols));
        expected.insert(expected.end(), bytes.begin(), bytes.end());
    }
    QVERIFY(sameBytes(made->model->tensors()[0].bytes, expected));
}

void TestQuantizer::calibrationOfAnotherModel() {
    const auto model = sampleModel();
    const QuantServices wrong = withCalibration({{"blk.0.attn_q.weight", skewed(128)}});
    const Recipe recipe = recipeOf({{"blk.*", {"rtn", "Q4_0", {}}}});
    const auto plan = planQuantization(*model, recipe, wrong);
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, ErrorCode::Usage);
    QCOMPARE(plan.error().field, std::string("blk.0.attn_q.weight"));
    QVERIFY(contains(plan.error().message, "another model"));
}

void TestQuantizer::planFallsBack() {
    const auto model = sampleModel();
    const auto applied = [&](const char* encoding, const char* tensor) {
        const auto plan = planQuantization(*model, recipeOf({{"*", {"rtn", encoding, {}}}}), services().get());
        return planOf(*plan, *model, tensor);
    };
    QCOMPARE(applied("TQ2_0", "blk.0.attn_q.weight").applied, std::string("TQ2_0"));
    QCOMPARE(applied("TQ2_0", "blk.0.attn_q.weight").note, std::string());
    const TensorPlan ternary = applied("TQ2_0", "blk.0.ffn_down.weight");
    QCOMPARE(ternary.applied, std::string("Q4_0"));
    QCOMPARE(ternary.requested, std::string("TQ2_0"));
    QVERIFY2(contains(ternary.note, "192") && contains(ternary.note, "256") && contains(ternary.note, "Q4_0 instead of TQ2_0"),
             ternary.note.c_str());
    QVERIFY2(contains(ternary.note, "I2_S takes these rows"), ternary.note.c_str());
    QCOMPARE(ternary.bytesAfter, std::uint64_t{16 * 192 / 32 * 18});
    QCOMPARE(applied("TQ2_0", "blk.0.attn_v.weight").applied, std::string("F16"));
    const std::pair<const char*, const char*> chains[] = {{"Q4_K", "Q5_0"},   {"Q5_K", "Q5_1"},   {"Q6_K", "Q8_0"},
                                                          {"Q2_K", "IQ4_NL"}, {"Q3_K", "IQ4_NL"}, {"IQ4_XS", "IQ4_NL"},
                                                          {"TQ1_0", "Q4_0"},  {"TQ2_0", "Q4_0"},  {"Q1_0", "F16"}};
    for (const auto& [wished, instead] : chains) {
        const TensorPlan plan = applied(wished, "blk.0.ffn_down.weight");
        QCOMPARE(plan.applied, std::string(instead));
        QVERIFY2(contains(plan.note, (std::string(instead) + " instead of " + wished).c_str()), plan.note.c_str());
        QCOMPARE(applied(wished, "blk.0.attn_v.weight").applied, std::string("F16"));
    }
    QVERIFY(contains(applied("TQ1_0", "blk.0.ffn_down.weight").note, "I2_S takes these rows"));
    QCOMPARE(applied("Q6_K", "blk.0.attn_v.weight").applied, std::string("F16"));
    QCOMPARE(applied("Q4_1", "blk.0.attn_v.weight").applied, std::string("F16"));
    QCOMPARE(applied("affine-g64-b3", "blk.0.attn_v.weight").applied, std::string("affine-g64-b3"));
}

void TestQuantizer::planRefuses() {
    const auto model = sampleModel();
    const auto plan = planQuantization(*model, recipeOf({{"blk.*", {"hqq", "Q4_1", {}}}}), services().get());
    QVERIFY_RESULT(plan);
    QVERIFY(plan->refused);
    QVERIFY(!planOf(*plan, *model, "blk.0.attn_q.weight").refused);
    const TensorPlan& odd = planOf(*plan, *model, "blk.0.attn_v.weight");
    QVERIFY(odd.refused);
    QCOMPARE(odd.applied, std::string("F16"));
    QVERIFY2(contains(odd.note, "F16 instead of Q4_1") && contains(odd.note, "zero point"), odd.note.c_str());
    QCOMPARE(odd.bytesAfter, odd.bytesBefore);
}

void TestQuantizer::planChecksEveryRule() {
    const auto model = sampleModel();
    const auto code = [&](Choice choice) {
        const auto plan = planQuantization(*model, recipeOf({{"matches.nothing", std::move(choice)}}), services().get());
        return plan ? std::string("ok") : std::string(errorCodeName(plan.error().code)) + " " + plan.error().field;
    };
    QCOMPARE(code({"rtn", "Q8_0", {}}), std::string("ok"));
    QCOMPARE(code({"gptq", "Q8_0", {}}), std::string("usage rules[0]"));
    QCOMPARE(code({"rtn", "Q9_9", {}}), std::string("usage rules[0]"));
    QCOMPARE(code({"rtn", "Q8_0", {{"beta", 1.0}}}), std::string("usage rules[0]"));
    QCOMPARE(code({"hqq", "Q4_1", {{"beta", -1.0}}}), std::string("usage rules[0]"));
    QCOMPARE(code({"absmean", "TQ2_0", {{"scope", std::string("column")}}}), std::string("usage rules[0]"));
    QVERIFY(!planQuantization(*model, recipeOf({{"*", {"rtn", "Q8_0", {}}}}), {}));
}

void TestQuantizer::planSaysWhatToExpect() {
    const auto model = sampleModel();
    const auto said = [&](Choice choice) {
        return planQuantization(*model, recipeOf({{"blk.0.[af]*", std::move(choice)}}), services().get())->expectations;
    };
    QVERIFY(said({"rtn", "Q8_0", {}}).empty());
    QVERIFY(said({"hqq", "affine-g64-b4", {}}).empty());
    QCOMPARE(said({"absmean", "TQ2_0", {}}).size(), std::size_t{1});
    QVERIFY(contains(said({"absmean", "TQ2_0", {}})[0], "nonsense"));
    QVERIFY(contains(said({"rtn", "TQ2_0", {}})[0], "most weights become zero"));
    QCOMPARE(said({"hqq", "affine-g64-b2", {}}).size(), std::size_t{1});
}

void TestQuantizer::keptTensorsAreNotCopied() {
    const auto model = sampleModel();
    Quiet control;
    std::vector<std::string> told;
    const auto result = quantizeModel(model, recipeOf({{"blk.0.attn_q.weight", {"rtn", "Q8_0", {}}}}), services().get(),
                                      control, [&](const TensorReport& report) { told.push_back(report.name); });
    QVERIFY_RESULT(result);
    QCOMPARE(told.size(), model->tensors().size());
    for (std::size_t i = 0; i < told.size(); ++i) {
        const Tensor &before = model->tensors()[i], &after = result->model->tensors()[i];
        const TensorReport& report = result->tensors[i];
        QCOMPARE(after.name, before.name);
        QCOMPARE(report.name, told[i]);
        const bool changed = before.name == "blk.0.attn_q.weight";
        QCOMPARE(after.bytes.data() == before.bytes.data(), !changed);
        QCOMPARE(after.bytes.size(), report.bytesAfter);
        if (!changed) {
            QCOMPARE(report.error.sqnrDb, std::numeric_limits<double>::infinity());
            continue;
        }
        QCOMPARE(report.method, std::string("rtn"));
        const ErrorMetrics error = computeError(decoded(before), decoded(after));
        QVERIFY(std::fabs(report.error.rmse / error.rmse - 1) < 1e-12);
        // Steps of max / 127: 20 log10(127 sqrt(12) sigma / max), about 40 dB or more for 32 normal weights.
        QVERIFY2(error.sqnrDb > 40, qPrintable(QString::number(error.sqnrDb)));
    }
    QCOMPARE(result->model->container(), std::string("memory"));
    QCOMPARE(result->model->metadata().toString("general.name"), std::string("test"));
    QCOMPARE(result->model->metadata().toString("trilobit.recipe_hash"), result->recipe.hash());
    QCOMPARE(result->bytesAfter, result->model->tensorBytes());
}

void TestQuantizer::absmeanThroughFallback() {
    const auto model = sampleModel();
    Quiet control;
    const auto result = quantizeModel(model, recipeOf({{"blk.*", {"absmean", "TQ2_0", {}}}}), services().get(), control);
    QVERIFY_RESULT(result);
    for (const char* name : {"blk.0.attn_q.weight", "blk.0.ffn_down.weight", "blk.0.attn_v.weight"}) {
        const auto original = decoded(*model->find(name)), ternary = decoded(*result->model->find(name));
        double sum = 0;
        for (const float w : original)
            sum += std::fabs(static_cast<double>(w));
        const double gamma = sum / static_cast<double>(original.size());
        const float stored = halfToFloat(floatToHalf(static_cast<float>(gamma)));
        for (std::size_t i = 0; i < original.size(); ++i) {
            const double trit = std::clamp(std::nearbyint(static_cast<double>(original[i]) / gamma), -1.0, 1.0);
            QVERIFY2(ternary[i] == static_cast<float>(trit) * stored, qPrintable(QString("%1 at %2").arg(name).arg(i)));
        }
    }
    QCOMPARE(result->model->find("blk.0.ffn_down.weight")->encoding->info().id, std::string("Q4_0"));
    QVERIFY(!result->expectations.empty());
}

void TestQuantizer::hqqBeatsRounding() {
    const auto model = sampleModel();
    Quiet control;
    const auto error = [&](const char* method) {
        const auto result = quantizeModel(model, recipeOf({{"blk.0.attn_q.*", {method, "affine-g64-b3", {}}}}),
                                          services().get(), control);
        return result->tensors[2].error.relativeSquared;
    };
    QVERIFY2(error("hqq") < error("rtn"), qPrintable(QString("%1 %2").arg(error("hqq")).arg(error("rtn"))));
}

void TestQuantizer::sameBytesForAnyThreads() {
    // Large enough that the work is really spread.
    const auto model = modelOf({
        tensorOf("token_embd.weight", TensorRole::Embedding, 1100, 256, normal(1100 * 256, 0.5, 1), "F16"),
        tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 1200, 256, normal(1200 * 256, 0.02, 3)),
        tensorOf("blk.0.ffn_down.weight", TensorRole::FfnDown, 1600, 192, normal(1600 * 192, 0.05, 4)),
    });
    Quiet control;
    const Recipe recipe = recipeOf({{"*", {"rtn", "Q6_K", {}}},
                                    {"blk.0.attn_q.*", {"hqq", "Q4_1", {}}},
                                    {"blk.0.ffn_down.*", {"absmean", "affine-g48-b2", {{"scope", std::string("group")}}}}});
    const int before = omp_get_max_threads();
    omp_set_num_threads(1);
    const auto one = quantizeModel(model, recipe, services().get(), control);
    QVERIFY_RESULT(one);
    for (const int threads : {2, 5}) {
        omp_set_num_threads(threads);
        const auto many = quantizeModel(model, recipe, services().get(), control);
        QVERIFY_RESULT(many);
        for (std::size_t i = 0; i < model->tensors().size(); ++i) {
            const auto a = one->model->tensors()[i].bytes, b = many->model->tensors()[i].bytes;
            QVERIFY(a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0);
            QVERIFY(one->tensors[i].error.sumSquaredError == many->tensors[i].error.sumSquaredError);
        }
    }
    omp_set_num_threads(before);
}

void TestQuantizer::refusedTensorStops() {
    Quiet control;
    const auto result =
        quantizeModel(sampleModel(), recipeOf({{"blk.*", {"hqq", "Q4_0", {}}}}), services().get(), control);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Unsupported);
    QCOMPARE(result.error().field, std::string("blk.0.attn_q.weight"));
    QVERIFY(contains(result.error().message, "no free zero point"));
}

void TestQuantizer::brokenWeightsAreNamed() {
    for (const char* method : {"rtn", "absmean", "hqq"}) {
        auto values = normal(4 * 64, 1, 9);
        values[2 * 64 + 7] = std::numeric_limits<float>::quiet_NaN();
        // Written as bytes: encoders refuse such weights themselves.
        Tensor tensor = tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 4, 64, normal(4 * 64, 1, 9));
        tensor.bytes = std::as_bytes(std::span(values));
        Quiet control;
        const auto result = quantizeModel(modelOf({tensor}), recipeOf({{"*", {method, "affine-g64-b4", {}}}}),
                                          services().get(), control);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Format);
        QCOMPARE(result.error().field, std::string("blk.0.attn_q.weight"));
        QVERIFY2(contains(result.error().message, "row 2, column 7"), result.error().message.c_str());
    }
}

void TestQuantizer::progressAndCancel() {
    class Counting : public RunControl {
    public:
        int allowed = std::numeric_limits<int>::max();
        mutable std::atomic<int> asked{0};
        std::vector<double> seen;
        double total = 0;
        bool isCancelled() const noexcept override { return ++asked > allowed; }
        void progress(double done, double all, std::string_view) override {
            seen.push_back(done);
            total = all;
        }
    };
    const auto model = sampleModel();
    const Recipe recipe = recipeOf({{"blk.*", {"rtn", "Q8_0", {}}}});
    Counting counting;
    QVERIFY_RESULT(quantizeModel(model, recipe, services().get(), counting));
    QVERIFY(std::is_sorted(counting.seen.begin(), counting.seen.end()));
    QCOMPARE(counting.seen.front(), 0.0);
    QCOMPARE(counting.seen.back(), counting.total);
    QCOMPARE(counting.total, static_cast<double>((24 * 256 + 16 * 192 + 8 * 33) * 4));
    // Whatever question is the first to be answered with yes, the answer is Cancelled and nothing else.
    for (int allowed = 0; allowed < counting.asked; ++allowed) {
        Counting stopping;
        stopping.allowed = allowed;
        const auto result = quantizeModel(model, recipe, services().get(), stopping);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }
}

void TestQuantizer::previewOfAllRowsIsTheResult() {
    const auto model = sampleModel();
    const Tensor& tensor = *model->find("blk.0.attn_q.weight");
    Quiet control;
    for (const Choice& choice : {Choice{"absmean", "TQ2_0", {}}, Choice{"hqq", "Q4_1", {}}, Choice{"rtn", "Q6_K", {}}}) {
        const auto preview = previewTensor(tensor, choice, 0, 0, services().get(), control);
        QVERIFY_RESULT(preview);
        const auto result = quantizeModel(model, recipeOf({{tensor.name, choice}}), services().get(), control);
        QCOMPARE(preview->rows, tensor.rows);
        QVERIFY(preview->original == decoded(tensor));
        QVERIFY(preview->approximate == decoded(*result->model->find(tensor.name)));
        QCOMPARE(preview->bytesAfter, result->tensors[2].bytesAfter);
        QCOMPARE(preview->note, std::string());
    }
}

void TestQuantizer::previewSamples() {
    const std::int64_t rows = 1000, cols = 64;
    std::vector<float> values(static_cast<std::size_t>(rows * cols));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i / static_cast<std::size_t>(cols)); // each weight says its row
    const Tensor tensor = tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, rows, cols, values);
    Quiet control;
    for (const std::int64_t wanted : {1, 7, 64, 999, 1000, 5000}) {
        const auto preview = previewTensor(tensor, {"rtn", "Q8_0", {}}, 0, wanted, services().get(), control);
        QVERIFY_RESULT(preview);
        QCOMPARE(preview->rows, std::min(wanted, rows));
        QCOMPARE(preview->totalRows, rows);
        QCOMPARE(preview->bytesAfter, static_cast<std::uint64_t>(rows * cols / 32 * 34));
        QCOMPARE(preview->note.empty(), wanted >= rows);
        double last = -1;
        const double stretch = static_cast<double>(rows) / static_cast<double>(preview->rows);
        for (std::int64_t i = 0; i < preview->rows; ++i) {
            const auto row = static_cast<double>(preview->original[static_cast<std::size_t>(i * cols)]);
            QVERIFY(row > last);
            // Evenly spread: the i-th sample lies in the i-th of equal stretches, a row more or less for the rounding.
            QVERIFY(row >= stretch * static_cast<double>(i) - 1 && row <= stretch * static_cast<double>(i + 1) + 1);
            last = row;
        }
    }
}

void TestQuantizer::previewIsFast() {
    const std::int64_t rows = 6912, cols = 2560;
    const Tensor tensor = tensorOf("blk.0.ffn_up.weight", TensorRole::FfnUp, rows, cols,
                                   std::vector<float>(static_cast<std::size_t>(rows * cols), 0.25f), "F16");
    Quiet control;
    for (const Choice& choice : {Choice{"absmean", "TQ2_0", {}}, Choice{"hqq", "affine-g64-b3", {}}, Choice{"rtn", "Q6_K", {}}}) {
        // The best of several: other programs may be using the machine.
        qint64 best = std::numeric_limits<qint64>::max();
        for (int attempt = 0; attempt < 20 && best >= 100; ++attempt) {
            QElapsedTimer timer;
            timer.start();
            QVERIFY_RESULT(previewTensor(tensor, choice, 0, 64, services().get(), control));
            best = std::min(best, timer.elapsed());
        }
        QVERIFY2(best < 100, qPrintable(QString("%1 ms").arg(best)));
    }
}

void TestQuantizer::previewRefusesAndKeeps() {
    const auto model = sampleModel();
    Quiet control;
    const auto refused =
        previewTensor(*model->find("blk.0.attn_q.weight"), {"hqq", "Q8_0", {}}, 0, 8, services().get(), control);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    const auto kept = previewTensor(*model->find("blk.0.attn_q.weight"), {}, 0, 8, services().get(), control);
    QVERIFY_RESULT(kept);
    QVERIFY(kept->approximate == kept->original);
    const auto norm =
        previewTensor(*model->find("blk.0.attn_norm.weight"), {"rtn", "Q8_0", {}}, 0, 8, services().get(), control);
    QVERIFY_RESULT(norm);
    QVERIFY(norm->approximate == norm->original && !norm->note.empty());
}

void TestQuantizer::widensExactly() {
    Quiet control;
    for (const char* from : {"F16", "BF16", "Q4_1", "Q8_0", "TQ2_0", "Q6_K"}) {
        const auto model = modelOf({tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 8, 256, normal(8 * 256, 1, 6), from)});
        const auto wide = convertLossless(model, "F32", services().get(), control);
        QVERIFY_RESULT(wide);
        QCOMPARE((*wide)->tensors()[0].encoding->info().id, std::string("F32"));
        QVERIFY(decoded((*wide)->tensors()[0]) == decoded(model->tensors()[0]));
    }
}

void TestQuantizer::narrowsOnlyWhenEverythingSurvives() {
    Quiet control;
    std::vector<float> values = normal(8 * 64, 1, 7);
    for (float& v : values)
        v = halfToFloat(floatToHalf(v));
    values[3] = -0.0f;
    const auto good = modelOf({tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 8, 64, values)});
    const auto narrow = convertLossless(good, "F16", services().get(), control);
    QVERIFY_RESULT(narrow);
    QVERIFY(std::signbit(decoded((*narrow)->tensors()[0])[3]));
    values[5 * 64 + 9] = 0.1f;
    const auto bad = modelOf({tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 8, 64, values)});
    const auto refused = convertLossless(bad, "F16", services().get(), control);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    QCOMPARE(refused.error().field, std::string("blk.0.attn_q.weight"));
    QVERIFY2(contains(refused.error().message, "0.1 at row 5, column 9"), refused.error().message.c_str());
}

void TestQuantizer::ternaryCodesMoveBetweenEncodings() {
    Quiet control;
    std::vector<float> values(16 * 256);
    Rng rng(8);
    for (float& v : values)
        v = 0.125f * (static_cast<float>(rng.below(3)) - 1);
    for (std::size_t i = 0; i < 256; ++i)
        values[i] = 0; // a block without any scale
    const auto model = modelOf({tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 16, 256, values, "F16"),
                                tensorOf("token_embd.weight", TensorRole::Embedding, 4, 256, normal(4 * 256, 1, 1), "F16")});
    std::shared_ptr<const Model> current = model;
    for (const char* id : {"TQ2_0", "I2_S", "TQ2_0", "F32", "I2_S"}) {
        auto next = convertLossless(current, id, services().get(), control);
        QVERIFY_RESULT(next);
        current = *next;
        QCOMPARE(current->tensors()[0].encoding->info().id, std::string(id));
        QVERIFY(decoded(current->tensors()[0]) == values);
    }
    QVERIFY(current->tensors()[1].encoding->info().id != "I2_S");
    // Two scales in one tensor: TQ2_0 holds them, I2_S does not.
    for (std::size_t i = 256; i < 512; ++i)
        values[i] *= 2;
    const auto two = modelOf({tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 16, 256, values, "F16")});
    QVERIFY_RESULT(convertLossless(two, "TQ2_0", services().get(), control));
    const auto refused = convertLossless(two, "I2_S", services().get(), control);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
}

void TestQuantizer::conversionRefuses() {
    Quiet control;
    const auto model = sampleModel();
    for (const char* id : {"TQ2_0", "Q8_0", "Q4_1", "affine-g64-b8"}) {
        const auto refused = convertLossless(model, id, services().get(), control);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY(!refused.error().message.empty());
    }
    QCOMPARE(convertLossless(model, "Q9_9", services().get(), control).error().code, ErrorCode::Usage);
    const auto same = modelOf({tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 8, 64, normal(8 * 64, 1, 2), "Q8_0")});
    const auto kept = convertLossless(same, "Q8_0", services().get(), control);
    QVERIFY_RESULT(kept);
    QVERIFY((*kept)->tensors()[0].bytes.data() == same->tensors()[0].bytes.data());
}

/// Codes move between forms that hold them as they are; plain numbers outside of blocks stay.
void TestQuantizer::codesMoveBetweenForms() {
    Quiet control;
    const auto model = modelOf({tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 8, 64, normal(8 * 64, 1, 6), "Q4_0"),
                                tensorOf("token_embd.weight", TensorRole::Embedding, 4, 64, normal(4 * 64, 1, 1), "F16")});
    const auto affine = convertLossless(model, "affine-g32-b4", services().get(), control);
    QVERIFY_RESULT(affine);
    QCOMPARE((*affine)->tensors()[0].encoding->info().id, std::string("affine-g32-b4"));
    QCOMPARE((*affine)->tensors()[1].encoding->info().id, std::string("F16"));
    const auto back = convertLossless(*affine, "Q4_0", services().get(), control);
    QVERIFY_RESULT(back);
    const Tensor &before = model->tensors()[0], &after = (*back)->tensors()[0];
    QVERIFY(std::equal(before.bytes.begin(), before.bytes.end(), after.bytes.begin(), after.bytes.end()));
    const auto wider = convertLossless(model, "Q8_0", services().get(), control);
    QVERIFY_RESULT(wider);
    QVERIFY(decoded((*wider)->tensors()[0]) == decoded(before));
    for (const char* id : {"affine-g64-b4", "affine-g32-b3"}) { // two scales in one group; sixteen codes in eight
        const auto refused = convertLossless(model, id, services().get(), control);
        QVERIFY2(!refused && refused.error().code == ErrorCode::Unsupported, id);
    }
}

void TestQuantizer::conversionKeepsNorms() {
    Quiet control;
    std::vector<float> values(64, 0.5f);
    const auto model = modelOf({tensorOf("blk.0.attn_norm.weight", TensorRole::Norm, 1, 64, normal(64, 1, 2), "F32", 1),
                                tensorOf("blk.1.attn_norm.weight", TensorRole::Norm, 1, 64, values, "BF16", 1),
                                tensorOf("blk.0.attn_q.weight", TensorRole::AttnQ, 1, 64, values)});
    const auto converted = convertLossless(model, "BF16", services().get(), control);
    QVERIFY_RESULT(converted);
    QCOMPARE((*converted)->tensors()[0].encoding->info().id, std::string("F32"));
    QCOMPARE((*converted)->tensors()[1].encoding->info().id, std::string("F32"));
    QCOMPARE((*converted)->tensors()[2].encoding->info().id, std::string("BF16"));
    QVERIFY(decoded((*converted)->tensors()[1]) == values);
}

QTEST_GUILESS_MAIN(TestQuantizer)
#include "tst_quantizer.moc"
