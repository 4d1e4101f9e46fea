// MainWindow: docks, tabs, menus and status bar; what happens is the workbench's.
#pragma once

#include "app/appcontext.h"

#include <QMainWindow>
#include <QPointer>

class QActionGroup;
class QTabWidget;
class QToolButton;

namespace trilobit {

class ChatPage;
class InspectorPage;
class HelpDialog;
class JobBar;
class MessageBar;
class QuietLabel;
class TensorsPage;
class WeightsPage;
class WelcomePage;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(AppContext& context, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// A model file or folder, or a recipe (.json).
    void openPath(const QString& path);
    /// The first is opened, the others get panes in the chat view, which is shown.
    void openTogether(const QStringList& paths);
    /// The bundled pair in the chat view, with a third pane that is the first one ternarized without training; without the
    /// pair the untrained demo.
    void openDemo();
    void setTheme(ThemeChoice theme);
    /// Docks in their usual share of the width.
    void fitDocks();
    QTabWidget* pages() const { return m_pages; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildPages();
    void buildActions();     // mainwindowactions.cpp, with the menus
    void buildMenus();
    void buildToolBar();
    void buildStatusBar();
    void connectWorkbench();
    QAction* makeAction(const char* name, const QString& text, const QKeySequence& keys, auto slot);

    void chooseModel(bool folder);
    void loadRecipe();
    void readRecipe(const QString& path);
    void saveRecipe();
    void fillPresets();
    void fillRecents();
    /// Lists models of other programs on the welcome page, in the background.
    void findModels();
    void openExportDialog();
    void openCalibrateDialog();
    void openCalibration();
    void openDownloadDialog();
    void download(const Command& command);
    void openPalette();
    void openAbout(bool plugins);
    void resetLayout();
    void defaultLayout();
    void modelChanged();
    void openUntrainedDemo();
    void showTogether();
    void updateActions();
    void updateTotals();
    void showCommandLine(const QString& text);
    void cycleTheme();
    void openHelp();
    void openJobs();
    void openSettings();

    AppContext& m_context;
    Workbench& m_bench;
    /// A view in the middle: its tab, its entry in the View menu and its place in the gallery.
    struct PageEntry {
        QWidget* page;
        QString title, menuText;
    };
    QTabWidget* m_pages = nullptr;
    QList<PageEntry> m_pageList;
    WelcomePage* m_welcome = nullptr;
    WeightsPage* m_weights = nullptr;
    ChatPage* m_chat = nullptr;
    TensorsPage* m_tensors = nullptr;
    InspectorPage* m_inspector = nullptr;
    QDockWidget *m_tensorDock = nullptr, *m_inspectorDock = nullptr;
    MessageBar* m_messages = nullptr;
    JobBar* m_jobBar = nullptr;
    QuietLabel* m_totals = nullptr;
    QToolButton* m_command = nullptr;
    QMenu *m_recents = nullptr, *m_presets = nullptr;
    QActionGroup* m_themes = nullptr;
    QPointer<HelpDialog> m_manual; ///< made when it is first asked for; a dialog over the window takes its own with it

    QStringList m_companions;  ///< to be added to the chat once the first model is there
    bool m_saidUnfinished = false;
    bool m_ternarize = false;  ///< and that one shall be ternarized as it is

    QAction *m_open, *m_openFolder, *m_download, *m_demo, *m_export, *m_quit;
    QAction *m_undo, *m_redo, *m_filter, *m_clearRecipe;
    QAction *m_loadRecipe, *m_saveRecipe, *m_quantize, *m_cancel, *m_calibrate, *m_openCalibration;
    QAction *m_palette, *m_theme, *m_resetLayout, *m_about, *m_plugins, *m_help, *m_jobs, *m_settings;
};

} // namespace trilobit
