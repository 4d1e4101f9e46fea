// JobBar: shows what runs, cancels it, and leaves out what is over at once.
#include "core/jobs/jobqueue.h"
#include "widgets/common/jobbar.h"

#include <QLabel>
#include <QSemaphore>
#include <QSignalSpy>
#include <QThread>
#include <QToolButton>
#include <QtTest>

#include <optional>

using namespace trilobit;

namespace {

JobQueue::Options titled(const char* title) {
    JobQueue::Options options;
    options.title = QLatin1String(title);
    return options;
}

Result<int> untilCancelled(RunControl& control) {
    while (!control.isCancelled())
        QThread::msleep(1);
    return cancelledError();
}

/// Becomes true when the widget is shown, also for a moment.
class ShownOnce : public QObject {
public:
    explicit ShownOnce(QWidget& watched) { watched.installEventFilter(this); }
    bool seen = false;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        seen = seen || event->type() == QEvent::ShowToParent;
        return false;
    }
};

} // namespace

class TestJobBar : public QObject {
    Q_OBJECT

private slots:
    void longWorkIsShownAndCancelled() {
        JobQueue queue;
        QWidget window;
        JobBar bar(queue, &window);
        window.show();
        std::optional<Result<int>> result;
        queue.start<int>(titled("Long"), &bar, untilCancelled, [&](Result<int> got) { result = std::move(got); });
        QTRY_VERIFY(bar.isVisible());
        QCOMPARE(bar.findChild<QLabel*>("jobTitle")->text(), QStringLiteral("Long"));
        bar.findChild<QToolButton*>("jobCancel")->click();
        QTRY_VERIFY(result);
        QVERIFY(!*result && result->error().code == ErrorCode::Cancelled);
        QTRY_VERIFY(!bar.isVisible());
    }

    void theNextOneIsShownToo() {
        JobQueue queue;
        QWidget window;
        JobBar bar(queue, &window);
        window.show();
        queue.start<int>(titled("First"), &bar, untilCancelled, [](Result<int>) {});
        QTRY_VERIFY(bar.isVisible());
        queue.start<int>(titled("Second"), &bar, untilCancelled, [](Result<int>) {});
        QTRY_COMPARE(bar.findChild<QLabel*>("jobTitle")->text(), QStringLiteral("First (+1 more)"));
        bar.findChild<QToolButton*>("jobCancel")->click();
        QTRY_COMPARE(bar.findChild<QLabel*>("jobTitle")->text(), QStringLiteral("Second"));
        QTRY_VERIFY(bar.isVisible());
        bar.findChild<QToolButton*>("jobCancel")->click();
        QTRY_VERIFY(queue.isIdle());
    }

    // The result of the short job comes back through the event loop that the bar's delay would need too.
    void shortWorkDoesNotFlicker() {
        JobQueue queue;
        QWidget window;
        JobBar bar(queue, &window);
        ShownOnce shown(bar);
        window.show();
        for (int i = 0; i < 5; ++i) {
            bool done = false;
            queue.start<int>(titled("Short"), &bar, [](RunControl&) -> Result<int> { return 1; }, [&](Result<int>) { done = true; });
            QTRY_VERIFY(done);
        }
        QVERIFY(queue.isIdle());
        QTest::qWait(400); // a delay that was not stopped would end now
        QVERIFY(!shown.seen);
    }
};

QTEST_MAIN(TestJobBar)
#include "tst_jobbar.moc"
