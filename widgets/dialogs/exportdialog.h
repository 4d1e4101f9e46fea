// ExportDialog: where the model goes, what will be written, and who can run it.
#pragma once

#include "widgets/common/workbench.h"

#include <QDialog>

class QLineEdit;
class QLabel;
class QPushButton;

namespace trilobit {

class ExportDialog : public QDialog {
    Q_OBJECT
public:
    ExportDialog(Workbench& workbench, const QString& folder, QWidget* parent = nullptr);
    QString path() const;
    void accept() override;

signals:
    void chosen(const QString& path);

private:
    QString factsText() const;
    void browse();
    void refresh();

    Workbench& m_bench;
    QLineEdit* m_path;
    QLabel* m_warning;
    QPushButton* m_export;
};

} // namespace trilobit
