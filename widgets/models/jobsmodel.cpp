#include "widgets/models/jobsmodel.h"

#include "widgets/common/format.h"

#include <algorithm>

namespace trilobit {

JobsModel::JobsModel(JobQueue& jobs, QObject* parent) : QAbstractTableModel(parent), m_queue(jobs) {
    connect(&jobs, &JobQueue::changed, this, &JobsModel::refresh);
    refresh();
}

int JobsModel::rowOf(quint64 id) const {
    const auto found = std::find_if(m_jobs.begin(), m_jobs.end(), [id](const JobInfo& job) { return job.id == id; });
    return found == m_jobs.end() ? -1 : static_cast<int>(found - m_jobs.begin());
}

void JobsModel::refresh() {
    std::vector<JobInfo> now = m_queue.jobs();
    std::erase_if(now, [](const JobInfo& job) { return job.quiet; });
    const auto gone = [&](const JobInfo& job) {
        return std::none_of(now.begin(), now.end(), [&](const JobInfo& other) { return other.id == job.id; });
    };
    // Ids only grow: what stays keeps its order, what is new comes last.
    for (int row = rowCount() - 1; row >= 0; --row)
        if (gone(at(row))) {
            beginRemoveRows({}, row, row);
            m_jobs.erase(m_jobs.begin() + row);
            endRemoveRows();
        }
    const int kept = rowCount(), added = static_cast<int>(now.size()) - kept;
    std::copy(now.begin(), now.begin() + kept, m_jobs.begin());
    if (kept > 0)
        emit dataChanged(index(0, 0), index(kept - 1, ColumnCount - 1));
    if (added > 0) {
        beginInsertRows({}, kept, kept + added - 1);
        m_jobs.insert(m_jobs.end(), now.begin() + kept, now.end());
        endInsertRows();
    }
}

int JobsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}
int JobsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant JobsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const JobInfo& job = at(index.row());
    if (role == FractionRole)
        return job.fraction;
    if (role == Qt::TextAlignmentRole && index.column() >= Progress)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && index.column() == Step)
        return job.what;
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
    case Title: return job.title;
    case State:
        return job.cancelling ? tr("cancelling")
               : job.paused   ? tr("paused")
               : job.running  ? tr("running")
                              : tr("waiting");
    case Step: return job.what;
    case Progress: return job.fraction < 0 ? QString() : tr("%1 %").arg(100 * job.fraction, 0, 'f', 0);
    case Remaining:
        return job.remainingMs < 0 || job.paused ? QString() : tr("about %1").arg(durationText(job.remainingMs));
    default: return {};
    }
}

QVariant JobsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Title: return tr("Work");
    case State: return tr("State");
    case Step: return tr("Step");
    case Progress: return tr("Done");
    case Remaining: return tr("Remaining");
    default: return {};
    }
}

} // namespace trilobit
