// Glob patterns and UTF-8.
#include "core/base/glob.h"
#include "core/base/rng.h"
#include "core/base/utf8.h"
#include "tests/support/testdata.h"

#include <QElapsedTimer>
#include <QObject>

using namespace trilobit;
using namespace trilobit::test;

namespace {

/// Matching by its definition, exponential and obviously right ('*' and '?' only).
bool slowMatch(std::string_view pattern, std::string_view text) {
    if (pattern.empty())
        return text.empty();
    if (pattern[0] == '*')
        return slowMatch(pattern.substr(1), text) || (!text.empty() && slowMatch(pattern, text.substr(1)));
    return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0])
           && slowMatch(pattern.substr(1), text.substr(1));
}

std::string bytes(std::initializer_list<int> values) {
    std::string out;
    for (const int v : values)
        out += static_cast<char>(v);
    return out;
}

} // namespace

class TestText : public QObject {
    Q_OBJECT
private slots:
    void globMatches_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char* pattern, const char* text, bool matches) {
            QTest::addRow("%s  %s", pattern, text) << pattern << text << matches;
        };
        row("blk.*.attn_q.weight", "blk.17.attn_q.weight", true);
        row("blk.*.attn_q.weight", "blk.17.attn_q.weight2", false);
        row("blk.*.attn_q.weight", "xblk.17.attn_q.weight", false);
        row("*", "", true);
        row("?", "", false);
        row("", "", true);
        row("**a**", "bab", true);
        row("blk.[0-4].*", "blk.3.ffn", true);
        row("blk.[0-4].*", "blk.5.ffn", false);
        row("blk.[!0-4].*", "blk.5.ffn", true);
        row("blk.[!0-4].*", "blk.3.ffn", false);
        row("a[-x]b", "a-b", true);
        row("a[]]b", "a]b", true);
        row("a[x-]b", "a-b", true);
        row("*.{attn_q,ffn_up}.weight", "blk.0.ffn_up.weight", true);
        row("*.{attn_q,ffn_up}.weight", "blk.0.ffn_down.weight", false);
        row("{a,b}{c,d}", "bd", true);
        row("{a,b}{c,d}", "ba", false);
        row("a{,x}", "a", true);
        row("a{,x}", "ax", true);
        row("{a*,b?}", "bcc", false);
        row("a.b", "axb", false);
        row("A", "a", false);
    }
    void globMatches() {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        QFETCH(bool, matches);
        QCOMPARE(globMatch(pattern.toStdString(), text.toStdString()), matches);
    }

    void globAgreesWithTheDefinition() {
        Rng rng(3);
        int matched = 0;
        for (int i = 0; i < 40000; ++i) {
            std::string pattern, text;
            for (std::uint64_t n = rng.below(8); n > 0; --n)
                pattern += "*?ab"[rng.below(4)];
            for (std::uint64_t n = rng.below(8); n > 0; --n)
                text += "ab"[rng.below(2)];
            const bool expected = slowMatch(pattern, text);
            matched += expected;
            QVERIFY2(globMatch(pattern, text) == expected, (pattern + " " + text).c_str());
        }
        QVERIFY(matched > 1000);
    }

    void hostileGlobsAreFast() {
        std::string pattern, text(20'000, 'a');
        for (int i = 0; i < 200; ++i)
            pattern += "*a";
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!globMatch(pattern + "b", text));
        QVERIFY(timer.elapsed() < 2000); // exponential matchers need longer than the universe
    }

    void globCheckRefuses_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<bool>("good");
        QTest::newRow("plain") << "blk.*.weight" << true;
        QTest::newRow("set and braces") << "[a-z]{x,y}" << true;
        QTest::newRow("empty") << "" << false;
        QTest::newRow("open set") << "a[bc" << false;
        QTest::newRow("empty set") << "a[]" << false;
        QTest::newRow("open brace") << "a{b,c" << false;
        QTest::newRow("closing brace") << "a}b" << false;
        QTest::newRow("nested") << "{a,{b,c}}" << false;
        QTest::newRow("512 characters") << QString(512, 'a') << true;
        QTest::newRow("513 characters") << QString(513, 'a') << false;
        QTest::newRow("256 alternatives") << "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}" << true;
        QTest::newRow("512 alternatives") << "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}" << false;
    }
    void globCheckRefuses() {
        QFETCH(QString, pattern);
        QFETCH(bool, good);
        const auto result = globCheck(pattern.toStdString());
        QCOMPARE(result.has_value(), good);
        if (!good)
            QCOMPARE(result.error().code, ErrorCode::Usage);
    }

    void everyCodePoint() {
        for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
            if (c >= 0xD800 && c <= 0xDFFF)
                continue;
            std::string text;
            utf8Append(text, c);
            const std::size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (text.size() != length || utf8SequenceLength(text) != length || utf8CodePoint(text, length) != c)
                QFAIL(qPrintable(QString("U+%1").arg(c, 0, 16)));
            if (c % 97 == 0)
                QCOMPARE(text, QString::fromUcs4(reinterpret_cast<const char32_t*>(&c), 1).toStdString());
        }
    }

    void badSequences_data() {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, std::initializer_list<int> values) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes(values));
        };
        row("continuation", {0x80});
        row("overlong 2", {0xC0, 0x80});
        row("overlong 2b", {0xC1, 0xBF});
        row("overlong 3", {0xE0, 0x9F, 0xBF});
        row("overlong 4", {0xF0, 0x8F, 0xBF, 0xBF});
        row("surrogate", {0xED, 0xA0, 0x80});
        row("last surrogate", {0xED, 0xBF, 0xBF});
        row("above", {0xF4, 0x90, 0x80, 0x80});
        row("F5", {0xF5, 0x80, 0x80, 0x80});
        row("FF", {0xFF});
        row("cut 2", {0xC3});
        row("cut 3", {0xE2, 0x82});
        row("cut 4", {0xF0, 0x9F, 0x98});
        row("wrong third", {0xE2, 0x82, 0x41});
    }
    void badSequences() {
        QFETCH(QByteArray, text);
        QCOMPARE(utf8SequenceLength(text.toStdString()), std::size_t{0});
    }

    void sanitizing() {
        QCOMPARE(utf8Sanitized("a\xC3\xA4z"), std::string("a\xC3\xA4z"));
        QCOMPARE(utf8Sanitized("a\xFF\xC3z"), std::string("a\xEF\xBF\xBD\xEF\xBF\xBDz"));
        Rng rng(4);
        for (int i = 0; i < 2000; ++i) {
            std::string text;
            for (int k = 0; k < 20; ++k)
                text += static_cast<char>(rng.below(4) ? rng.below(256) : rng.below(128));
            const std::string clean = utf8Sanitized(text);
            for (std::size_t at = 0; at < clean.size();) {
                const std::size_t length = utf8SequenceLength(std::string_view(clean).substr(at));
                QVERIFY(length > 0);
                at += length;
            }
            QCOMPARE(utf8Sanitized(clean), clean);
        }
    }

    void completePrefix() {
        // A stream cut anywhere: the prefix is complete, and the rest can only be the start of a sequence.
        const std::string text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z";
        const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
        for (std::size_t cut = 0; cut <= text.size(); ++cut)
            QCOMPARE(utf8CompletePrefix(std::string_view(text).substr(0, cut)), expected[cut]);
        QCOMPARE(utf8CompletePrefix("ab\xFF"), std::size_t{3}); // nothing could complete it
        QCOMPARE(utf8CompletePrefix("ab\x80\x80\x80\x80"), std::size_t{6});
        QCOMPARE(utf8CompletePrefix("ab\xED\xA0"), std::size_t{4}); // a surrogate is not waited for
        QCOMPARE(utf8CompletePrefix(""), std::size_t{0});
    }

    void piecesOfCharactersBecomeText() {
        const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z"; // one to four bytes a character
        for (std::size_t first = 0; first <= text.size(); ++first)
            for (std::size_t second = first; second <= text.size(); ++second) {
                Utf8Stream stream;
                std::string out;
                for (const auto& [from, to] : {std::pair(std::size_t{0}, first), std::pair(first, second), std::pair(second, text.size())}) {
                    const std::string piece = stream.add(std::string_view(text).substr(from, to - from));
                    QCOMPARE(utf8Sanitized(piece), piece); // whole characters only
                    out += piece;
                }
                QCOMPARE(out + stream.rest(), text);
            }
        Utf8Stream cut;
        QCOMPARE(cut.add("x\xE2\x82"), std::string("x"));
        QVERIFY(!cut.rest().empty());
        QVERIFY(cut.rest().empty());
    }

    void runsOfValidBytes() {
        const std::string text = "a\xC3\xA4\xFF\xC3" "b";
        QCOMPARE(utf8RunLength(text), std::size_t{3});
        QCOMPARE(utf8RunLength(std::string_view(text).substr(3)), std::size_t{2});
        QCOMPARE(utf8RunLength(std::string_view(text).substr(5)), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
