// TensorTreeModel: model -> block -> tensor, with what the recipe plans and what the last quantization measured.
#pragma once

#include "widgets/common/workbench.h"

#include <QAbstractItemModel>

#include <memory>
#include <vector>

namespace trilobit {

class TensorTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Shape, Source, MethodColumn, EncodingColumn, Bits, Before, After, Sqnr, Share, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole + 1, ///< number or text to sort by
        TensorsRole,                 ///< QStringList: quantizable tensors of this row and below
        TensorNameRole,              ///< name of the tensor of this row; empty for groups
        StateRole,                   ///< State as int
        ValueRole,                   ///< method or encoding id as chosen; "" when kept, null when the children differ
        SqnrRole,                    ///< double in dB, invalid when unknown
        SearchRole,                  ///< text that the filter box looks at
        ShareRole,                   ///< double: part of the total squared error, 0..1, invalid when unknown
    };
    enum class Grouping { Block, Role, Flat }; ///< Flat: no groups, one row per tensor
    enum class State { Fixed, Kept, Planned, Fallback, Refused, Mixed };

    explicit TensorTreeModel(Workbench& workbench, QObject* parent = nullptr);
    ~TensorTreeModel() override;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    QModelIndex indexOf(const QString& tensor) const;
    Grouping grouping() const { return m_grouping; }
    /// Resets the model when it changes something.
    void setGrouping(Grouping grouping);

private:
    struct Node;
    Node* node(const QModelIndex& index) const;
    void rebuild();
    void addBlocks(Node* top);
    void addRoles(Node* top);
    void addTensor(Node* parent, int tensor);
    void refresh();
    void summarise(Node& node);
    void fillTensor(Node& node);
    QVariant text(const Node& node, int column) const;
    QString tip(const Node& node, int column) const;
    QVariant sortValue(const Node& node, int column) const;
    void announce(const QModelIndex& parent);

    Workbench& m_bench;
    std::shared_ptr<const Model> m_model; ///< that the nodes were made for
    quint64 m_seen = 0;                   ///< state of the workbench that the nodes show
    std::unique_ptr<Node> m_root;
    Grouping m_grouping = Grouping::Block;
    double m_totalError = 0; ///< squared, of all measured tensors
};

} // namespace trilobit
