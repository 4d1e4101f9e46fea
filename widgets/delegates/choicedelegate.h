// ChoiceDelegate: a list to pick a method or an encoding from, right in the tensor tree.
#pragma once

#include "core/commands/workspace.h"

#include <QStyledItemDelegate>

#include <functional>

namespace trilobit {

class ChoiceDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    enum class What { Method, Encoding };
    /// `tensorAt`: the tensor whose shape decides what is refused, or null.
    ChoiceDelegate(What what, const Workspace& workspace,
                   std::function<const Tensor*(const QModelIndex&)> tensorAt,
                   std::function<Choice(const QModelIndex&)> choiceAt, QObject* parent = nullptr);

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override;

signals:
    /// The person picked `id` ("" keeps) in this row; whoever listens knows whether more rows are selected.
    void picked(const QModelIndex& index, const QString& id) const;

private:
    What m_what;
    const Workspace& m_workspace;
    std::function<const Tensor*(const QModelIndex&)> m_tensorAt;
    std::function<Choice(const QModelIndex&)> m_choiceAt;
};

} // namespace trilobit
