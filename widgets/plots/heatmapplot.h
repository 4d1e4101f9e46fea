// HeatMapPlot: a grid of cells over the rows and columns of a tensor, from the whole of it to single weights.
#pragma once

#include "core/quant/heatgrid.h"
#include "widgets/plots/plot.h"

#include <optional>
#include <utility>
#include <vector>

namespace trilobit {

/// Wheel and + - zoom both directions (Shift: rows only, Ctrl: columns only). Click, or Return for the middle of the
/// view, chooses a weight; Ctrl + arrows move the choice. The view goes from the whole tensor to a few weights; what is
/// not in the grid that is shown stays empty until somebody answers viewChanged().
class HeatMapPlot : public Plot {
    Q_OBJECT
public:
    enum class Scale { Diverging, Sequential }; ///< -limit..limit around zero, or 0..limit
    explicit HeatMapPlot(QWidget* parent = nullptr);

    /// A new tensor: shows all of it, empty.
    void setTensor(std::int64_t rows, std::int64_t cols);
    /// `values`: one per cell of `region`, row by row.
    void setCells(const HeatRegion& region, const std::vector<float>& values);
    void setScale(Scale scale, double limit, const QString& label);
    void clear(const QString& emptyText);
    void setChosen(std::optional<std::pair<std::int64_t, std::int64_t>> rowAndColumn);
    /// Outlines the weights of a block: elements [first, first + count) counted row by row; count 0: none.
    void setBlock(std::int64_t first, std::int64_t count);

    /// The part in view with the step that fits the pixels: a power of two, the same for rows and columns apart. A
    /// margin of half a view on all sides is in it, so that panning has something to show.
    HeatRegion wanted() const;
    /// The rows and columns that can be seen, in weights.
    HeatRegion visibleRegion() const;
    const HeatRegion& shown() const { return m_region; }
    void showRange(const QCPRange& columns, const QCPRange& rows);
    void zoomTo(std::int64_t row, std::int64_t col);
    QString csv() const override;

    static QColor colorOf(double share, Scale scale, const ThemeColors& theme); ///< share: -1..1 or 0..1

signals:
    void viewChanged();
    void weightChosen(qint64 row, qint64 col);

protected:
    void applyTheme(const ThemeColors& theme) override;
    QString valueText(double x, double y) const override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Cells;
    void paintImage();
    void limitZoom();
    std::optional<double> valueAt(std::int64_t row, std::int64_t col) const;

    std::int64_t m_rows = 0, m_cols = 0;
    HeatRegion m_region;
    std::vector<float> m_values;
    Scale m_scale = Scale::Diverging;
    double m_limit = 1;
    QString m_label; ///< of the colours
    std::optional<std::pair<std::int64_t, std::int64_t>> m_chosen;
    std::int64_t m_blockFirst = 0, m_blockCount = 0;
    QImage m_image;
    QPoint m_pressedAt;
    Cells* m_cells = nullptr;
    QCPColorScale* m_legend = nullptr;
};

} // namespace trilobit
