// BenchFixture: a workbench with the demo model open and two real methods, for tests of pages.
#pragma once

#include "core/model/demomodel.h"
#include "plugins/absmean/absmeanmethod.h"
#include "plugins/rtn/rtnmethod.h"
#include "widgets/common/workbench.h"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>

namespace trilobit::test {

class BenchFixture {
public:
    BenchFixture() {
        (void)methods.add(std::make_shared<plugins::RtnMethod>());
        (void)methods.add(std::make_shared<plugins::AbsmeanMethod>());
        workspace.methods = &methods;
        workspace.threads = 2;
        jobs = std::make_unique<JobQueue>();
        bench = std::make_unique<Workbench>(workspace, *jobs);
    }
    ~BenchFixture() {
        jobs->cancelAll();
        QTest::qWait(0);
    }

    /// False when the demo model could not be made or opened.
    bool openDemo() {
        path = folder.filePath("demo.gguf");
        RunControl control;
        if (!writeDemoModel(path.toStdString(), 1, control))
            return false;
        bench->openModel(path);
        return QTest::qWaitFor([this] { return bench->model() != nullptr; }, 20000);
    }
    bool quantize() {
        const auto before = bench->quantized();
        bench->quantize();
        return QTest::qWaitFor([&] { return bench->quantized() && bench->quantized() != before; }, 60000);
    }
    static Choice ternary() { return {"absmean", "TQ2_0", {}}; }
    static Choice eightBit() { return {"rtn", "Q8_0", {}}; }

    QTemporaryDir folder;
    QString path;
    MethodRegistry methods;
    Workspace workspace;
    std::unique_ptr<JobQueue> jobs;
    std::unique_ptr<Workbench> bench;
};

/// Longest time the interface thread did not answer, in milliseconds, while this lives.
class Watchdog : public QObject {
public:
    Watchdog() {
        m_clock.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(5);
        connect(&m_timer, &QTimer::timeout, this, [this] { m_longest = std::max(m_longest, m_clock.restart()); });
        m_timer.start();
    }
    qint64 longest() const { return m_longest; }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_longest = 0;
};

} // namespace trilobit::test
