// OpenWindow: the real main window with a home of its own, found by object names.
#pragma once

#include "app/appcontext.h"
#include "app/mainwindow.h"
#include "widgets/models/tensortreemodel.h"

#include <QAction>
#include <QDir>
#include <QEventLoop>
#include <QTabWidget>
#include <QTimer>
#include <QTreeView>
#include <QtTest>

#include <functional>
#include <memory>
#include <vector>

namespace trilobit::test {

/// Runs the event loop as the program does until `done` holds. QTest's own waiting sleeps ten milliseconds between looks at the
/// events, which nobody who measures how soon the window answers should see.
inline bool runUntil(const std::function<bool()>& done, int timeoutMs) {
    QEventLoop loop;
    QTimer look, end;
    bool held = false; // what else the loop still does on its way out may start something new
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if ((held = held || done()))
            loop.quit();
    });
    QObject::connect(&end, &QTimer::timeout, &loop, &QEventLoop::quit);
    look.start(5);
    end.setSingleShot(true);
    end.start(timeoutMs);
    loop.exec();
    return held;
}
inline void runFor(int ms) {
    runUntil([] { return false; }, ms);
}

class OpenWindow {
public:
    static constexpr int kLongMs = 240'000;

    /// Settings, session log and store go to `home`.
    explicit OpenWindow(const QString& home, int threads = 0) {
        QDir().mkpath(home);
        qputenv("TRILOBIT_CONFIG", home.toUtf8());
        AppContext::Options options;
        options.threads = threads;
        m_context = std::make_unique<AppContext>(options);
        applyTheme(*qApp, ThemeChoice::Light);
        m_window = std::make_unique<MainWindow>(*m_context);
        m_window->resize(1500, 950);
        m_window->show();
    }

    AppContext& context() { return *m_context; }
    MainWindow& window() { return *m_window; }
    Workbench& bench() { return m_context->workbench(); }
    template <class T>
    T* child(const char* name) {
        T* found = m_window->findChild<T*>(QLatin1String(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    template <class Page>
    Page* show() {
        auto* pages = child<QTabWidget>("pages");
        auto* page = m_window->findChild<Page*>();
        pages->setCurrentWidget(page);
        return page;
    }
    void trigger(const char* action) {
        auto* found = child<QAction>(action);
        QVERIFY2(found->isEnabled(), action);
        found->trigger();
    }
    bool waitIdle() {
        return runUntil([this] { return !bench().isBusy() && m_context->jobs().isIdle(); }, kLongMs);
    }
    bool open(const QString& path) {
        m_window->openPath(path);
        return waitIdle() && bench().model() && bench().model()->path() == path.toStdString();
    }
    /// The row of a tensor in the tree, as it is shown.
    QModelIndex row(const QString& tensor, int column) {
        const auto* model = child<QTreeView>("tensorTree")->model();
        std::vector<QModelIndex> open{QModelIndex()};
        while (!open.empty()) {
            const QModelIndex parent = open.back();
            open.pop_back();
            for (int i = 0; i < model->rowCount(parent); ++i) {
                const QModelIndex index = model->index(i, 0, parent);
                if (index.data(TensorTreeModel::TensorNameRole).toString() == tensor)
                    return index.siblingAtColumn(column);
                open.push_back(index);
            }
        }
        return {};
    }
    void select(const QString& tensor) {
        auto* tree = child<QTreeView>("tensorTree");
        tree->expand(row(tensor, 0).parent());
        tree->selectionModel()->setCurrentIndex(row(tensor, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }

private:
    std::unique_ptr<AppContext> m_context;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace trilobit::test
