// MethodRegistry and checkParams.
#include "core/quant/methodregistry.h"
#include "tests/support/testdata.h"

#include <limits>

using namespace trilobit;

namespace {

class NamedMethod : public Method {
public:
    explicit NamedMethod(std::string id) { m_info.id = std::move(id); }
    const MethodInfo& info() const override { return m_info; }
    Result<void> accepts(const EncodingInfo&, const ParamValues&, std::int64_t, std::int64_t) const override { return {}; }
    Result<MethodOutput> quantize(const MethodInput&, RunControl&) const override { return MethodOutput(WeightsAsGiven{}); }

private:
    MethodInfo m_info;
};

ParamSpec spec(const char* key, ParamType type, double minimum = 0, double maximum = 0) {
    ParamSpec out;
    out.key = key;
    out.type = type;
    out.minimum = minimum;
    out.maximum = maximum;
    return out;
}

MethodInfo describedMethod() {
    MethodInfo info;
    info.id = "m";
    info.params = {spec("flag", ParamType::Bool), spec("count", ParamType::Integer, 1, 100),
                   spec("beta", ParamType::Real, 0.5, 2.5), spec("scope", ParamType::Choice)};
    info.params[3].choices = {"tensor", "row"};
    return info;
}

} // namespace

class TestMethodRegistry : public QObject {
    Q_OBJECT

private slots:
    void findsWhatWasAdded();
    void refusesSecondOfSameId();
    void params_data();
    void params();
};

void TestMethodRegistry::findsWhatWasAdded() {
    MethodRegistry registry;
    QVERIFY(!registry.find("rtn"));
    QVERIFY_RESULT(registry.add(std::make_shared<NamedMethod>("rtn")));
    QVERIFY_RESULT(registry.add(std::make_shared<NamedMethod>("hqq")));
    const auto found = registry.find("hqq");
    QVERIFY_RESULT(found);
    QCOMPARE((*found)->info().id, std::string("hqq"));
    const auto missing = registry.find("gptq");
    QCOMPARE(missing.error().code, ErrorCode::Usage);
    QVERIFY(missing.error().message.find("rtn, hqq") != std::string::npos);
}

void TestMethodRegistry::refusesSecondOfSameId() {
    MethodRegistry registry;
    QVERIFY_RESULT(registry.add(std::make_shared<NamedMethod>("rtn")));
    QCOMPARE(registry.add(std::make_shared<NamedMethod>("rtn")).error().code, ErrorCode::Plugin);
    QCOMPARE(registry.add(std::make_shared<NamedMethod>("")).error().code, ErrorCode::Plugin);
    QCOMPARE(registry.add(nullptr).error().code, ErrorCode::Plugin);
    QCOMPARE(registry.all().size(), std::size_t{1});
}

void TestMethodRegistry::params_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("value"); // index into the list below
    QTest::addColumn<bool>("good");
    QTest::newRow("bool") << "flag" << 0 << true;
    QTest::newRow("bool from number") << "flag" << 1 << false;
    QTest::newRow("integer") << "count" << 1 << true;
    QTest::newRow("integer below") << "count" << 2 << false;
    QTest::newRow("integer above") << "count" << 3 << false;
    QTest::newRow("integer from real") << "count" << 4 << false;
    QTest::newRow("real") << "beta" << 4 << true;
    QTest::newRow("real from integer") << "beta" << 1 << true;
    QTest::newRow("real not a number") << "beta" << 5 << false;
    QTest::newRow("real infinite") << "beta" << 6 << false;
    QTest::newRow("real from text") << "beta" << 7 << false;
    QTest::newRow("choice") << "scope" << 7 << true;
    QTest::newRow("other choice") << "scope" << 8 << false;
    QTest::newRow("choice from number") << "scope" << 1 << false;
    QTest::newRow("unknown key") << "nothing" << 1 << false;
}

void TestMethodRegistry::params() {
    QFETCH(const QString, key);
    QFETCH(const int, value);
    QFETCH(const bool, good);
    const ParamValue values[] = {true, std::int64_t{1}, std::int64_t{0}, std::int64_t{101}, 2.0,
                                 std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                                 std::string("row"), std::string("Row")};
    const auto checked = checkParams({{key.toStdString(), values[value]}}, describedMethod());
    QCOMPARE(checked.has_value(), good);
    if (!good) {
        QCOMPARE(checked.error().code, ErrorCode::Usage);
        QVERIFY(checked.error().message.find(key.toStdString()) != std::string::npos);
    }
}

QTEST_GUILESS_MAIN(TestMethodRegistry)
#include "tst_methodregistry.moc"
