// PatternDialog: one rule for all tensors whose name matches, with the matches shown while the person types.
#pragma once

#include "widgets/common/workbench.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace trilobit {

class ChoiceEditor;

class PatternDialog : public QDialog {
    Q_OBJECT
public:
    explicit PatternDialog(Workbench& workbench, QWidget* parent = nullptr);
    void accept() override;

private:
    void refresh();

    Workbench& m_bench;
    QLineEdit* m_pattern;
    ChoiceEditor* m_editor;
    QLabel* m_count;
    QListWidget* m_matches;
    QLabel* m_outcome;
    QPushButton* m_apply;
};

} // namespace trilobit
