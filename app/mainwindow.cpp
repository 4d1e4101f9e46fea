#include "app/mainwindow.h"

#include "app/demopair.h"
#include "app/settingsdialog.h"
#include "core/base/jsonfile.h"
#include "core/base/safefile.h"
#include "core/commands/presets.h"
#include "core/hub/localmodels.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/jobbar.h"
#include "widgets/common/messagebar.h"
#include "widgets/common/wraplabel.h"
#include "widgets/dialogs/aboutdialog.h"
#include "widgets/dialogs/calibratedialog.h"
#include "widgets/dialogs/commandpalette.h"
#include "widgets/dialogs/downloaddialog.h"
#include "widgets/dialogs/exportdialog.h"
#include "widgets/dialogs/helpdialog.h"
#include "widgets/dialogs/jobsdialog.h"
#include "widgets/pages/budget/budgetpage.h"
#include "widgets/pages/chat/chatpage.h"
#include "widgets/pages/compare/comparepage.h"
#include "widgets/pages/error/errorpage.h"
#include "widgets/pages/experiments/experimentspage.h"
#include "widgets/pages/inspector/inspectorpage.h"
#include "widgets/pages/map/mappage.h"
#include "widgets/pages/plots/plotspage.h"
#include "widgets/pages/speed/speedpage.h"
#include "widgets/pages/tensors/tensorspage.h"
#include "widgets/pages/train/trainpage.h"
#include "widgets/pages/weights/weightspage.h"
#include "widgets/pages/welcome/welcomepage.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QScreen>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace trilobit {

namespace {

constexpr std::size_t kMaxRecipeBytes = 16u << 20;
constexpr int kNoteMs = 6000, kCommandWidth = 340;

QString droppedPath(const QMimeData* data) {
    for (const QUrl& url : data->urls())
        if (url.isLocalFile())
            return url.toLocalFile();
    return {};
}

QString demoPath() {
    return QDir(Settings::dataFolder()).filePath(QStringLiteral("trilobit-demo-untrained.gguf"));
}

} // namespace

MainWindow::MainWindow(AppContext& context, QWidget* parent)
    : QMainWindow(parent), m_context(context), m_bench(context.workbench()) {
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Trilobit"));
    setWindowIcon(icon(Icon::Logo));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    buildActions();
    buildPages();
    buildMenus();
    qApp->installEventFilter(this); // F1 in dialogs, where the window's own shortcuts are silent
    buildToolBar();
    buildStatusBar();
    connectWorkbench();
    defaultLayout();
    if (!m_context.settings().geometry().isEmpty())
        restoreGeometry(m_context.settings().geometry());
    restoreState(m_context.settings().windowState());
    m_tensors->restoreState(m_context.settings().tensorColumns());
    fillRecents();
    findModels();
    m_bench.lookForUnfinished();
    updateActions();
    updateTotals();
    if (const QStringList problems = m_context.startProblems(); !problems.isEmpty())
        m_messages->showMessage(MessageBar::Kind::Warning, tr("While starting:"), problems.join(QLatin1Char(' ')));
}

MainWindow::~MainWindow() = default;

void MainWindow::buildPages() {
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_messages = new MessageBar(centre);
    m_pages = new QTabWidget(centre);
    m_pages->setObjectName(QStringLiteral("pages"));
    m_pages->setAccessibleName(tr("Views"));
    m_pages->setDocumentMode(true);
    m_jobBar = new JobBar(m_bench.jobs(), centre);
    layout->addWidget(m_messages);
    layout->addWidget(m_pages, 1);
    layout->addWidget(m_jobBar);
    setCentralWidget(centre);

    m_welcome = new WelcomePage({m_open, m_openFolder, m_download, m_demo}, m_pages);
    m_weights = new WeightsPage(m_bench, m_pages);
    m_chat = new ChatPage(m_bench, m_pages);
    auto* plots = new PlotsPage(m_bench, m_pages);
    connect(plots, &PlotsPage::calibrateRequested, this, &MainWindow::openCalibrateDialog);
    connect(plots, &PlotsPage::openCalibrationRequested, this, &MainWindow::openCalibration);
    m_chat->setActivations(m_context.settings().chatIsExact() ? ActivationPath::Auto : ActivationPath::Fast);
    connect(m_chat, &ChatPage::activationsChosen, this,
            [this](ActivationPath path) { m_context.settings().setChatIsExact(path != ActivationPath::Fast); });
    // A picture, so that the titles of all views fit beside it in a window of 1280, in long-worded languages, too.
    m_pages->addTab(m_welcome, icon(Icon::Logo), {});
    m_pages->setTabToolTip(0, tr("Welcome"));
    m_pages->tabBar()->setAccessibleTabName(0, tr("Welcome"));
    // A new view is registered here, and nowhere else.
    m_pageList = {{m_weights, tr("Weights"), tr("Show &weights")},
                  {new MapPage(m_bench, m_pages), tr("Map"), tr("Show the &map")},
                  {plots, tr("Plots"), tr("Show &plots")},
                  {new ErrorPage(m_bench, m_pages), tr("Error"), tr("Show &errors")},
                  {new BudgetPage(m_bench, m_pages), tr("Budget"), tr("Show the &budget")},
                  {m_chat, tr("Chat"), tr("Show &chat")},
                  {new ComparePage(m_bench, m_pages), tr("Compare"), tr("Show the c&omparison")},
                  {new TrainPage(m_bench, m_pages), tr("Train"), tr("Show t&raining")},
                  {new SpeedPage(m_bench, m_pages), tr("Speed"), tr("Show s&peed")},
                  {new ExperimentsPage(m_bench, m_pages), tr("Experiments"), tr("Show e&xperiments")}};
    for (const PageEntry& entry : m_pageList)
        m_pages->addTab(entry.page, entry.title);
    connect(m_welcome, &WelcomePage::openRequested, this, &MainWindow::openPath);

    const auto dock = [this](const QString& title, const char* name, QWidget* content, Qt::DockWidgetArea area) {
        auto* widget = new QDockWidget(title, this);
        widget->setObjectName(QLatin1String(name));
        widget->setWidget(content);
        addDockWidget(area, widget);
        return widget;
    };
    m_tensors = new TensorsPage(m_bench, this);
    m_inspector = new InspectorPage(m_bench, this);
    m_tensorDock = dock(tr("Tensors"), "tensorDock", m_tensors, Qt::LeftDockWidgetArea);
    m_inspectorDock = dock(tr("Inspector"), "inspectorDock", m_inspector, Qt::RightDockWidgetArea);
    for (const Qt::Corner corner : {Qt::TopLeftCorner, Qt::BottomLeftCorner})
        setCorner(corner, Qt::LeftDockWidgetArea);
    for (const Qt::Corner corner : {Qt::TopRightCorner, Qt::BottomRightCorner})
        setCorner(corner, Qt::RightDockWidgetArea);
}

void MainWindow::defaultLayout() {
    const QSize room = screen() ? screen()->availableSize() : QSize(1280, 760);
    resize(room.boundedTo({1600, 1000}).expandedTo({1100, 640}));
    fitDocks();
}

void MainWindow::fitDocks() {
    resizeDocks({m_tensorDock, m_inspectorDock}, {std::clamp(width() * 36 / 100, 410, 880), std::clamp(width() / 5, 275, 440)},
                Qt::Horizontal);
}

void MainWindow::resetLayout() {
    m_context.settings().clearLayout();
    for (QDockWidget* dock : {m_tensorDock, m_inspectorDock}) {
        dock->setFloating(false);
        dock->show();
    }
    addDockWidget(Qt::LeftDockWidgetArea, m_tensorDock);
    addDockWidget(Qt::RightDockWidgetArea, m_inspectorDock);
    fitDocks();
}

void MainWindow::buildStatusBar() {
    m_command = new QToolButton(this);
    m_command->setObjectName(QStringLiteral("commandLine"));
    m_command->setAutoRaise(true);
    m_command->setIcon(icon(Icon::Copy));
    m_command->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_command->setAccessibleName(tr("Last action as a command line; press to copy"));
    m_command->hide();
    connect(m_command, &QToolButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_bench.lastCommandLine());
        statusBar()->showMessage(tr("Command line copied."), kNoteMs);
    });
    m_totals = new QuietLabel(this);
    m_totals->setObjectName(QStringLiteral("totals"));
    m_totals->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_totals->setFixedWidth(m_totals->fontMetrics().horizontalAdvance(
        tr("00.00 → 00.00 bits/weight · 00.0 MB → 00.0 MB (−00 %) · recipe changed since quantizing  ")));
    // A size that does not depend on the text: the window need not be laid out anew for every action.
    m_command->setFixedSize(kCommandWidth + 2 * m_command->sizeHint().height(), m_command->sizeHint().height());
    statusBar()->setObjectName(QStringLiteral("statusBar"));
    statusBar()->addPermanentWidget(m_command);
    statusBar()->addPermanentWidget(m_totals);
}

void MainWindow::connectWorkbench() {
    connect(&m_bench, &Workbench::modelChanged, this, &MainWindow::modelChanged);
    connect(&m_bench, &Workbench::recipeChanged, this, &MainWindow::updateTotals);
    connect(&m_bench, &Workbench::recipeChanged, this, &MainWindow::updateActions);
    connect(&m_bench, &Workbench::quantizedChanged, this, &MainWindow::updateTotals);
    connect(&m_bench, &Workbench::busyChanged, this, &MainWindow::updateActions);
    connect(&m_bench, &Workbench::commandRun, this, &MainWindow::showCommandLine);
    connect(&m_bench, &Workbench::note, this, [this](const QString& text) { statusBar()->showMessage(text, kNoteMs); });
    connect(&m_bench, &Workbench::failed, this, [this](const QString& title, const QString& text) {
        m_messages->showMessage(MessageBar::Kind::Problem, title, text);
    });
    connect(&m_bench, &Workbench::exported, this, [this](const QString& path) {
        m_messages->showMessage(MessageBar::Kind::Info, tr("Exported."), path);
    });
    connect(&m_bench, &Workbench::unfinishedChanged, this, [this] {
        // Said once; after that it can be found in the list of running work.
        if (!m_bench.unfinished().empty() && !std::exchange(m_saidUnfinished, true))
            m_messages->showMessage(MessageBar::Kind::Info, tr("A quantization was cut short."),
                                    tr("What it had finished is kept; Running work (%1) offers to go on or to discard it.")
                                        .arg(m_jobs->shortcut().toString(QKeySequence::NativeText)));
    });
    connect(&m_context, &AppContext::recipeRestored, this, [this] {
        m_messages->showMessage(MessageBar::Kind::Info, tr("Your recipe is back."),
                                tr("It is the one you had for this model last time; undo removes it."));
    });
}

// ---- files

void MainWindow::openPath(const QString& path) {
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)
        && QFileInfo(path).fileName() != QLatin1String("config.json"))
        return readRecipe(path);
    const QFileInfo file(path);
    m_context.settings().setLastFolder(file.absolutePath());
    m_messages->hide();
    m_companions.clear();
    m_ternarize = false;
    // The config of a model folder stands for the folder.
    m_bench.openModel(file.fileName() == QLatin1String("config.json") ? file.absolutePath() : file.absoluteFilePath());
}

void MainWindow::openTogether(const QStringList& paths) {
    if (paths.isEmpty())
        return;
    openPath(paths.front());
    m_companions = paths.mid(1);
    m_ternarize = false;
}

void MainWindow::openDemo() {
    if (const auto pair = DemoPair::find()) {
        openTogether({pair->full, pair->ternary});
        m_ternarize = true;
    } else {
        openUntrainedDemo();
    }
}

void MainWindow::showTogether() {
    m_pages->setCurrentWidget(m_chat);
    for (const QString& path : std::exchange(m_companions, {}))
        m_chat->addModel(path);
    if (!std::exchange(m_ternarize, false))
        return;
    const auto& all = presets();
    const auto ternary = std::find_if(all.begin(), all.end(), [](const Preset& p) { return p.name == "ternary-rounded"; });
    if (ternary != all.end())
        m_bench.replaceRecipe(ternary->recipe, tr("Round to three values without training"));
    m_bench.quantize();
    m_chat->suggest(QStringLiteral("Tell me a story about a fox.")); // the language they learned
    m_messages->showMessage(MessageBar::Kind::Info, tr("The demo pair."),
                            tr("Left: full precision. Middle: the same size trained for 1.58 bits. Right: the left one rounded "
                               "to three values without training, which costs it its language."));
}

void MainWindow::openUntrainedDemo() {
    const QString path = demoPath();
    if (QFileInfo::exists(path))
        return openPath(path);
    Command command;
    command.verb = "demo";
    command.args.set("output", path.toStdString());
    JobQueue::Options options;
    options.title = tr("Make the demo model");
    m_bench.jobs().start<Json>(
        options, this,
        [workspace = &m_context.workspace(), command](RunControl& control) {
            return runCommand(*workspace, command, control);
        },
        [this, path](Result<Json> result) {
            if (result)
                openPath(path);
            else
                emit m_bench.failed(tr("Cannot make the demo model"), errorText(result.error()));
        });
}

void MainWindow::chooseModel(bool folder) {
    auto* dialog = new QFileDialog(this, folder ? tr("Open a model folder") : tr("Open a model"),
                                   m_context.settings().lastFolder(),
                                   tr("Models (*.gguf *.safetensors *.safetensors.index.json config.json);;All files (*)"));
    dialog->setObjectName(QStringLiteral("openDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openPath);
    dialog->open();
}

void MainWindow::loadRecipe() {
    auto* dialog = new QFileDialog(this, tr("Load a recipe"), m_context.settings().lastFolder(), tr("Recipes (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::readRecipe);
    dialog->open();
}

void MainWindow::readRecipe(const QString& path) {
    if (!m_bench.model()) {
        m_messages->showMessage(MessageBar::Kind::Info, tr("Open a model first."), tr("A recipe needs one to act on."));
        return;
    }
    JobQueue::Options options;
    options.title = tr("Load a recipe");
    options.lane = JobLane::Interactive;
    m_bench.jobs().start<Recipe>(
        options, this,
        [path](RunControl&) -> Result<Recipe> {
            TRILOBIT_TRY(const Json json, readJsonFile(path.toStdString(), kMaxRecipeBytes));
            auto recipe = Recipe::fromJson(json);
            if (!recipe)
                return located(std::move(recipe).error(), path.toStdString());
            return recipe;
        },
        [this, path](Result<Recipe> recipe) {
            const QString name = QFileInfo(path).fileName();
            if (!recipe) {
                emit m_bench.failed(tr("Cannot load %1").arg(name), errorText(recipe.error()));
                return;
            }
            m_bench.replaceRecipe(*recipe, tr("Load %1").arg(name));
            emit m_bench.note(tr("Loaded %1").arg(name));
        });
}

void MainWindow::saveRecipe() {
    auto* dialog = new QFileDialog(this, tr("Save the recipe"),
                                   QDir(m_context.settings().lastFolder()).filePath(QStringLiteral("recipe.json")),
                                   tr("Recipes (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        Recipe recipe = m_bench.recipe();
        if (recipe.name.empty())
            recipe.name = QFileInfo(path).completeBaseName().toStdString();
        JobQueue::Options options;
        options.title = tr("Save the recipe");
        options.lane = JobLane::Interactive;
        m_bench.jobs().start<bool>(
            options, this,
            [path, text = recipe.toJson().dump(2) + "\n"](RunControl&) -> Result<bool> {
                TRILOBIT_CHECK(writeFileSafely(path.toStdString(), text));
                return true;
            },
            [this, path](Result<bool> done) {
                if (done)
                    emit m_bench.note(tr("Saved %1").arg(path));
                else
                    emit m_bench.failed(tr("Cannot save the recipe"), errorText(done.error()));
            });
    });
    dialog->open();
}

void MainWindow::findModels() {
    JobQueue::Options options;
    options.title = tr("Looking for models");
    options.lane = JobLane::Interactive;
    options.quiet = true;
    using Models = std::vector<LocalModel>;
    m_bench.jobs().start<Models>(
        options, this,
        [](RunControl&) -> Result<Models> { return findLocalModels(usualModelPlaces(processEnvironment())); },
        [this](Result<Models> found) {
            QList<WelcomePage::Found> list;
            if (found)
                for (const LocalModel& model : *found)
                    list.append({QString::fromStdString(model.name), QString::fromStdString(model.path),
                                 QString::fromStdString(model.source), model.bytes});
            m_welcome->setFound(list);
        });
}

void MainWindow::fillRecents() {
    const QStringList paths = m_context.settings().recents();
    m_welcome->setRecents(paths);
    m_recents->clear();
    for (const QString& path : paths)
        connect(m_recents->addAction(path), &QAction::triggered, this, [this, path] { openPath(path); });
    if (!paths.isEmpty()) {
        m_recents->addSeparator();
        connect(m_recents->addAction(tr("Clear the list")), &QAction::triggered, this, [this] {
            m_context.settings().clearRecents();
            fillRecents();
        });
    }
    m_recents->setEnabled(!paths.isEmpty());
}

void MainWindow::fillPresets() {
    for (const Preset& preset : presets()) {
        QAction* action = m_presets->addAction(qtext(preset.name));
        action->setObjectName(QStringLiteral("preset_") + qtext(preset.name));
        action->setToolTip(qtext(preset.summary));
        action->setStatusTip(qtext(preset.summary));
        connect(action, &QAction::triggered, this,
                [this, preset] { m_bench.replaceRecipe(preset.recipe, tr("Preset %1").arg(qtext(preset.name))); });
    }
    m_presets->setToolTipsVisible(true);
}

// ---- dialogs

void MainWindow::openExportDialog() {
    if (!m_bench.model())
        return;
    auto* dialog = new ExportDialog(m_bench, m_context.settings().lastFolder(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ExportDialog::chosen, this, [this](const QString& path) {
        m_context.settings().setLastFolder(QFileInfo(path).absolutePath());
        m_bench.exportModel(path);
    });
    dialog->open();
}

void MainWindow::openCalibrateDialog() {
    if (!m_bench.model() || m_bench.isCalibrating())
        return;
    auto* dialog = new CalibrateDialog(m_bench, m_context.settings().lastFolder(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &CalibrateDialog::chosen, &m_bench, &Workbench::calibrate);
    dialog->open();
}

void MainWindow::openCalibration() {
    if (!m_bench.model())
        return;
    auto* dialog = new QFileDialog(this, tr("Open a calibration"), m_context.settings().lastFolder(),
                                   tr("Calibrations (*.gguf *.imatrix *.dat);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, &m_bench, &Workbench::useCalibration);
    dialog->open();
}

void MainWindow::openDownloadDialog() {
    auto* dialog = new DownloadDialog(m_bench, m_context.settings().hubEndpoint(), m_context.settings().lastFolder(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &DownloadDialog::chosen, this, [this, dialog](const Command& command) {
        m_context.settings().setHubEndpoint(dialog->endpoint());
        download(command);
    });
    dialog->open();
}

void MainWindow::download(const Command& command) {
    const QString name = qtext(command.args["repository"].toString());
    m_bench.runBeside({tr("Download %1").arg(name), JobLane::Network}, this, {command}, {}, [this, name](Result<Json> result) {
        if (!result) {
            if (result.error().code != ErrorCode::Cancelled)
                emit m_bench.failed(tr("Cannot download %1").arg(name), errorText(result.error()));
            return;
        }
        const QString path = qtext((*result)["model"].toString());
        m_messages->showMessage(MessageBar::Kind::Info, tr("%1 is here.").arg(name), path);
        if (!m_bench.model())
            openPath(path);
        else
            m_context.settings().addRecent(path), fillRecents();
    });
}

void MainWindow::openPalette() {
    QList<QAction*> actions;
    for (QAction* action : findChildren<QAction*>())
        if (!action->text().isEmpty() && !action->menu() && !action->objectName().isEmpty() && action != m_palette)
            actions << action;
    std::sort(actions.begin(), actions.end(),
              [](const QAction* a, const QAction* b) { return a->text().remove('&') < b->text().remove('&'); });
    auto* palette = new CommandPalette(actions, this);
    palette->setAttribute(Qt::WA_DeleteOnClose);
    palette->open();
}

void MainWindow::openAbout(bool plugins) {
    const auto store = m_context.workspace().store;
    auto* dialog = new AboutDialog(m_context.plugins(), store ? store->path() : QString(), m_context.sessionLog().path(),
                                   plugins, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::openHelp() {
    // Where the person is: the focus, or the view in the middle when nothing has it.
    const QWidget* focus = QApplication::focusWidget();
    QWidget* dialog = QApplication::activeModalWidget();
    const auto [page, heading] = HelpDialog::placeOf(dialog                   ? dialog
                                                     : focus && focus != this ? focus
                                                                              : m_pages->currentWidget());
    // A modal dialog lets nobody speak but its own children.
    QWidget* owner = dialog ? dialog : this;
    if (m_manual && m_manual->parentWidget() != owner)
        delete m_manual.data();
    if (!m_manual)
        m_manual = new HelpDialog(owner);
    m_manual->showPage(page, heading);
    m_manual->show();
    m_manual->raise();
    m_manual->activateWindow();
}

void MainWindow::openJobs() {
    auto* dialog = findChild<JobsDialog*>();
    if (!dialog) {
        dialog = new JobsDialog(m_bench, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void MainWindow::openSettings() {
    auto* dialog = new SettingsDialog(m_context.settings(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SettingsDialog::themeChosen, this, &MainWindow::setTheme);
    dialog->open();
}

// ---- state

void MainWindow::modelChanged() {
    const auto model = m_bench.model();
    if (const int welcome = m_pages->indexOf(m_welcome); welcome >= 0) {
        m_pages->removeTab(welcome);
        m_welcome->hide();
        m_pages->setCurrentWidget(m_weights);
    }
    const QString path = qtext(model->path());
    setWindowFilePath(path);
    setWindowTitle(tr("%1 - Trilobit").arg(qtext(model->config().name.empty() ? QFileInfo(path).fileName().toStdString()
                                                                             : model->config().name)));
    fillRecents();
    QStringList warnings;
    for (const std::string& warning : model->warnings())
        warnings << qtext(warning);
    if (!model->tokenizer())
        warnings << tr("No chat: %1").arg(qtext(model->tokenizerNote()));
    if (QFileInfo(path) == QFileInfo(demoPath()))
        m_messages->showMessage(MessageBar::Kind::Info, tr("This is the demo."),
                                tr("Its weights are random numbers: it was never trained and talks nonsense. Everything "
                                   "else works as with a real model."));
    else if (!warnings.isEmpty())
        m_messages->showMessage(MessageBar::Kind::Warning, tr("Please note:"), warnings.join(QLatin1Char(' ')));
    updateActions();
    updateTotals();
    // Later, when every view knows the model and an earlier recipe is back.
    if (!m_companions.isEmpty())
        QTimer::singleShot(0, this, &MainWindow::showTogether);
}

void MainWindow::updateActions() {
    const bool model = m_bench.model() != nullptr, busy = m_bench.isBusy();
    m_export->setEnabled(model && !busy);
    m_quantize->setEnabled(model && !busy);
    m_cancel->setEnabled(m_bench.isQuantizing());
    m_calibrate->setEnabled(model && !m_bench.isCalibrating());
    m_openCalibration->setEnabled(model && !m_bench.isCalibrating());
    m_saveRecipe->setEnabled(model);
    m_loadRecipe->setEnabled(model);
    m_presets->setEnabled(model);
    m_clearRecipe->setEnabled(model && !m_bench.recipe().rules.empty());
    m_filter->setEnabled(model);
}

void MainWindow::updateTotals() {
    if (!m_bench.model()) {
        m_totals->setText({});
        return;
    }
    const Plan& plan = m_bench.plan();
    QString text = plan.bytesBefore == plan.bytesAfter
                       ? tr("%1 bits/weight · %2").arg(bitsText(plan.bitsPerWeightBefore), bytesText(plan.bytesBefore))
                       : tr("%1 → %2 bits/weight · %3 → %4 (%5)")
                             .arg(bitsText(plan.bitsPerWeightBefore), bitsText(plan.bitsPerWeightAfter),
                                  bytesText(plan.bytesBefore), bytesText(plan.bytesAfter),
                                  changeText(plan.bytesBefore, plan.bytesAfter));
    if (m_bench.quantized())
        text += m_bench.quantizedIsCurrent() ? tr(" · quantized") : tr(" · recipe changed since quantizing");
    m_totals->setText(text);
}

void MainWindow::showCommandLine(const QString& text) {
    // A prompt may have line breaks; the status bar is one line high.
    m_command->setText(m_command->fontMetrics().elidedText(text.simplified(), Qt::ElideMiddle, kCommandWidth));
    m_command->setToolTip(tr("<p>The last action as a command line. Press to copy.</p><p><tt>%1</tt></p>")
                              .arg(text.left(2000).toHtmlEscaped()));
    m_command->show();
}

void MainWindow::setTheme(ThemeChoice theme) {
    applyTheme(*qApp, theme);
    for (QAction* action : m_themes->actions())
        action->setChecked(action->data().toString() == themeChoiceName(theme));
}

void MainWindow::cycleTheme() {
    const ThemeChoice next = isDark(palette()) ? ThemeChoice::Light : ThemeChoice::Dark;
    m_context.settings().setTheme(next);
    setTheme(next);
}

// ---- events

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && watched->isWidgetType()
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_F1) {
        const auto* window = static_cast<QWidget*>(watched)->window();
        if (window != this && window->windowType() != Qt::Popup && !qobject_cast<const HelpDialog*>(window)) {
            openHelp();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    m_context.settings().setLayout(saveGeometry(), saveState(), m_tensors->saveState());
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!droppedPath(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QString path = droppedPath(event->mimeData());
    if (path.isEmpty())
        return;
    event->acceptProposedAction();
    openPath(path);
}

} // namespace trilobit
