// OptionsModel: what else a tensor could be, measured, as a table that fills up.
#pragma once

#include "core/quant/errortable.h"

#include <QAbstractTableModel>

#include <vector>

namespace trilobit {

class OptionsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Encoding, Method, Bits, Bytes, Sqnr, Rmse, Note, ColumnCount };
    enum Role { SortRole = Qt::UserRole + 1 };
    using QAbstractTableModel::QAbstractTableModel;

    void clear();
    /// Appends; `current`: the choice the recipe makes now, shown bold.
    void add(const std::vector<MeasuredOption>& options);
    void setCurrent(const Choice& current);
    const MeasuredOption& at(int row) const { return m_options[static_cast<std::size_t>(row)]; }
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<MeasuredOption> m_options;
    Choice m_current;
};

} // namespace trilobit
