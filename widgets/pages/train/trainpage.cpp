#include "widgets/pages/train/trainpage.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"
#include "widgets/common/workbench.h"
#include "widgets/pages/chat/banner.h"
#include "widgets/pages/train/trainsetup.h"
#include "widgets/pages/train/trainview.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTabBar>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <mutex>
#include <utility>

namespace trilobit {

namespace {

constexpr int kTurnMs = 100;       // events are taken over at most ten times a second
constexpr int kTurnsPerPlot = 5;   // plots follow twice a second
constexpr int kTurnsPerLook = 20;  // a look at the weights costs the training a moment
constexpr int kSetupWidth = 320, kWideFrom = 900;
constexpr int kProgressSteps = 1000;

} // namespace

/// What the training thread has said and the window has not taken yet.
class TrainFeed {
public:
    void put(const Json& event) {
        const std::scoped_lock lock(m_mutex);
        m_waiting.push_back(event);
    }
    std::vector<Json> take() {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_waiting, {});
    }

private:
    std::mutex m_mutex;
    std::vector<Json> m_waiting;
};

TrainPage::TrainPage(Workbench& workbench, QWidget* parent) : QWidget(parent), m_bench(workbench) {
    setObjectName(QStringLiteral("trainPage"));
    build();
    m_timer = new QTimer(this);
    m_timer->setInterval(kTurnMs);
    connect(m_timer, &QTimer::timeout, this, &TrainPage::take);
    connect(m_setup, &TrainSetup::startRequested, this, &TrainPage::start);
    connect(m_setup, &TrainSetup::resumeRequested, this, &TrainPage::resume);
    connect(m_view, &TrainView::matrixChosen, this, [this] {
        m_view->show(m_log, true);
        askForWeights();
    });
    connect(m_view, &TrainView::saved, &workbench, [this](const QString& path) { emit m_bench.note(tr("Saved %1").arg(path)); });
    connect(m_view, &TrainView::saveFailed, &workbench,
            [this](const QString& text) { emit m_bench.failed(tr("Plot not saved"), text); });
    connect(m_pause, &QPushButton::clicked, this, [this] { setPaused(!m_paused); });
    connect(m_stop, &QPushButton::clicked, this, &TrainPage::stopAndKeep);
    connect(m_open, &QPushButton::clicked, this, &TrainPage::openModel);
    connect(m_parts, &QTabBar::currentChanged, this, &TrainPage::showPart);
    showState();
    showPart(0);
}

TrainPage::~TrainPage() = default;

void TrainPage::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSizeConstraint(QLayout::SetNoConstraint); // minimumSizeHint() says it
    layout->setSpacing(6);
    m_parts = new QTabBar(this);
    m_parts->setObjectName(QStringLiteral("trainParts"));
    m_parts->setAccessibleName(tr("Settings or run"));
    m_parts->setDrawBase(false);
    m_parts->setExpanding(false);
    m_parts->addTab(tr("Settings"));
    m_parts->addTab(tr("Run"));
    layout->addWidget(m_parts);
    m_problem = new Banner(Banner::Kind::Problem, this);
    m_problem->setObjectName(QStringLiteral("trainError"));
    layout->addWidget(m_problem);
    m_done = new Banner(Banner::Kind::Info, this);
    m_done->setObjectName(QStringLiteral("trainDone"));
    layout->addWidget(m_done);

    auto* parts = new QHBoxLayout;
    parts->setSpacing(14);
    m_setup = new TrainSetup(m_bench, this);
    parts->addWidget(m_setup);
    m_runPart = new QWidget(this);
    auto* run = new QVBoxLayout(m_runPart);
    run->setContentsMargins(0, 0, 0, 0);
    run->setSpacing(6);
    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    m_stateLabel = new QLabel(m_runPart);
    m_stateLabel->setObjectName(QStringLiteral("trainState"));
    m_stateLabel->setProperty("role", "section");
    m_stateLabel->setMinimumWidth(80);
    m_stateLabel->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_progress = new QProgressBar(m_runPart);
    m_progress->setObjectName(QStringLiteral("trainProgress"));
    m_progress->setAccessibleName(tr("Progress of the training"));
    m_progress->setRange(0, kProgressSteps);
    m_progress->setMaximumWidth(180);
    m_pause = new QPushButton(tr("&Pause"), m_runPart);
    m_pause->setObjectName(QStringLiteral("trainPause"));
    m_pause->setToolTip(tr("Waits after the current step; a checkpoint is written first."));
    m_stop = new QPushButton(tr("Stop and &keep"), m_runPart);
    m_stop->setObjectName(QStringLiteral("trainStop"));
    m_stop->setAccessibleName(tr("Stop and keep"));
    m_stop->setToolTip(tr("Ends after the current step and writes checkpoint and model. The run can be resumed later."));
    m_open = new QPushButton(tr("&Open the model"), m_runPart);
    m_open->setObjectName(QStringLiteral("trainOpenModel"));
    m_open->setAccessibleName(tr("Open the trained model"));
    m_open->setToolTip(tr("Opens the model that this run wrote, to look at it and to chat with it."));
    makePrimary(m_open);
    bar->addWidget(m_stateLabel, 1);
    bar->addWidget(m_progress);
    bar->addWidget(m_pause);
    bar->addWidget(m_stop);
    bar->addWidget(m_open);
    run->addLayout(bar);
    m_view = new TrainView(m_runPart);
    run->addWidget(m_view, 1);
    parts->addWidget(m_runPart, 1);
    layout->addLayout(parts, 1);
}

QSize TrainPage::minimumSizeHint() const {
    const QSize part = m_setup->minimumSizeHint().expandedTo(m_runPart->minimumSizeHint());
    const QMargins around = layout()->contentsMargins();
    int height = part.height() + m_parts->sizeHint().height() + layout()->spacing();
    for (const QWidget* banner : {static_cast<QWidget*>(m_problem), static_cast<QWidget*>(m_done)})
        if (!banner->isHidden())
            height += banner->minimumSizeHint().height() + layout()->spacing();
    return QSize(part.width(), height).grownBy(around);
}

void TrainPage::start() {
    if (m_job)
        return;
    if (const QString problem = m_setup->problem(); !problem.isEmpty()) {
        m_problem->setText(problem);
        return;
    }
    run(m_setup->commands());
}

void TrainPage::resume() {
    if (!m_job && m_setup->hasCheckpoint())
        run(m_setup->resumeCommands());
}

void TrainPage::run(const std::vector<Command>& commands) {
    m_problem->setText({});
    m_done->setText({});
    m_log = {};
    m_view->clear();
    m_model.clear();
    m_runFolder = m_setup->folder();
    m_paused = m_stopping = false;
    m_turns = 0;
    if (!QDir().mkpath(m_runFolder)) {
        m_problem->setText(tr("The folder %1 cannot be made.").arg(m_runFolder));
        return;
    }
    m_feed = std::make_shared<TrainFeed>();
    JobQueue::Options options;
    options.title = m_setup->title();
    options.lane = JobLane::Training;
    m_job = m_bench.runBeside(
        options, this, commands, [feed = m_feed](const Json& event) { feed->put(event); },
        [this](Result<Json> result) { ended(std::move(result)); });
    m_setup->setRunning(true);
    m_timer->start();
    m_parts->setCurrentIndex(1);
    showState();
}

void TrainPage::setPaused(bool paused) {
    if (!m_job || m_stopping)
        return;
    m_paused = paused;
    m_bench.jobs().setPaused(*m_job, paused);
    showState();
}

void TrainPage::stopAndKeep() {
    if (!m_job)
        return;
    m_stopping = true;
    m_bench.jobs().cancel(*m_job);
    showState();
}

void TrainPage::take() {
    if (m_feed)
        for (const Json& event : m_feed->take())
            m_log.add(event);
    ++m_turns;
    const bool plots = !m_job || m_turns % kTurnsPerPlot == 0;
    if (m_runPart->isVisible())
        m_view->show(m_log, plots);
    if (m_turns % kTurnsPerLook == 0)
        askForWeights();
    showState();
}

void TrainPage::askForWeights() {
    if (m_job && m_view->showsWeights() && !m_view->matrix().isEmpty())
        m_bench.jobs().request(*m_job, m_view->matrix().toStdString());
}

void TrainPage::ended(Result<Json> result) {
    m_job.reset();
    m_timer->stop();
    m_paused = m_stopping = false;
    take();
    m_feed.reset();
    const QString folder = QDir::toNativeSeparators(m_runFolder);
    if (result) {
        m_model = qtext((*result)["model"].toString());
        const QString steps = tr("%1 steps").arg((*result)["steps"].toInt());
        m_done->setText((*result)["stopped"].toBool()
                            ? tr("Stopped after %1. Checkpoint and model are in %2; Resume goes on from there.").arg(steps, folder)
                            : tr("Trained %1. Model, checkpoint and curves are in %2.").arg(steps, folder));
    } else if (result.error().code == ErrorCode::Cancelled) {
        m_done->setText(tr("Stopped before the first step: there was nothing to keep."));
    } else {
        const bool kept = QFileInfo::exists(QDir(m_runFolder).filePath(QStringLiteral("checkpoint.safetensors")));
        m_problem->setText(errorText(result.error())
                           + (kept ? QLatin1Char(' ') + tr("The last checkpoint is kept in %1.").arg(folder) : QString()));
        if (m_log.isEmpty())
            m_parts->setCurrentIndex(0); // where it can be put right
    }
    m_setup->setRunning(false);
    if (result && !(*result)["stopped"].toBool())
        m_setup->offerNextFolder();
    showState();
    emit finished(static_cast<bool>(result));
}

void TrainPage::showState() {
    const bool running = m_job.has_value();
    QString state;
    double fraction = -1;
    if (running) {
        for (const JobInfo& job : m_bench.jobs().jobs())
            if (job.id == *m_job) {
                state = job.what;
                fraction = job.fraction;
            }
        if (m_stopping)
            state = tr("stopping and keeping…");
        else if (m_paused)
            state = m_log.isEmpty() ? tr("will pause before the first step") : tr("paused at step %1").arg(m_log.step);
        else if (state.isEmpty())
            state = tr("starting…");
    } else if (!m_model.isEmpty()) {
        state = m_log.step < m_log.steps ? tr("stopped at step %1").arg(m_log.step) : tr("done");
    } else if (m_log.isEmpty()) {
        state = {};
    } else {
        state = tr("ended with an error at step %1").arg(m_log.step);
    }
    if (!state.isEmpty())
        state[0] = state[0].toUpper();
    m_stateLabel->setText(state);
    m_progress->setVisible(running);
    m_progress->setRange(0, fraction >= 0 ? kProgressSteps : 0);
    if (fraction >= 0)
        m_progress->setValue(static_cast<int>(fraction * kProgressSteps));
    m_pause->setVisible(running);
    m_pause->setText(m_paused ? tr("&Go on") : tr("&Pause"));
    m_pause->setAccessibleName(m_paused ? tr("Go on training") : tr("Pause training"));
    m_pause->setEnabled(!m_stopping);
    m_stop->setVisible(running);
    m_stop->setEnabled(!m_stopping);
    m_open->setVisible(!running && !m_model.isEmpty());
}

void TrainPage::openModel() {
    if (!m_model.isEmpty())
        m_bench.openModel(m_model);
}

void TrainPage::showPart(int part) {
    const bool wide = width() >= kWideFrom;
    m_parts->setVisible(!wide);
    m_setup->setVisible(wide || part == 0);
    m_runPart->setVisible(wide || part == 1);
    m_setup->setMaximumWidth(wide ? kSetupWidth : QWIDGETSIZE_MAX);
    m_setup->setMinimumWidth(wide ? kSetupWidth : 0);
    if (m_runPart->isVisible())
        m_view->show(m_log, true);
}

void TrainPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    showPart(m_parts->currentIndex());
}

void TrainPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_setup->refresh();
    showPart(m_parts->currentIndex());
}

} // namespace trilobit
