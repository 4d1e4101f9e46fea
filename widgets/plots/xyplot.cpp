#include "widgets/plots/xyplot.h"

#include "widgets/plots/legendrow.h"
#include "widgets/plots/logticker.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trilobit {

namespace {

constexpr double kRoom = 0.05, kReach = 24; // pixels around the pointer in which a point is found
constexpr std::size_t kSomePoints = 100, kManyPoints = 2000;

struct Extent {
    double low = std::numeric_limits<double>::max(), high = std::numeric_limits<double>::lowest();
    void add(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    QCPRange range(bool log) const {
        if (low > high)
            return log ? QCPRange(0.1, 1) : QCPRange(0, 1);
        if (log)
            return {low / 1.25, high * 1.25};
        const double size = high > low ? high - low : std::max(std::fabs(high), 1e-9) * 0.2;
        return {low - kRoom * size, high + kRoom * size};
    }
};

QString pointTitle(const QString& id) {
    return id.isEmpty() ? QString() : QStringLiteral("<b>%1</b><br>").arg(id.toHtmlEscaped());
}

} // namespace

XyPlot::XyPlot(QWidget* parent) : Plot(parent) {
    setObjectName(QStringLiteral("xyPlot"));
    for (QCPAxis* axis : {xAxis, yAxis}) {
        axis->setNumberFormat(QStringLiteral("gb"));
        axis->setNumberPrecision(4);
    }
    m_tracer = new QCPItemTracer(this);
    m_tracer->setStyle(QCPItemTracer::tsCircle);
    m_tracer->setSize(13);
    m_tracer->setVisible(false);
    legendAbove(*this);
    applyTheme(theme());
}

void XyPlot::setData(const XyData& shown, bool keepView) {
    m_data = shown;
    setEmptyText({});
    rebuild(keepView);
}

void XyPlot::clear(const QString& emptyText) {
    m_data = {};
    rebuild(false);
    setEmptyText(emptyText);
}

void XyPlot::setLogScales(bool x, bool y) {
    if (x == m_logX && y == m_logY)
        return;
    m_logX = x;
    m_logY = y;
    const auto apply = [](QCPAxis* axis, bool log) {
        axis->setScaleType(log ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
        axis->setTicker(QSharedPointer<QCPAxisTicker>(log ? new LogTicker : new QCPAxisTicker));
    };
    apply(xAxis, x);
    apply(yAxis, y);
    rebuild(false);
}

bool XyPlot::drawable(double x, double y) const {
    return std::isfinite(x) && std::isfinite(y) && (!m_logX || x > 0) && (!m_logY || y > 0);
}

void XyPlot::rebuild(bool keepView) {
    clearGraphs();
    m_graphs.clear();
    Extent xs, ys;
    for (const XySeries& series : m_data.series) {
        QCPGraph* graph = addGraph();
        m_graphs.push_back(graph);
        graph->setName(series.title);
        const bool points = series.look == XySeries::Look::Points;
        graph->setLineStyle(points                                 ? QCPGraph::lsNone
                            : series.look == XySeries::Look::Steps ? QCPGraph::lsStepCenter
                                                                   : QCPGraph::lsLine);
        // Thousands of smoothed segments take longer than a frame.
        graph->setAntialiased(series.x.size() < kManyPoints);
        graph->setAntialiasedScatters(series.x.size() < kManyPoints);
        graph->setAdaptiveSampling(!points);
        QVector<double> x, y;
        for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i)
            if (drawable(series.x[i], series.y[i])) {
                x << series.x[i];
                y << series.y[i];
                if (series.look != XySeries::Look::Reference) {
                    xs.add(series.x[i]);
                    ys.add(series.y[i]);
                }
            }
        graph->setData(x, y);
        if (series.title.isEmpty())
            graph->removeFromLegend();
    }
    legend->setVisible(std::any_of(m_data.series.begin(), m_data.series.end(),
                                   [](const XySeries& series) { return !series.title.isEmpty(); }));
    fitLegend();
    xAxis->setLabel(m_data.xLabel);
    yAxis->setLabel(m_data.yLabel);
    const QCPRange x = xs.range(m_logX), y = ys.range(m_logY);
    setFullView(x, y, x, y);
    if (!keepView)
        resetView();
    colour();
    showSelected();
    replotSoon();
}

void XyPlot::fitLegend() {
    int together = 0, widest = 1;
    for (int i = 0; i < legend->itemCount(); ++i) {
        const QCPAbstractLegendItem* entry = legend->item(i);
        if (!entry) // a last line that is not full has empty places
            continue;
        const int item = entry->minimumOuterSizeHint().width() + legend->columnSpacing();
        together += item;
        widest = std::max(widest, item);
    }
    const int room = width() - legend->margins().left() - legend->margins().right();
    const int columns = together <= room ? 0 : std::max(1, room / widest);
    if (columns == legend->wrap())
        return;
    legend->setWrap(columns);
    legend->setFillOrder(QCPLegend::foColumnsFirst, true);
}

void XyPlot::resizeEvent(QResizeEvent* event) {
    Plot::resizeEvent(event);
    fitLegend();
}

QColor XyPlot::colorOf(const XySeries& series, const ThemeColors& theme) const {
    switch (series.color) {
    case -1: return theme.muted;
    case -2: return theme.original;
    case -3: return theme.quantized;
    default: return theme.series[static_cast<std::size_t>(series.color) % theme.series.size()];
    }
}

void XyPlot::colour() {
    static constexpr QCPScatterStyle::ScatterShape kShapes[] = {QCPScatterStyle::ssDisc,   QCPScatterStyle::ssDiamond,
                                                                QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle,
                                                                QCPScatterStyle::ssCross,  QCPScatterStyle::ssStar};
    for (std::size_t i = 0; i < m_graphs.size(); ++i) {
        const XySeries& series = m_data.series[i];
        QColor color = colorOf(series, theme());
        const bool reference = series.look == XySeries::Look::Reference;
        m_graphs[i]->setPen(QPen(color, reference ? 1 : 1.6, reference ? Qt::DashLine : Qt::SolidLine));
        if (series.look != XySeries::Look::Points)
            continue;
        const bool many = series.x.size() >= kManyPoints;
        if (many)
            color.setAlphaF(0.45F);
        // Another shape for every series: colour alone tells nothing apart. When the colours begin again, the shapes
        // are one further.
        const std::size_t round = i / theme().series.size();
        m_graphs[i]->setScatterStyle(many ? QCPScatterStyle(QCPScatterStyle::ssSquare, QPen(Qt::NoPen), color, 2.5)
                                          : QCPScatterStyle(kShapes[(i + round) % std::size(kShapes)], color, color,
                                                            series.x.size() < kSomePoints ? 7 : 4));
    }
    m_tracer->setPen(QPen(theme().text, 2));
}

void XyPlot::applyTheme(const ThemeColors& theme) {
    Plot::applyTheme(theme);
    if (m_tracer)
        colour();
}

XyPlot::Hit XyPlot::nearest(double x, double y, bool choosable) const {
    Hit best;
    best.distance = kReach;
    const double px = xAxis->coordToPixel(x), py = yAxis->coordToPixel(y);
    for (std::size_t s = 0; s < m_data.series.size(); ++s) {
        const XySeries& series = m_data.series[s];
        if (series.look == XySeries::Look::Reference || (choosable && series.ids.empty()))
            continue;
        for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
            if (!drawable(series.x[i], series.y[i]))
                continue;
            const double dx = xAxis->coordToPixel(series.x[i]) - px;
            if (std::fabs(dx) >= best.distance)
                continue;
            const double distance = std::hypot(dx, yAxis->coordToPixel(series.y[i]) - py);
            if (distance < best.distance)
                best = {static_cast<int>(s), i, distance};
        }
    }
    return best;
}

QString XyPlot::valueText(double x, double y) const {
    const Hit hit = nearest(x, y, false);
    if (hit.series < 0)
        return {};
    const XySeries& series = m_data.series[static_cast<std::size_t>(hit.series)];
    QString text = pointTitle(hit.point < series.ids.size() ? series.ids[hit.point] : series.title);
    text += tr("%1: %2<br>%3: %4")
                .arg(m_data.xLabel.toHtmlEscaped(), QString::number(series.x[hit.point], 'g', 6),
                     m_data.yLabel.toHtmlEscaped(), QString::number(series.y[hit.point], 'g', 6));
    if (hit.point < series.notes.size() && !series.notes[hit.point].isEmpty())
        text += QStringLiteral("<br>") + series.notes[hit.point];
    return text;
}

void XyPlot::setSelected(const QString& id) {
    m_selected = id;
    showSelected();
    replotSoon();
}

void XyPlot::showSelected() {
    m_tracer->setVisible(false);
    for (const XySeries& series : m_data.series)
        for (std::size_t i = 0; i < series.ids.size() && !m_selected.isEmpty(); ++i)
            if (series.ids[i] == m_selected && drawable(series.x[i], series.y[i])) {
                m_tracer->position->setCoords(series.x[i], series.y[i]);
                m_tracer->setVisible(true);
                setAccessibleDescription(tr("%1: %2 %3, %4 %5")
                                             .arg(m_selected, m_data.xLabel, QString::number(series.x[i], 'g', 6),
                                                  m_data.yLabel, QString::number(series.y[i], 'g', 6)));
                return;
            }
}

void XyPlot::mousePressEvent(QMouseEvent* event) {
    m_pressedAt = event->position().toPoint();
    Plot::mousePressEvent(event);
}

void XyPlot::mouseReleaseEvent(QMouseEvent* event) {
    Plot::mouseReleaseEvent(event);
    const QPoint where = event->position().toPoint();
    if (event->button() != Qt::LeftButton || (where - m_pressedAt).manhattanLength() > 4
        || !axisRect()->rect().contains(where))
        return;
    const Hit hit = nearest(xAxis->pixelToCoord(where.x()), yAxis->pixelToCoord(where.y()), true);
    if (hit.series < 0)
        return;
    const QString id = m_data.series[static_cast<std::size_t>(hit.series)].ids[hit.point];
    setSelected(id);
    emit pointChosen(id); // whoever listens may replace the data
}

void XyPlot::step(int by) {
    std::vector<std::pair<double, QString>> points;
    for (const XySeries& series : m_data.series)
        for (std::size_t i = 0; i < series.ids.size(); ++i)
            if (drawable(series.x[i], series.y[i]))
                points.emplace_back(series.x[i], series.ids[i]);
    if (points.empty())
        return;
    std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto current =
        std::find_if(points.begin(), points.end(), [this](const auto& point) { return point.second == m_selected; });
    const auto last = static_cast<std::ptrdiff_t>(points.size()) - 1;
    const std::ptrdiff_t index = current == points.end()
                                     ? (by > 0 ? 0 : last)
                                     : std::clamp<std::ptrdiff_t>(current - points.begin() + by, 0, last);
    setSelected(points[static_cast<std::size_t>(index)].second);
}

void XyPlot::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_N: return step(1);
    case Qt::Key_P: return step(-1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_selected.isEmpty())
            emit pointChosen(QString(m_selected));
        return;
    default: Plot::keyPressEvent(event);
    }
}

QString XyPlot::csv() const {
    const auto quoted = [](QString text) {
        return text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"'))
                   ? QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"')
                   : text;
    };
    QString out = QStringLiteral("series,%1,%2,name\n").arg(m_data.xName, m_data.yName);
    for (const XySeries& series : m_data.series)
        if (series.look != XySeries::Look::Reference)
            for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i)
                out += quoted(series.csvName) + QLatin1Char(',') + QString::number(series.x[i], 'g', 9)
                       + QLatin1Char(',') + QString::number(series.y[i], 'g', 9) + QLatin1Char(',')
                       + (i < series.ids.size() ? quoted(series.ids[i]) : QString()) + QLatin1Char('\n');
    return out;
}

} // namespace trilobit
