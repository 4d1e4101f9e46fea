// The real main window, offscreen, driven by object names; a watchdog measures how long its thread is blocked.
#include "app/appcontext.h"
#include "app/language.h"
#include "app/mainwindow.h"
#include "core/model/demomodel.h"
#include "tests/gui/openwindow.h"
#include "tests/gui/timedapplication.h"
#include "tests/gui/watchdog.h"
#include "tests/support/testdata.h"
#include "widgets/dialogs/helpdialog.h"
#include "widgets/models/tensortreemodel.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTextBlock>
#include <QTextBrowser>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

using namespace trilobit;
using Tree = TensorTreeModel;

namespace {
constexpr double kMaxBlockedMs = 50;
constexpr int kCancelMs = 200, kLongMs = 120'000;
} // namespace

class TestMainWindow : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<AppContext> m_context;
    std::unique_ptr<MainWindow> m_window;
    QString m_demo;

    template <class T>
    T* child(const char* name) {
        return m_window->findChild<T*>(QLatin1String(name));
    }
    Workbench& bench() { return m_context->workbench(); }
    void trigger(const char* action) {
        QAction* found = child<QAction>(action);
        QVERIFY2(found && found->isEnabled(), action);
        found->trigger();
    }
    bool waitIdle() {
        return test::runUntil([this] { return !bench().isBusy() && m_context->jobs().isIdle(); }, kLongMs);
    }
    bool openDemo() {
        m_window->openPath(m_demo);
        return waitIdle() && bench().model();
    }
    QModelIndex row(const QString& tensor, int column) {
        auto* tree = child<QTreeView>("tensorTree");
        std::vector<QModelIndex> open{QModelIndex()};
        while (!open.empty()) {
            const QModelIndex parent = open.back();
            open.pop_back();
            for (int i = 0; i < tree->model()->rowCount(parent); ++i) {
                const QModelIndex index = tree->model()->index(i, 0, parent);
                if (index.data(Tree::TensorNameRole).toString() == tensor)
                    return index.siblingAtColumn(column);
                open.push_back(index);
            }
        }
        return {};
    }
    void select(const QStringList& tensors) {
        auto* tree = child<QTreeView>("tensorTree");
        tree->selectionModel()->clear();
        for (const QString& name : tensors) {
            tree->expand(row(name, 0).parent());
            tree->selectionModel()->setCurrentIndex(row(name, 0), QItemSelectionModel::NoUpdate);
            tree->selectionModel()->select(row(name, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
    }
    /// Opens the editor of a cell as F2 does and picks an entry.
    void pickInCell(const QModelIndex& index, const char* editor, const QString& id) {
        auto* tree = child<QTreeView>("tensorTree");
        tree->scrollTo(index);
        tree->edit(index);
        auto* box = tree->findChild<QComboBox*>(QLatin1String(editor));
        QVERIFY2(box, editor);
        const int entry = box->findData(id);
        QVERIFY2(entry >= 0, qPrintable(id));
        box->setCurrentIndex(entry);
        emit box->activated(entry);
        QTRY_VERIFY(!tree->findChild<QComboBox*>(QLatin1String(editor)));
    }
    template <class T>
    T* dialog(const char* name) {
        T* found = nullptr;
        (void)QTest::qWaitFor([&] { return (found = m_window->findChild<T*>(QLatin1String(name))) && found->isVisible(); });
        return found;
    }

    /// One round of everything a person does first, on a fresh window.
    void measureBlocks(const QString& model, double& worst, QString& phase) {
        auto& application = static_cast<test::TimedApplication&>(*qApp);
        (void)application.takeSlowest();
        test::Watchdog watchdog;
        watchdog.setPhase(QStringLiteral("open"));
        m_window->openPath(model);
        QVERIFY(waitIdle() && bench().model());
        watchdog.setPhase(QStringLiteral("rules"));
        bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q8_0", {}});
        bench().setRule(QStringLiteral("blk.{0,1}.*"), {"hqq", "affine-g64-b4", {}});
        bench().setRule(QStringLiteral("blk.0.ffn_*"), {"absmean", "I2_S", {}});
        QTest::qWait(50);
        watchdog.setPhase(QStringLiteral("preview"));
        for (const char* name : {"blk.0.attn_q.weight", "blk.1.ffn_down.weight", "blk.0.ffn_up.weight"}) {
            select({QLatin1String(name)});
            QTest::qWait(120);
        }
        watchdog.setPhase(QStringLiteral("quantize"));
        trigger("quantizeAction");
        QVERIFY(waitIdle());
        for (int page = 0; page < 4; ++page) {
            watchdog.setPhase(QStringLiteral("page %1").arg(page));
            child<QTabWidget>("pages")->setCurrentIndex(page);
            QTest::qWait(150);
            QVERIFY(waitIdle());
        }
        watchdog.setPhase(QStringLiteral("chat"));
        auto* chat = child<QWidget>("chatPage");
        child<QTabWidget>("pages")->setCurrentWidget(chat);
        QVERIFY(child<QWidget>("chatPrompt")->setProperty("plainText", QStringLiteral("Hello")));
        QMetaObject::invokeMethod(chat, "send");
        QTest::qWait(1500);
        QMetaObject::invokeMethod(chat, "stop");
        QVERIFY(waitIdle());
        watchdog.setPhase(QStringLiteral("undo"));
        trigger("undoAction");
        QTest::qWait(100);
        QVERIFY(watchdog.beats() > 100);
        qInfo("longest block %.1f ms (with waiting for a CPU %.1f ms) during %s%s", watchdog.worstMs(),
              watchdog.worstWithWaitingMs(), qPrintable(watchdog.worstPhase()), qPrintable(application.takeSlowest()));
        worst = watchdog.worstMs();
        phase = watchdog.worstPhase();
    }

private slots:
    void initTestCase() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_demo = m_folder->filePath(QStringLiteral("demo.gguf"));
        RunControl control;
        QVERIFY_RESULT(writeDemoModel(m_demo.toStdString(), 1, control));
    }

    void init() {
        // A home of its own for every test: settings, session log, store.
        static int number = 0;
        const QString config = m_folder->filePath(QStringLiteral("config%1").arg(++number));
        qputenv("TRILOBIT_CONFIG", config.toUtf8());
        QDir().mkpath(config);
        m_context = std::make_unique<AppContext>(AppContext::Options{});
        applyTheme(*qApp, ThemeChoice::Light);
        m_window = std::make_unique<MainWindow>(*m_context);
        m_window->resize(1280, 720);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QCOMPARE(m_context->startProblems(), QStringList());
    }

    void cleanup() {
        m_window.reset();
        m_context.reset();
    }

    void startsWithAWelcome() {
        QCOMPARE(child<QTabWidget>("pages")->currentWidget()->objectName(), QStringLiteral("welcomePage"));
        QVERIFY(!child<QAction>("quantizeAction")->isEnabled());
        QVERIFY(!child<QAction>("exportAction")->isEnabled());
        QVERIFY(child<QAction>("openAction")->isEnabled());
    }

    /// Everything that can have the focus says what it is, in the window and in its dialogs.
    void nothingThatTakesTheFocusIsUnnamed() {
        QVERIFY(openDemo());
        select({QStringLiteral("blk.0.attn_q.weight")});
        const auto check = [](QWidget* root) {
            for (QWidget* widget : root->findChildren<QWidget*>()) {
                if (!(widget->focusPolicy() & Qt::TabFocus) || widget->objectName().startsWith(QLatin1String("qt_")))
                    continue;
                const QWidget* parent = widget->parentWidget();
                if (parent && (qobject_cast<const QComboBox*>(parent) || parent->inherits("QAbstractSpinBox")
                               || parent->inherits("QFileDialog")))
                    continue; // the editor inside
                if (widget->window()->inherits("QComboBoxPrivateContainer"))
                    continue; // the list that drops down speaks for its box
                QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
                QVERIFY2(spoken, widget->metaObject()->className());
                const bool named = !spoken->text(QAccessible::Name).isEmpty() || widget->inherits("QTabBar")
                                   || widget->inherits("QScrollArea");
                QVERIFY2(named, qPrintable(QString(widget->metaObject()->className()) + QLatin1Char(' ') + widget->objectName()
                                           + QStringLiteral(" in ") + (parent ? parent->objectName() : QString())));
                QVERIFY2(spoken->role() != QAccessible::NoRole, qPrintable(widget->objectName()));
            }
        };
        check(m_window.get());
        for (const char* action : {"setChoiceAction", "patternAction", "whatElseAction", "exportAction", "paletteAction",
                                   "aboutAction", "helpAction", "jobsAction", "settingsAction"}) {
            trigger(action);
            QTest::qWait(30);
            for (QDialog* dialog : m_window->findChildren<QDialog*>())
                if (dialog->isVisible()) {
                    check(dialog);
                    dialog->reject();
                }
            QVERIFY(waitIdle());
        }
    }

    void speaksGermanWhenAskedTo() {
        trigger("settingsAction");
        auto* settings = dialog<QDialog>("settingsDialog");
        QVERIFY(settings);
        auto* languages = settings->findChild<QComboBox*>(QStringLiteral("settingsLanguage"));
        QCOMPARE(languages->currentData().toString(), QStringLiteral("en"));
        languages->setCurrentIndex(languages->findData(QStringLiteral("de")));
        auto* scales = settings->findChild<QComboBox*>(QStringLiteral("settingsScale"));
        scales->setCurrentIndex(scales->findData(150));
        settings->reject();
        QCOMPARE(m_context->settings().language(), QStringLiteral("en")); // cancelled
        trigger("settingsAction");
        QVERIFY(settings = dialog<QDialog>("settingsDialog"));
        languages = settings->findChild<QComboBox*>(QStringLiteral("settingsLanguage"));
        languages->setCurrentIndex(languages->findData(QStringLiteral("de")));
        scales = settings->findChild<QComboBox*>(QStringLiteral("settingsScale"));
        scales->setCurrentIndex(scales->findData(150));
        settings->accept();
        QCOMPARE(m_context->settings().language(), QStringLiteral("de"));
        QCOMPARE(m_context->settings().scale(), 150);
        m_context->settings().setScale(7); // not one of those offered
        QCOMPARE(m_context->settings().scale(), 100);
        m_window.reset();
        installLanguage(m_context->settings().language());
        const auto english = qScopeGuard([] { installLanguage(QStringLiteral("en")); });
        m_window = std::make_unique<MainWindow>(*m_context);
        m_window->show();
        QCOMPARE(child<QAction>("quantizeAction")->text(), QStringLiteral("&Quantisieren"));
        // All views can be seen at once in the smallest window, the welcome page among them.
        m_window->resize(1280, 720);
        m_window->fitDocks();
        auto* bar = child<QTabWidget>("pages")->tabBar();
        QTRY_VERIFY2(bar->tabRect(bar->count() - 1).right() < bar->width() && bar->tabRect(0).left() >= 0,
                     qPrintable(QStringLiteral("%1 of %2").arg(bar->tabRect(bar->count() - 1).right()).arg(bar->width())));
        QVERIFY(openDemo());
        QCOMPARE(child<QTabWidget>("pages")->tabText(0), QStringLiteral("Gewichte"));
        QCOMPARE(child<QTreeView>("tensorTree")->model()->headerData(Tree::EncodingColumn, Qt::Horizontal).toString(),
                 QStringLiteral("Kodierung"));
        installLanguage(QStringLiteral("en"));
        QCOMPARE(MainWindow::tr("Budget"), QStringLiteral("Budget"));
        QCOMPARE(MainWindow::tr("Weights"), QStringLiteral("Weights"));
    }

    void helpOpensWhereThePersonIs() {
        QVERIFY(openDemo());
        const auto pages = child<QTabWidget>("pages");
        for (const auto& [view, heading] : {std::pair("budgetPage", "Budget"), std::pair("mapPage", "Map"), std::pair("chatPage", "Chat")}) {
            pages->setCurrentWidget(child<QWidget>(view));
            child<QWidget>(view)->setFocus();
            trigger("helpAction");
            auto* help = dialog<HelpDialog>("helpDialog");
            QVERIFY(help);
            QCOMPARE(help->page(), QStringLiteral("views"));
            QCOMPARE(help->heading(), QLatin1String(heading));
            help->reject();
        }
        // Over a modal dialog, which lets the window's own keys not through.
        select({QStringLiteral("blk.0.attn_q.weight")});
        trigger("exportAction");
        auto* over = dialog<QDialog>("exportDialog");
        QVERIFY(over && over->isModal());
        QTest::keyClick(over, Qt::Key_F1);
        auto* manual = over->findChild<HelpDialog*>();
        QVERIFY(manual && manual->isVisible());
        QCOMPARE(manual->page(), QStringLiteral("formats"));
        over->reject();
        // Every page that the list names is there, and every heading that a view points to.
        HelpDialog help;
        auto* list = help.findChild<QListWidget*>(QStringLiteral("helpPages"));
        for (int row = 0; row < list->count(); ++row) {
            help.showPage(list->item(row)->data(Qt::UserRole).toString());
            QCOMPARE(help.page(), list->item(row)->data(Qt::UserRole).toString());
            QVERIFY(help.findChild<QTextBrowser*>()->toPlainText().size() > 100);
        }
        for (int i = 0; i < pages->count(); ++i) {
            const auto [page, heading] = HelpDialog::placeOf(pages->widget(i));
            help.showPage(page, heading);
            QVERIFY(heading.isEmpty() || help.findChild<QTextBrowser*>()->textCursor().block().text() == heading);
        }
    }

    void theManualListsEveryKey() {
        QFile page(QStringLiteral(":/manual/keys.md"));
        QVERIFY(page.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(page.readAll());
        static const QRegularExpression ofAView(QStringLiteral("^Ctrl\\+[1-9]$")); // "Ctrl+1 … Ctrl+9"
        int keys = 0;
        for (const QAction* action : m_window->findChildren<QAction*>())
            for (const QKeySequence& shortcut : action->shortcuts()) {
                const QString key = shortcut.toString(QKeySequence::PortableText);
                if (key.isEmpty() || ofAView.match(key).hasMatch())
                    continue;
                static const QString ends = QStringLiteral("[ ,;|]");
                const QRegularExpression whole(QStringLiteral("[|,;] ") + QRegularExpression::escape(key) + ends);
                QVERIFY2(text.contains(whole), qPrintable(key + QStringLiteral(" of ") + action->objectName()));
                ++keys;
            }
        QVERIFY(keys > 15);
    }

    void everyWidgetThatActsHasANameForScreenReaders() {
        QVERIFY(openDemo());
        for (QWidget* widget : m_window->findChildren<QWidget*>()) {
            const bool acts = qobject_cast<QLineEdit*>(widget) || qobject_cast<QComboBox*>(widget)
                              || qobject_cast<QAbstractItemView*>(widget) || qobject_cast<QPlainTextEdit*>(widget);
            const bool inner = widget->objectName().startsWith(QLatin1String("qt_"))
                               || (widget->parentWidget() && qobject_cast<QComboBox*>(widget->parentWidget()))
                               || (widget->parentWidget() && widget->parentWidget()->inherits("QAbstractSpinBox"))
                               || widget->inherits("QHeaderView") || widget->inherits("QComboBoxListView")
                               || widget->inherits("QTableCornerButton");
            if (!acts || inner)
                continue;
            QVERIFY2(!widget->objectName().isEmpty(), widget->metaObject()->className());
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
        }
    }

    void openingShowsTheTensors() {
        QVERIFY(openDemo());
        QVERIFY(row(QStringLiteral("blk.0.attn_q.weight"), 0).isValid());
        QVERIFY(child<QTabWidget>("pages")->currentWidget()->objectName() != QStringLiteral("welcomePage"));
        QVERIFY(child<QWidget>("totals")->property("text").toString().contains(QStringLiteral("bits/weight")));
        QVERIFY(m_window->windowTitle().contains(QStringLiteral("Trilobit")));
        QCOMPARE(m_context->settings().recents(), QStringList{m_demo});
        QVERIFY(child<QToolButton>("commandLine")->isVisible());
    }

    /// The next window says what was cut short, and one press goes on with it.
    void whatWasCutShortIsOfferedAtStart() {
        m_context->workspace().keepAfterSeconds = 0;
        QVERIFY(openDemo());
        bench().setRule(QStringLiteral("*"), {"hqq", "affine-g32-b4", {}});
        trigger("quantizeAction");
        const QDir work(QString::fromStdString(m_context->workspace().workFolder));
        const auto kept = [&] {
            int count = 0;
            for (const QString& folder : work.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
                count += static_cast<int>(QDir(work.filePath(folder)).entryList({"*.tensor"}).size());
            return count;
        };
        QVERIFY(QTest::qWaitFor([&] { return kept() >= 2; }, kLongMs));
        m_window.reset(); // closing is cancelling
        m_context.reset();
        QVERIFY(kept() >= 2);

        m_context = std::make_unique<AppContext>(AppContext::Options{});
        m_window = std::make_unique<MainWindow>(*m_context);
        m_window->show();
        auto* bar = child<QWidget>("messageBar");
        QTRY_VERIFY(bar->isVisible() && bar->accessibleName().contains(QStringLiteral("cut short")));
        trigger("jobsAction");
        auto* list = dialog<QListWidget>("unfinishedList");
        QVERIFY(list);
        QCOMPARE(list->count(), 1);
        QVERIFY(list->item(0)->text().contains(QStringLiteral("demo.gguf")));
        child<QPushButton>("unfinishedResume")->click();
        QVERIFY(QTest::qWaitFor([this] { return bench().quantized() != nullptr; }, kLongMs));
        QVERIFY(waitIdle());
        QVERIFY(bench().quantizedIsCurrent());
        QVERIFY(std::any_of(bench().quantized()->tensors.begin(), bench().quantized()->tensors.end(),
                            [](const TensorReport& report) { return report.reused; }));
        QCOMPARE(kept(), 0);
        QTRY_VERIFY(!list->isVisible());
    }

    void aWrongFileIsOneClearMessage() {
        QFile file(m_folder->filePath(QStringLiteral("wrong.gguf")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("not a model at all") > 0);
        file.close();
        m_window->openPath(file.fileName());
        QVERIFY(waitIdle());
        auto* bar = child<QWidget>("messageBar");
        QVERIFY(bar->isVisible());
        QVERIFY(bar->accessibleName().contains(QStringLiteral("wrong.gguf")));
    }

    void droppingAFileOpensIt() {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(m_demo)});
        QDragEnterEvent enter({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &drop);
        QVERIFY(waitIdle());
        QVERIFY(bench().model());
    }

    void editingInPlaceChangesTheWholeSelection() {
        QVERIFY(openDemo());
        const QStringList names = {QStringLiteral("blk.0.attn_q.weight"), QStringLiteral("blk.0.attn_k.weight"),
                                   QStringLiteral("blk.1.ffn_up.weight")};
        select(names);
        QCOMPARE(bench().selection().size(), 3);
        pickInCell(row(names[0], Tree::EncodingColumn), "encodingEditor", QStringLiteral("I2_S"));
        for (const QString& name : names) {
            QCOMPARE(bench().tensorPlan(name)->requested, std::string("I2_S"));
            QCOMPARE(row(name, Tree::MethodColumn).data().toString(), QStringLiteral("absmean"));
        }
        QCOMPARE(bench().undoStack().count(), 1);
        QVERIFY(bench().plan().bytesAfter < bench().plan().bytesBefore);
        // A row outside of the selection changes alone.
        pickInCell(row(QStringLiteral("blk.1.attn_v.weight"), Tree::MethodColumn), "methodEditor", QStringLiteral("rtn"));
        QCOMPARE(bench().tensorPlan(QStringLiteral("blk.1.attn_v.weight"))->choice.method, std::string("rtn"));
        QCOMPARE(bench().tensorPlan(names[0])->choice.method, std::string("absmean"));
        trigger("undoAction");
        trigger("undoAction");
        QVERIFY(bench().recipe().rules.empty());
        trigger("redoAction");
        QCOMPARE(bench().tensorPlan(names[2])->requested, std::string("I2_S"));
    }

    void aRefusedChoiceSaysWhyInPlace() {
        QVERIFY(openDemo());
        const QString name = QStringLiteral("blk.0.attn_q.weight");
        select({name});
        bench().setChoice({name}, {"hqq", "Q4_0", {}});
        const QString reason = QString::fromStdString(bench().tensorPlan(name)->note);
        QVERIFY(!reason.isEmpty());
        QVERIFY(row(name, Tree::EncodingColumn).data(Qt::ToolTipRole).toString().contains(reason));
        auto* inspector = child<QLabel>("inspectorReason");
        QTRY_VERIFY(inspector->isVisible());
        QVERIFY(inspector->text().contains(reason));
    }

    void theInspectorAnswersLive() {
        QVERIFY(openDemo());
        const QString name = QStringLiteral("blk.0.ffn_up.weight");
        select({name});
        auto* encoding = child<QComboBox>("encodingCombo");
        const auto pick = [&](const QString& id) {
            encoding->setCurrentIndex(encoding->findData(id));
            emit encoding->activated(encoding->currentIndex());
        };
        QTRY_COMPARE(child<QLabel>("inspectorTitle")->text(), name);
        pick(QStringLiteral("Q8_0"));
        QTRY_COMPARE(bench().tensorPlan(name)->requested, std::string("Q8_0"));
        auto* sqnr = child<QLabel>("inspectorSqnr");
        QTRY_VERIFY(sqnr->text().endsWith(QStringLiteral("dB")));
        const double eightBits = sqnr->text().chopped(3).toDouble();
        QVERIFY2(eightBits > 35 && eightBits < 60, qPrintable(sqnr->text()));
        pick(QStringLiteral("Q4_0"));
        QTRY_VERIFY(sqnr->text().endsWith(QStringLiteral("dB")) && sqnr->text().chopped(3).toDouble() < 30);
        QVERIFY(child<QLabel>("inspectorBits")->text().contains(QStringLiteral("4.50")));
        QVERIFY(!child<QLabel>("inspectorMeaning")->text().isEmpty());
    }

    void aPatternShowsWhatItMatches() {
        QVERIFY(openDemo());
        trigger("patternAction");
        auto* box = dialog<QDialog>("patternDialog");
        QVERIFY(box);
        auto* pattern = box->findChild<QLineEdit*>(QStringLiteral("patternEdit"));
        auto* matches = box->findChild<QListWidget*>(QStringLiteral("patternMatches"));
        auto* apply = box->findChild<QPushButton*>(QStringLiteral("patternApply"));
        pattern->setText(QStringLiteral("blk.*.attn_q.weight"));
        const int layers = static_cast<int>(bench().model()->config().layers);
        QCOMPARE(matches->count(), layers);
        pattern->setText(QStringLiteral("nothing.*"));
        QVERIFY(!apply->isEnabled());
        pattern->setText(QStringLiteral("blk.["));
        QVERIFY(!apply->isEnabled());
        pattern->setText(QStringLiteral("blk.*.attn_q.weight"));
        auto* encoding = box->findChild<QComboBox*>(QStringLiteral("encodingCombo"));
        encoding->setCurrentIndex(encoding->findData(QStringLiteral("Q8_0")));
        emit encoding->activated(encoding->currentIndex());
        apply->click();
        QCOMPARE(bench().recipe().rules.size(), std::size_t{1});
        QCOMPARE(bench().recipe().rules.front().pattern, std::string("blk.*.attn_q.weight"));
    }

    void quantizingFillsTreeAndExperiments() {
        QVERIFY(openDemo());
        bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q8_0", {}});
        trigger("quantizeAction");
        QVERIFY(bench().isQuantizing());
        QVERIFY(!child<QAction>("quantizeAction")->isEnabled());
        QVERIFY(waitIdle());
        QVERIFY(bench().quantizedIsCurrent());
        QVERIFY(row(QStringLiteral("blk.0.attn_q.weight"), Tree::Sqnr).data(Tree::SqnrRole).toDouble() > 30);
        auto* table = child<QTableView>("experimentTable");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QVERIFY(child<QWidget>("totals")->property("text").toString().contains(QStringLiteral("quantized")));
    }

    void cancelAnswersWithin200Ms() {
        QVERIFY(openDemo());
        bench().setRule(QStringLiteral("*"), {"hqq", "affine-g32-b4", {}});
        trigger("quantizeAction");
        QTest::qWait(30);
        QVERIFY(bench().isQuantizing());
        QElapsedTimer clock;
        clock.start();
        trigger("cancelQuantizeAction");
        QVERIFY(QTest::qWaitFor([this] { return !bench().isQuantizing(); }, 5000));
        QVERIFY2(clock.elapsed() <= kCancelMs, qPrintable(QStringLiteral("%1 ms").arg(clock.elapsed())));
        QVERIFY(!bench().quantized());
    }

    void theInterfaceIsNeverBlocked_data() {
        QTest::addColumn<QString>("model");
        QTest::newRow("demo") << m_demo;
        QTest::newRow("135 million weights") << test::dataPath(QStringLiteral("models/smollm2-135m-instruct.q4_1.gguf"));
    }
    void theInterfaceIsNeverBlocked() {
        QFETCH(QString, model);
        if (!QFileInfo::exists(model))
            QSKIP("needs test data: set TRILOBIT_DATA to a folder with models/smollm2-135m-instruct.q4_1.gguf");
        // What the program does itself comes back in every round; what a busy machine adds does not.
        double best = 1e9;
        QString bestPhase;
        for (int round = 0; round < 3 && best > kMaxBlockedMs; ++round) {
            if (round > 0) {
                cleanup();
                init();
            }
            double worst = 1e9;
            QString phase;
            measureBlocks(model, worst, phase);
            if (worst < best) {
                best = worst;
                bestPhase = phase;
            }
        }
        QVERIFY2(best <= kMaxBlockedMs, qPrintable(QStringLiteral("%1 ms during %2").arg(best).arg(bestPhase)));
    }

    void theWatchdogSeesABlock() {
        test::Watchdog watchdog;
        watchdog.setPhase(QStringLiteral("sleep"));
        QTest::qWait(50);
        QThread::msleep(120);
        QTest::qWait(50);
        QVERIFY(watchdog.worstMs() > 80);
        QVERIFY(watchdog.waitMs(0.99) > 80);
        QVERIFY(watchdog.waitMs(0.99) < watchdog.worstMs());
        QCOMPARE(watchdog.worstPhase(), QStringLiteral("sleep"));
    }

    void theRecipeSurvivesTheEndOfTheProgram() {
        QVERIFY(openDemo());
        bench().setRule(QStringLiteral("blk.*"), {"rtn", "Q8_0", {}});
        const Recipe recipe = bench().recipe();
        m_context->sessionLog().waitUntilWritten();
        // The same folder, a new program.
        m_window.reset();
        m_context.reset();
        m_context = std::make_unique<AppContext>(AppContext::Options{});
        m_window = std::make_unique<MainWindow>(*m_context);
        m_window->show();
        QVERIFY(openDemo());
        QTRY_COMPARE(bench().recipe(), recipe);
        trigger("undoAction");
        QVERIFY(bench().recipe().rules.empty());
    }

    void themeCanBeSwitched() {
        const QColor light = m_window->palette().color(QPalette::Window);
        trigger("themeAction");
        QVERIFY(m_window->palette().color(QPalette::Window) != light);
        QCOMPARE(m_context->settings().theme(), ThemeChoice::Dark);
        QVERIFY(isDark(m_window->palette()));
        trigger("themeAction");
        QCOMPARE(m_window->palette().color(QPalette::Window), light);
    }

    void thePaletteRunsActions() {
        QVERIFY(openDemo());
        trigger("paletteAction");
        auto* palette = dialog<QDialog>("commandPalette");
        QVERIFY(palette);
        auto* box = palette->findChild<QLineEdit*>(QStringLiteral("paletteBox"));
        QTest::keyClicks(box, QStringLiteral("light dark"));
        auto* list = palette->findChild<QListWidget*>(QStringLiteral("paletteList"));
        QCOMPARE(list->count(), 1);
        QTest::keyClick(box, Qt::Key_Return);
        QTRY_COMPARE(m_context->settings().theme(), ThemeChoice::Dark);
    }

    void presetsAreOneStep() {
        QVERIFY(openDemo());
        trigger("preset_q8_0");
        QVERIFY(!bench().recipe().rules.empty());
        QCOMPARE(bench().undoStack().count(), 1);
    }

    void layoutIsKept() {
        child<QWidget>("inspectorDock")->hide();
        m_window->close();
        m_window = std::make_unique<MainWindow>(*m_context);
        m_window->show();
        QVERIFY(child<QWidget>("inspectorDock")->isHidden());
        trigger("resetLayoutAction");
        QVERIFY(!child<QWidget>("inspectorDock")->isHidden());
    }
};

int main(int argc, char** argv) {
    trilobit::test::TimedApplication application(argc, argv);
    TestMainWindow test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_mainwindow.moc"
