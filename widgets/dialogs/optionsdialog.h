// OptionsDialog: "What else could this be?": every encoding measured on one tensor, and one of them chosen.
#pragma once

#include "core/quant/errortable.h"

#include <QDialog>
#include <QStringList>

#include <memory>
#include <mutex>
#include <optional>

class QCheckBox;
class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;
class QTimer;

namespace trilobit {

class OptionsModel;
class Workbench;

class OptionsDialog : public QDialog {
    Q_OBJECT
public:
    /// Measures on `tensor`; the choice goes to all of `selection`.
    OptionsDialog(Workbench& workbench, const QString& tensor, const QStringList& selection, QWidget* parent = nullptr);
    ~OptionsDialog() override;
    void accept() override;
    OptionsModel* model() const { return m_model; }

signals:
    void measured(); ///< everything is in the table

private:
    void build();
    void measure();
    void takeArrived();
    void refresh();
    const MeasuredOption* chosen() const;

    struct Arrived {
        std::mutex mutex;
        std::vector<MeasuredOption> options;
    };

    Workbench& m_bench;
    QString m_tensor;
    QStringList m_selection;
    OptionsModel* m_model;
    QSortFilterProxyModel* m_sorted;
    QTableView* m_table;
    QLabel* m_state;
    QCheckBox *m_methods, *m_all;
    QPushButton* m_use = nullptr;
    QTimer* m_poll;
    std::shared_ptr<Arrived> m_arrived;
    std::optional<quint64> m_job;
    quint64 m_question = 0;
};

} // namespace trilobit
