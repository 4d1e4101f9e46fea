// JobsDialog: everything that runs or waits, to pause, go on or cancel, and what was left unfinished. It stays open beside the window.
#pragma once

#include "widgets/common/workbench.h"

#include <QDialog>

#include <optional>

class QLabel;
class QPushButton;
class QTableView;

namespace trilobit {

class JobsModel;

class JobsDialog : public QDialog {
    Q_OBJECT
public:
    explicit JobsDialog(Workbench& bench, QWidget* parent = nullptr);

private:
    void refresh();
    std::optional<quint64> chosen() const;

    JobQueue& m_jobs;
    JobsModel* m_model;
    QTableView* m_table;
    QLabel* m_empty;
    QPushButton *m_pause, *m_cancel;
};

} // namespace trilobit
