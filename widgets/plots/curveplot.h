// CurvePlot: curves over training steps, on one or two vertical axes.
#pragma once

#include "widgets/plots/plot.h"

#include <vector>

namespace trilobit {

struct Curve {
    std::vector<double> x, y; ///< of the same length; x ascending
};

struct CurveStyle {
    enum class Line { Faint, Thin, Thick, Points };
    QString title;
    QString csvName;
    int color = 0;           ///< index into ThemeColors::series; -1: the muted colour
    Line line = Line::Thick;
    bool right = false;      ///< belongs to the right axis
};

class CurvePlot : public Plot {
    Q_OBJECT
public:
    /// `rightLabel` empty: no right axis.
    CurvePlot(std::vector<CurveStyle> styles, const QString& xLabel, const QString& yLabel, const QString& rightLabel,
              QWidget* parent = nullptr);

    /// One per style. A view that shows everything keeps doing so as curves grow; a zoomed one stays where it is. Points
    /// that are no numbers are left out.
    void setCurves(std::vector<Curve> curves);
    void clear(const QString& emptyText);
    /// Of the left axis, with powers of two; values of zero or less are left out.
    void setLogScale();
    const std::vector<Curve>& curves() const { return m_curves; }
    QString csv() const override;

protected:
    void applyTheme(const ThemeColors& theme) override;
    QString valueText(double x, double y) const override;

private:
    std::vector<CurveStyle> m_styles;
    std::vector<Curve> m_curves;
    std::vector<QCPGraph*> m_graphs;
    bool m_log = false;
    QCPRange m_shown{0, 0}, m_shownY{0, 0}; ///< the full view set last
};

} // namespace trilobit
