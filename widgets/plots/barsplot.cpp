#include "widgets/plots/barsplot.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trilobit {

namespace {
constexpr double kGroupGap = 1;
constexpr double kBarWidth = 0.82;

QColor bandColor(const ThemeColors& theme) { // opaque: see the bars
    const auto between = [](int a, int b) { return (a * 55 + b * 45) / 100; };
    return QColor(between(theme.base.red(), theme.grid.red()), between(theme.base.green(), theme.grid.green()),
                  between(theme.base.blue(), theme.grid.blue()));
}
} // namespace

BarsPlot::BarsPlot(QWidget* parent) : Plot(parent), m_ticker(new QCPAxisTickerText) {
    setObjectName(QStringLiteral("barsPlot"));
    setAccessibleName(tr("Error of each tensor"));
    m_bars = new QCPBars(xAxis, yAxis);
    m_unbounded = new QCPBars(xAxis, yAxis);
    m_chosen = new QCPBars(xAxis, yAxis);
    for (QCPBars* bars : {m_bars, m_unbounded, m_chosen}) {
        bars->setWidth(kBarWidth);
        // Hundreds of smoothed or translucent rectangles take the painter longer than a frame.
        bars->setAntialiased(false);
        bars->setAntialiasedFill(false);
    }
    xAxis->setTicker(m_ticker);
    xAxis->setSubTicks(false);
    xAxis->grid()->setVisible(false);
    m_tracer = new QCPItemTracer(this);
    m_tracer->setStyle(QCPItemTracer::tsSquare);
    m_tracer->setSize(7);
    m_tracer->setVisible(false);
    connect(xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] { placeTicks(); });
    applyTheme(theme());
}

void BarsPlot::setData(const BarsData& bars) {
    const std::size_t before = m_placed.size();
    m_data = bars;
    std::size_t now = 0;
    for (const BarGroup& group : m_data.groups)
        now += group.bars.size();
    setEmptyText({});
    xAxis->grid()->setVisible(false);
    rebuild(before == now && now > 0);
}

void BarsPlot::clear(const QString& emptyText) {
    m_data = {};
    rebuild(false);
    setEmptyText(emptyText);
}

void BarsPlot::setLogScale(bool on) {
    if (on == m_log)
        return;
    m_log = on;
    if (on) {
        yAxis->setScaleType(QCPAxis::stLogarithmic);
        yAxis->setTicker(QSharedPointer<QCPAxisTickerLog>(new QCPAxisTickerLog));
    } else {
        yAxis->setScaleType(QCPAxis::stLinear);
        yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
    }
    yAxis->setNumberFormat(QStringLiteral("g"));
    yAxis->setNumberPrecision(4);
    rebuild(false);
}

void BarsPlot::rebuild(bool keepView) {
    for (QCPItemRect* band : m_bands)
        removeItem(band);
    m_bands.clear();
    m_placed.clear();
    m_groupRanges.clear();
    for (QCPBars* bars : {m_bars, m_unbounded, m_chosen})
        bars->data()->clear();

    double key = 0, lowest = 0, highest = 0, smallest = std::numeric_limits<double>::max();
    for (const BarGroup& group : m_data.groups) {
        const double first = key;
        for (const Bar& bar : group.bars) {
            m_placed.push_back({key, &bar});
            if (!bar.unbounded) {
                lowest = std::min(lowest, bar.value);
                highest = std::max(highest, bar.value);
                if (bar.value > 0)
                    smallest = std::min(smallest, bar.value);
            }
            key += 1;
        }
        m_groupRanges.emplace_back(first - 0.5, key - 0.5);
        key += kGroupGap;
    }
    if (!(highest > lowest))
        highest = lowest + 1;
    if (smallest > highest)
        smallest = highest / 10;
    QCPRange y(lowest * 1.08, highest * 1.08);
    if (m_log)
        y = QCPRange(smallest / 2, std::max(highest, smallest) * 2);
    m_top = y.upper;
    for (const Placed& placed : m_placed) {
        if (placed.bar->unbounded)
            m_unbounded->addData(placed.key, m_top);
        else if (!m_log || placed.bar->value > 0)
            m_bars->addData(placed.key, placed.bar->value);
    }
    for (QCPBars* bars : {m_bars, m_unbounded, m_chosen})
        bars->setBaseValue(m_log ? y.lower : 0);
    for (std::size_t i = 1; i < m_groupRanges.size(); i += 2) {
        auto* band = new QCPItemRect(this);
        band->setLayer(QStringLiteral("background"));
        band->setPen(Qt::NoPen);
        band->setAntialiased(false);
        band->setBrush(bandColor(theme()));
        band->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
        band->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
        band->topLeft->setCoords(m_groupRanges[i].first - kGroupGap / 2, 0);
        band->bottomRight->setCoords(m_groupRanges[i].second + kGroupGap / 2, 1);
        m_bands.push_back(band);
    }
    xAxis->setLabel(m_data.groupLabel);
    yAxis->setLabel(m_data.valueLabel);
    const QCPRange x(-1.5, std::max(key - kGroupGap, 1.0) + 0.5);
    setFullView(x, y, x, y);
    if (!keepView)
        xAxis->setRange(x);
    yAxis->setRange(y);
    placeTicks();
    showSelection();
    replotSoon();
}

void BarsPlot::placeTicks() {
    m_ticker->clear();
    const double pixelsPerKey = axisRect()->width() / std::max(xAxis->range().size(), 1e-9);
    const QFontMetrics metrics(xAxis->tickLabelFont());
    double freeFrom = -1e300; // in keys: labels that would run into the one before are left out
    for (std::size_t i = 0; i < m_groupRanges.size(); ++i) {
        const auto [begin, end] = m_groupRanges[i];
        const double centre = (begin + end) / 2;
        const double half =
            (metrics.horizontalAdvance(m_data.groups[i].label) + 8) / 2.0 / std::max(pixelsPerKey, 1e-9);
        if (m_data.groups[i].bars.empty() || centre - half < freeFrom)
            continue;
        m_ticker->addTick(centre, m_data.groups[i].label);
        freeFrom = centre + half;
    }
}

void BarsPlot::resizeEvent(QResizeEvent* event) {
    Plot::resizeEvent(event);
    placeTicks();
}

const Bar* BarsPlot::barAt(double key) const {
    const auto found = std::lower_bound(m_placed.begin(), m_placed.end(), key - 0.5,
                                        [](const Placed& placed, double at) { return placed.key < at; });
    return found != m_placed.end() && std::abs(found->key - key) <= 0.5 ? found->bar : nullptr;
}

void BarsPlot::setSelected(const QString& id) {
    if (id == m_selected)
        return;
    m_selected = id;
    showSelection();
    replotSoon();
}

void BarsPlot::showSelection() {
    m_chosen->data()->clear();
    m_tracer->setVisible(false);
    for (const Placed& placed : m_placed) {
        if (placed.bar->id != m_selected)
            continue;
        const double value = placed.bar->unbounded ? m_top : placed.bar->value;
        if (m_log && value <= 0)
            return;
        m_chosen->addData(placed.key, value);
        m_tracer->position->setCoords(placed.key, value);
        m_tracer->setVisible(true);
        setAccessibleDescription(QString(placed.bar->tooltip).replace(QStringLiteral("<br>"), QStringLiteral(", ")));
    }
}

void BarsPlot::applyTheme(const ThemeColors& theme) {
    Plot::applyTheme(theme);
    m_bars->setPen(Qt::NoPen);
    m_bars->setBrush(theme.quantized);
    m_unbounded->setPen(QPen(theme.quantized, 1, Qt::DotLine));
    m_unbounded->setBrush(QBrush(theme.quantized, Qt::Dense6Pattern));
    m_chosen->setPen(QPen(theme.text, 1.5));
    m_chosen->setBrush(theme.original);
    m_tracer->setPen(QPen(theme.text, 1));
    m_tracer->setBrush(theme.original);
    for (QCPItemRect* band : m_bands)
        band->setBrush(bandColor(theme));
}

QString BarsPlot::valueText(double x, double) const {
    const Bar* bar = barAt(x);
    return bar ? bar->tooltip : QString();
}

void BarsPlot::mousePressEvent(QMouseEvent* event) {
    m_pressedAt = event->position().toPoint();
    Plot::mousePressEvent(event);
}

void BarsPlot::mouseReleaseEvent(QMouseEvent* event) {
    Plot::mouseReleaseEvent(event);
    const QPoint where = event->position().toPoint();
    const bool dragged = (where - m_pressedAt).manhattanLength() > 4;
    if (dragged || event->button() != Qt::LeftButton || !axisRect()->rect().contains(where))
        return;
    if (const Bar* bar = barAt(xAxis->pixelToCoord(where.x()))) {
        const QString id = bar->id; // whoever listens may replace the data
        setSelected(id);
        emit barChosen(id);
    }
}

void BarsPlot::step(int by) {
    if (m_placed.empty())
        return;
    const auto current = std::find_if(m_placed.begin(), m_placed.end(),
                                      [this](const Placed& placed) { return placed.bar->id == m_selected; });
    const auto last = static_cast<std::ptrdiff_t>(m_placed.size()) - 1;
    const std::ptrdiff_t index = current == m_placed.end()
                                     ? (by > 0 ? 0 : last)
                                     : std::clamp<std::ptrdiff_t>(current - m_placed.begin() + by, 0, last);
    setSelected(m_placed[static_cast<std::size_t>(index)].bar->id);
}

void BarsPlot::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_N: step(1); return;
    case Qt::Key_P: step(-1); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_selected.isEmpty())
            emit barChosen(QString(m_selected));
        return;
    default: Plot::keyPressEvent(event);
    }
}

QString BarsPlot::csv() const {
    QString out = QStringLiteral("group,tensor,%1\n").arg(m_data.csvHeader);
    const auto quoted = [](QString text) {
        return text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"'))
                   ? QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"')
                   : text;
    };
    for (const BarGroup& group : m_data.groups)
        for (const Bar& bar : group.bars)
            out += quoted(group.label) + QLatin1Char(',') + quoted(bar.id) + QLatin1Char(',')
                   + (bar.unbounded ? QStringLiteral("inf") : QString::number(bar.value, 'g', 9)) + QLatin1Char('\n');
    return out;
}

} // namespace trilobit
