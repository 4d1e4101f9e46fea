// Every task exactly once, no two at a time with one worker number, over many jobs of every size.
#include "core/engine/workerteam.h"

#include <QtTest>

#include <algorithm>
#include <atomic>
#include <vector>

using namespace trilobit;

class TestWorkerTeam : public QObject {
    Q_OBJECT
private slots:
    void everyTaskOnce();
    void workersShare();
    void idleTeams();
};

void TestWorkerTeam::everyTaskOnce() {
    for (const int threads : {1, 2, 3, 8}) {
        WorkerTeam team(threads);
        std::vector<int> busy(static_cast<std::size_t>(threads)), done; // plain ints: a race would show under a sanitizer
        std::atomic<int> wrong{0};
        for (int job = 0; job < 3000; ++job) {
            const std::int64_t count = job % 23;
            done.assign(static_cast<std::size_t>(count), 0);
            team.run(count, job % 5 != 0, [&](std::int64_t i, int worker) noexcept {
                if (worker < 0 || worker >= threads || busy[static_cast<std::size_t>(worker)]++ != 0)
                    ++wrong;
                done[static_cast<std::size_t>(i)] += job;
                --busy[static_cast<std::size_t>(worker)];
            });
            // The results of all workers are visible here.
            QVERIFY(std::all_of(done.begin(), done.end(), [&](int d) { return d == job; }));
        }
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(team.threads(), threads);
    }
}

void TestWorkerTeam::workersShare() {
    WorkerTeam team(2);
    std::atomic<unsigned> seen{0};
    // The first task waits for a second worker; without one this would never end, so give up after a while.
    QElapsedTimer timer;
    timer.start();
    team.run(1000, [&](std::int64_t, int worker) noexcept {
        seen |= 1u << worker;
        while (seen != 3u && timer.elapsed() < 20000)
            QThread::msleep(1);
    });
    QCOMPARE(seen.load(), 3u);
}

void TestWorkerTeam::idleTeams() {
    // Never started, started and idle: both end at once.
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 50; ++i) {
        WorkerTeam unused(4);
        WorkerTeam used(4);
        std::atomic<int> sum{0};
        used.run(3, [&](std::int64_t index, int) noexcept { sum += static_cast<int>(index); });
        QCOMPARE(sum.load(), 3);
    }
    QVERIFY(timer.elapsed() < 20000);
}

QTEST_GUILESS_MAIN(TestWorkerTeam)
#include "tst_workerteam.moc"
