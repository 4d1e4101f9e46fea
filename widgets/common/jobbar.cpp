#include "widgets/common/jobbar.h"

#include "widgets/common/format.h"
#include "widgets/common/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace trilobit {

namespace {
constexpr int kSteps = 1000;
constexpr int kShowAfterMs = 250; // what is done sooner would only flicker
}

JobBar::JobBar(JobQueue& jobs, QWidget* parent)
    : QFrame(parent), m_jobs(jobs), m_title(new QLabel(this)), m_what(new QLabel(this)),
      m_progress(new QProgressBar(this)), m_remaining(new QLabel(this)), m_cancel(new QToolButton(this)) {
    setObjectName(QStringLiteral("jobBar"));
    setAccessibleName(tr("Running work"));
    setProperty("role", "card");
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 5, 6, 5);
    layout->setSpacing(10);
    m_title->setObjectName(QStringLiteral("jobTitle"));
    m_title->setProperty("role", "section");
    m_what->setObjectName(QStringLiteral("jobWhat"));
    m_what->setProperty("role", "muted");
    m_what->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_progress->setObjectName(QStringLiteral("jobProgress"));
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setRange(0, kSteps);
    m_progress->setTextVisible(true);
    m_progress->setFixedWidth(260);
    m_remaining->setObjectName(QStringLiteral("jobRemaining"));
    m_remaining->setMinimumWidth(fontMetrics().horizontalAdvance(tr("about 00 min 00 s left")));
    m_cancel->setObjectName(QStringLiteral("jobCancel"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel the running work"));
    m_cancel->setIcon(icon(Icon::Close));
    m_cancel->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    layout->addWidget(m_title);
    layout->addWidget(m_what, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_remaining);
    layout->addWidget(m_cancel);
    connect(m_cancel, &QToolButton::clicked, this, [this] { m_jobs.cancel(m_shown); });
    m_delay.setSingleShot(true);
    m_delay.setInterval(kShowAfterMs);
    connect(&m_delay, &QTimer::timeout, this, &JobBar::refresh);
    connect(&m_jobs, &JobQueue::changed, this, &JobBar::refresh);
    hide();
    refresh();
}

void JobBar::refresh() {
    const std::vector<JobInfo> all = m_jobs.jobs();
    const JobInfo* shown = nullptr;
    QStringList others;
    for (const JobInfo& job : all) {
        if (job.quiet)
            continue;
        if (!shown || (!shown->running && job.running)) {
            if (shown)
                others << shown->title;
            shown = &job;
        } else {
            others << job.title;
        }
    }
    if (!shown) {
        m_delay.stop();
        hide();
        return;
    }
    if (isHidden() && shown->id != m_shown) {
        m_shown = shown->id;
        m_delay.start();
        return;
    }
    if (m_delay.isActive())
        return;
    m_shown = shown->id;
    m_title->setText(others.isEmpty() ? shown->title : tr("%1 (+%2 more)").arg(shown->title).arg(others.size()));
    m_title->setToolTip(others.join(QLatin1Char('\n')));
    m_what->setText(shown->cancelling ? tr("cancelling…") : !shown->running ? tr("waiting…") : shown->what);
    const bool known = shown->fraction >= 0;
    m_progress->setUpdatesEnabled(false); // setValue() would paint the whole window at once
    m_progress->setRange(0, known ? kSteps : 0);
    if (known)
        m_progress->setValue(static_cast<int>(shown->fraction * kSteps));
    m_progress->setUpdatesEnabled(true);
    m_remaining->setText(shown->remainingMs >= 0 ? tr("about %1 left").arg(durationText(shown->remainingMs)) : QString());
    m_cancel->setEnabled(!shown->cancelling);
    show();
}

} // namespace trilobit
