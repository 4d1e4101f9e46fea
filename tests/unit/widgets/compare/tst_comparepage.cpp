// The comparison page on the demo model: the numbers of the command line, the caret, going on from the other's token.
#include "core/commands/command.h"
#include "tests/support/testdata.h"
#include "tests/unit/widgets/benchfixture.h"
#include "widgets/pages/compare/candidatemodel.h"
#include "widgets/pages/compare/comparepage.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTextEdit>

#include <cmath>

using namespace trilobit;
using namespace trilobit::test;

namespace {

class TestComparePage : public QObject {
    Q_OBJECT
    std::unique_ptr<BenchFixture> m_fixture;
    std::unique_ptr<ComparePage> m_page;

    Workbench& bench() { return *m_fixture->bench; }
    template <class T>
    T* child(const char* name) {
        return m_page->findChild<T*>(QLatin1String(name));
    }
    bool run() {
        QSignalSpy done(m_page.get(), &ComparePage::finished);
        m_page->run();
        return m_page->isRunning() && QTest::qWaitFor([&] { return done.count() > 0; }, 60000);
    }
    /// The same pair on the command line: the quantized model as a file.
    Json diff(const std::string& text, std::int64_t count) {
        const std::string file = m_fixture->folder.filePath("quantized.gguf").toStdString();
        RunControl control;
        const auto exported = runCommand(m_fixture->workspace, {"export", Json::object({{"output", file}})}, control);
        Json args = Json::object({{"model", m_fixture->path.toStdString()}, {"other", file}, {"prompt", text}});
        if (count > 0)
            args.set("n", count);
        const auto result = exported ? runCommand(m_fixture->workspace, {"diff", args}, control) : exported;
        if (!result)
            qWarning("%s", result.error().text().c_str());
        return result ? *result : Json();
    }

private slots:
    void init() {
        m_fixture = std::make_unique<BenchFixture>();
        QVERIFY(m_fixture->openDemo());
        bench().setRule(QStringLiteral("blk.*"), BenchFixture::ternary());
        m_page = std::make_unique<ComparePage>(bench());
        m_page->resize(800, 620);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_fixture.reset();
    }

    void saysThatSomethingIsMissing() {
        QVERIFY(!child<QPushButton>("compareRun")->isEnabled());
        m_page->run();
        QVERIFY(!m_page->isRunning());
        QVERIFY(!child<QLabel>("compareState")->text().isEmpty());
    }

    void readsATextAsTheCommandLineDoes() {
        QVERIFY(m_fixture->quantize());
        child<QPlainTextEdit>("compareText")
            ->setPlainText(QStringLiteral("The quick brown fox jumps over the lazy dog."));
        QVERIFY(run());
        QVERIFY(m_page->result());
        const Json cli = diff("The quick brown fox jumps over the lazy dog.", 0);
        QCOMPARE(m_page->tokens().size(), cli["tokens"].items().size());
        QCOMPARE(m_page->result()->meanKl, cli["mean_kl"].toDouble());
        QCOMPARE(m_page->result()->pplB, cli["ppl_b"].toDouble());
        for (std::size_t i = 0; i < m_page->tokens().size(); ++i) {
            const TextDiffToken& token = m_page->tokens()[i];
            QCOMPARE(std::int64_t{token.id}, cli["tokens"].items()[i]["id"].toInt());
            QCOMPARE(token.kl, cli["tokens"].items()[i]["kl"].toDouble());
            QVERIFY(token.kl >= 0 && std::isfinite(token.kl));
        }
        // The caret chooses a token; its candidates are those of the command line.
        auto* view = child<QTextEdit>("compareView");
        view->setFocus();
        view->moveCursor(QTextCursor::Start);
        QTest::keyClick(view, Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(m_page->currentToken(), static_cast<int>(m_page->tokens().size()) - 1);
        m_page->showLargest();
        for (const TextDiffToken& token : m_page->tokens())
            QVERIFY(token.kl <= m_page->tokens()[static_cast<std::size_t>(m_page->currentToken())].kl);
    }

    void goesOnInLockStepAndFromTheOthersToken() {
        QVERIFY(m_fixture->quantize());
        child<QPlainTextEdit>("compareText")->setPlainText(QStringLiteral("A stone"));
        child<QComboBox>("compareMode")->setCurrentIndex(1);
        child<QSpinBox>("compareCount")->setValue(12);
        QVERIFY(run());
        const Json cli = diff("A stone", 12);
        QCOMPARE(m_page->tokens().size(), cli["tokens"].items().size());
        for (std::size_t i = 0; i < m_page->tokens().size(); ++i)
            QCOMPARE(m_page->tokens()[i].kl, cli["tokens"].items()[i]["kl"].toDouble());
        // Random weights in three values: they part at once.
        QVERIFY(m_page->result()->firstDivergence >= 0);
        m_page->showFirstDivergence();
        const int at = m_page->currentToken();
        const TextDiffToken token = m_page->tokens()[static_cast<std::size_t>(at)];
        QVERIFY(!token.agree());
        QSignalSpy done(m_page.get(), &ComparePage::finished);
        m_page->continueFromOther();
        QVERIFY(QTest::qWaitFor([&] { return done.count() > 0; }, 60000));
        QVERIFY(m_page->tokens().size() > static_cast<std::size_t>(at));
    }

    void stopsAndFollowsTheModel() {
        QVERIFY(m_fixture->quantize());
        child<QComboBox>("compareMode")->setCurrentIndex(1);
        child<QSpinBox>("compareCount")->setValue(2000);
        m_page->run();
        QTRY_VERIFY(m_page->tokens().size() > 3);
        m_page->stop();
        QTRY_VERIFY(!m_page->isRunning());
        QVERIFY(!m_page->result());
        QVERIFY(!child<QLabel>("compareState")->text().contains(QStringLiteral("comparing")));
        // Other weights while it runs: nothing of the old ones is left, and nothing of them arrives late.
        m_page->run();
        QTRY_VERIFY(m_page->tokens().size() > 3);
        bench().setRule(QStringLiteral("blk.*"), BenchFixture::eightBit());
        QVERIFY(m_fixture->quantize());
        QVERIFY(!m_page->isRunning());
        QVERIFY(m_page->tokens().empty());
        QTRY_VERIFY(m_fixture->jobs->isIdle());
        QTest::qWait(120);
        QVERIFY(m_page->tokens().empty());
        QVERIFY(child<QTextEdit>("compareView")->toPlainText().isEmpty());
        QVERIFY(child<QPushButton>("compareRun")->isEnabled());
        child<QSpinBox>("compareCount")->setValue(4);
        QVERIFY(run());
        QVERIFY(m_page->result());
    }

    void candidatesAreAModel() {
        CandidateModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setCandidates({{3, 0.5}, {4, 0.25}}, {QStringLiteral("a"), QStringLiteral("b")}, 4);
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(model.index(1, 0).data(Qt::FontRole).value<QFont>().bold());
        model.setCandidates({}, {}, kNoToken);
        QCOMPARE(model.rowCount(), 0);
    }
};

} // namespace

QTEST_MAIN(TestComparePage)
#include "tst_comparepage.moc"
