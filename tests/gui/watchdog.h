// Watchdog: measures from a second thread how long the interface thread takes to answer.
#pragma once

#include <QObject>
#include <QString>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace trilobit::test {

/// Nanoseconds that a thread of this process has waited for a CPU so far; 0 where the system does not tell.
std::int64_t cpuWaitNs(long thread);
long thisThread();

/// Time that passes for the thread that makes it, without the time other processes had its CPU.
class OwnClock {
public:
    OwnClock();
    explicit OwnClock(long thread);
    double ms() const;

private:
    long m_thread;
    std::int64_t m_startNs, m_startWaitNs;
};

/// Posts a heartbeat, waits for its answer, posts the next. An answer that takes long means that the thread was blocked.
/// Time in which the thread was ready to run but other processes had the CPU is not counted (Linux tells it in schedstat),
/// so that a busy machine does not make a good program look bad; a lock, a disk or a long computation still counts.
class Watchdog : public QObject {
    Q_OBJECT
public:
    /// Watches the thread that makes it.
    Watchdog();
    ~Watchdog() override;

    void setPhase(const QString& phase);
    /// The longest answer since the last reset, in milliseconds, and the phase it fell in.
    double worstMs() const;
    QString worstPhase() const;
    double worstWithWaitingMs() const; ///< the same with the time spent waiting for a CPU
    /// What an event that comes at a random moment waits at most, in that share of cases (0.99): since the last reset, in
    /// milliseconds. Long answers count by their length, because more events fall into them.
    double waitMs(double share) const;
    std::int64_t beats() const { return m_beats; }
    void reset();

private:
    void watch();
    std::int64_t waitedNs() const { return cpuWaitNs(m_thread); }

    const long m_thread;
    std::atomic<bool> m_stop = false;
    std::atomic<std::int64_t> m_answered = 0, m_beats = 0;
    std::atomic<std::int64_t> m_answerNs = 0, m_answerWaitedNs = 0;
    mutable std::mutex m_mutex;
    QString m_phase, m_worstPhase;
    double m_worst = 0, m_worstRaw = 0;
    std::vector<double> m_answers; ///< milliseconds each
    OwnClock m_since;              ///< the last reset
    std::thread m_watcher; ///< last: started when everything else is there
};

} // namespace trilobit::test
