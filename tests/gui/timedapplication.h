// TimedApplication: remembers which events took the interface thread longest, so that a blocked window has a culprit.
#pragma once

#include <QApplication>
#include <QEvent>

#include <algorithm>
#include <ctime>
#include <vector>

namespace trilobit::test {

class TimedApplication : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override {
        if (m_depth > 0 && event->type() != QEvent::Paint) // inner events are part of the outer one
            return QApplication::notify(receiver, event);
        const QString what = QStringLiteral("%1 \"%2\" %3")
                                 .arg(QLatin1String(receiver->metaObject()->className()), receiver->objectName())
                                 .arg(static_cast<int>(event->type()));
        ++m_depth;
        const double before = threadMs();
        const bool handled = QApplication::notify(receiver, event);
        const double took = threadMs() - before;
        --m_depth;
        if (took >= kInterestingMs)
            m_slow.push_back({took, what});
        return handled;
    }

    /// The slowest events since the last call, one a line, with the processor time they took.
    QString takeSlowest() {
        std::sort(m_slow.begin(), m_slow.end(), [](const auto& a, const auto& b) { return a.ms > b.ms; });
        QString out;
        for (std::size_t i = 0; i < std::min<std::size_t>(m_slow.size(), kShown); ++i)
            out += QStringLiteral("\n  %1 ms: %2").arg(m_slow[i].ms, 0, 'f', 1).arg(m_slow[i].what);
        m_slow.clear();
        return out;
    }

private:
    static constexpr double kInterestingMs = 10;
    static constexpr std::size_t kShown = 8;
    struct Slow {
        double ms;
        QString what;
    };
    static double threadMs() {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }

    int m_depth = 0;
    std::vector<Slow> m_slow;
};

} // namespace trilobit::test
