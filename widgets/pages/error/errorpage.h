// ErrorPage: what the recipe costs each tensor, as bars by layer or by role.
#pragma once

#include "widgets/pages/error/errorrows.h"

#include <QWidget>

#include <memory>
#include <mutex>
#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QTimer;

namespace trilobit {

class Workbench;

/// Numbers come from the last quantization where it used the present choice, else from "Measure now", which previews
/// the chosen tensors in the background on a sample of their rows and says so. A bar chooses its tensor in the
/// workbench.
class ErrorPage : public QWidget {
    Q_OBJECT
public:
    explicit ErrorPage(Workbench& workbench, QWidget* parent = nullptr);

    const ErrorRows& rows() const { return m_rows; }

public slots:
    void measure();

protected:
    void showEvent(QShowEvent* event) override;

private:
    /// Filled by the worker, emptied by the page.
    struct Arrived {
        std::mutex mutex;
        std::vector<std::pair<std::string, MeasuredError>> rows;
    };
    void build();
    void later();
    void refresh();
    void takeArrived();
    void stopMeasuring();
    QString emptyText() const;

    Workbench& m_workbench;
    BarsPlot* m_plot = nullptr;
    QComboBox* m_measure = nullptr;
    QComboBox* m_grouping = nullptr;
    QCheckBox* m_log = nullptr;
    QPushButton* m_button = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_note = nullptr;
    QTimer* m_delay = nullptr;
    QTimer* m_poll = nullptr;

    std::shared_ptr<const Model> m_model; ///< the one m_measured belongs to
    MeasuredErrors m_measured;
    ErrorRows m_rows;
    std::shared_ptr<Arrived> m_arrived;
    std::optional<quint64> m_job;
    bool m_stale = true;
};

} // namespace trilobit
