#include "widgets/plots/curveplot.h"

#include "widgets/plots/legendrow.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>

namespace trilobit {

namespace {

constexpr double kRoom = 0.06; // of the height, above and below

struct Extent {
    double low = std::numeric_limits<double>::max(), high = std::numeric_limits<double>::lowest();
    void add(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    bool any() const { return low <= high; }
    QCPRange range() const {
        if (!any())
            return {0, 1};
        const double size = high > low ? high - low : std::max(std::abs(high), 1e-9) * 0.1;
        return {low - kRoom * size, high + kRoom * size};
    }
};

bool same(const QCPRange& a, const QCPRange& b) {
    const double close = 1e-9 * std::max(a.size(), b.size());
    return std::abs(a.lower - b.lower) <= close && std::abs(a.upper - b.upper) <= close;
}

} // namespace

CurvePlot::CurvePlot(std::vector<CurveStyle> styles, const QString& xLabel, const QString& yLabel,
                     const QString& rightLabel, QWidget* parent)
    : Plot(parent), m_styles(std::move(styles)), m_curves(m_styles.size()) {
    xAxis->setLabel(xLabel);
    yAxis->setLabel(yLabel);
    for (QCPAxis* axis : {xAxis, yAxis, yAxis2}) {
        axis->setNumberFormat(QStringLiteral("g"));
        axis->setNumberPrecision(4);
    }
    yAxis2->setVisible(!rightLabel.isEmpty());
    yAxis2->setLabel(rightLabel);
    yAxis2->grid()->setVisible(false);
    for (const CurveStyle& style : m_styles) {
        QCPGraph* graph = addGraph(xAxis, style.right ? yAxis2 : yAxis);
        graph->setName(style.title);
        if (style.line == CurveStyle::Line::Faint || style.line == CurveStyle::Line::Thin)
            graph->setAntialiased(false); // thousands of smoothed segments take longer than a frame
        m_graphs.push_back(graph);
    }
    legendAbove(*this);
    applyTheme(theme());
}

void CurvePlot::setCurves(std::vector<Curve> curves) {
    m_curves = std::move(curves);
    m_curves.resize(m_styles.size());
    setEmptyText({});
    yAxis2->setVisible(!yAxis2->label().isEmpty());
    Extent x, left, right;
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        QVector<QCPGraphData> points;
        const Curve& curve = m_curves[i];
        const std::size_t count = std::min(curve.x.size(), curve.y.size());
        points.reserve(static_cast<int>(count));
        for (std::size_t k = 0; k < count; ++k) {
            if (!std::isfinite(curve.y[k]) || (m_log && !m_styles[i].right && curve.y[k] <= 0))
                continue;
            points.append({curve.x[k], curve.y[k]});
            x.add(curve.x[k]);
            (m_styles[i].right ? right : left).add(curve.y[k]);
        }
        m_graphs[i]->data()->set(points, true);
        m_graphs[i]->setVisible(!points.isEmpty());
    }
    const bool followsX = m_shown.size() <= 0 || same(xAxis->range(), m_shown);
    const bool followsY = m_shownY.size() <= 0 || same(yAxis->range(), m_shownY);
    m_shown = x.range();
    m_shownY = m_log && left.any() ? QCPRange(left.low / 1.2, left.high * 1.2) : left.range();
    setFullView(m_shown, m_shownY, m_shown, m_shownY);
    if (followsX)
        xAxis->setRange(m_shown);
    if (followsY)
        yAxis->setRange(m_shownY);
    yAxis2->setRange(right.range());
    QStringList last;
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        if (!m_curves[i].y.empty())
            last << tr("%1 %2").arg(m_styles[i].title).arg(m_curves[i].y.back(), 0, 'g', 4);
    setAccessibleDescription(last.join(QStringLiteral(", ")));
    replotSoon();
}

void CurvePlot::setLogScale() {
    m_log = true;
    const QSharedPointer<QCPAxisTickerLog> ticker(new QCPAxisTickerLog);
    ticker->setLogBase(2);
    yAxis->setScaleType(QCPAxis::stLogarithmic);
    yAxis->setTicker(ticker);
}

void CurvePlot::clear(const QString& emptyText) {
    m_curves.assign(m_styles.size(), {});
    for (QCPGraph* graph : m_graphs)
        graph->data()->clear();
    m_shown = m_shownY = QCPRange(0, 0);
    setEmptyText(emptyText);
    yAxis2->setVisible(false);
}

void CurvePlot::applyTheme(const ThemeColors& theme) {
    Plot::applyTheme(theme);
    styleAxis(yAxis2, theme, font());
    for (std::size_t i = 0; i < m_graphs.size(); ++i) {
        const CurveStyle& style = m_styles[i];
        const QColor color = style.color < 0 ? theme.muted : theme.series[static_cast<std::size_t>(style.color) % theme.series.size()];
        QColor faint = color;
        faint.setAlphaF(0.55F);
        m_graphs[i]->setPen(QPen(style.line == CurveStyle::Line::Faint ? faint : color, style.line == CurveStyle::Line::Thick ? 2 : 1));
        m_graphs[i]->setScatterStyle(style.line == CurveStyle::Line::Points
                                         ? QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, 6)
                                         : QCPScatterStyle(QCPScatterStyle::ssNone));
    }
}

QString CurvePlot::valueText(double x, double) const {
    QString text;
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        const Curve& curve = m_curves[i];
        if (curve.x.empty() || curve.x.size() != curve.y.size())
            continue;
        auto at = std::lower_bound(curve.x.begin(), curve.x.end(), x);
        if (at == curve.x.end() || (at != curve.x.begin() && x - *(at - 1) < *at - x))
            --at;
        const auto index = static_cast<std::size_t>(at - curve.x.begin());
        if (!text.isEmpty())
            text += QStringLiteral("<br>");
        text += tr("%1: <b>%2</b> at step %3").arg(m_styles[i].title.toHtmlEscaped()).arg(curve.y[index], 0, 'g', 5)
                    .arg(curve.x[index], 0, 'f', 0);
    }
    return text;
}

QString CurvePlot::csv() const {
    QString out = QStringLiteral("curve,step,value\n");
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        for (std::size_t k = 0; k < std::min(m_curves[i].x.size(), m_curves[i].y.size()); ++k)
            out += m_styles[i].csvName + QLatin1Char(',') + QString::number(m_curves[i].x[k], 'g', 12) + QLatin1Char(',')
                   + QString::number(m_curves[i].y[k], 'g', 9) + QLatin1Char('\n');
    return out;
}

} // namespace trilobit
