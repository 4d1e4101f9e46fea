// Vocabularies of every kind, trained and applied by the libraries of their makers: the same ids. Needs the Python program
// named by TRILOBIT_PYTHON with the packages tokenizers and sentencepiece.
#include "core/base/json.h"
#include "core/base/mappedfile.h"
#include "core/tokenizer/tokenizerfiles.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace trilobit;

class TestTokenizers : public QObject {
    Q_OBJECT

    QTemporaryDir m_place;

private slots:
    void initTestCase() {
        const QString python = qEnvironmentVariable("TRILOBIT_PYTHON");
        if (python.isEmpty())
            QSKIP("TRILOBIT_PYTHON names no Python with tokenizers and sentencepiece");
        TRILOBIT_NEED_DATA("text");
        const QDir texts(test::dataPath("text"));
        QStringList arguments{QStringLiteral(TRILOBIT_SOURCE "/tests/interop/vocabularies.py"), m_place.path()};
        for (const QString& file : texts.entryList({"*multilingual*", "*.raw", "*code*"}, QDir::Files))
            arguments << texts.filePath(file);
        QProcess process;
        process.start(python, arguments);
        const bool ended = process.waitForFinished(600'000);
        QVERIFY2(ended && process.exitCode() == 0, process.readAllStandardError().constData());
    }

    void sameIds_data() {
        QTest::addColumn<QString>("folder");
        const QDir place(m_place.path());
        for (const QString& name : place.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QTest::newRow(qPrintable(name)) << place.filePath(name);
        if (place.isEmpty())
            QTest::newRow("none") << QString();
    }
    void sameIds() {
        QFETCH(QString, folder);
        const auto tokenizer = loadTokenizer(folder.toStdString());
        QVERIFY_RESULT(tokenizer);
        const auto text = readFile((folder + "/ids.json").toStdString());
        QVERIFY_RESULT(text);
        const auto rows = Json::parse(*text);
        QVERIFY_RESULT(rows);
        int wrong = 0;
        for (const Json& row : rows->items()) {
            std::vector<TokenId> expected;
            for (const Json& id : row["ids"].items())
                expected.push_back(static_cast<TokenId>(id.toInt()));
            const auto got = (*tokenizer)->encode(row["text"].toString(), {false, true});
            if (got == expected)
                continue;
            QStringList a, b;
            for (const TokenId id : got)
                a << QString::number(id);
            for (const TokenId id : expected)
                b << QString::number(id);
            if (++wrong <= 5)
                qWarning("%s\n got %s\n for %s", row["text"].dump().substr(0, 200).c_str(), qPrintable(a.join(' ').left(8000)),
                         qPrintable(b.join(' ').left(8000)));
        }
        QVERIFY2(wrong == 0, qPrintable(QStringLiteral("%1 of %2 texts").arg(wrong).arg(rows->items().size())));
    }
};

QTEST_GUILESS_MAIN(TestTokenizers)
#include "tst_tokenizers.moc"
