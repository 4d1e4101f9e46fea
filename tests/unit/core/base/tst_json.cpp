// Json: what is accepted, what is refused and where, limits, and that values survive a round trip.
#include "core/base/json.h"
#include "core/base/rng.h"
#include "tests/support/testdata.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QObject>

#include <cmath>
#include <limits>

using namespace trilobit;
using namespace trilobit::test;

namespace {

Json parsed(std::string_view text) {
    auto value = Json::parse(text);
    if (!value)
        qFatal("%s", value.error().text().c_str());
    return *std::move(value);
}

Json randomValue(Rng& rng, int depth) {
    switch (rng.below(depth > 0 ? 8 : 6)) {
    case 0: return Json();
    case 1: return Json(rng.below(2) == 1);
    case 2: return Json(static_cast<std::int64_t>(rng.next()));
    case 3: return Json(std::bit_cast<double>(rng.next() & 0xBFEFFFFFFFFFFFFFu)); // finite
    case 4: return Json(static_cast<std::int64_t>(rng.below(100)) - 50);
    case 5: {
        std::string text;
        for (std::uint64_t i = rng.below(12); i > 0; --i)
            text += std::string_view("a\"\\\n\t\x01\x7F/\xC3\xA4\xE2\x82\xAC").substr(rng.below(8), 1) == "\xC3"
                        ? std::string("\xF0\x9F\x98\x80")
                        : std::string(1, "a\"\\\n\t\x01\x7F/"[rng.below(8)]);
        return Json(text);
    }
    case 6: {
        Json array = Json::array();
        for (std::uint64_t i = rng.below(5); i > 0; --i)
            array.push(randomValue(rng, depth - 1));
        return array;
    }
    default: {
        Json object = Json::object();
        for (std::uint64_t i = rng.below(5); i > 0; --i)
            object.set("k" + std::to_string(rng.below(100)), randomValue(rng, depth - 1));
        return object;
    }
    }
}

} // namespace

class TestJson : public QObject {
    Q_OBJECT
private slots:
    void readsEveryKind() {
        const Json j = parsed(R"( {"n":null,"t":true,"f":false,"i":-12,"u":18446744073709551615,"d":2.5,"e":1e3,)"
                              R"("s":"a\u00e4\ud83d\ude00\n","a":[1,[2],{}],"o":{"x":{"y":7}}} )");
        QVERIFY(j["n"].isNull() && j.contains("n") && !j.contains("missing"));
        QVERIFY(j["t"].toBool() && !j["f"].toBool(true));
        QCOMPARE(j["i"].toInt(), std::int64_t{-12});
        QCOMPARE(j["u"].toUInt(), std::numeric_limits<std::uint64_t>::max());
        QCOMPARE(j["u"].toInt(), std::numeric_limits<std::int64_t>::max()); // saturates
        QCOMPARE(j["d"].toDouble(), 2.5);
        QVERIFY(j["e"].isDouble());
        QCOMPARE(j["e"].toInt(), std::int64_t{1000});
        QCOMPARE(j["s"].toString(), std::string("a\xC3\xA4\xF0\x9F\x98\x80\n"));
        QCOMPARE(j["a"].items().size(), std::size_t{3});
        QCOMPARE(j["o"]["x"]["y"].toInt(), std::int64_t{7});
        QVERIFY(j["o"]["nothing"]["at"]["all"].isNull());
    }

    void fallbacks() {
        const Json j = parsed(R"({"s":"x","d":2.5,"i":-3,"big":1e300})");
        QCOMPARE(j["s"].toInt(5), std::int64_t{5});
        QCOMPARE(j["d"].toInt(5), std::int64_t{5}); // not exact
        QCOMPARE(j["i"].toUInt(5), std::uint64_t{5});
        QCOMPARE(j["big"].toInt(5), std::int64_t{5});
        QCOMPARE(j["i"].toDouble(), -3.0);
        QCOMPARE(j["i"].toString("none"), std::string("none"));
        QVERIFY(j["i"].toString().empty() && j["i"].items().empty() && j["i"].members().empty());
        QVERIFY(j["s"].toBool(true));
    }

    void keepsOrderAndReplacesInPlace() {
        Json j = parsed(R"({"z":1,"a":2,"m":3})");
        j.set("a", "two").set("new", Json::array()).remove("z");
        QCOMPARE(j.dump(), std::string(R"({"a":"two","m":3,"new":[]})"));
        Json fromNull;
        fromNull.push(1).push(2.0);
        QCOMPARE(fromNull.dump(), std::string("[1,2.0]"));
        QCOMPARE(Json::object({{"a", 1}, {"b", Json::Array{true}}}).dump(1),
                 std::string("{\n \"a\": 1,\n \"b\": [\n  true\n ]\n}"));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("offset"); // -1: any
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QByteArray& text, int offset, const char* says = "not valid JSON") {
            QTest::newRow(name) << text << offset << says;
        };
        row("empty", "", -1);
        row("blank", "  ", -1);
        row("cut", R"({"a":)", -1);
        row("no colon", R"({"a" 1})", 5);
        row("trailing comma", "[1,]", 3);
        row("two values", "1 2", 2);
        row("garbage after", "{}x", 2);
        row("single quotes", "{'a':1}", 1);
        row("comment", "[1 /* one */]", 3);
        row("NaN", "[NaN]", 1);
        row("leading zero", "[01]", 2);
        row("plus", "[+1]", 1);
        row("control character", QByteArray("[\"a\nb\"]"), -1);
        row("lone surrogate", R"(["\ud800"])", -1);
        row("bad UTF-8", QByteArray("[\"\xC3\x28\"]"), -1);
        row("overlong UTF-8", QByteArray("[\"\xC0\x80\"]"), -1);
        row("unclosed string", "[\"abc", -1);
        row("infinite number", "[1e999]", -1, "");
        row("duplicate key", R"({"a":1,"b":{"a":1},"a":2})", -1, "\"a\" appears twice");
        row("duplicate key, escaped", R"({"a":1,"\u0061":2})", -1, "appears twice");
        row("duplicate in depth", R"([[{"x":{"k":1,"k":1}}]])", -1, "\"k\" appears twice");
    }
    void refuses() {
        QFETCH(QByteArray, text);
        QFETCH(int, offset);
        QFETCH(QString, says);
        const auto value = Json::parse(text.toStdString());
        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::Format);
        QVERIFY2(QString::fromStdString(value.error().text()).contains(says), value.error().text().c_str());
        if (offset >= 0) {
            QVERIFY(value.error().offset.has_value());
            // The parser reads a token as a whole: the place is inside or right behind it.
            QVERIFY2(std::llabs(static_cast<long long>(*value.error().offset) - offset) <= 1,
                     value.error().text().c_str());
        }
    }

    /// Long texts cost several times their size while they are read.
    void longTexts() {
        Json::Limits limits;
        limits.maxMemory = 6000;
        const std::string fits(1000, 'x');
        QVERIFY_RESULT(Json::parse("{\"a\":\"" + fits + "\",\"b\":\"" + fits + "\"}", limits));
        const auto text = Json::parse("{\"a\":\"" + fits + "y\"}", limits);
        QVERIFY(!text);
        QCOMPARE(text.error().offset, std::optional<std::uint64_t>(5));
        QVERIFY(text.error().text().find("more than 1000 bytes") != std::string::npos);
        const auto key = Json::parse("{\"k\":1,\"" + fits + "y\":1}", limits);
        QVERIFY(!key);
        QCOMPARE(key.error().offset, std::optional<std::uint64_t>(7));
        // A backslash takes the quote behind it along; a text that never ends is the parser's to refuse.
        std::string escaped;
        for (int i = 0; i < 400; ++i)
            escaped += "\\\"";
        QVERIFY_RESULT(Json::parse("[\"" + escaped + "\",\"" + escaped + "\"]", limits));
        QVERIFY(!Json::parse("[\"" + escaped + escaped + "\"]", limits));
        QVERIFY(!Json::parse("[\"" + fits + "\\", limits));
    }

    void limits() {
        Json::Limits limits;
        limits.maxDepth = 3;
        limits.maxValues = 6;
        limits.maxBytes = 40;
        QVERIFY_RESULT(Json::parse("[[[1]]]", limits));
        const auto deep = Json::parse("[[[[1]]]]", limits);
        QVERIFY(!deep && deep.error().text().find("deeper than 3") != std::string::npos);
        QVERIFY_RESULT(Json::parse("[1,2,3,4,5]", limits));
        const auto many = Json::parse("[1,2,3,4,5,6]", limits);
        QVERIFY(!many && many.error().text().find("more than 6") != std::string::npos);
        const auto keys = Json::parse(R"({"a":1,"b":2,"c":3})", limits); // the object, three keys, three values
        QVERIFY(!keys);
        const auto large = Json::parse("\"" + std::string(60, 'x') + "\"", limits);
        QVERIFY(!large && large.error().text().find("larger than 40") != std::string::npos);
        // A bomb of brackets must neither overflow the stack nor take long.
        QVERIFY(!Json::parse(std::string(5'000'000, '[')));
        QVERIFY(!Json::parse(std::string(5'000'000, '{')));
    }

    void placesOfErrors() {
        const auto broken = Json::parse(R"({"model":{"vocab":[1,2,{"a":}]}})");
        QVERIFY(!broken);
        QCOMPARE(broken.error().field, std::string("model.vocab[2].a"));
        QVERIFY(broken.error().offset && std::llabs(static_cast<long long>(*broken.error().offset) - 27) <= 1);
        const auto twice = Json::parse(R"({"x":{"key":1,"key":2}})");
        QVERIFY(!twice && twice.error().offset && *twice.error().offset >= 14 && *twice.error().offset <= 20);
        QCOMPARE(twice.error().field, std::string("x.key"));
        // Names are found again however many there are.
        std::string many = "{";
        for (int i = 0; i < 5000; ++i)
            many += "\"" + std::to_string(i) + "\":0,";
        QVERIFY_RESULT(Json::parse(many + "\"x\":0}"));
        for (const int again : {0, 15, 16, 4999})
            QVERIFY(!Json::parse(many + "\"" + std::to_string(again) + "\":0}"));
    }

    void memoryIsBounded() {
        Json::Limits limits;
        limits.maxMemory = 100'000;
        for (const char* item : {"0,", "[],", "{},", "\"a text that is not short\",", "[[0]],"}) {
            std::string text = "[";
            for (int i = 0; i < 5000; ++i)
                text += item;
            const auto large = Json::parse(text + "0]", limits);
            QVERIFY(!large && large.error().text().find("of memory") != std::string::npos);
        }
        QVERIFY_RESULT(Json::parse("[1,2,[3,{\"a\":\"b\"}]]", limits));
    }

    void pairsAreJoined() {
        Json::Limits limits;
        limits.joinPairs = true;
        const auto json = Json::parse(R"({"merges":[["a","b c"],["d",1],["e"],["f","g","h"]],"pair":["x","y"]})", limits);
        QVERIFY_RESULT(json);
        QCOMPARE(json->dump(), std::string(R"({"merges":["a b c",["d",1],["e"],["f","g","h"]],"pair":["x","y"]})"));
    }

    void roundTrip() {
        Rng rng(5);
        for (int i = 0; i < 3000; ++i) {
            const Json value = randomValue(rng, 4);
            const auto compact = Json::parse(value.dump());
            QVERIFY_RESULT(compact);
            QVERIFY2(*compact == value, value.dump().c_str());
            const auto indented = Json::parse(value.dump(2));
            QVERIFY_RESULT(indented);
            QVERIFY(*indented == value);
        }
    }

    void anotherReaderAgrees() {
        Rng rng(6);
        for (int i = 0; i < 300; ++i) {
            Json object = Json::object({{"v", randomValue(rng, 3)}});
            QJsonParseError error;
            const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(object.dump()), &error);
            QVERIFY2(error.error == QJsonParseError::NoError, object.dump().c_str());
            const auto back = Json::parse(document.toJson(QJsonDocument::Compact).toStdString());
            QVERIFY_RESULT(back);
            QCOMPARE((*back)["v"].isObject(), object["v"].isObject());
            QCOMPARE((*back)["v"].toString(), object["v"].toString());
        }
    }

    void doublesKeepTheirBits() {
        Rng rng(7);
        for (int i = 0; i < 20000; ++i) {
            const double number = std::bit_cast<double>(rng.next());
            if (!std::isfinite(number))
                continue;
            const Json back = parsed(Json(number).dump());
            QVERIFY(back.isDouble());
            QCOMPARE(std::bit_cast<std::uint64_t>(back.toDouble()), std::bit_cast<std::uint64_t>(number));
        }
        QCOMPARE(Json(std::nan("")).dump(), std::string("null"));
        QCOMPARE(Json(HUGE_VAL).dump(), std::string("null"));
        QCOMPARE(Json(1.0).dump(), std::string("1.0"));
        QCOMPARE(Json(std::numeric_limits<std::int64_t>::min()).dump(), std::string("-9223372036854775808"));
        QCOMPARE(Json(std::numeric_limits<std::uint64_t>::max()).dump(), std::string("18446744073709551615"));
        QCOMPARE(parsed(Json(std::numeric_limits<std::uint64_t>::max()).dump()).toUInt(),
                 std::numeric_limits<std::uint64_t>::max());
    }

    void stringsThatAreNotUtf8() {
        QCOMPARE(Json("a\xFFz").dump(), std::string("\"a\xEF\xBF\xBDz\""));
        QCOMPARE(Json(std::string_view("\0\x1F", 2)).dump(), std::string("\"\\u0000\\u001f\""));
    }
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
