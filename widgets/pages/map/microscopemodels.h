// The two tables of the bit microscope: fields of a weight, weights of its block.
#pragma once

#include "widgets/pages/map/weightlook.h"

#include <QAbstractTableModel>

#include <optional>

namespace trilobit {

class FieldModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Value, Raw, Bits, Type, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setLook(const std::optional<WeightLook>& look);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<StoredField> m_fields;
    std::uint64_t m_block = 0;
};

class NeighbourModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Place, Code, Stored, Original, ErrorColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setLook(const std::optional<WeightLook>& look);
    const NeighbourWeight& at(int row) const { return m_weights[static_cast<std::size_t>(row)]; }
    int selfRow() const { return m_self; }
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<NeighbourWeight> m_weights;
    int m_self = -1;
};

/// The bits of a field from the highest to the lowest: "0110"; fields of more than 32 bits are left out.
QString bitString(const StoredField& field);

} // namespace trilobit
