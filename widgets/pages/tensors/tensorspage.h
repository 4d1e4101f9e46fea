// TensorsPage: the tree of tensors with filter, in-place choices for one or many, and rules by pattern.
#pragma once

#include "widgets/common/workbench.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QStackedWidget;
class QTreeView;

namespace trilobit {

class EmptyState;
class QuietLabel;
class TensorFilterModel;
class TensorTreeModel;

class TensorsPage : public QWidget {
    Q_OBJECT
public:
    explicit TensorsPage(Workbench& workbench, QWidget* parent = nullptr);

    QList<QAction*> choiceActions() const { return {m_setChoice, m_keep, m_byPattern, m_whatElse, m_copyRules}; }
    void focusFilter();
    QByteArray saveState() const;
    void restoreState(const QByteArray& state);
    QTreeView* view() const { return m_view; }

private:
    void buildActions();
    void buildView();
    void modelChanged();
    void selectionMoved();
    void updateSummary();
    void picked(const QModelIndex& index, const QString& id, bool method);
    void contextMenu(const QPoint& where);
    void openChoiceDialog();
    void openPatternDialog();
    void openOptionsDialog();
    void setGrouping(int grouping);
    void showCurrent();
    void copyRules();
    QStringList selectedTensors() const;     ///< quantizable ones
    const Tensor* tensorAt(const QModelIndex& index) const;
    Choice choiceAt(const QModelIndex& index) const;

    Workbench& m_bench;
    TensorTreeModel* m_model;
    TensorFilterModel* m_filter;
    QLineEdit* m_filterBox;
    QComboBox* m_grouping;
    QStackedWidget* m_stack;
    QTreeView* m_view;
    QuietLabel* m_summary;
    QAction *m_setChoice, *m_keep, *m_byPattern, *m_copyRules, *m_whatElse;
};

} // namespace trilobit
