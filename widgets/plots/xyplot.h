// XyPlot: points and lines over two numeric axes, each linear or logarithmic, with values on hover and points to
// choose.
#pragma once

#include "widgets/plots/plot.h"

#include <vector>

namespace trilobit {

struct XySeries {
    enum class Look { Line, Points, Steps, Reference }; ///< Reference: a thin dashed line that is not part of the data
    QString title;
    QString csvName;
    Look look = Look::Line;
    int color = 0;              ///< index into ThemeColors::series; -1 muted, -2 original, -3 quantized
    std::vector<double> x, y;   ///< of the same length; pairs that are no numbers are left out
    std::vector<QString> ids;   ///< empty, or one per point: what pointChosen() carries
    std::vector<QString> notes; ///< empty, or one per point: more rich text for its tooltip
};

struct XyData {
    QString xLabel, yLabel;
    QString xName, yName; ///< in the CSV
    std::vector<XySeries> series;
};

/// Besides Plot's keys: N and P highlight the next and the previous point that can be chosen, Return chooses it.
class XyPlot : public Plot {
    Q_OBJECT
public:
    explicit XyPlot(QWidget* parent = nullptr);

    /// Shows everything, unless `keepView`.
    void setData(const XyData& shown, bool keepView = false);
    void clear(const QString& emptyText);
    /// Values of zero or less are left out on a logarithmic axis.
    void setLogScales(bool x, bool y);
    const XyData& shown() const { return m_data; }
    void setSelected(const QString& id);
    QString selected() const { return m_selected; }
    QString csv() const override;

signals:
    void pointChosen(const QString& id);

protected:
    void applyTheme(const ThemeColors& theme) override;
    QString valueText(double x, double y) const override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Hit {
        int series = -1;
        std::size_t point = 0;
        double distance = 0; ///< pixels
    };
    Hit nearest(double x, double y, bool choosable) const;
    void rebuild(bool keepView);
    void colour();
    QColor colorOf(const XySeries& series, const ThemeColors& theme) const;
    bool drawable(double x, double y) const;
    void step(int by);
    void showSelected();
    void fitLegend(); ///< into as many rows as the width asks for

    XyData m_data;
    bool m_logX = false, m_logY = false;
    QString m_selected;
    QPoint m_pressedAt;
    std::vector<QCPGraph*> m_graphs;
    QCPItemTracer* m_tracer = nullptr;
};

} // namespace trilobit
