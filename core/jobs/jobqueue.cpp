// JobQueue: lanes are thread pools; what a worker reports reaches the interface thread as queued calls.
#include "core/jobs/jobqueue.h"

#include "core/base/steering.h"

#include <QMetaObject>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

namespace trilobit {

namespace {
constexpr qint64 kSignalIntervalMs = 50;
constexpr qint64 kEstimateAfterMs = 500; // earlier guesses jump about
constexpr std::chrono::milliseconds kPauseCheck(20);
} // namespace

struct JobQueue::Job : SteeredControl {
    Job(JobQueue* queue, JobInfo start) : owner(queue), lane(start.lane), info(std::move(start)) {}

    /// All long work asks this often, so that this is also where a paused job waits. Training does it itself, between
    /// steps, because it has something to save first.
    bool isCancelled() const noexcept override {
        while (paused.load(std::memory_order_relaxed) && lane != JobLane::Training
               && !cancelled.load(std::memory_order_relaxed))
            std::this_thread::sleep_for(kPauseCheck);
        return cancelled.load(std::memory_order_relaxed);
    }
    bool isPaused() const noexcept override { return paused.load(std::memory_order_relaxed); }
    std::string takeRequest() override {
        const std::scoped_lock lock(mutex);
        return std::exchange(request, {});
    }
    void progress(double done, double total, std::string_view what) override {
        const qint64 now = clock.elapsed();
        {
            const std::scoped_lock lock(mutex);
            info.fraction = total > 0 ? std::clamp(done / total, 0.0, 1.0) : -1;
            info.what = QString::fromUtf8(what.data(), static_cast<qsizetype>(what.size()));
            if (now > kEstimateAfterMs && info.fraction > 0.01)
                info.remainingMs =
                    static_cast<qint64>(static_cast<double>(now - pausedMs) * (1 - info.fraction) / info.fraction);
        }
        if (now - lastSignal >= kSignalIntervalMs) {
            lastSignal = now;
            QMetaObject::invokeMethod(owner, [queue = owner] { emit queue->changed(); }, Qt::QueuedConnection);
        }
    }

    JobQueue* owner;
    const JobLane lane;
    std::atomic<bool> cancelled = false, paused = false;
    mutable std::mutex mutex; // guards info, request, pausedMs and pauseClock
    std::string request;
    qint64 pausedMs = 0;      // of the pauses that are over, while it ran
    QElapsedTimer pauseClock; // valid while a pause lasts
    JobInfo info;
    QElapsedTimer clock;      // started when the job starts to run; used by the worker only
    qint64 lastSignal = 0;
    bool abandoned = false;              // cancelled before it ran; guarded by mutex
    std::function<void(RunControl&)> run; // in the worker, or in the interface thread when abandoned
    std::function<void()> deliver;        // in the interface thread
};

JobQueue::JobQueue(QObject* parent) : QObject(parent) {
    m_compute.setMaxThreadCount(1);
    m_interactive.setMaxThreadCount(1);
    m_chat.setMaxThreadCount(4);
    m_training.setMaxThreadCount(1);
    m_network.setMaxThreadCount(2); // one is asked while another brings its files
    for (QThreadPool* pool : pools())
        pool->setExpiryTimeout(-1); // keeps the OpenMP team of the worker alive between jobs
}

JobQueue::~JobQueue() {
    for (auto& [id, job] : m_jobs)
        job->cancelled = true;
    for (QThreadPool* pool : pools())
        pool->waitForDone();
}

quint64 JobQueue::enqueue(const Options& options, std::function<void(RunControl&)> run, std::function<void()> done) {
    JobInfo info;
    info.id = m_next++;
    info.title = options.title;
    info.lane = options.lane;
    info.quiet = options.quiet;
    auto job = std::make_shared<Job>(this, info);
    {
        // The pool hands the job over safely too, but in a way that the thread sanitizer cannot see into.
        const std::scoped_lock lock(job->mutex);
        job->run = std::move(run);
        job->deliver = std::move(done);
    }
    m_jobs.emplace(info.id, job);
    pools()[static_cast<std::size_t>(options.lane)]->start([job] {
        {
            const std::scoped_lock lock(job->mutex);
            if (job->abandoned)
                return;
            job->info.running = true;
        }
        job->clock.start();
        QMetaObject::invokeMethod(job->owner, [queue = job->owner] { emit queue->changed(); }, Qt::QueuedConnection);
        job->run(*job);
        job->run = {}; // what the work holds is freed here, not in the interface thread
        { const std::scoped_lock handOver(job->mutex); }
        QMetaObject::invokeMethod(job->owner, [queue = job->owner, id = job->info.id] { queue->finish(id); },
                                  Qt::QueuedConnection);
    });
    emit changed();
    return info.id;
}

void JobQueue::finish(quint64 id) {
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end())
        return;
    const std::shared_ptr<Job> job = found->second;
    m_jobs.erase(found);
    { const std::scoped_lock takeOver(job->mutex); }
    const QPointer<JobQueue> self(this);
    job->deliver();
    job->deliver = {};
    if (!self)
        return; // `done` closed the window
    emit changed();
    emit finished(id);
}

void JobQueue::cancel(quint64 id) {
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end())
        return;
    const std::shared_ptr<Job> job = found->second;
    job->cancelled = true;
    {
        const std::scoped_lock lock(job->mutex);
        if (!job->info.running && !job->abandoned) {
            // It need not wait for the jobs before it to learn that it is cancelled.
            job->abandoned = true;
            job->run(*job);
            QMetaObject::invokeMethod(this, [this, id] { finish(id); }, Qt::QueuedConnection);
        }
        job->info.cancelling = true;
    }
    emit changed();
}

void JobQueue::setPaused(quint64 id, bool paused) {
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end())
        return;
    found->second->paused = paused;
    {
        const std::scoped_lock lock(found->second->mutex);
        Job& job = *found->second;
        job.info.paused = paused;
        if (paused && job.info.running && !job.pauseClock.isValid()) {
            job.pauseClock.start();
        } else if (!paused && job.pauseClock.isValid()) {
            job.pausedMs += job.pauseClock.elapsed();
            job.pauseClock.invalidate();
        }
    }
    emit changed();
}

void JobQueue::request(quint64 id, const std::string& what) {
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end())
        return;
    const std::scoped_lock lock(found->second->mutex);
    found->second->request = what;
}

void JobQueue::cancelAll() {
    for (const JobInfo& job : jobs())
        cancel(job.id);
}

std::vector<JobInfo> JobQueue::jobs() const {
    std::vector<JobInfo> out;
    out.reserve(m_jobs.size());
    for (const auto& [id, job] : m_jobs) {
        const std::scoped_lock lock(job->mutex);
        out.push_back(job->info);
    }
    return out;
}

} // namespace trilobit
