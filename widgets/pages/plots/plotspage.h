// PlotsPage: what a tensor's weights and their error look like, beyond the histogram, and how layers compare.
#pragma once

#include "core/quant/recipe.h"
#include "widgets/pages/plots/plotdata.h"

#include <QWidget>

#include <memory>
#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QTimer;

namespace trilobit {

class Workbench;
class XyPlot;

/// Follows the workbench's current tensor and recipe while it is shown.
class PlotsPage : public QWidget {
    Q_OBJECT
public:
    explicit PlotsPage(Workbench& workbench, QWidget* parent = nullptr);
    PlotKind kind() const;
    const std::optional<TensorProfile>& profile() const { return m_profile; }
    const std::vector<LayerStats>& layerStats() const { return m_layers; }

signals:
    void plotShown();
    void calibrateRequested();       ///< asks for a text
    void openCalibrationRequested(); ///< asks for a file

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void buildCalibrationRow();
    void later();
    void ask();
    void askTensor();
    void showProfile(const TensorProfile& profile, const QString& quantized, const QString& note);
    void askLayers();
    void refresh();
    void refreshActivations();
    void refreshCalibrationRow();
    void letGo();

    Workbench& m_workbench;
    QLabel *m_title = nullptr, *m_help = nullptr, *m_state = nullptr;
    QComboBox* m_kind = nullptr;
    QCheckBox *m_logX = nullptr, *m_logY = nullptr;
    XyPlot* m_plot = nullptr;
    QWidget* m_calibrationRow = nullptr;
    QLabel* m_calibrationText = nullptr;
    QPushButton *m_calibrate = nullptr, *m_openCalibration = nullptr, *m_dropCalibration = nullptr;
    QTimer* m_delay = nullptr;

    quint64 m_question = 0;
    std::optional<quint64> m_job, m_firstJob, m_layersJob; ///< m_firstJob: the original alone, because it is quick
    std::shared_ptr<const Model> m_model, m_layersModel;
    QString m_tensor;
    Choice m_choice;
    std::optional<TensorProfile> m_profile;
    QString m_original, m_quantized, m_note;
    std::vector<LayerStats> m_layers;
    bool m_stale = true;
};

} // namespace trilobit
