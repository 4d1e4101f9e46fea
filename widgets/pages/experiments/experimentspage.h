// ExperimentsPage: every run of the store as a table; details, comparison, the exact recipe again, export.
#pragma once

#include "widgets/common/workbench.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;
class QTextBrowser;

namespace trilobit {

class ExperimentsModel;

class ExperimentsPage : public QWidget {
    Q_OBJECT
public:
    explicit ExperimentsPage(Workbench& workbench, QWidget* parent = nullptr);
    QTableView* table() const { return m_table; }
    /// Asks the store again; the answer comes later.
    void reload();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildActions();
    void showRuns(std::vector<RunRecord> runs);
    void showDetails();
    void setKinds(const std::vector<RunRecord>& runs);
    std::vector<RunRecord> selectedRuns() const;
    void useRecipe();
    void copyCommand();
    void exportRuns();
    void removeRuns();

    Workbench& m_bench;
    ExperimentsModel* m_model;
    QSortFilterProxyModel* m_filter;
    QLineEdit* m_search;
    QComboBox* m_kind;
    QStackedWidget* m_stack;
    QTableView* m_table;
    QTextBrowser* m_details;
    QLabel* m_problem;
    QAction *m_useRecipe, *m_copyCommand, *m_export, *m_remove;
    QTimer m_poll;
    std::int64_t m_version = -1;
    bool m_loading = false, m_again = false;
};

} // namespace trilobit
