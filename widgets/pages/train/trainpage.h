// TrainPage: sets up a training run, starts it as a job, shows it as it goes, and keeps what it made.
#pragma once

#include "core/base/result.h"
#include "widgets/pages/train/trainlog.h"

#include <QWidget>

#include <memory>
#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;
class QTabBar;
class QTimer;

namespace trilobit {

class Banner;
class TrainFeed;
class TrainSetup;
class TrainView;
class Workbench;
struct Command;

/// The run is the command "train" (after "corpus" for made-up data) in a lane of its own. Its events are collected by the
/// training thread and taken over here at most ten times a second.
class TrainPage : public QWidget {
    Q_OBJECT
public:
    explicit TrainPage(Workbench& workbench, QWidget* parent = nullptr);
    ~TrainPage() override;

    bool isRunning() const { return m_job.has_value(); }
    const TrainLog& log() const { return m_log; }
    /// What one of the two parts needs: beside each other they must not keep a window from becoming small again.
    QSize minimumSizeHint() const override;

public slots:
    void start();
    void resume();
    void setPaused(bool paused);
    /// Ends after the current step; checkpoint and model are written.
    void stopAndKeep();

signals:
    void finished(bool ok); ///< also after stopping; false: an error is shown

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void run(const std::vector<Command>& commands);
    void take();
    void ended(Result<Json> result);
    void askForWeights();
    void showState();
    void showPart(int part); ///< narrow windows show settings (0) or the run (1)
    void openModel();

    Workbench& m_bench;
    TrainLog m_log;
    std::shared_ptr<TrainFeed> m_feed;
    std::optional<quint64> m_job;
    bool m_paused = false, m_stopping = false;
    int m_turns = 0;         ///< of the timer: plots follow more slowly than numbers
    QString m_runFolder, m_model;
    QString m_state;
    QTimer* m_timer = nullptr;
    TrainSetup* m_setup = nullptr;
    TrainView* m_view = nullptr;
    QWidget* m_runPart = nullptr;
    QTabBar* m_parts = nullptr;
    Banner *m_problem = nullptr, *m_done = nullptr;
    QLabel* m_stateLabel = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton *m_pause = nullptr, *m_stop = nullptr, *m_open = nullptr;
};

} // namespace trilobit
