// ExperimentsModel: the runs of the store as a table.
#pragma once

#include "core/store/experimentstore.h"

#include <QAbstractTableModel>

#include <vector>

namespace trilobit {

class ExperimentsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Id, Started, Kind, Status, RecipeName, Bits, Size, Sqnr, Perplexity, Kl, Speed, Duration, ModelName,
                  ColumnCount };
    enum Role { SortRole = Qt::UserRole + 1, SearchRole, RunIdRole };

    explicit ExperimentsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    /// Replaces the rows; keeps what stays the same in place, so that a selection survives.
    void setRuns(std::vector<RunRecord> runs);
    const RunRecord* run(int row) const;
    /// The table as comma-separated values (RFC 4180) with a header line; every metric is a column of its own.
    static QByteArray toCsv(const std::vector<RunRecord>& runs);
    static QByteArray toJson(const std::vector<RunRecord>& runs);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<RunRecord> m_runs;
};

} // namespace trilobit
