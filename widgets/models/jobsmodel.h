// JobsModel: waiting and running work as a table that keeps its rows while they change.
#pragma once

#include "core/jobs/jobqueue.h"

#include <QAbstractTableModel>

#include <vector>

namespace trilobit {

/// Previews and plots (quiet jobs) are left out.
class JobsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Title, State, Step, Progress, Remaining, ColumnCount };
    enum Role { FractionRole = Qt::UserRole + 1 }; ///< double 0..1, -1 while unknown
    explicit JobsModel(JobQueue& jobs, QObject* parent = nullptr);

    const JobInfo& at(int row) const { return m_jobs[static_cast<std::size_t>(row)]; }
    int rowOf(quint64 id) const; ///< -1 when it is gone
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void refresh();

    JobQueue& m_queue;
    std::vector<JobInfo> m_jobs;
};

} // namespace trilobit
