// Metadata: order, replacing, readers with a fallback.
#include "core/formats/metadata.h"

#include <QtTest>

using namespace trilobit;

class TestMetadata : public QObject {
    Q_OBJECT
private slots:
    void keepsOrderAndReplacesInPlace() {
        Metadata m;
        m.set("a", MetaValue::u32(1));
        m.set("b", MetaValue::string("x"));
        m.set("a", MetaValue::u32(3));
        QCOMPARE(m.entries().size(), std::size_t{2});
        QCOMPARE(m.entries()[0].first, std::string("a"));
        QCOMPARE(m.toInt("a", 0), std::int64_t{3});
        m.remove("a");
        QVERIFY(!m.find("a"));
        QCOMPARE(m.entries().size(), std::size_t{1});
    }

    void readersFallBackOnOtherKinds() {
        Metadata m;
        m.set("text", MetaValue::string("7"));
        m.set("minus", MetaValue::i32(-7));
        m.set("huge", MetaValue::u64(~std::uint64_t{0}));
        m.set("half", MetaValue::f32(0.5f));
        m.set("yes", MetaValue::boolean(true));
        m.set("list", MetaValue::strings({"p", "q"}));
        QCOMPARE(m.toInt("text", 5), std::int64_t{5});
        QCOMPARE(m.toInt("minus", 5), std::int64_t{-7});
        QCOMPARE(m.toInt("huge", 5), std::numeric_limits<std::int64_t>::max());
        QCOMPARE(m.toInt("half", 5), std::int64_t{5});
        QCOMPARE(m.toInt("absent", 5), std::int64_t{5});
        QCOMPARE(m.toDouble("half", 0), 0.5);
        QCOMPARE(m.toDouble("minus", 0), -7.0);
        QCOMPARE(m.toDouble("text", 2.5), 2.5);
        QCOMPARE(m.toBool("yes", false), true);
        QCOMPARE(m.toBool("minus", false), false);
        QCOMPARE(m.toString("text"), std::string("7"));
        QCOMPARE(m.toString("yes", "fallback"), std::string("fallback"));
        QVERIFY(m.strings("list"));
        QCOMPARE(m.strings("list")->size(), std::size_t{2});
        QVERIFY(!m.strings("text"));
    }
};

QTEST_GUILESS_MAIN(TestMetadata)
#include "tst_metadata.moc"
