// The chat page: one prompt to both models, streaming, stop, what is said before a chat, saved conversations.
#include "core/chat/conversation.h"
#include "tests/support/testdata.h"
#include "tests/unit/widgets/benchfixture.h"
#include "widgets/common/factstrip.h"
#include "widgets/common/theme.h"
#include "widgets/common/tokentext.h"
#include "widgets/common/wraplabel.h"
#include "widgets/pages/chat/banner.h"
#include "widgets/pages/chat/chatpage.h"
#include "widgets/pages/chat/chatpane.h"
#include "widgets/pages/chat/conversationkeeper.h"
#include "widgets/pages/chat/promptedit.h"
#include "widgets/pages/chat/samplingpanel.h"
#include "widgets/pages/chat/transcript.h"

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTextBlock>
#include <QToolButton>

using namespace trilobit;
using test::BenchFixture;

namespace {

struct Page {
    explicit Page(BenchFixture& f) : page(*f.bench), turns(&page, &ChatPage::turnFinished) {
        page.resize(1100, 700);
        page.show();
        page.findChild<QSpinBox*>("samplingMaxTokens")->setValue(8);
    }
    ChatPane& original() { return *page.findChild<ChatPane*>("originalPane"); }
    ChatPane& quantized() { return *page.findChild<ChatPane*>("quantizedPane"); }
    QPushButton& button(const char* name) { return *page.findChild<QPushButton*>(name); }
    QString expectation() { return page.findChild<Banner*>("quantizedExpectation")->text(); }
    QString difference() { return page.findChild<QLabel*>("chatDifference")->text(); }
    void type(const QString& text) { page.findChild<PromptEdit*>("chatPrompt")->setPlainText(text); }
    bool turn(const QString& text) {
        const auto before = turns.size();
        type(text);
        page.send();
        return QTest::qWaitFor([&] { return turns.size() > before; }, 60000);
    }
    ChatPage page;
    QSignalSpy turns;
};

QStringList savedFiles() { return QDir(ConversationKeeper::folder()).entryList({"*.jsonl"}, QDir::Files); }

SavedConversation onlySaved() {
    const QStringList files = savedFiles();
    if (files.size() != 1)
        return {};
    auto saved = loadConversation((ConversationKeeper::folder() + "/" + files.first()).toStdString());
    return saved ? *saved : SavedConversation{};
}

QStringList quantizable(const Model& model) {
    QStringList names;
    for (const Tensor& tensor : model.tensors())
        if (tensor.isQuantizable() && tensor.layer >= 0)
            names << QString::fromStdString(tensor.name);
    return names;
}

} // namespace

class TestChatPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init() { QDir(ConversationKeeper::folder()).removeRecursively(); }
    void cleanupTestCase() { QDir(ConversationKeeper::folder()).removeRecursively(); }

    void withoutAModel() {
        BenchFixture f;
        Page p(f);
        QVERIFY(p.original().showsInvitation());
        QVERIFY(!p.button("chatSend").isEnabled());
        p.page.send();
        QVERIFY(!p.page.isAnswering());
        QVERIFY(savedFiles().isEmpty());
    }

    void originalAloneAnswers() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        QVERIFY(!p.original().showsInvitation());
        QVERIFY(p.quantized().showsInvitation());
        QVERIFY(p.page.findChild<Banner*>("untrainedBanner")->isVisible());
        QVERIFY(!p.button("chatSend").isEnabled());
        p.type("hello");
        QVERIFY(p.button("chatSend").isEnabled());
        QSignalSpy commands(f.bench.get(), &Workbench::commandRun);
        QVERIFY(p.turn("hello"));
        const QString text = p.original().transcript().toPlainText();
        QVERIFY2(text.contains("hello"), qPrintable(text));
        QVERIFY2(text.contains("token"), qPrintable(text));
        QVERIFY(!p.original().transcript().lastAnswer().isEmpty());
        QVERIFY(p.quantized().transcript().toPlainText().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(p.original().findChild<FactStrip*>("originalFacts")->value("hash").size(), 12, 20000);
        QVERIFY(!p.original().findChild<FactStrip*>("originalFacts")->value("path").isEmpty());
        QVERIFY(p.original().findChild<FactStrip*>("originalFacts")->value("memory").contains("B"));
        if (!commands.isEmpty())
            QVERIFY(commands.first().at(0).toString().contains("generate"));
        const SavedConversation saved = onlySaved();
        QCOMPARE(saved.panes.size(), std::size_t{1});
        QCOMPARE(saved.panes.at("original").size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(saved.panes.at("original").at(1).text), p.original().transcript().lastAnswer());
    }

    void furtherModelsAnswerToo() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        const QString path = QString::fromStdString(f.bench->model()->path());
        p.page.addModel(path);
        QTRY_VERIFY_WITH_TIMEOUT(p.page.findChild<ChatPane*>("model1Pane") && f.jobs->isIdle(), 20000);
        QVERIFY(p.turn("hello"));
        auto* pane = p.page.findChild<ChatPane*>("model1Pane");
        QVERIFY(!pane->transcript().lastAnswer().isEmpty());
        QCOMPARE(pane->transcript().lastAnswer(), p.original().transcript().lastAnswer()); // the same file
        QVERIFY2(p.difference().contains("same"), qPrintable(p.difference()));
        p.page.addModel(path + ".missing");
        QTRY_VERIFY_WITH_TIMEOUT(p.page.findChild<ChatPane*>("model2Pane")
                                     && !p.page.findChild<ChatPane*>("model2Pane")->problem().isEmpty(), 20000);
        p.page.addModel(path); // four panes are enough
        QVERIFY(!p.page.findChild<ChatPane*>("model3Pane"));
        QVERIFY(!p.button("chatAdd").isEnabled());
        emit p.page.findChild<ChatPane*>("model2Pane")->closeRequested();
        emit pane->closeRequested();
        QTRY_VERIFY(!p.page.findChild<ChatPane*>("model1Pane"));
        QVERIFY(p.button("chatAdd").isEnabled());
        QVERIFY(p.turn("again"));
    }

    // What is said before a chat with a model that was not trained for three values: there before the first prompt.
    void ternaryIsExplainedBeforehand() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        QVERIFY(p.expectation().isEmpty());
        f.bench->setChoice(quantizable(*f.bench->model()), BenchFixture::ternary());
        QTRY_VERIFY(!p.expectation().isEmpty());
        QVERIFY(f.quantize());
        QVERIFY(!p.quantized().showsInvitation());
        auto* banner = p.page.findChild<Banner*>("quantizedExpectation");
        QVERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains("not trained"), qPrintable(banner->text()));
        QVERIFY(p.turn("hello"));
        QVERIFY(banner->isVisible()); // and stays
        QVERIFY(p.quantized().notice().isEmpty() || !p.quantized().notice().contains("recipe"));
        f.bench->setChoice({quantizable(*f.bench->model()).first()}, BenchFixture::eightBit());
        QVERIFY(p.quantized().notice().contains("recipe"));
    }

    void bothAnswerAndPart() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        f.bench->setChoice(quantizable(*f.bench->model()), BenchFixture::ternary());
        QVERIFY(f.quantize());
        Page p(f);
        QVERIFY(p.turn("hello"));
        QVERIFY(!p.original().transcript().lastAnswer().isEmpty());
        const SavedConversation saved = onlySaved();
        QCOMPARE(saved.panes.size(), std::size_t{2});
        QVERIFY2(p.difference().contains("differ") || p.difference().contains("same"), qPrintable(p.difference()));
        const bool same = p.original().transcript().lastAnswer() == p.quantized().transcript().lastAnswer();
        if (!same)
            QVERIFY(!p.difference().contains("are the same"));
        // With sampling, answers part by chance too: nothing is claimed.
        p.page.findChild<QDoubleSpinBox*>("samplingTemperature")->setValue(1);
        QVERIFY(p.turn("again"));
        QVERIFY(p.difference().isEmpty());
    }

    // A copy of the same weights says the same, greedy or with the same seed.
    void equalWeightsSayTheSame() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        // Plain floats can hold every weight of the demo model.
        f.bench->setChoice(quantizable(*f.bench->model()), {"rtn", "F32", {}});
        QVERIFY(f.quantize());
        QVERIFY(p.turn("hello"));
        QCOMPARE(p.original().transcript().lastAnswer(), p.quantized().transcript().lastAnswer());
        QVERIFY2(p.difference().contains("are the same"), qPrintable(p.difference()));
        p.page.findChild<QDoubleSpinBox*>("samplingTemperature")->setValue(1);
        p.page.findChild<QSpinBox*>("samplingSeed")->setValue(7);
        QVERIFY(p.turn("and now by chance"));
        QCOMPARE(p.original().transcript().lastAnswer(), p.quantized().transcript().lastAnswer());
    }

    void stopKeepsWhatWasSaid() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        QVERIFY(p.turn("warm up"));
        p.page.findChild<QSpinBox*>("samplingMaxTokens")->setValue(100000);
        p.type("go on for ever");
        QTest::keyClick(p.page.findChild<PromptEdit*>("chatPrompt"), Qt::Key_Return);
        QVERIFY(p.page.isAnswering());
        QVERIFY(!p.button("chatSend").isEnabled());
        QVERIFY(p.button("chatStop").isEnabled());
        test::Watchdog dog;
        if (!QTest::qWaitFor([&] { return p.original().transcript().lastAnswer().size() > 3; }, 20000))
            QVERIFY(!p.page.isAnswering()); // it ended by itself
        QElapsedTimer clock;
        clock.start();
        p.button("chatStop").click();
        QTRY_VERIFY_WITH_TIMEOUT(!p.page.isAnswering(), 5000);
        qInfo("stopped after %lld ms; longest pause of the interface thread %lld ms", clock.elapsed(), dog.longest());
        QVERIFY(!p.original().transcript().lastAnswer().isEmpty());
        QVERIFY(p.button("chatNew").isEnabled());
        QVERIFY(p.turn("and again"));
    }

    void newConversationForgets() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        QVERIFY(p.turn("hello"));
        const QString first = p.original().transcript().lastAnswer();
        p.page.newConversation();
        QVERIFY(p.original().transcript().toPlainText().isEmpty());
        QVERIFY(p.turn("hello"));
        QCOMPARE(p.original().transcript().lastAnswer(), first); // the same question to an empty context
        QCOMPARE(savedFiles().size(), 2);
        p.type("more");
        p.page.send();
        p.page.newConversation(); // in the middle of an answer: nothing of it arrives later
        QVERIFY(!p.page.isAnswering());
        QTRY_VERIFY(f.jobs->isIdle());
        QVERIFY(p.original().transcript().toPlainText().isEmpty());
        QVERIFY(p.turn("hello"));
        QCOMPARE(p.original().transcript().lastAnswer(), first);
    }

    void theLastTurnComesBack() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        const auto action = [&](const char* name) { return p.page.findChild<QAction*>(name); };
        QVERIFY(!action("chatAgain")->isEnabled() && !action("chatEdit")->isEnabled() && !action("chatRaw")->isEnabled());
        QVERIFY(p.turn("first"));
        const QString first = p.original().transcript().lastAnswer();
        QVERIFY(p.turn("second"));
        const QString second = p.original().transcript().lastAnswer();

        // Again: the same settings, the same answer, and a draft in the box stays.
        p.type("a draft");
        const auto before = p.turns.size();
        action("chatAgain")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(p.turns.size() > before, 60000);
        QCOMPARE(p.original().transcript().lastAnswer(), second);
        QCOMPARE(p.original().transcript().toPlainText().count("second"), 1);
        QCOMPARE(p.page.findChild<PromptEdit*>("chatPrompt")->toPlainText(), QStringLiteral("a draft"));

        // Changed: the prompt is in the box, its answer gone, and what is asked next follows the first turn.
        action("chatEdit")->trigger();
        QCOMPARE(p.page.findChild<PromptEdit*>("chatPrompt")->toPlainText(), QStringLiteral("second"));
        QCOMPARE(p.original().transcript().lastAnswer(), first);
        QVERIFY(p.turn("third"));
        const SavedConversation saved = onlySaved();
        QCOMPARE(saved.panes.at("original").size(), std::size_t{4});
        QCOMPARE(saved.panes.at("original").at(2).text, std::string("third"));
        QCOMPARE(QString::fromStdString(saved.panes.at("original").at(1).text), first);

        action("chatRaw")->trigger();
        auto* raw = p.page.findChild<QDialog*>("rawPromptDialog");
        QVERIFY(raw);
        const QString given = raw->findChild<QPlainTextEdit*>("rawPromptText")->toPlainText();
        QVERIFY2(given.contains("first") && given.contains("third") && !given.contains("second"), qPrintable(given));
        raw->close();

        action("chatExport")->trigger();
        auto* dialog = p.page.findChild<QFileDialog*>("chatExportDialog");
        QVERIFY(dialog);
        const QString file = f.folder.filePath("talk.md");
        emit dialog->fileSelected(file);
        dialog->close();
        QTRY_VERIFY(QFileInfo::exists(file));
        const QString text = QString::fromUtf8(test::readBytes(file));
        QVERIFY2(text.contains("**You:** third") && !text.contains("second"), qPrintable(text));
    }

    void aTurnThatFailedTakesNothingBack() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        QVERIFY(p.turn("first"));
        const QString first = p.original().transcript().lastAnswer();
        QVERIFY(p.turn(QStringLiteral("word ").repeated(5000))); // longer than the context
        QVERIFY(!p.page.findChild<QAction*>("chatAgain")->isEnabled());
        p.page.editLast();
        QVERIFY(p.page.findChild<PromptEdit*>("chatPrompt")->toPlainText().isEmpty());
        const SavedConversation saved = onlySaved();
        QCOMPARE(saved.panes.at("original").size(), std::size_t{2}); // the first turn, untouched
        QCOMPARE(QString::fromStdString(saved.panes.at("original").at(1).text), first);
        // What can be taken back is the turn after it; the first answer and the prompt that failed stay in sight.
        QVERIFY(p.turn("a fine prompt"));
        p.page.editLast();
        QCOMPARE(p.page.findChild<PromptEdit*>("chatPrompt")->toPlainText(), QStringLiteral("a fine prompt"));
        const QString shown = p.original().transcript().toPlainText();
        QVERIFY2(shown.contains(first) && shown.contains("word word") && !shown.contains("a fine prompt"), qPrintable(shown.right(300)));
        QVERIFY(p.original().transcript().lastAnswer().isEmpty()); // nothing answered the prompt that failed
        QCOMPARE(onlySaved().panes.at("original").size(), std::size_t{2});
    }

    // One answer; the other model reads it along and shows what it would have said.
    void sameWordsAreReadAlong() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        f.bench->setChoice(quantizable(*f.bench->model()), BenchFixture::ternary());
        QVERIFY(f.quantize());
        Page p(f);
        p.page.findChild<QToolButton*>("chatSameWords")->click();
        QVERIFY(p.turn("hello"));
        const QString written = p.original().transcript().lastAnswer();
        QVERIFY(!written.isEmpty());
        const QString shown = p.quantized().transcript().toPlainText();
        QVERIFY2(shown.contains("would have said", Qt::CaseInsensitive) && shown.contains("KL"), qPrintable(shown));
        QVERIFY(p.page.findChild<QWidget*>("klLegend")->isVisible());
        QVERIFY2(p.difference().contains("would"), qPrintable(p.difference()));
        SavedConversation saved = onlySaved();
        QCOMPARE(saved.panes.at("quantized").at(1), saved.panes.at("original").at(1)); // it read these words
        QCOMPARE(QString::fromStdString(saved.panes.at("original").at(1).text), written);

        // Random weights in three values: they part, and that is shown by more than colour.
        p.page.showFirstDifference();
        const int at = p.original().transcript().currentToken();
        QVERIFY(at >= 0);
        const TextDiffToken* word = p.original().transcript().currentWord();
        QVERIFY(word && !word->agree());
        QVERIFY(p.original().transcript().textCursor().charFormat().fontUnderline()
                || p.original().transcript().textCursor().charFormat().underlineStyle() != QTextCharFormat::NoUnderline);
        const QString tip = p.original().transcript().describeAt(p.original().transcript().textCursor().selectionStart());
        QVERIFY2(tip.contains("KL") && tip.contains("Original") && tip.contains("Quantized"), qPrintable(tip));
        QCOMPARE(p.page.findChild<QWidget*>("chatWordDetail")->toolTip(), tip);

        // Going on from the other's word: the beginning stays, then that word, then something new; both read again.
        auto* way = p.page.findChild<QPushButton*>("chatGoOn1");
        QVERIFY(way->isVisible() && way->isEnabled());
        QVERIFY(!p.page.findChild<QPushButton*>("chatGoOn2")->isVisible());
        const auto& tokenizer = *f.bench->model()->tokenizer();
        const TokenId others = word->topB.front().id;
        const auto turns = p.turns.size();
        way->click();
        QTRY_VERIFY_WITH_TIMEOUT(p.turns.size() > turns, 60000);
        const QString second = p.original().transcript().lastAnswer();
        QVERIFY(second != written);
        QVERIFY(!tokenizer.pieceBytes(others, true).empty());
        p.original().transcript().setCurrentToken(at);
        QVERIFY(p.original().transcript().currentWord());
        QCOMPARE(p.original().transcript().currentWord()->id, others);
        QCOMPARE(p.original().transcript().toPlainText().count("hello"), 1); // in place of the answer before
        saved = onlySaved();
        QCOMPARE(saved.panes.at("original").size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(saved.panes.at("original").at(1).text), second);

        // The next turn goes on for both, and without the mode each answers by itself again.
        p.page.findChild<QToolButton*>("chatSameWords")->click();
        QVERIFY(p.turn("more"));
        QVERIFY(!p.page.findChild<QWidget*>("klLegend")->isVisible());
        QVERIFY(!p.quantized().transcript().lastAnswer().isEmpty());
        QCOMPARE(onlySaved().panes.at("quantized").size(), std::size_t{4});
    }

    void sameWordsOfEqualWeightsDoNotDiffer() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        p.page.findChild<QToolButton*>("chatSameWords")->click();
        QVERIFY(p.turn("alone")); // nobody to read: it is said, and the answer is there
        QVERIFY2(p.difference().contains("Nobody"), qPrintable(p.difference()));
        f.bench->setChoice(quantizable(*f.bench->model()), {"rtn", "F32", {}});
        QVERIFY(f.quantize());
        QVERIFY(p.turn("hello"));
        QVERIFY2(p.difference().contains("would have said the same"), qPrintable(p.difference()));
        QVERIFY(!p.page.findChild<QPushButton*>("chatGoOn1")->isVisible());
        QVERIFY(p.quantized().transcript().lastAnswer().startsWith(p.original().transcript().lastAnswer()));
        QVERIFY2(p.quantized().transcript().toPlainText().contains("mean KL 0 "), qPrintable(p.quantized().transcript().toPlainText()));
        // Stopped in the middle: what was read stays, and the next turn works.
        p.page.findChild<QSpinBox*>("samplingMaxTokens")->setValue(100000);
        p.type("go on for ever");
        p.page.send();
        (void)QTest::qWaitFor([&] { return p.quantized().transcript().lastAnswer().size() > 3; }, 20000);
        p.page.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!p.page.isAnswering(), 5000);
        QVERIFY(!p.quantized().transcript().lastAnswer().isEmpty());
        p.page.findChild<QSpinBox*>("samplingMaxTokens")->setValue(8);
        QVERIFY(p.turn("and again"));
        // The reader's model goes away meanwhile: the writer is not held up.
        p.page.findChild<QSpinBox*>("samplingMaxTokens")->setValue(2000);
        p.type("once more");
        p.page.send();
        f.bench->setChoice({quantizable(*f.bench->model()).first()}, BenchFixture::ternary());
        QVERIFY(f.quantize());
        QTRY_VERIFY_WITH_TIMEOUT(!p.page.isAnswering(), 60000);
        p.page.stop();
    }

    // In a free conversation, either pane can take the other's word at the first difference.
    void onePaneGoesOnFromTheOthersWord() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        f.bench->setChoice(quantizable(*f.bench->model()), BenchFixture::ternary());
        QVERIFY(f.quantize());
        Page p(f);
        QVERIFY(p.turn("hello"));
        const QString first = p.original().transcript().lastAnswer(), second = p.quantized().transcript().lastAnswer();
        QVERIFY(first != second);
        auto* way = p.page.findChild<QPushButton*>("chatGoOn2");
        QVERIFY2(way->isVisible(), "one of the answers ended where they part");
        QVERIFY2(way->text().startsWith("Quantized"), qPrintable(way->text()));
        const auto turns = p.turns.size();
        way->click();
        QTRY_VERIFY_WITH_TIMEOUT(p.turns.size() > turns, 60000);
        QCOMPARE(p.original().transcript().lastAnswer(), first); // untouched
        QVERIFY(p.quantized().transcript().lastAnswer() != second);
        QCOMPARE(onlySaved().panes.at("quantized").size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(onlySaved().panes.at("quantized").at(1).text), p.quantized().transcript().lastAnswer());
        QVERIFY(p.turn("more"));
    }

    void exactArithmeticOnRequest() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        f.bench->setChoice(quantizable(*f.bench->model()), BenchFixture::eightBit());
        QVERIFY(f.quantize());
        Page p(f);
        auto* facts = p.quantized().findChild<FactStrip*>("quantizedFacts");
        QTRY_VERIFY_WITH_TIMEOUT(facts->value("path").startsWith("fast"), 20000);
        QVERIFY2(facts->value("path").contains("int8"), qPrintable(facts->value("path")));
        QSignalSpy chosen(&p.page, &ChatPage::activationsChosen);
        auto* box = p.page.findChild<QComboBox*>("samplingActivations");
        box->setCurrentIndex(1);
        emit box->activated(1);
        QCOMPARE(chosen.size(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(facts->value("path").startsWith("exact"), 20000);
        QVERIFY2(facts->value("path").contains("float"), qPrintable(facts->value("path")));
        QVERIFY(p.page.findChild<QuietLabel*>("chatSamplingSummary")->text().contains("exact"));
        QSignalSpy commands(f.bench.get(), &Workbench::commandRun);
        QVERIFY(p.turn("hello"));
        for (const auto& command : commands)
            QVERIFY(!command.at(0).toString().contains("fast"));
        p.page.setActivations(ActivationPath::Fast);
        QTRY_VERIFY_WITH_TIMEOUT(facts->value("path").startsWith("fast"), 20000);
        QCOMPARE(chosen.size(), 1); // not by the person
        QVERIFY(p.turn("and fast"));
        for (const auto& command : commands)
            if (command.at(0).toString().contains("and fast"))
                QVERIFY(command.at(0).toString().contains("--activations fast"));
    }

    void colouredWordsCanBeRead() {
        for (const bool dark : {false, true}) {
            const ThemeColors theme = themeColors(dark);
            double before = 0;
            for (const double kl : {0.0, 0.01, 0.1, 0.5, 1.0, 2.0, 100.0}) {
                QVERIFY(contrastRatio(theme.text, klColor(kl, theme)) >= 4.5);
                const double away = contrastRatio(theme.base, klColor(kl, theme)); // only ever stronger, whatever the eye
                QVERIFY(away >= before);
                before = away;
            }
        }
    }

    void suggestionsGiveWay() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        auto* box = p.page.findChild<PromptEdit*>("chatPrompt");
        p.page.suggest("try this");
        QCOMPARE(box->toPlainText(), QStringLiteral("try this"));
        p.page.suggest("or that");
        QCOMPARE(box->toPlainText(), QStringLiteral("try this"));
        QVERIFY(p.turn("hello"));
        p.page.suggest("too late");
        QVERIFY(box->toPlainText().isEmpty());
    }

    void earlierOnesAreFoundByWords() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        QVERIFY(p.turn("about whales"));
        p.page.newConversation();
        QVERIFY(p.turn("about trains"));
        p.button("chatEarlier").click();
        auto* dialog = p.page.findChild<QDialog*>("earlierDialog");
        QVERIFY(dialog);
        auto* list = dialog->findChild<QListWidget*>("earlierList");
        QTRY_COMPARE(list->count(), 2);
        dialog->findChild<QLineEdit*>("earlierWords")->setText("WHALES about");
        QCOMPARE(list->count(), 1);
        dialog->findChild<QLineEdit*>("earlierWords")->setText("whales trains");
        QCOMPARE(list->count(), 0);
        QVERIFY(!dialog->findChild<QPushButton*>("earlierOpen")->isEnabled());
        dialog->findChild<QLineEdit*>("earlierWords")->setText("whales");
        dialog->findChild<QPushButton*>("earlierOpen")->click();
        QTRY_VERIFY(p.original().transcript().toPlainText().contains("about whales"));
        QVERIFY(!p.original().transcript().toPlainText().contains("about trains"));
    }

    void modelsComeAndGoWhileAnswering() {
        BenchFixture f;
        QVERIFY(f.openDemo());
        Page p(f);
        p.page.findChild<QSpinBox*>("samplingMaxTokens")->setValue(2000);
        p.type("a long one");
        p.page.send();
        const auto before = f.bench->model();
        f.bench->openModel(f.path);
        QTRY_VERIFY_WITH_TIMEOUT(f.bench->model() != before, 20000);
        QVERIFY(!p.page.isAnswering());
        p.page.findChild<QSpinBox*>("samplingMaxTokens")->setValue(4);
        QVERIFY(p.turn("hello"));
        QVERIFY(!p.original().transcript().lastAnswer().isEmpty());
    }

    void bannersFollowTheTheme() {
        applyTheme(*qApp, ThemeChoice::Dark);
        QWidget window;
        Banner banner(Banner::Kind::Warning, &window);
        banner.setText("careful");
        window.resize(300, 80);
        banner.resize(300, 80);
        window.show();
        const auto surface = [&banner] { return banner.grab().toImage().pixelColor(150, 75); };
        QCOMPARE(surface().name(), themeColors(true).warnSurface.name());
        applyTheme(*qApp, ThemeChoice::Light);
        QTRY_COMPARE(surface().name(), themeColors(false).warnSurface.name());
        applyTheme(*qApp, ThemeChoice::Dark);
        QTRY_COMPARE(surface().name(), themeColors(true).warnSurface.name());
        applyTheme(*qApp, ThemeChoice::Light);
    }

    void keysOfThePrompt() {
        PromptEdit edit;
        QSignalSpy sent(&edit, &PromptEdit::sendRequested);
        QTest::keyClicks(&edit, "a");
        QTest::keyClick(&edit, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(&edit, "b");
        QCOMPARE(sent.size(), 0);
        QTest::keyClick(&edit, Qt::Key_Return);
        QCOMPARE(sent.size(), 1);
        QCOMPARE(edit.toPlainText(), QStringLiteral("a\nb"));
    }

    void samplingOptions() {
        SamplingPanel panel;
        QCOMPARE(panel.options().sampler.temperature, 0.0);
        QVERIFY(panel.summary().contains("greedy"));
        panel.findChild<QDoubleSpinBox*>("samplingTemperature")->setValue(0.7);
        panel.findChild<QSpinBox*>("samplingTopK")->setValue(5);
        panel.findChild<QDoubleSpinBox*>("samplingTopP")->setValue(0.5);
        panel.findChild<QDoubleSpinBox*>("samplingMinP")->setValue(0.1);
        panel.findChild<QDoubleSpinBox*>("samplingRepetitionPenalty")->setValue(1.2);
        panel.findChild<QSpinBox*>("samplingSeed")->setValue(9);
        panel.findChild<QSpinBox*>("samplingMaxTokens")->setValue(33);
        const GenerateOptions options = panel.options();
        QCOMPARE(options.sampler.topK, std::int64_t{5});
        QCOMPARE(options.sampler.topP, 0.5);
        QCOMPARE(options.sampler.minP, 0.1);
        QCOMPARE(options.sampler.repetitionPenalty, 1.2);
        QCOMPARE(options.sampler.seed, std::uint64_t{9});
        QCOMPARE(options.maxTokens, std::int64_t{33});
        QVERIFY_RESULT(checkSampler(options.sampler));
    }

    void transcriptMarksFromAToken() {
        Transcript view;
        view.resize(400, 300);
        view.addUser("question");
        view.beginAnswer();
        view.addTokens({"one ", "two\n", "three "});
        const auto underlinedText = [&view] {
            QString text;
            for (QTextBlock block = view.document()->begin(); block.isValid(); block = block.next())
                for (auto it = block.begin(); !it.atEnd(); ++it)
                    if (it.fragment().charFormat().underlineStyle() == QTextCharFormat::DotLine)
                        text += it.fragment().text();
            return text.replace(QChar::LineSeparator, QLatin1Char('\n'));
        };
        QCOMPARE(underlinedText(), QString());
        view.markFrom(1);
        QCOMPARE(underlinedText(), QStringLiteral("two\nthree "));
        view.addTokens({"four"});
        QCOMPARE(underlinedText(), QStringLiteral("two\nthree four"));
        view.endAnswer("4 tokens");
        QCOMPARE(underlinedText(), QStringLiteral("two\nthree four"));
        QCOMPARE(view.lastAnswer(), QStringLiteral("one two\nthree four"));
        const QString before = view.toPlainText();
        QPalette dark;
        dark.setColor(QPalette::Window, Qt::black);
        dark.setColor(QPalette::Base, Qt::black);
        dark.setColor(QPalette::Text, Qt::white);
        view.setPalette(dark); // drawn again in other colours, the same text
        QCOMPARE(view.toPlainText(), before);
        QCOMPARE(underlinedText(), QStringLiteral("two\nthree four"));
        view.beginAnswer();
        view.addTokens({"a", "b"});
        view.endAnswer("2 tokens");
        view.markFrom(0); // known only after the answer was complete
        QCOMPARE(underlinedText(), QStringLiteral("two\nthree fourab"));
    }
};

QTEST_MAIN(TestChatPage)
#include "tst_chatpage.moc"
