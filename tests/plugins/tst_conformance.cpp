// What plugins/README.md promises, checked for every plugin that was built onto every encoding the program knows.
#include "core/base/half.h"
#include "core/base/rng.h"
#include "core/encodings/encodingregistry.h"
#include "core/pluginhost/pluginhost.h"
#include "tests/support/testdata.h"

#include <omp.h>

#include <cmath>
#include <cstring>
#include <limits>

using namespace trilobit;

namespace {

class Quiet : public RunControl {};

struct Shape {
    std::int64_t rows, cols;
};
/// Ordinary, one row, rows with a short last group for affine groups, a single column, odd sizes.
constexpr Shape kShapes[] = {{2, 512}, {7, 33}, {1, 256}, {3, 288}, {5, 1}, {1, 1}, {130, 96}, {2, 1280}};
constexpr Shape kLarge{1100, 256}; // enough weights that the work is spread over threads

struct Filling {
    const char* name;
    float (*value)(Rng&, std::int64_t index);
};
const Filling kFillings[] = {
    {"normal", [](Rng& rng, std::int64_t) { return static_cast<float>(0.02 * rng.normal()); }},
    {"zero", [](Rng&, std::int64_t) { return 0.0f; }},
    {"negative zero", [](Rng&, std::int64_t) { return -0.0f; }},
    {"constant", [](Rng&, std::int64_t) { return 0.3f; }},
    {"negative constant", [](Rng&, std::int64_t) { return -7.25f; }},
    {"ternary", [](Rng& rng, std::int64_t) { return 0.5f * (static_cast<float>(rng.below(3)) - 1.0f); }},
    {"one outlier", [](Rng& rng, std::int64_t i) { return i == 0 ? 50.0f : static_cast<float>(0.01 * rng.normal()); }},
    {"tiny", [](Rng& rng, std::int64_t) { return static_cast<float>(1e-9 * rng.normal()); }},
    {"subnormal", [](Rng& rng, std::int64_t) { return static_cast<float>(rng.below(9)) * 1e-44f; }},
    {"far from zero", [](Rng& rng, std::int64_t) { return static_cast<float>(1000 + 0.01 * rng.normal()); }},
    {"large", [](Rng& rng, std::int64_t) { return static_cast<float>(1e4 * rng.normal()); }},
};
/// Values that no binary16 parameter covers: an error is fine, a crash or a value that is not finite is not.
const Filling kHostile[] = {
    {"huge", [](Rng& rng, std::int64_t) { return static_cast<float>(1e30 * rng.normal()); }},
    {"largest",
     [](Rng& rng, std::int64_t) { return (rng.below(2) ? 1.0f : -1.0f) * std::numeric_limits<float>::max(); }},
};

std::vector<float> filled(const Filling& filling, const Shape& shape) {
    Rng rng(static_cast<std::uint64_t>(shape.rows * 100'000 + shape.cols));
    std::vector<float> values(static_cast<std::size_t>(shape.rows * shape.cols));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = filling.value(rng, static_cast<std::int64_t>(i));
    return values;
}

std::string placeText(const Filling& filling, const Shape& shape) {
    return std::string(filling.name) + " " + std::to_string(shape.rows) + " x " + std::to_string(shape.cols);
}

/// The defaults, and once each choice of each Choice parameter.
std::vector<ParamValues> settingsOf(const MethodInfo& info) {
    std::vector<ParamValues> all{{}};
    for (const ParamSpec& spec : info.params) {
        for (const std::string& choice : spec.choices)
            all.push_back({{spec.key, choice}});
        if (spec.type == ParamType::Integer)
            for (const double limit : {spec.minimum, spec.maximum})
                all.push_back({{spec.key, static_cast<std::int64_t>(limit)}});
        if (spec.type == ParamType::Real)
            for (const double limit : {spec.minimum, spec.maximum})
                all.push_back({{spec.key, limit}});
    }
    return all;
}

/// What quantizing gives: the stored bytes, or the error of the method or the encoding.
Result<std::vector<std::byte>> stored(const Method& method, const Encoding& encoding, const std::vector<float>& values,
                                      const Shape& shape, const ParamValues& params, RunControl& control) {
    MethodInput input;
    input.weight = {values.data(), shape.rows, shape.cols};
    input.target = &encoding.info();
    input.params = params;
    TRILOBIT_TRY(const MethodOutput output, method.quantize(input, control));
    TRILOBIT_TRY(const std::uint64_t size, encoding.sizeBytes(shape.rows, shape.cols));
    std::vector<std::byte> bytes(size);
    if (const auto* codes = std::get_if<GroupCodes>(&output)) {
        if (const auto packed = encoding.pack(*codes, bytes); !packed) // never an excuse: codes must fit
            return fail(ErrorCode::Internal, "the codes do not fit: " + packed.error().message);
        return bytes;
    }
    const auto& given = std::get<WeightsAsGiven>(output).values;
    if (!given.empty() && given.size() != values.size())
        return fail(ErrorCode::Internal, "wrong number of weights");
    TRILOBIT_CHECK(encoding.encode({given.empty() ? values.data() : given.data(), shape.rows, shape.cols}, {}, bytes, control));
    return bytes;
}

} // namespace

class TestConformance : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everyEncoding_data();
    void everyEncoding();
    void brokenWeights_data() { everyEncoding_data(); }
    void brokenWeights();
    void hostileWeights_data() { everyEncoding_data(); }
    void hostileWeights();
    void threads_data() { everyEncoding_data(); }
    void threads();
    void cancelled_data() { everyEncoding_data(); }
    void cancelled();
    void refusalsAreRefusals_data() { everyEncoding_data(); }
    void refusalsAreRefusals();
    void expectedPairs();

private:
    PluginHost m_host;
    EncodingRegistry m_encodings = EncodingRegistry::builtin();
    std::shared_ptr<const Method> method() const {
        return *m_host.methods().find(QTest::currentDataTag() ? fetched("method") : "");
    }
    std::shared_ptr<const Encoding> encoding() const { return *m_encodings.find(fetched("encoding")); }
    static std::string fetched(const char* column) {
        return static_cast<const QString*>(QTest::qData(column, QMetaType::QString))->toStdString();
    }
    template <class Visit>
    void forEachAccepted(const Visit& visit) const;
};

void TestConformance::initTestCase() {
    m_host.scan({QStringLiteral(PLUGINS)});
    QVERIFY(!m_host.rows().empty());
    for (const PluginRow& row : m_host.rows())
        QVERIFY2(row.error.isEmpty(), qPrintable(row.file + ": " + row.error));
}

void TestConformance::everyEncoding_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("encoding");
    QStringList ids;
    for (const auto& encoding : m_encodings.all())
        ids += QString::fromStdString(encoding->info().id);
    for (const char* extra : {"affine-g1-b1", "affine-g48-b2", "affine-g100-b5", "affine-g65536-b8"})
        if (!ids.contains(QLatin1String(extra)))
            ids += QLatin1String(extra);
    for (const auto& method : m_host.methods().all())
        for (const QString& id : std::as_const(ids))
            QTest::addRow("%s onto %s", method->info().id.c_str(), qPrintable(id))
                << QString::fromStdString(method->info().id) << id;
}

/// Calls visit(shape, params) for everything the encoding can store and the method accepts: every shape with the defaults,
/// the first two shapes with every other setting.
template <class Visit>
void TestConformance::forEachAccepted(const Visit& visit) const {
    const auto settings = settingsOf(method()->info());
    for (const Shape& shape : kShapes) {
        if (!encoding()->sizeBytes(shape.rows, shape.cols))
            continue;
        const std::size_t count = &shape < kShapes + 2 ? settings.size() : 1;
        for (std::size_t i = 0; i < count; ++i)
            if (method()->accepts(encoding()->info(), settings[i], shape.rows, shape.cols))
                visit(shape, settings[i]);
    }
}

void TestConformance::everyEncoding() {
    Quiet control;
    forEachAccepted([&](const Shape& shape, const ParamValues& params) {
        for (const Filling& filling : kFillings) {
            const auto values = filled(filling, shape);
            const auto bytes = stored(*method(), *encoding(), values, shape, params, control);
            const std::string place = placeText(filling, shape) + ": ";
            QVERIFY2(bytes.has_value(), (place + (bytes ? "" : bytes.error().message)).c_str());
            QCOMPARE(bytes->size(), *encoding()->sizeBytes(shape.rows, shape.cols));
            std::vector<float> back(values.size());
            encoding()->decodeRows(*bytes, shape.rows, shape.cols, 0, shape.rows, back.data());
            double largest = 0, worst = 0, worstBack = 0;
            for (std::size_t i = 0; i < back.size(); ++i) {
                QVERIFY2(std::isfinite(back[i]), place.c_str());
                largest = std::max(largest, std::fabs(static_cast<double>(values[i])));
                worst = std::max(worst, std::fabs(static_cast<double>(values[i]) - static_cast<double>(back[i])));
                worstBack = std::max(worstBack, std::fabs(static_cast<double>(back[i])));
            }
            // No method may move a weight further than to the other end of the range of all of them, and none may make
            // values far outside that range; the last term is gamma's smallest value.
            QVERIFY2(worst <= 2.02 * largest + 1.1e-5, (place + std::to_string(worst)).c_str());
            QVERIFY2(worstBack <= 2.02 * largest + 1.1e-5, (place + std::to_string(worstBack)).c_str());
        }
    });
}

void TestConformance::brokenWeights() {
    Quiet control;
    forEachAccepted([&](const Shape& shape, const ParamValues& params) {
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                                -std::numeric_limits<float>::infinity()}) {
            auto values = filled(kFillings[0], shape);
            const std::int64_t row = shape.rows / 2, col = shape.cols - 1;
            values[static_cast<std::size_t>(row * shape.cols + col)] = bad;
            values.back() = bad; // the first one is to be named
            const auto bytes = stored(*method(), *encoding(), values, shape, params, control);
            QVERIFY(!bytes);
            QCOMPARE(bytes.error().code, ErrorCode::Format);
            const std::string where = "row " + std::to_string(row) + ", column " + std::to_string(col);
            QVERIFY2(bytes.error().message.find(where) != std::string::npos, bytes.error().message.c_str());
        }
    });
}

void TestConformance::hostileWeights() {
    Quiet control;
    forEachAccepted([&](const Shape& shape, const ParamValues& params) {
        for (const Filling& filling : kHostile) {
            const auto values = filled(filling, shape);
            const auto bytes = stored(*method(), *encoding(), values, shape, params, control);
            if (!bytes) {
                QVERIFY2(bytes.error().code == ErrorCode::Unsupported, bytes.error().message.c_str());
                continue;
            }
            if (encoding()->info().grid.kind != GridKind::Linear)
                continue; // F16 of 1e30 is infinity, and that is the right answer of plain rounding
            std::vector<float> back(values.size());
            encoding()->decodeRows(*bytes, shape.rows, shape.cols, 0, shape.rows, back.data());
            for (const float value : back)
                QVERIFY2(std::isfinite(value), placeText(filling, shape).c_str());
        }
    });
}

void TestConformance::threads() {
    Quiet control;
    const auto values = filled(kFillings[0], kLarge);
    const int before = omp_get_max_threads();
    for (const ParamValues& params : settingsOf(method()->info())) {
        // Numbers at their limits show nothing here that the defaults do not.
        if (!params.empty() && !std::holds_alternative<std::string>(params.begin()->second))
            continue;
        if (!method()->accepts(encoding()->info(), params, kLarge.rows, kLarge.cols))
            continue;
        omp_set_num_threads(1);
        const auto one = stored(*method(), *encoding(), values, kLarge, params, control);
        QVERIFY_RESULT(one);
        omp_set_num_threads(3);
        const auto many = stored(*method(), *encoding(), values, kLarge, params, control);
        QVERIFY_RESULT(many);
        QVERIFY(*many == *one);
    }
    omp_set_num_threads(before);
}

void TestConformance::cancelled() {
    class Always : public RunControl {
        bool isCancelled() const noexcept override { return true; }
    } control;
    forEachAccepted([&](const Shape& shape, const ParamValues& params) {
        const auto bytes = stored(*method(), *encoding(), filled(kFillings[0], shape), shape, params, control);
        QVERIFY(!bytes);
        QCOMPARE(bytes.error().code, ErrorCode::Cancelled);
    });
}

void TestConformance::refusalsAreRefusals() {
    Quiet control;
    const Shape shape{6, 512};
    for (const ParamValues& params : settingsOf(method()->info())) {
        const auto accepted = method()->accepts(encoding()->info(), params, shape.rows, shape.cols);
        if (accepted)
            continue;
        QCOMPARE(accepted.error().code, ErrorCode::Unsupported);
        QVERIFY(!accepted.error().message.empty());
        // Who does not ask first gets the same answer.
        MethodInput input;
        const auto values = filled(kFillings[0], shape);
        input.weight = {values.data(), shape.rows, shape.cols};
        input.target = &encoding()->info();
        input.params = params;
        const auto output = method()->quantize(input, control);
        QVERIFY(!output);
        QCOMPARE(output.error().code, ErrorCode::Unsupported);
    }
}

void TestConformance::expectedPairs() {
    const auto accepts = [&](const char* method, const char* encoding, const ParamValues& params = {}) {
        return (*m_host.methods().find(method))->accepts((*m_encodings.find(encoding))->info(), params, 6, 512).has_value();
    };
    for (const char* id : {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q6_K", "TQ2_0", "affine-g64-b1", "affine-g64-b8"})
        QVERIFY2(accepts("rtn", id), id);
    QVERIFY(!accepts("rtn", "I2_S"));
    for (const char* id : {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "TQ2_0", "I2_S", "affine-g64-b2", "affine-g64-b8"})
        QVERIFY2(accepts("absmean", id), id);
    for (const char* id : {"Q6_K", "affine-g64-b1"})
        QVERIFY2(!accepts("absmean", id), id);
    QVERIFY(!accepts("absmean", "I2_S", {{"scope", std::string("row")}}));
    QVERIFY(!accepts("absmean", "F16", {{"scope", std::string("group")}}));
    QVERIFY(accepts("absmean", "TQ2_0", {{"scope", std::string("group")}}));
    for (const char* id : {"Q4_1", "affine-g64-b1", "affine-g16-b2", "affine-g64-b4", "affine-g128-b8"})
        QVERIFY2(accepts("hqq", id), id);
    for (const char* id : {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q6_K", "TQ2_0", "I2_S"})
        QVERIFY2(!accepts("hqq", id), id);
}

QTEST_GUILESS_MAIN(TestConformance)
#include "tst_conformance.moc"
