// UnfinishedPanel: quantizations that were cut short, to go on with or to discard.
#pragma once

#include "widgets/common/workbench.h"

#include <QWidget>

class QListWidget;
class QPushButton;

namespace trilobit {

/// Hidden while there is nothing.
class UnfinishedPanel : public QWidget {
    Q_OBJECT
public:
    explicit UnfinishedPanel(Workbench& bench, QWidget* parent = nullptr);

private:
    QString chosen() const; ///< folder; empty when none is
    void refresh();
    void updateButtons();
    void askToDiscard();

    Workbench& m_bench;
    QListWidget* m_list;
    QPushButton *m_resume, *m_discard;
};

} // namespace trilobit
