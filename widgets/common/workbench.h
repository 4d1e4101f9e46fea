// Workbench: the open document as the window sees it. Views read from it and listen; changes go through its actions.
#pragma once

#include "core/commands/workspace.h"
#include "core/jobs/jobqueue.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QUndoStack>

#include <map>
#include <memory>
#include <optional>

namespace trilobit {

/// Lives in the interface thread. Every action is one command (core/commands): it is run, put in the session log, can be
/// shown as a command line (lastCommandLine), and recipe changes can be undone. Nothing here waits on work.
class Workbench : public QObject {
    Q_OBJECT
public:
    Workbench(Workspace& workspace, JobQueue& jobs, QObject* parent = nullptr);
    ~Workbench() override;

    Workspace& workspace() { return m_workspace; }
    JobQueue& jobs() { return m_jobs; }
    QUndoStack& undoStack() { return m_undo; }

    // State, always consistent with the last signal.
    std::shared_ptr<const Model> model() const { return m_state.model; }
    const Recipe& recipe() const { return m_state.recipe; }
    const Plan& plan() const { return m_plan; }                 ///< for model() and recipe()
    std::shared_ptr<const QuantizedModel> quantized() const { return m_state.quantized; }
    bool quantizedIsCurrent() const;                            ///< quantized() was made with recipe()
    /// Report of the last quantization for a tensor, or null.
    const TensorReport* report(const QString& tensor) const;
    QStringList selection() const { return m_selection; }       ///< names of the selected tensors
    QString currentTensor() const { return m_current; }
    bool isBusy() const;                                        ///< opening, quantizing or exporting
    QString lastCommandLine() const { return m_lastCommandLine; }

    // Actions. Outcomes arrive as signals.
    void openModel(const QString& path);
    void setChoice(const QStringList& tensors, const Choice& choice); ///< one undo step; rules are made as short as possible
    void setRule(const QString& pattern, const Choice& choice);
    void clearRules();
    void replaceRecipe(const Recipe& recipe, const QString& undoText);
    void quantize();
    void exportModel(const QString& path);                      ///< the quantized model, or the source when none
    void setSelection(const QStringList& tensors, const QString& current);

signals:
    void modelChanged();
    void recipeChanged();      ///< plan() is already the new one
    void quantizedChanged();
    void selectionChanged();
    void busyChanged();
    void commandRun(const QString& commandLine);
    void failed(const QString& title, const QString& text);     ///< show to the person, without blocking
    void note(const QString& text);                             ///< status bar
    void runStored();                                           ///< the experiment table should refresh

private:
    void apply(const Command& command);                         ///< short commands, in this thread
    void refreshPlan();

    Workspace& m_workspace;
    JobQueue& m_jobs;
    QUndoStack m_undo;
    Workspace::State m_state;
    Plan m_plan;
    QStringList m_selection;
    QString m_current;
    QString m_lastCommandLine;
    std::optional<quint64> m_openJob, m_quantizeJob, m_exportJob;
    std::map<QString, std::size_t> m_reportIndex;
};

} // namespace trilobit
