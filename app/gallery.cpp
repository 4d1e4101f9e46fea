#include "app/gallery.h"

#include "app/appcontext.h"
#include "app/mainwindow.h"
#include "widgets/pages/budget/budgetpage.h"
#include "widgets/pages/chat/chatpage.h"
#include "widgets/pages/compare/comparepage.h"
#include "widgets/pages/map/mappage.h"
#include "widgets/pages/speed/speedpage.h"
#include "widgets/pages/train/trainpage.h"
#include "widgets/plots/heatmapplot.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

#include <functional>

namespace trilobit {

namespace {

constexpr int kJobLimitMs = 10 * 60 * 1000, kChatLimitMs = 60 * 1000, kSettleMs = 350;

class Gallery {
public:
    Gallery(AppContext& context, MainWindow& window, const GalleryOptions& options)
        : m_context(context), m_window(window), m_options(options), m_folder(options.folder) {}

    Result<int> run() {
        QObject::connect(&m_context.workbench(), &Workbench::failed, &m_window,
                         [this](const QString& title, const QString& text) {
                             m_problem = title + QStringLiteral(": ") + text;
                         });
        m_window.show();
        if (wanted(QStringLiteral("welcome")))
            TRILOBIT_CHECK(eachLook(QStringLiteral("welcome")));
        m_window.openPath(m_options.models.front());
        waitFor([this] { return !m_context.workbench().isBusy(); }, kJobLimitMs);
        if (!m_context.workbench().model())
            return fail(ErrorCode::Usage, m_problem.isEmpty() ? "the model did not open" : m_problem.toStdString());
        settle();
        chooseRecipe();
        m_context.workbench().quantize();
        waitFor([this] { return !m_context.workbench().isBusy(); }, kJobLimitMs);
        if (!m_problem.isEmpty())
            return fail(ErrorCode::Usage, m_problem.toStdString());
        if (wanted(QStringLiteral("chat")))
            chat();
        if (wanted(QStringLiteral("train")))
            TRILOBIT_CHECK(train());
        for (int page = 0; page < m_window.pages()->count(); ++page) {
            m_window.pages()->setCurrentIndex(page);
            const QString name = m_window.pages()->currentWidget()->objectName().chopped(4); // "weightsPage"
            if (!wanted(name))
                continue;
            if (name == QLatin1String("map"))
                map();
            if (name == QLatin1String("budget"))
                budget();
            if (name == QLatin1String("compare"))
                compare();
            if (auto* speed = qobject_cast<SpeedPage*>(m_window.pages()->currentWidget())) {
                speed->measure();
                waitFor([speed] { return !speed->isRunning(); }, kJobLimitMs);
            }
            TRILOBIT_CHECK(eachLook(name));
            if (name == QLatin1String("chat")) {
                sameWords();
                TRILOBIT_CHECK(eachLook(QStringLiteral("chat-samewords")));
            }
            if (m_options.width > 0)
                continue;
            if (name == QLatin1String("train"))
                TRILOBIT_CHECK(trainLooks());
            if (name == QLatin1String("plots"))
                TRILOBIT_CHECK(plotLooks());
        }
        m_window.pages()->setCurrentIndex(0);
        if (m_options.width > 0 || !wanted(QStringLiteral("dialogs")))
            return m_written;
        for (const char* action : {"setChoiceAction", "patternAction", "exportAction", "downloadAction", "paletteAction",
                                   "aboutAction", "pluginsAction", "whatElseAction", "helpAction", "jobsAction",
                                   "settingsAction", "calibrateAction"})
            TRILOBIT_CHECK(dialogLook(QLatin1String(action)));
        return m_written;
    }

private:
    bool wanted(const QString& view) const { return m_options.views.isEmpty() || m_options.views.contains(view); }

    /// Handles events until `done`, at most `limitMs`.
    static void waitFor(const std::function<bool()>& done, int limitMs) {
        QElapsedTimer clock;
        clock.start();
        while (!done() && clock.elapsed() < limitMs)
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 50);
    }
    /// Until no job runs and layouts have come to rest.
    void settle() {
        QElapsedTimer quiet;
        quiet.start();
        QTimer wake; // WaitForMoreEvents needs something to wake up for
        wake.start(20);
        waitFor(
            [&] {
                if (!m_context.jobs().isIdle())
                    quiet.restart();
                return quiet.elapsed() > kSettleMs;
            },
            kJobLimitMs);
    }

    /// Ternary, four bits and untouched blocks beside each other, so that every view has something to tell apart.
    void chooseRecipe() {
        Workbench& bench = m_context.workbench();
        const auto set = [&bench](const char* pattern, const char* method, const char* encoding) {
            if (bench.workspace().methods->find(method))
                bench.setRule(QLatin1String(pattern), Choice{method, encoding, {}});
        };
        set("blk.{1,3}.*", "hqq", "affine-g64-b4");
        set("blk.{0,2}.ffn_*", "absmean", "I2_S");
        set("blk.0.ffn_down.weight", "absmean", "TQ2_0");
        set("blk.{0,2}.attn_{q,k}.weight", "rtn", "TQ2_0"); // falls back where rows are no multiple of 256
        if (auto* tree = m_window.findChild<QTreeView*>(QStringLiteral("tensorTree")))
            for (int block = 0; block < 3; ++block)
                tree->expand(tree->model()->index(block + 1, 0, tree->model()->index(0, 0)));
        settle();
    }

    /// A weight under the microscope, the maps close to it.
    void map() {
        auto* page = child<MapPage>("mapPage");
        if (!page)
            return;
        settle();
        page->choose(37, 101);
        page->map(0)->zoomTo(37, 101);
        settle();
    }

    /// Every encoding measured, so that the slider has something to say.
    void budget() {
        if (auto* page = child<BudgetPage>("budgetPage")) {
            page->measure();
            waitFor([page] { return page->answer().has_value(); }, kJobLimitMs);
            settle();
        }
    }

    /// A really made calibration, so that there are activations to show.
    void calibrate() {
        QFile text(m_scratch.filePath(QStringLiteral("text.txt")));
        QFile manual(QStringLiteral(":/manual/views.md"));
        if (!text.open(QIODevice::WriteOnly) || !manual.open(QIODevice::ReadOnly))
            return;
        text.write(manual.readAll());
        text.close();
        Workbench& bench = m_context.workbench();
        bench.calibrate(text.fileName(), m_scratch.filePath(QStringLiteral("imatrix.gguf")), 1024, 0);
        waitFor([&bench] { return !bench.isCalibrating(); }, kJobLimitMs);
        settle();
    }

    void compare() {
        if (auto* page = child<ComparePage>("comparePage")) {
            page->run();
            waitFor([page] { return !page->isRunning(); }, kChatLimitMs);
        }
    }

    void chat() {
        auto* prompt = child<QWidget>("chatPrompt");
        auto* page = child<ChatPage>("chatPage");
        if (!prompt || !page)
            return;
        m_window.pages()->setCurrentWidget(page);
        for (const QString& model : m_options.models.mid(1))
            page->addModel(model);
        settle();
        prompt->setProperty("plainText", QStringLiteral("Tell me a story about a fox."));
        page->send();
        settleAfterChat(*page);
    }
    /// The same prompt once more, read along; the caret on the first difference.
    void sameWords() {
        auto* page = child<ChatPage>("chatPage");
        auto* button = child<QToolButton>("chatSameWords");
        if (!page || !button)
            return;
        button->setChecked(true);
        page->again();
        settleAfterChat(*page);
        page->showFirstDifference();
        settle();
    }
    void settleAfterChat(ChatPage& page) {
        QTimer wake; // WaitForMoreEvents needs something to wake up for
        wake.start(50);
        waitFor([&] { return m_context.jobs().isIdle(); }, kChatLimitMs);
        page.stop();
        settle();
    }

    template <class T>
    T* child(const char* name) {
        return m_window.findChild<T*>(QLatin1String(name));
    }

    /// A really run training of a few seconds.
    Result<void> train() {
        auto* page = child<TrainPage>("trainPage");
        if (!page || !m_scratch.isValid())
            return fail(ErrorCode::Internal, "there is no page to train on");
        m_window.pages()->setCurrentWidget(page);
        settle();
        TRILOBIT_CHECK(eachLook(QStringLiteral("train-settings")));
        const QList<std::pair<const char*, int>> shape = {{"trainHidden", 64}, {"trainLayers", 4},  {"trainHeads", 2},
                                                          {"trainKvHeads", 2}, {"trainFfn", 192},   {"trainVocabulary", 400},
                                                          {"trainTalks", 300}, {"trainStories", 60}, {"trainBatch", 4},
                                                          {"trainTime", 48},   {"trainLookEvery", 10}, {"trainSampleEvery", 50}};
        for (const auto& [name, value] : shape)
            if (auto* box = child<QSpinBox>(name))
                box->setValue(value);
        child<QComboBox>("trainBudgetUnit")->setCurrentIndex(1);
        child<QDoubleSpinBox>("trainBudget")->setValue(150);
        child<QLineEdit>("trainPeak")->setText(QStringLiteral("0.004"));
        child<QLineEdit>("trainFolder")->setText(m_scratch.filePath(QStringLiteral("run")));
        page->start();
        waitFor([page] { return !page->isRunning(); }, kJobLimitMs);
        settle();
        if (!QFileInfo::exists(m_scratch.filePath(QStringLiteral("run/model.gguf"))))
            return fail(ErrorCode::Internal, "the training made no model");
        return {};
    }

    /// The plots behind the first one, light and dark in turn.
    Result<void> plotLooks() {
        auto* kinds = child<QComboBox>("plotKind");
        calibrate();
        for (int kind = 1; kinds && kind < kinds->count(); ++kind) {
            kinds->setCurrentIndex(kind);
            m_window.setTheme(kind % 2 == 0 ? ThemeChoice::Light : ThemeChoice::Dark);
            m_window.resize(1280, 720);
            settle();
            TRILOBIT_CHECK(save(m_window, QStringLiteral("plots-%1").arg(kind)));
        }
        m_context.workbench().dropCalibration(); // the other views show what was made without it
        return {};
    }

    /// The tabs that small windows hide behind the first one.
    Result<void> trainLooks() {
        auto* tabs = child<QTabWidget>("trainTabs");
        m_window.resize(1280, 720); // in large windows there are no tabs
        settle();
        for (int tab = 1; tabs && tab < tabs->count(); ++tab)
            for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
                m_window.setTheme(theme);
                m_window.resize(1280, 720);
                settle();
                m_window.fitDocks();
                tabs->setCurrentIndex(tab);
                settle();
                TRILOBIT_CHECK(save(m_window, QStringLiteral("train-%1-%2-1280x720")
                                                  .arg(tabs->tabText(tab).toLower().remove(QLatin1Char(' ')), themeChoiceName(theme))));
            }
        return {};
    }

    Result<void> save(QWidget& widget, const QString& name) {
        const QString path = m_folder.filePath(name + QStringLiteral(".png"));
        QImage image = widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
        if (m_options.width > 0 && image.width() > m_options.width)
            image = image.scaledToWidth(m_options.width, Qt::SmoothTransformation);
        if (!image.save(path, "PNG", 0)) // 0: as small as it gets
            return fail(ErrorCode::Io, "cannot write " + path.toStdString());
        ++m_written;
        return {};
    }

    Result<void> eachLook(const QString& name) {
        const bool small = m_options.width > 0;
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark})
            for (const QSize size : small ? QList{QSize(1280, 720)} : QList{QSize(1280, 720), QSize(2560, 1440)}) {
                m_window.setTheme(theme);
                m_window.resize(size);
                settle();
                m_window.fitDocks();
                settle();
                const QString look = name + QLatin1Char('-') + themeChoiceName(theme);
                TRILOBIT_CHECK(save(m_window, small ? look : QStringLiteral("%1-%2x%3").arg(look).arg(size.width()).arg(size.height())));
            }
        return {};
    }

    Result<void> dialogLook(const QString& actionName) {
        auto* action = m_window.findChild<QAction*>(actionName);
        if (!action)
            return fail(ErrorCode::Internal, "there is no action " + actionName.toStdString());
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            m_window.setTheme(theme);
            m_window.resize(1280, 720);
            action->trigger();
            settle();
            for (QDialog* dialog : m_window.findChildren<QDialog*>())
                if (dialog->isVisible()) {
                    TRILOBIT_CHECK(save(*dialog, QStringLiteral("dialog-%1-%2").arg(
                                                     actionName.chopped(6).toLower(), themeChoiceName(theme))));
                    dialog->reject();
                }
            settle();
        }
        return {};
    }

    AppContext& m_context;
    MainWindow& m_window;
    const GalleryOptions& m_options;
    QDir m_folder;
    QTemporaryDir m_scratch;
    QString m_problem;
    int m_written = 0;
};

} // namespace

Result<int> drawGallery(AppContext& context, MainWindow& window, const GalleryOptions& options) {
    if (!QDir().mkpath(options.folder))
        return fail(ErrorCode::Io, "cannot make the folder " + options.folder.toStdString());
    return Gallery(context, window, options).run();
}

} // namespace trilobit
