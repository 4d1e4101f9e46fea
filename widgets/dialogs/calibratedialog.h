// CalibrateDialog: which text the model reads, how much of it, and where the calibration goes.
#pragma once

#include "widgets/common/workbench.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace trilobit {

class CalibrateDialog : public QDialog {
    Q_OBJECT
public:
    CalibrateDialog(Workbench& workbench, const QString& folder, QWidget* parent = nullptr);
    QString text() const;
    QString path() const;
    std::int64_t tokens() const;  ///< 0: all
    std::int64_t context() const;
    void accept() override;

signals:
    void chosen(const QString& text, const QString& path, std::int64_t tokens, std::int64_t context);

private:
    void browseText();
    void browsePath();
    void refresh();

    Workbench& m_bench;
    QLineEdit *m_text, *m_path;
    QSpinBox *m_tokens, *m_context;
    QLabel* m_warning;
    QPushButton* m_start;
};

} // namespace trilobit
