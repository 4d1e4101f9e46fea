// JobQueue: runs long work off the interface thread, with progress, remaining time and cancel.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>

#include <array>
#include <atomic>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace trilobit {

/// Lanes run beside each other; inside a lane jobs run one after the other (four at a time in Chat).
enum class JobLane {
    Compute,     ///< quantize, evaluate, export
    Interactive, ///< previews and plots: must answer while a long job runs
    Chat,        ///< one per pane
    Training,    ///< hours: everything else must go on beside it
    Network,     ///< waits for servers, not for the processor
};

struct JobInfo {
    quint64 id = 0;
    QString title;
    JobLane lane = JobLane::Compute;
    double fraction = -1;    ///< 0..1, or -1 while unknown
    QString what;            ///< a few words on the current step
    qint64 remainingMs = -1; ///< -1 while unknown
    bool running = false;    ///< false: waiting in its lane
    bool cancelling = false;
    bool paused = false;     ///< waits where it asks isCancelled(); training saves itself first
    bool quiet = false;      ///< previews: not shown in the job bar
};

/// Lives in the interface thread; start() and cancel() are called from there and never wait.
class JobQueue : public QObject {
    Q_OBJECT
public:
    explicit JobQueue(QObject* parent = nullptr);
    /// Cancels everything and waits for the workers.
    ~JobQueue() override;

    struct Options {
        QString title;
        JobLane lane = JobLane::Compute;
        bool quiet = false;
    };

    /// Runs `work(RunControl&) -> Result<T>` in the lane and hands its result to `done(Result<T>)` in this thread, unless
    /// `context` is gone by then. Exceptions become OutOfMemory or Internal errors. A job that is cancelled while it waits
    /// ends as Cancelled without running. Returns the job's id.
    template <class T>
    quint64 start(const Options& options, QObject* context, std::function<Result<T>(RunControl&)> work,
                  std::function<void(Result<T>)> done) {
        auto outcome = std::make_shared<std::unique_ptr<Result<T>>>();
        return enqueue(
            options,
            [outcome, work = std::move(work)](RunControl& control) {
                if (control.isCancelled()) {
                    *outcome = std::make_unique<Result<T>>(cancelledError());
                    return;
                }
                try {
                    *outcome = std::make_unique<Result<T>>(work(control));
                } catch (const std::bad_alloc&) {
                    *outcome = std::make_unique<Result<T>>(fail(ErrorCode::OutOfMemory, "not enough memory for this"));
                } catch (const std::exception& problem) {
                    *outcome = std::make_unique<Result<T>>(fail(ErrorCode::Internal, problem.what()));
                } catch (...) {
                    *outcome = std::make_unique<Result<T>>(fail(ErrorCode::Internal, "the work ended unexpectedly"));
                }
            },
            [outcome, guard = QPointer<QObject>(context), done = std::move(done)] {
                if (guard && *outcome)
                    done(std::move(**outcome));
            });
    }

    void cancel(quint64 id);
    void cancelAll();
    /// Training hears of it through steeringOf(control). Unknown ids are ignored.
    void setPaused(quint64 id, bool paused);
    /// Replaces a request that was not taken yet.
    void request(quint64 id, const std::string& what);
    /// Waiting and running jobs in the order they were started.
    std::vector<JobInfo> jobs() const;
    bool isIdle() const { return m_jobs.empty(); }

signals:
    void changed();                                    ///< any of jobs() changed; at most about 20 times a second
    void finished(quint64 id);                         ///< after `done` was called

private:
    struct Job;
    quint64 enqueue(const Options& options, std::function<void(RunControl&)> run, std::function<void()> done);
    void finish(quint64 id);

    std::map<quint64, std::shared_ptr<Job>> m_jobs;
    quint64 m_next = 1;
    /// In the order of JobLane.
    std::array<QThreadPool*, 5> pools() { return {&m_compute, &m_interactive, &m_chat, &m_training, &m_network}; }
    QThreadPool m_compute, m_interactive, m_chat, m_training, m_network;
};

} // namespace trilobit
