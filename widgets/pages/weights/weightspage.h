// WeightsPage: the distribution of the current tensor, original over what the current choice would make of it.
#pragma once

#include "widgets/pages/weights/weightspicture.h"

#include <QString>
#include <QWidget>

#include <memory>
#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QTimer;

namespace trilobit {

class FactStrip;
class HistogramPlot;
class Workbench;

/// Follows the workbench's current tensor and recipe. A sample of rows answers first, then all rows refine it; results
/// that arrive for an older question are dropped. Nothing is computed while the page is hidden.
class WeightsPage : public QWidget {
    Q_OBJECT
public:
    explicit WeightsPage(Workbench& workbench, QWidget* parent = nullptr);

    /// The last picture shown; empty before the first.
    const std::optional<WeightsPicture>& picture() const { return m_picture; }

signals:
    void pictureShown(bool exact); ///< exact: all rows were read

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void ask();
    void letGo(); ///< of the model and of the running question
    void start(std::int64_t maxRows);
    void showPicture(const WeightsPicture& picture, bool final);
    void showStats(const WeightsPicture& picture);
    void showEmpty(const QString& text);
    const Tensor* currentTensor() const;
    Choice currentChoice() const;

    Workbench& m_workbench;
    QLabel* m_title = nullptr;
    QLabel* m_state = nullptr;
    QLabel* m_note = nullptr;
    FactStrip* m_facts = nullptr;
    HistogramPlot* m_plot = nullptr;
    QCheckBox* m_log = nullptr;
    QCheckBox* m_overlay = nullptr;
    QComboBox* m_bins = nullptr;
    QTimer* m_delay = nullptr;

    quint64 m_question = 0; ///< counts up; answers to older ones are stale
    std::optional<quint64> m_job;
    std::optional<WeightsPicture> m_picture;
    std::shared_ptr<const Model> m_askedModel;
    QString m_askedTensor;
    Choice m_askedChoice;
    int m_askedBins = 0;
    bool m_stale = true; ///< something changed while hidden
};

} // namespace trilobit
