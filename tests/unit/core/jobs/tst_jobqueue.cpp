// JobQueue: results, progress, remaining time, cancel, lanes, stale receivers, exceptions. Workers are held by semaphores,
// so nothing here depends on how long anything takes.
#include "core/base/steering.h"
#include "core/jobs/jobqueue.h"
#include "tests/support/testdata.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QThread>
#include <QtTest>

#include <atomic>
#include <memory>
#include <new>
#include <stdexcept>

using namespace trilobit;

namespace {

const JobInfo* findJob(const std::vector<JobInfo>& jobs, quint64 id) {
    for (const JobInfo& job : jobs)
        if (job.id == id)
            return &job;
    return nullptr;
}

bool isRunning(const JobQueue& queue, quint64 id) {
    const auto jobs = queue.jobs();
    const JobInfo* job = findJob(jobs, id);
    return job && job->running;
}

/// Work that waits for `gate` and then returns `value`; it looks at nothing else.
std::function<Result<int>(RunControl&)> gated(QSemaphore& gate, int value) {
    return [&gate, value](RunControl&) -> Result<int> {
        gate.acquire();
        return value;
    };
}

/// Work that does nothing but wait to be cancelled.
Result<int> untilCancelled(RunControl& control) {
    while (!control.isCancelled())
        QThread::yieldCurrentThread();
    return cancelledError();
}

} // namespace

class TestJobQueue : public QObject {
    Q_OBJECT

private slots:
    void resultArrivesInTheInterfaceThread() {
        JobQueue queue;
        QSignalSpy finished(&queue, &JobQueue::finished);
        QThread* worker = nullptr;
        QThread* receiver = nullptr;
        std::unique_ptr<int> got; // results may be move-only
        const quint64 id = queue.start<std::unique_ptr<int>>(
            {"title", JobLane::Compute}, this,
            [&](RunControl&) -> Result<std::unique_ptr<int>> {
                worker = QThread::currentThread();
                return std::make_unique<int>(42);
            },
            [&](Result<std::unique_ptr<int>> result) {
                receiver = QThread::currentThread();
                QVERIFY_RESULT(result);
                got = *std::move(result);
            });
        QVERIFY(!queue.isIdle());
        QVERIFY(!got); // start() never waits and never calls back at once
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(finished[0][0].toULongLong(), id);
        QVERIFY(got && *got == 42);
        QVERIFY(worker && worker != QThread::currentThread());
        QCOMPARE(receiver, QThread::currentThread());
        QVERIFY(queue.isIdle());
        QVERIFY(queue.jobs().empty());
    }

    void infoTellsWhatAJobDoes() {
        JobQueue queue;
        QSemaphore gate;
        int sum = 0;
        const auto add = [&](Result<int> result) { sum += *result; };
        const quint64 first = queue.start<int>({"first", JobLane::Compute}, this, gated(gate, 1), add);
        const quint64 second = queue.start<int>({"second", JobLane::Compute, true}, this, gated(gate, 2), add);
        QTRY_VERIFY(isRunning(queue, first));
        const auto jobs = queue.jobs();
        QCOMPARE(jobs.size(), std::size_t(2));
        QCOMPARE(jobs[0].id, first);
        QCOMPARE(jobs[0].title, QStringLiteral("first"));
        QCOMPARE(jobs[0].fraction, -1.0);
        QCOMPARE(jobs[0].remainingMs, qint64(-1));
        QVERIFY(!jobs[0].quiet && !jobs[0].cancelling);
        QCOMPARE(jobs[1].id, second);
        QVERIFY(jobs[1].quiet && !jobs[1].running); // waits in its lane
        gate.release(2);
        QTRY_VERIFY(queue.isIdle());
        QCOMPARE(sum, 3);
    }

    void progressAndRemainingTime() {
        JobQueue queue;
        QSignalSpy changed(&queue, &JobQueue::changed);
        std::atomic<bool> enough = false;
        const quint64 id = queue.start<int>(
            {"work", JobLane::Compute}, this,
            [&](RunControl& control) -> Result<int> {
                while (!enough)
                    control.progress(25, 100, "tensor 7 of 28");
                return 0;
            },
            [](Result<int>) {});
        QElapsedTimer clock;
        clock.start();
        const auto remaining = [&] {
            const auto jobs = queue.jobs();
            return jobs.empty() ? qint64(-2) : jobs[0].remainingMs;
        };
        QTRY_VERIFY(remaining() >= 0);
        const auto jobs = queue.jobs();
        enough = true;
        const JobInfo* job = findJob(jobs, id);
        QVERIFY(job);
        QCOMPARE(job->fraction, 0.25);
        QCOMPARE(job->what, QStringLiteral("tensor 7 of 28"));
        // A quarter is done, so three times what has passed is left. The worker's clock started at most as early as ours
        // minus the time to start, and no estimate is given in the first half second.
        QVERIFY2(job->remainingMs >= 1500 && job->remainingMs <= 3 * (clock.elapsed() + 1000),
                 qPrintable(QString::number(job->remainingMs)));
        QTRY_VERIFY(queue.isIdle());
        QVERIFY(changed.count() >= 3);
    }

    void progressSignalsAreFew() {
        JobQueue queue;
        QSignalSpy changed(&queue, &JobQueue::changed);
        qint64 workedMs = 0;
        int calls = 0;
        queue.start<int>(
            {"work", JobLane::Compute}, this,
            [&](RunControl& control) -> Result<int> {
                QElapsedTimer clock;
                clock.start();
                for (; clock.elapsed() < 300; ++calls)
                    control.progress(calls, 1e9, "step");
                workedMs = clock.elapsed();
                return 0;
            },
            [](Result<int>) {});
        QTRY_VERIFY(queue.isIdle());
        QVERIFY(calls > 100);
        // One in 50 ms, and start, running, end.
        QVERIFY2(changed.count() <= workedMs / 50 + 4,
                 qPrintable(QStringLiteral("%1 signals in %2 ms").arg(changed.count()).arg(workedMs)));
    }

    void fractionStaysInItsRange_data() {
        QTest::addColumn<double>("done");
        QTest::addColumn<double>("total");
        QTest::addColumn<double>("fraction");
        QTest::newRow("too much") << 12.0 << 10.0 << 1.0;
        QTest::newRow("negative") << -1.0 << 10.0 << 0.0;
        QTest::newRow("unknown total") << 5.0 << 0.0 << -1.0;
    }
    void fractionStaysInItsRange() {
        QFETCH(const double, done);
        QFETCH(const double, total);
        QFETCH(const double, fraction);
        JobQueue queue;
        QSemaphore reported, gate;
        queue.start<int>(
            {"work", JobLane::Compute}, this,
            [&](RunControl& control) -> Result<int> {
                control.progress(done, total, "");
                reported.release();
                gate.acquire();
                return 0;
            },
            [](Result<int>) {});
        reported.acquire();
        QCOMPARE(queue.jobs().at(0).fraction, fraction);
        gate.release();
        QTRY_VERIFY(queue.isIdle());
    }

    void cancelEndsARunningJob() {
        JobQueue queue;
        std::optional<ErrorCode> code;
        const quint64 id = queue.start<int>({"work", JobLane::Compute}, this, untilCancelled, [&](Result<int> result) {
            QVERIFY(!result);
            code = result.error().code;
        });
        QTRY_VERIFY(isRunning(queue, id));
        QElapsedTimer clock;
        clock.start();
        queue.cancel(id);
        QVERIFY(queue.jobs().at(0).cancelling);
        QTRY_VERIFY_WITH_TIMEOUT(code.has_value(), 5000);
        QCOMPARE(*code, ErrorCode::Cancelled);
        QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed()))); // the queue itself adds next to nothing
        queue.cancel(id); // gone already: nothing happens
        queue.cancel(987654);
    }

    void runningWorkCanBePausedAndAsked() {
        JobQueue queue;
        std::atomic<int> turns = 0;
        std::atomic<bool> waiting = false;
        std::string asked; // read after the job's end
        const quint64 id = queue.start<int>(
            {"steps", JobLane::Training}, this,
            [&](RunControl& control) -> Result<int> {
                SteeredControl* steering = steeringOf(control);
                if (!steering)
                    return fail(ErrorCode::Internal, "nobody steers");
                while (!control.isCancelled()) {
                    waiting = steering->isPaused();
                    turns += !waiting;
                    asked += steering->takeRequest();
                    QThread::usleep(200);
                }
                return 0;
            },
            [](Result<int>) {});
        QTRY_VERIFY(turns > 3);
        queue.setPaused(id, true);
        QVERIFY(queue.jobs().at(0).paused);
        QTRY_VERIFY(waiting);
        const int held = turns;
        QTest::qWait(20);
        QCOMPARE(turns.load(), held);
        queue.request(id, "a");
        QTest::qWait(20);
        queue.request(id, "b");
        queue.setPaused(id, false);
        QTRY_VERIFY(turns > held);
        queue.cancel(id);
        QTRY_VERIFY(queue.isIdle());
        QCOMPARE(asked, std::string("ab")); // each once
        queue.setPaused(id, true); // gone already: nothing happens
        queue.request(id, "c");
    }

    void cancelledWhileWaitingNeverRuns() {
        JobQueue queue;
        QSemaphore gate;
        bool ran = false;
        std::optional<ErrorCode> code;
        queue.start<int>({"first", JobLane::Compute}, this, gated(gate, 1), [](Result<int>) {});
        const quint64 waiting = queue.start<int>(
            {"second", JobLane::Compute}, this,
            [&](RunControl&) -> Result<int> {
                ran = true;
                return 1;
            },
            [&](Result<int> result) { code = result ? ErrorCode::Internal : result.error().code; });
        queue.cancel(waiting);
        QVERIFY(!code); // never from inside cancel()
        QTRY_COMPARE(queue.jobs().size(), std::size_t(1)); // answered while the first is still held
        QVERIFY(code && *code == ErrorCode::Cancelled);
        gate.release();
        QTRY_VERIFY(queue.isIdle());
        QVERIFY(!ran);
    }

    void cancelAllEndsEveryLane() {
        JobQueue queue;
        int cancelled = 0;
        const auto count = [&](Result<int> result) { cancelled += !result && result.error().code == ErrorCode::Cancelled; };
        for (const JobLane lane : {JobLane::Compute, JobLane::Compute, JobLane::Interactive, JobLane::Chat, JobLane::Chat})
            queue.start<int>({"work", lane}, this, untilCancelled, count);
        queue.cancelAll();
        QTRY_VERIFY(queue.isIdle());
        QCOMPARE(cancelled, 5);
    }

    void lanesRunBesideEachOther() {
        JobQueue queue;
        QSemaphore gate;
        int previews = 0;
        queue.start<int>({"long", JobLane::Compute}, this, gated(gate, 1), [](Result<int>) {});
        for (int i = 0; i < 3; ++i)
            queue.start<int>({"preview", JobLane::Interactive}, this, [](RunControl&) -> Result<int> { return 1; },
                             [&](Result<int> result) { previews += *result; });
        QTRY_COMPARE(previews, 3); // while the long one is still held
        QCOMPARE(queue.jobs().size(), std::size_t(1));
        gate.release();
        QTRY_VERIFY(queue.isIdle());
    }

    void oneAtATimeAndInOrderInALane() {
        JobQueue queue;
        std::atomic<int> inside = 0;
        std::atomic<bool> overlapped = false;
        std::vector<int> order;
        for (int i = 0; i < 20; ++i)
            queue.start<int>(
                {"work", JobLane::Compute}, this,
                [&, i](RunControl&) -> Result<int> {
                    if (++inside != 1)
                        overlapped = true;
                    QThread::yieldCurrentThread();
                    --inside;
                    return i;
                },
                [&](Result<int> result) { order.push_back(*result); });
        QTRY_VERIFY(queue.isIdle());
        QVERIFY(!overlapped);
        QCOMPARE(order.size(), std::size_t(20));
        QVERIFY(std::is_sorted(order.begin(), order.end()));
    }

    void twoChatsAtATime() {
        JobQueue queue;
        QSemaphore first, second;
        int done = 0;
        // Each waits for the other: this only ends when both run at once.
        queue.start<int>(
            {"A", JobLane::Chat}, this,
            [&](RunControl&) -> Result<int> {
                second.release();
                first.acquire();
                return 1;
            },
            [&](Result<int> result) { done += *result; });
        queue.start<int>(
            {"B", JobLane::Chat}, this,
            [&](RunControl&) -> Result<int> {
                first.release();
                second.acquire();
                return 1;
            },
            [&](Result<int> result) { done += *result; });
        QTRY_COMPARE(done, 2);
    }

    void exceptionsBecomeErrors_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        QTest::newRow("memory") << 0 << int(ErrorCode::OutOfMemory) << "memory";
        QTest::newRow("standard") << 1 << int(ErrorCode::Internal) << "the table is empty";
        QTest::newRow("anything") << 2 << int(ErrorCode::Internal) << "unexpectedly";
    }
    void exceptionsBecomeErrors() {
        QFETCH(const int, kind);
        QFETCH(const int, code);
        QFETCH(const QString, message);
        JobQueue queue;
        std::optional<Error> error;
        queue.start<int>(
            {"work", JobLane::Compute}, this,
            [kind](RunControl&) -> Result<int> {
                if (kind == 0)
                    throw std::bad_alloc();
                if (kind == 1)
                    throw std::runtime_error("the table is empty");
                throw 7;
            },
            [&](Result<int> result) { error = result.error(); });
        QTRY_VERIFY(error.has_value());
        QCOMPARE(int(error->code), code);
        QVERIFY2(QString::fromStdString(error->message).contains(message), error->message.c_str());
        bool again = false; // the lane still works
        queue.start<int>({"next", JobLane::Compute}, this, [](RunControl&) -> Result<int> { return 1; },
                         [&](Result<int> result) { again = result.has_value(); });
        QTRY_VERIFY(again);
    }

    void staleReceiverIsNotCalled() {
        JobQueue queue;
        QSignalSpy finished(&queue, &JobQueue::finished);
        QSemaphore gate;
        bool called = false;
        auto page = std::make_unique<QObject>();
        queue.start<int>({"work", JobLane::Compute}, page.get(), gated(gate, 1), [&](Result<int>) { called = true; });
        page.reset();
        gate.release();
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(!called);
        QVERIFY(queue.isIdle());
    }

    void doneMayStartTheNextJob() {
        JobQueue queue;
        int last = 0;
        queue.start<int>({"one", JobLane::Compute}, this, [](RunControl&) -> Result<int> { return 1; },
                         [&](Result<int> first) {
                             queue.start<int>({"two", JobLane::Compute}, this,
                                              [value = *first](RunControl&) -> Result<int> { return value + 1; },
                                              [&](Result<int> second) { last = *second; });
                         });
        QTRY_COMPARE(last, 2);
    }

    void doneMayCloseTheQueue() {
        auto queue = std::make_unique<JobQueue>();
        bool done = false;
        queue->start<int>({"work", JobLane::Compute}, this, [](RunControl&) -> Result<int> { return 1; },
                          [&](Result<int>) {
                              queue.reset();
                              done = true;
                          });
        QTRY_VERIFY(done);
        QVERIFY(!queue);
    }

    void closingCancelsAndWaits() {
        auto queue = std::make_unique<JobQueue>();
        std::atomic<bool> ended = false;
        bool called = false;
        const quint64 id = queue->start<int>(
            {"work", JobLane::Compute}, this,
            [&](RunControl& control) -> Result<int> {
                auto result = untilCancelled(control);
                ended = true;
                return result;
            },
            [&](Result<int>) { called = true; });
        QTRY_VERIFY(isRunning(*queue, id));
        queue.reset();
        QVERIFY(ended);
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }
};

QTEST_GUILESS_MAIN(TestJobQueue)
#include "tst_jobqueue.moc"
