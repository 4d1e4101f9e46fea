// MainWindow's actions, menus and tool bar.
#include "app/mainwindow.h"

#include "widgets/common/icons.h"
#include "widgets/pages/tensors/tensorspage.h"

#include <QAction>
#include <QActionGroup>
#include <QDockWidget>
#include <QMenuBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>

namespace trilobit {

QAction* MainWindow::makeAction(const char* name, const QString& text, const QKeySequence& keys, auto slot) {
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, slot);
    addAction(action);
    return action;
}

void MainWindow::buildActions() {
    m_open = makeAction("openAction", tr("&Open a model…"), QKeySequence::Open, [this] { chooseModel(false); });
    m_open->setIcon(icon(Icon::Open));
    m_openFolder = makeAction("openFolderAction", tr("Open a model &folder…"), QKeySequence(tr("Ctrl+Shift+O")),
                              [this] { chooseModel(true); });
    m_download = makeAction("downloadAction", tr("Do&wnload a model…"), {}, &MainWindow::openDownloadDialog);
    m_download->setToolTip(tr("Fetch a model from a Hugging Face repository, by name"));
    m_demo = makeAction("openDemoAction", tr("Open the &demo"), {}, &MainWindow::openDemo);
    m_demo->setToolTip(tr("A small model with random weights that the program makes itself; it is not trained"));
    m_export = makeAction("exportAction", tr("&Export…"), QKeySequence(tr("Ctrl+E")), &MainWindow::openExportDialog);
    m_export->setIcon(icon(Icon::Export));
    m_export->setToolTip(tr("Write the quantized model as a GGUF file"));
    m_quit = makeAction("quitAction", tr("&Quit"), QKeySequence::Quit, &QWidget::close);

    m_undo = m_bench.undoStack().createUndoAction(this, tr("&Undo"));
    m_undo->setObjectName(QStringLiteral("undoAction"));
    m_undo->setShortcut(QKeySequence::Undo);
    m_undo->setIcon(icon(Icon::Undo));
    m_redo = m_bench.undoStack().createRedoAction(this, tr("&Redo"));
    m_redo->setObjectName(QStringLiteral("redoAction"));
    m_redo->setShortcuts({QKeySequence(tr("Ctrl+Shift+Z")), QKeySequence(tr("Ctrl+Y"))});
    m_redo->setIcon(icon(Icon::Redo));
    m_filter = makeAction("filterAction", tr("&Filter tensors"), QKeySequence::Find, [this] {
        m_tensorDock->show();
        m_tensorDock->raise();
        m_tensors->focusFilter();
    });
    m_clearRecipe = makeAction("clearRecipeAction", tr("&Keep everything (clear the recipe)"), {},
                               [this] { m_bench.clearRules(); });

    m_loadRecipe = makeAction("loadRecipeAction", tr("&Load a recipe…"), QKeySequence(tr("Ctrl+L")), &MainWindow::loadRecipe);
    m_loadRecipe->setIcon(icon(Icon::Load));
    m_saveRecipe = makeAction("saveRecipeAction", tr("&Save the recipe…"), QKeySequence::Save, &MainWindow::saveRecipe);
    m_saveRecipe->setIcon(icon(Icon::Save));
    m_quantize = makeAction("quantizeAction", tr("&Quantize"), QKeySequence(tr("Ctrl+Return")), [this] { m_bench.quantize(); });
    m_quantize->setIcon(iconOnAccent(Icon::Quantize));
    m_quantize->setIconVisibleInMenu(false); // it is made for the button
    m_quantize->setToolTip(tr("Carry out the recipe (Ctrl+Return)"));
    m_cancel = makeAction("cancelQuantizeAction", tr("&Cancel quantizing"), QKeySequence(tr("Ctrl+.")),
                          [this] { m_bench.cancelQuantize(); });

    m_calibrate = makeAction("calibrateAction", tr("C&alibrate…"), {}, &MainWindow::openCalibrateDialog);
    m_calibrate->setToolTip(tr("Let the model read a text and note what goes into each of its matrices"));
    m_openCalibration = makeAction("openCalibrationAction", tr("Ope&n a calibration…"), {}, &MainWindow::openCalibration);
    m_openCalibration->setToolTip(tr("Use a calibration that was made before, or an imatrix of llama.cpp"));

    m_palette = makeAction("paletteAction", tr("Command &palette…"), QKeySequence(tr("Ctrl+K")), &MainWindow::openPalette);
    m_theme = makeAction("themeAction", tr("Switch between light and dark"), QKeySequence(tr("Ctrl+T")), &MainWindow::cycleTheme);
    m_theme->setIcon(icon(Icon::Theme));
    m_resetLayout = makeAction("resetLayoutAction", tr("&Reset the layout"), {}, &MainWindow::resetLayout);
    m_help = makeAction("helpAction", tr("&Manual"), QKeySequence(Qt::Key_F1), &MainWindow::openHelp);
    m_jobs = makeAction("jobsAction", tr("&Running work…"), QKeySequence(tr("Ctrl+Shift+J")), &MainWindow::openJobs);
    m_settings = makeAction("settingsAction", tr("&Settings…"), QKeySequence(tr("Ctrl+,")), &MainWindow::openSettings);
    m_about = makeAction("aboutAction", tr("&About Trilobit…"), {}, [this] { openAbout(false); });
    m_plugins = makeAction("pluginsAction", tr("&Plugins…"), {}, [this] { openAbout(true); });
}

void MainWindow::buildMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({m_open, m_openFolder});
    m_recents = file->addMenu(tr("Open &recent"));
    file->addActions({m_download, m_demo});
    file->addSeparator();
    file->addAction(m_export);
    file->addSeparator();
    file->addAction(m_quit);

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({m_undo, m_redo});
    edit->addSeparator();
    edit->addActions(m_tensors->choiceActions());
    edit->addSeparator();
    edit->addAction(m_filter);
    edit->addSeparator();
    edit->addAction(m_settings);

    QMenu* recipe = menuBar()->addMenu(tr("&Recipe"));
    m_presets = recipe->addMenu(tr("&Presets"));
    fillPresets();
    recipe->addActions({m_loadRecipe, m_saveRecipe, m_clearRecipe});
    recipe->addSeparator();
    recipe->addActions({m_calibrate, m_openCalibration});
    recipe->addSeparator();
    recipe->addActions({m_quantize, m_cancel});

    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (qsizetype i = 0; i < m_pageList.size(); ++i) {
        QWidget* page = m_pageList[i].page;
        view->addAction(makeAction(qPrintable(QStringLiteral("showPage%1Action").arg(i + 1)), m_pageList[i].menuText,
                                   QKeySequence(QStringLiteral("Ctrl+%1").arg((i + 1) % 10)), // the tenth has the 0
                                   [this, page] { m_pages->setCurrentWidget(page); }));
    }
    view->addSeparator();
    m_tensorDock->toggleViewAction()->setObjectName(QStringLiteral("toggleTensorsAction"));
    m_inspectorDock->toggleViewAction()->setObjectName(QStringLiteral("toggleInspectorAction"));
    view->addActions({m_tensorDock->toggleViewAction(), m_inspectorDock->toggleViewAction(), m_resetLayout});
    view->addSeparator();
    QMenu* themes = view->addMenu(tr("&Theme"));
    m_themes = new QActionGroup(this);
    for (const auto& [choice, text] : {std::pair(ThemeChoice::System, tr("Theme of the &system")),
                                       std::pair(ThemeChoice::Light, tr("&Light theme")), std::pair(ThemeChoice::Dark, tr("&Dark theme"))}) {
        auto* action = new QAction(text, m_themes);
        action->setObjectName(QStringLiteral("theme_") + themeChoiceName(choice));
        action->setCheckable(true);
        action->setData(themeChoiceName(choice));
        action->setChecked(choice == m_context.settings().theme());
        connect(action, &QAction::triggered, this, [this, choice = choice] {
            m_context.settings().setTheme(choice);
            setTheme(choice);
        });
        themes->addAction(action);
    }
    view->addAction(m_theme);
    view->addSeparator();
    view->addActions({m_palette, m_jobs});

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addActions({m_help, m_plugins, m_about});
}

void MainWindow::buildToolBar() {
    QToolBar* bar = addToolBar(tr("Main tool bar"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setIconSize({18, 18});
    const auto add = [bar](QAction* action, const QString& text, bool primary = false) {
        bar->addAction(action);
        auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(action));
        button->setObjectName(action->objectName() + QStringLiteral("ToolButton"));
        button->setAccessibleName(action->text().remove(QLatin1Char('&')));
        if (text.isEmpty())
            return;
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setText(text);
        button->setProperty("primary", primary);
        action->setIconText(text);
    };
    add(m_open, tr("Open"));
    bar->addSeparator();
    add(m_quantize, tr("Quantize"), true);
    add(m_export, tr("Export…"));
    bar->addSeparator();
    add(m_loadRecipe, tr("Load recipe"));
    add(m_saveRecipe, tr("Save recipe"));
    bar->addSeparator();
    add(m_undo, {});
    add(m_redo, {});
    auto* space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    add(m_palette, tr("Commands"));
    m_palette->setIcon(icon(Icon::Search));
    add(m_theme, {});
}

} // namespace trilobit
