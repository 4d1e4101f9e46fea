#include "tests/gui/watchdog.h"

#include <QFile>

#include <sys/syscall.h>
#include <unistd.h>

namespace trilobit::test {

namespace {

std::int64_t nowNs() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

constexpr double kNsPerMs = 1e6;

} // namespace

std::int64_t cpuWaitNs(long thread) {
    QFile file(QStringLiteral("/proc/self/task/%1/schedstat").arg(thread));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> fields = file.readAll().split(' '); // time running, time waiting for a CPU, slices
    return fields.size() > 1 ? fields[1].toLongLong() : 0;
}

long thisThread() { return syscall(SYS_gettid); }

OwnClock::OwnClock() : OwnClock(thisThread()) {}

OwnClock::OwnClock(long thread) : m_thread(thread), m_startNs(nowNs()), m_startWaitNs(cpuWaitNs(m_thread)) {}

double OwnClock::ms() const {
    return static_cast<double>((nowNs() - m_startNs) - (cpuWaitNs(m_thread) - m_startWaitNs)) / kNsPerMs;
}

Watchdog::Watchdog() : m_thread(thisThread()), m_since(m_thread), m_watcher([this] { watch(); }) {}

Watchdog::~Watchdog() {
    m_stop = true;
    m_watcher.join();
}

void Watchdog::watch() {
    for (std::int64_t beat = 1; !m_stop; ++beat) {
        const std::int64_t sentNs = nowNs(), sentWaitedNs = waitedNs();
        QMetaObject::invokeMethod(
            this,
            [this, beat] {
                m_answerNs = nowNs();
                m_answerWaitedNs = waitedNs();
                m_answered = beat;
            },
            Qt::QueuedConnection);
        while (!m_stop && m_answered < beat)
            std::this_thread::sleep_for(std::chrono::microseconds(500));
        if (m_stop)
            break;
        const double raw = static_cast<double>(m_answerNs - sentNs) / kNsPerMs;
        const double own = raw - static_cast<double>(m_answerWaitedNs - sentWaitedNs) / kNsPerMs;
        {
            const std::scoped_lock lock(m_mutex);
            if (own > m_worst) {
                m_worst = own;
                m_worstPhase = m_phase;
            }
            m_worstRaw = std::max(m_worstRaw, raw);
            m_answers.push_back(std::max(own, 0.0));
        }
        ++m_beats;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

void Watchdog::setPhase(const QString& phase) {
    const std::scoped_lock lock(m_mutex);
    m_phase = phase;
}

double Watchdog::worstMs() const {
    const std::scoped_lock lock(m_mutex);
    return m_worst;
}

double Watchdog::worstWithWaitingMs() const {
    const std::scoped_lock lock(m_mutex);
    return m_worstRaw;
}

QString Watchdog::worstPhase() const {
    const std::scoped_lock lock(m_mutex);
    return m_worstPhase;
}

double Watchdog::waitMs(double share) const {
    const std::scoped_lock lock(m_mutex);
    const double total = m_since.ms(); // whoever comes between two answers does not wait
    // Of an answer that takes L, the moments from which more than w is left are max(0, L - w) long.
    double low = 0, high = m_worst;
    for (int step = 0; step < 40; ++step) {
        const double middle = (low + high) / 2;
        double longer = 0;
        for (const double answer : m_answers)
            longer += std::max(0.0, answer - middle);
        (longer > (1 - share) * total ? low : high) = middle;
    }
    return high;
}

void Watchdog::reset() {
    const std::scoped_lock lock(m_mutex);
    m_worst = m_worstRaw = 0;
    m_answers.clear();
    m_worstPhase.clear();
    m_since = OwnClock(m_thread);
}

} // namespace trilobit::test
