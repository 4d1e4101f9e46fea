// BudgetPage: a size that the model must fit into, the recipe of least measured error for it, and everything tried so
// far.
#pragma once

#include "core/quant/budgetplan.h"

#include <QString>
#include <QWidget>

#include <map>
#include <memory>
#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QListWidget;
class QPushButton;
class QSlider;
class QTimer;

namespace trilobit {

class Workbench;
class XyPlot;

/// Measures every encoding on every tensor once (a job with progress), then answers the slider from a table. Locks are
/// rules that the solver must keep. Points of the plot are the runs of the store on this model; choosing one brings its
/// recipe back.
class BudgetPage : public QWidget {
    Q_OBJECT
public:
    explicit BudgetPage(Workbench& workbench, QWidget* parent = nullptr);

    const std::shared_ptr<const BudgetPlan>& plan() const { return m_plan; }
    const std::optional<BudgetAnswer>& answer() const { return m_answer; }
    const std::vector<BudgetLock>& locks() const { return m_locks; }

public slots:
    void measure();
    void applyAnswer();
    /// Locks the selected tensors to what the recipe says now.
    void lockSelection();
    void removeLock();

signals:
    void planChanged();
    void answered();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void modelChanged();
    void solvePlan();
    bool locksAreMeasured() const;
    void locksChanged();
    void forgetPlan();
    void setBudget(std::uint64_t bytes);
    void showBudget(std::uint64_t bytes);
    void refreshTried();
    void showPlot(bool keepView = false);
    void showState();
    void reopen(const QString& id);
    std::vector<Choice> choices() const;

    struct Tried {
        QString id; ///< "run 12"
        double bits = 0, sqnrDb = 0;
        QString name;
        Recipe recipe;
    };

    Workbench& m_workbench;
    QLabel *m_hint = nullptr, *m_answerText = nullptr;
    QComboBox *m_among = nullptr, *m_cost = nullptr;
    QCheckBox* m_methods = nullptr;
    QPushButton *m_measure = nullptr, *m_apply = nullptr, *m_lock = nullptr, *m_unlock = nullptr;
    QSlider* m_slider = nullptr;
    QDoubleSpinBox *m_bits = nullptr, *m_megabytes = nullptr;
    QListWidget* m_lockList = nullptr;
    XyPlot* m_plot = nullptr;
    QTimer* m_later = nullptr;

    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const BudgetTable> m_table;
    std::shared_ptr<const BudgetPlan> m_plan;
    std::vector<BudgetLock> m_locks;
    std::vector<Choice> m_measured; ///< the choices in m_table
    std::uint64_t m_budget = 0;
    std::optional<BudgetAnswer> m_answer;
    std::vector<std::pair<double, double>> m_curve; ///< bits per weight, SQNR
    std::vector<Tried> m_tried;
    std::optional<quint64> m_job, m_solveJob;
    quint64 m_question = 0, m_solveQuestion = 0; ///< a late answer to an earlier one is dropped
    bool m_setting = false;
};

} // namespace trilobit
