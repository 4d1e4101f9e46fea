// JobBar: what runs now, how far it is, how long it still takes, and the button that stops it.
#pragma once

#include "core/jobs/jobqueue.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QProgressBar;
class QToolButton;

namespace trilobit {

/// Shows the first job that is not quiet; the others are counted and listed in the tooltip. Hidden when nothing runs,
/// and as long as it may be over at once.
class JobBar : public QFrame {
    Q_OBJECT
public:
    explicit JobBar(JobQueue& jobs, QWidget* parent = nullptr);

private:
    void refresh();

    JobQueue& m_jobs;
    quint64 m_shown = 0; ///< or waits to be shown
    QTimer m_delay;
    QLabel* m_title;
    QLabel* m_what;
    QProgressBar* m_progress;
    QLabel* m_remaining;
    QToolButton* m_cancel;
};

} // namespace trilobit
