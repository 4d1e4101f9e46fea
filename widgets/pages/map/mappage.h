// MapPage: the current tensor as heat maps, original, quantized and error side by side, down to the bits of one weight.
#pragma once

#include "core/quant/heatgrid.h"
#include "core/quant/recipe.h"

#include <QWidget>

#include <array>
#include <memory>
#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QSplitter;
class QTimer;

namespace trilobit {

class HeatMapPlot;
class Microscope;
class Workbench;
struct Tensor;
class Model;

/// Follows the workbench's current tensor and recipe while it is shown. The maps share one view; the grid of cells for
/// it is computed away from the interface thread, a sample of rows first where a tensor is large.
class MapPage : public QWidget {
    Q_OBJECT
public:
    explicit MapPage(Workbench& workbench, QWidget* parent = nullptr);

    HeatMapPlot* map(int side) const { return m_maps[static_cast<std::size_t>(side)]; } ///< original, quantized, error
    Microscope* microscope() const { return m_microscope; }
    const std::optional<HeatGrid>& grid() const { return m_grid; }
    void choose(qint64 row, qint64 col);

signals:
    void gridShown(bool complete); ///< complete: every row of every cell was read, both sides when there are two

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void later();
    void ask();
    void startQuantizing();
    void askGrid();
    void startGrid(const HeatRegion& region, std::int64_t rowsPerCell);
    void showGrid(HeatGrid grid);
    void setLimits(const HeatGrid& grid);
    void clear(const QString& text);
    void showSides();
    CellValue cellValue() const;

    Workbench& m_workbench;
    QLabel *m_title = nullptr, *m_state = nullptr;
    QComboBox* m_value = nullptr;
    std::array<QCheckBox*, 3> m_sides{};
    std::array<HeatMapPlot*, 3> m_maps{};
    std::array<QWidget*, 3> m_panels{};
    std::array<QLabel*, 3> m_heads{};
    Microscope* m_microscope = nullptr;
    QSplitter* m_splitter = nullptr;
    QTimer *m_delay = nullptr, *m_gridDelay = nullptr;

    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const Tensor> m_source, m_quantized;
    Choice m_choice;
    std::optional<HeatGrid> m_grid;
    bool m_limitsKnown = false, m_gridHasQuantized = false, m_linking = false, m_stale = true;
    CellValue m_gridValue = CellValue::Strongest;
    QString m_note;
    std::optional<quint64> m_quantizeJob, m_gridJob;
    HeatRegion m_gridAsked;
    quint64 m_question = 0, m_gridQuestion = 0; ///< count up; answers to older ones are stale
};

} // namespace trilobit
