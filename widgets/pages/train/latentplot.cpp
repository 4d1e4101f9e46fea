#include "widgets/pages/train/latentplot.h"

#include "widgets/plots/legendrow.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {
constexpr double kHeadroom = 1.1;
}

LatentPlot::LatentPlot(QWidget* parent) : Plot(parent) {
    setObjectName(QStringLiteral("latentPlot"));
    setAccessibleName(tr("Histogram of the trained weights"));
    setExportName(QStringLiteral("latent-weights"));
    xAxis->setLabel(tr("weight ÷ mean magnitude of the matrix"));
    yAxis->setLabel(tr("share of weights per bin (%)"));
    m_minus = addGraph();
    m_zero = addGraph();
    m_plus = addGraph();
    m_all = addGraph();
    m_start = addGraph();
    for (QCPGraph* graph : {m_minus, m_zero, m_plus, m_all, m_start}) {
        graph->setLineStyle(QCPGraph::lsStepLeft);
        graph->setAdaptiveSampling(false);
    }
    m_all->removeFromLegend();
    legendAbove(*this);
    applyTheme(theme());
}

double LatentPlot::edge(std::size_t bin) const {
    return m_latest.low + (m_latest.high - m_latest.low) * static_cast<double>(bin) / static_cast<double>(m_latest.zero.size());
}

void LatentPlot::fill(QCPGraph* graph, const std::vector<double>& shares) const {
    QVector<QCPGraphData> points;
    for (std::size_t bin = 0; bin < shares.size(); ++bin)
        points.append({edge(bin), 100 * shares[bin]});
    if (!points.isEmpty())
        points.append({m_latest.high, 100 * shares.back()});
    graph->data()->set(points, true);
}

void LatentPlot::setLooks(const LatentLook& first, const LatentLook& latest) {
    m_first = first;
    m_latest = latest;
    setEmptyText({});
    legend->setVisible(true);
    // One above the other, so that the top is the whole distribution.
    std::vector<double> sum(latest.zero.size());
    const auto add = [&sum](const std::vector<double>& shares) {
        for (std::size_t bin = 0; bin < sum.size() && bin < shares.size(); ++bin)
            sum[bin] += shares[bin];
    };
    for (const auto& [graph, shares] : {std::pair(m_minus, &latest.minus), {m_zero, &latest.zero}, {m_plus, &latest.plus}}) {
        add(*shares);
        fill(graph, sum);
    }
    fill(m_all, sum);
    double highest = sum.empty() ? 0 : 100 * *std::max_element(sum.begin(), sum.end());
    const bool moved = first.step != latest.step && first.zero.size() == latest.zero.size();
    std::fill(sum.begin(), sum.end(), 0.0);
    if (moved) {
        add(first.minus), add(first.zero), add(first.plus);
        if (!sum.empty())
            highest = std::max(highest, 100 * *std::max_element(sum.begin(), sum.end()));
        fill(m_start, sum);
    }
    m_start->setVisible(moved);
    m_minus->setName(tr("−1"));
    m_zero->setName(latest.ternary ? tr("0") : tr("at step %1").arg(latest.step));
    m_plus->setName(tr("+1"));
    m_start->setName(first.step == 0 ? tr("at the start") : tr("at step %1").arg(first.step));
    for (QCPGraph* graph : {m_minus, m_zero, m_plus, m_start}) // in this order in the legend
        graph->removeFromLegend();
    for (QCPGraph* graph : {m_minus, m_zero, m_plus})
        if (latest.ternary || graph == m_zero)
            graph->addToLegend();
    if (moved)
        m_start->addToLegend();
    const QCPRange x(latest.low, latest.high), y(0, std::max(highest, 1e-6) * kHeadroom);
    const auto same = [](const QCPRange& a, const QCPRange& b) {
        return std::abs(a.lower - b.lower) + std::abs(a.upper - b.upper) <= 1e-9 * std::max(a.size(), b.size());
    };
    const bool followsX = m_shown.size() <= 0 || same(xAxis->range(), m_shown);
    const bool followsY = m_shownY.size() <= 0 || same(yAxis->range(), m_shownY);
    setFullView(x, y, x, y);
    m_shown = x;
    m_shownY = y;
    if (followsX)
        xAxis->setRange(x);
    if (followsY)
        yAxis->setRange(y);
    setAccessibleDescription(tr("Step %1, mean magnitude %2").arg(latest.step).arg(latest.unit, 0, 'g', 4));
    replotSoon();
}

void LatentPlot::clear(const QString& emptyText) {
    m_first = m_latest = {};
    m_shown = m_shownY = QCPRange(0, 0);
    for (QCPGraph* graph : {m_minus, m_zero, m_plus, m_all, m_start})
        graph->data()->clear();
    legend->setVisible(false);
    setEmptyText(emptyText);
}

void LatentPlot::applyTheme(const ThemeColors& theme) {
    Plot::applyTheme(theme);
    const auto style = [](QCPGraph* graph, QColor color) {
        graph->setPen(Qt::NoPen);
        color.setAlphaF(0.6F);
        graph->setBrush(color);
    };
    style(m_minus, theme.series[0]);
    style(m_zero, theme.muted);
    style(m_plus, theme.series[1]);
    m_zero->setChannelFillGraph(m_minus);
    m_plus->setChannelFillGraph(m_zero);
    m_all->setPen(QPen(theme.muted, 1));
    m_all->setBrush(Qt::NoBrush);
    m_start->setPen(QPen(theme.text, 1.2, Qt::DashLine));
    m_start->setBrush(Qt::NoBrush);
}

QString LatentPlot::valueText(double x, double) const {
    const std::size_t bins = m_latest.zero.size();
    if (bins == 0 || x < m_latest.low || x > m_latest.high)
        return {};
    const auto bin = std::min(static_cast<std::size_t>((x - m_latest.low) / (m_latest.high - m_latest.low) * static_cast<double>(bins)), bins - 1);
    QString text = tr("<b>%1 to %2</b> mean magnitudes").arg(edge(bin), 0, 'g', 4).arg(edge(bin + 1), 0, 'g', 4);
    const double all = m_latest.minus[bin] + m_latest.zero[bin] + m_latest.plus[bin];
    text += tr("<br>%1 % of the weights").arg(100 * all, 0, 'g', 3);
    if (m_latest.ternary && all > 0)
        text += tr(", of them −1: %1 %, 0: %2 %, +1: %3 %")
                    .arg(100 * m_latest.minus[bin] / all, 0, 'f', 0).arg(100 * m_latest.zero[bin] / all, 0, 'f', 0)
                    .arg(100 * m_latest.plus[bin] / all, 0, 'f', 0);
    return text;
}

QString LatentPlot::csv() const {
    QString out = QStringLiteral("bin_low,bin_high,minus,zero,plus,first_look\n");
    const bool two = m_first.zero.size() == m_latest.zero.size();
    for (std::size_t bin = 0; bin < m_latest.zero.size(); ++bin) {
        out += QString::number(edge(bin), 'g', 9) + QLatin1Char(',') + QString::number(edge(bin + 1), 'g', 9);
        for (const auto* shares : {&m_latest.minus, &m_latest.zero, &m_latest.plus})
            out += QLatin1Char(',') + QString::number((*shares)[bin], 'g', 9);
        out += QLatin1Char(',') + (two ? QString::number(m_first.minus[bin] + m_first.zero[bin] + m_first.plus[bin], 'g', 9) : QString())
               + QLatin1Char('\n');
    }
    return out;
}

} // namespace trilobit
