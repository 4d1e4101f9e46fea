// AppContext: owns the services of the program and hands them out by reference.
#pragma once

#include "app/settings.h"
#include "core/pluginhost/pluginhost.h"
#include "widgets/common/sessionlog.h"
#include "widgets/common/workbench.h"

#include <QObject>

namespace trilobit {

class AppContext : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString store;   ///< empty: Settings::storePath(); "none": nothing is recorded
        int threads = 0; ///< 0: all
    };
    explicit AppContext(const Options& options, QObject* parent = nullptr);
    ~AppContext() override;

    Settings& settings() { return m_settings; }
    SessionLog& sessionLog() { return m_log; }
    const PluginHost& plugins() const { return m_plugins; }
    Workspace& workspace() { return m_workspace; }
    JobQueue& jobs() { return m_jobs; }
    Workbench& workbench() { return m_bench; }
    /// What went wrong while starting, for a person; empty when nothing did.
    QStringList startProblems() const { return m_problems; }

signals:
    /// The recipe that was being edited for this model last time is back in place.
    void recipeRestored();

private:
    Workspace& prepared(const Options& options);
    void modelChanged();
    void saveRecipe();

    Settings m_settings;
    SessionLog m_log;
    PluginHost m_plugins;
    QStringList m_problems;
    Workspace m_workspace;
    JobQueue m_jobs;
    Workbench m_bench; ///< after everything it refers to
    bool m_restoring = false;
};

} // namespace trilobit
