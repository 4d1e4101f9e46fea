// Numbers as people read them, and the contrast of every text colour.
#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QtTest>

#include <algorithm>
#include <limits>

using namespace trilobit;

class TestFormat : public QObject {
    Q_OBJECT
private slots:
    void bytes_data() {
        QTest::addColumn<quint64>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << quint64{0} << "0 B";
        QTest::newRow("bytes") << quint64{999} << "999 B";
        QTest::newRow("rounds up to the next unit") << quint64{999'950} << "1.00 MB";
        QTest::newRow("kilo") << quint64{1'000} << "1.00 kB";
        QTest::newRow("three digits") << quint64{123'456'789} << "123 MB";
        QTest::newRow("largest") << std::numeric_limits<quint64>::max() << "18447 PB";
    }
    void bytes() {
        QFETCH(quint64, value);
        QTEST(bytesText(value), "text");
    }

    void counts() {
        QCOMPARE(countText(576), QStringLiteral("576"));
        QCOMPARE(countText(134'515'008), QStringLiteral("135 M"));
        QCOMPARE(countText(1'711'376'384), QStringLiteral("1.71 B"));
    }

    void changes() {
        QCOMPARE(changeText(0, 5), QString());
        QCOMPARE(changeText(100, 100), QStringLiteral("same size"));
        QCOMPARE(changeText(100, 29), QStringLiteral("\u221271\u00a0%"));
        QCOMPARE(changeText(1000, 1032), QStringLiteral("+3.2\u00a0%"));
    }

    void decibels() {
        QCOMPARE(decibelText(21.44), QStringLiteral("21.4 dB"));
        QCOMPARE(decibelText(std::numeric_limits<double>::infinity()), QStringLiteral("exact"));
    }

    void durations() {
        QCOMPARE(durationText(420), QStringLiteral("0.4 s"));
        QCOMPARE(durationText(59'400), QStringLiteral("59 s"));
        QCOMPARE(durationText(59'600), QStringLiteral("1 min 0 s"));
        QCOMPARE(durationText(7'500'000), QStringLiteral("2 h 05 min"));
        QCOMPARE(durationText(-1), QString());
    }

    void numbers() {
        QCOMPARE(numberText(0.012345), QStringLiteral("0.0123"));
        QCOMPARE(numberText(12.345), QStringLiteral("12.3"));
        QCOMPARE(numberText(0.00001234), QStringLiteral("1.23e-05"));
        QCOMPARE(numberText(0), QStringLiteral("0"));
    }

    void contrast_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void contrast() {
        QFETCH(bool, dark);
        const ThemeColors c = themeColors(dark);
        const auto readable = [](const QColor& text, const QColor& surface, const char* what) {
            QVERIFY2(contrastRatio(text, surface) >= 4.5,
                     qPrintable(QStringLiteral("%1 %2 on %3: %4").arg(QLatin1String(what), text.name(), surface.name())
                                    .arg(contrastRatio(text, surface))));
        };
        for (const QColor& surface : {c.window, c.base, c.alternate}) {
            for (const QColor& text : {c.text, c.muted, c.accent, c.good, c.warn, c.bad, c.original, c.quantized})
                readable(text, surface, "text");
            for (const QColor& curve : c.series)
                readable(curve, surface, "curve");
        }
        for (const QColor& text : {c.text, c.muted})
            readable(text, c.raised, "header");
        for (const QColor& surface : {c.warnSurface, c.badSurface, c.infoSurface})
            readable(c.text, surface, "banner");
        readable(c.onAccent, c.accent, "button");
        readable(c.onSelection, c.selection, "selection");
        for (double decibel = -10; decibel <= 60; decibel += 0.5)
            readable(sqnrColor(decibel, c), c.base, "bar");
        QCOMPARE(isDark(themePalette(c)), dark);
    }

    void checkBoxesAreSeen_data() { contrast_data(); }
    void checkBoxesAreSeen() {
        QFETCH(bool, dark);
        applyTheme(*qApp, dark ? ThemeChoice::Dark : ThemeChoice::Light);
        QCheckBox box;
        box.resize(40, 30);
        const QImage image = box.grab().toImage();
        double best = 1;
        for (int x = 0; x < image.width(); ++x)
            best = std::max(best, contrastRatio(image.pixelColor(x, image.height() / 2), themeColors(dark).window));
        QVERIFY2(best >= 3, qPrintable(QString::number(best)));
    }

    void contrastOfKnownColours() {
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
        QVERIFY(std::abs(contrastRatio(QColor("#767676"), Qt::white) - 4.54) < 0.01); // the well-known limit grey
    }

    void themeNames() {
        for (const ThemeChoice choice : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark})
            QCOMPARE(themeChoiceFromName(themeChoiceName(choice)), choice);
        QCOMPARE(themeChoiceFromName(QStringLiteral("nonsense")), ThemeChoice::System);
    }
};

QTEST_MAIN(TestFormat)
#include "tst_format.moc"
