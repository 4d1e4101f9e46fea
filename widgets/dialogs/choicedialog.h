// ChoiceDialog: one method and encoding for all selected tensors.
#pragma once

#include "widgets/common/workbench.h"

#include <QDialog>

class QLabel;

namespace trilobit {

class ChoiceEditor;

class ChoiceDialog : public QDialog {
    Q_OBJECT
public:
    ChoiceDialog(Workbench& workbench, QStringList tensors, QWidget* parent = nullptr);
    void accept() override;

private:
    void refresh();

    Workbench& m_bench;
    QStringList m_tensors;
    ChoiceEditor* m_editor;
    QLabel* m_outcome;
};

} // namespace trilobit
