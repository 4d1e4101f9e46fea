// Workbench: the open document as the window sees it. Views read from it and listen; changes go through its actions.
#pragma once

#include "core/commands/recorded.h"
#include "core/commands/workspace.h"
#include "core/jobs/jobqueue.h"
#include "core/quant/workfolder.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <QUndoStack>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace trilobit {

/// Lives in the interface thread. Every action is one command (core/commands): it is run, put in the session log, can be
/// shown as a command line (lastCommandLine), and recipe changes can be undone. Nothing here waits on work.
class Workbench : public QObject {
    Q_OBJECT
public:
    Workbench(Workspace& workspace, JobQueue& jobs, QObject* parent = nullptr);
    ~Workbench() override;

    Workspace& workspace() { return m_workspace; }
    const Workspace& workspace() const { return m_workspace; }
    JobQueue& jobs() { return m_jobs; }
    QUndoStack& undoStack() { return m_undo; }

    // State, always consistent with the last signal.
    std::shared_ptr<const Model> model() const { return m_state.model; }
    QString modelHash() const { return QString::fromStdString(m_state.modelHash); } ///< empty until known
    const Recipe& recipe() const { return m_state.recipe; }
    const Plan& plan() const { return m_plan; }                 ///< for model() and recipe()
    /// The plan of one tensor, or null when the model has no such tensor.
    const TensorPlan* tensorPlan(const QString& tensor) const;
    std::shared_ptr<const QuantizedModel> quantized() const { return m_state.quantized; }
    bool quantizedIsCurrent() const;                            ///< quantized() was made with recipe() and calibration()
    /// Report of the last quantization for a tensor, or null.
    const TensorReport* report(const QString& tensor) const;
    /// The same, but null when the recipe now asks for something else for this tensor.
    const TensorReport* currentReport(const QString& tensor) const;
    std::shared_ptr<const Calibration> calibration() const { return m_state.calibration; } ///< of model(); null when none
    QStringList selection() const { return m_selection; }       ///< names of the selected tensors
    QString currentTensor() const { return m_current; }
    /// Another number whenever any of that but the selection may have changed: who has seen this one need not look again.
    quint64 stateNumber() const { return m_stateNumber; }
    bool isBusy() const;                                        ///< opening, quantizing or exporting
    bool isQuantizing() const { return m_quantizeJob.has_value(); }
    bool isCalibrating() const { return m_calibrateJob.has_value(); } ///< or reading a calibration
    bool changesAnything() const;                               ///< the recipe asks for at least one tensor
    QString lastCommandLine() const { return m_lastCommandLine; }
    /// Quantizations that were cut short, of this window and beside the open model, as last looked for; none that runs.
    const std::vector<UnfinishedWork>& unfinished() const { return m_unfinished; }

    // Actions. Outcomes arrive as signals.
    void openModel(const QString& path);
    void setChoice(const QStringList& tensors, const Choice& choice); ///< one undo step; rules are made as short as possible
    /// Several choices as one undo step.
    void setChoices(const std::vector<std::pair<QStringList, Choice>>& choices, const QString& undoText);
    /// Like setChoice; steps that follow quickly with the same tensors and the same `what` become one.
    void adjustChoice(const QStringList& tensors, const Choice& choice, const QString& what);
    void setRule(const QString& pattern, const Choice& choice);
    void clearRules();
    void replaceRecipe(const Recipe& recipe, const QString& undoText);
    void quantize();
    void cancelQuantize();
    void lookForUnfinished();                                   ///< in the background; unfinishedChanged() when it differs
    /// Goes on with unfinished(): opens its model and takes its recipe where the result belongs into the window.
    void resumeUnfinished(const QString& folder);
    void discardUnfinished(const QString& folder);
    void exportModel(const QString& path);                      ///< the quantized model, or the source when none
    /// The model reads the text; the statistics are written to `path` and become calibration(). tokens, context: 0 is all of
    /// them, or the usual.
    void calibrate(const QString& text, const QString& path, std::int64_t tokens, std::int64_t context);
    void cancelCalibrate();
    void useCalibration(const QString& path);                   ///< a file of calibrate, or an imatrix
    void dropCalibration();
    void setSelection(const QStringList& tensors, const QString& current);
    /// Long work that is no change of the open document: one command after the other as one job, until one fails. `events`
    /// comes from the worker's thread; `done` gets the last result. Each command counts as an action (lastCommandLine).
    quint64 runBeside(const JobQueue::Options& options, QObject* context, const std::vector<Command>& commands,
                      const EventSink& events, std::function<void(Result<Json>)> done);
    /// Work that a view did on engines of its own: row and log line as if `done.command` had been run, in the background.
    /// `finish` runs there; it may still complete `done`, and returns what the command would have.
    void record(DoneRun done, std::function<Result<Json>(DoneRun&)> finish);

signals:
    void modelChanged();
    void recipeChanged();      ///< plan() is already the new one
    void quantizedChanged();
    void calibrationChanged(); ///< comes with recipeChanged(): what is done to tensors changes
    void selectionChanged();
    void busyChanged();
    void commandRun(const QString& commandLine);
    void failed(const QString& title, const QString& text);     ///< show to the person, without blocking
    void note(const QString& text);                             ///< status bar
    void exported(const QString& path);
    void unfinishedChanged();
    void runStored();                                           ///< the experiment table should refresh

private:
    class RecipeStep;

    /// Short commands, in this thread. False when it failed (and failed() was sent).
    bool apply(const Command& command, const QString& title);
    /// `command` if it leads to `next`, else the whole recipe; one undo step.
    void changeRecipe(const Recipe& next, std::optional<Command> command, const QString& undoText,
                      const QString& mergeKey = {});
    Command quantizeCommand(const Recipe& recipe, const Calibration* calibration) const;
    void startCalibration(const QString& title, const Command& command);
    void calibrated(const Result<Json>& result);
    void startQuantize(const Command& command, const Command& shown);
    void goOn();
    /// `shown`: the command line that repeats it without a window.
    std::optional<quint64> startJob(const QString& title, const Command& command, const Command& shown,
                                    std::function<void(Result<Json>)> done);
    void opened(const Result<Json>& result, const QString& path);
    void adoptState();
    void refreshPlan();
    void refreshReports();
    void remember(const Command& shown);
    void retire(std::shared_ptr<const void> old);

    Workspace& m_workspace;
    JobQueue& m_jobs;
    QUndoStack m_undo;
    Workspace::State m_state;
    quint64 m_stateNumber = 1;
    Plan m_plan;
    QStringList m_selection;
    QString m_current;
    QString m_lastCommandLine;
    std::vector<UnfinishedWork> m_unfinished;
    std::optional<Recipe> m_resume; ///< to be carried out once its model is open
    std::optional<quint64> m_openJob, m_quantizeJob, m_exportJob, m_calibrateJob;
    std::map<QString, std::size_t> m_tensorIndex, m_reportIndex;
    QThreadPool m_cleaner; ///< frees large models, so that this thread does not stand still
};

} // namespace trilobit
