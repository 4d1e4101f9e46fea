#include "widgets/plots/histogramplot.h"

#include "widgets/plots/legendrow.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace trilobit {

namespace {
constexpr double kOutlierSigmas = 6;
constexpr double kHeadroom = 1.18; // room above the highest bin for the labels
constexpr double kClipAt = 3;      // quantized peaks beyond this many original peaks leave a linear view
const std::array<double, 5> kSigmas = {0, -1, 1, -kOutlierSigmas, kOutlierSigmas};
const std::array<const char*, 5> kSigmaLabels = {"mean", "−1σ", "+1σ", "−6σ", "+6σ"};
} // namespace

HistogramPlot::HistogramPlot(QWidget* parent) : Plot(parent) {
    setObjectName(QStringLiteral("histogramPlot"));
    setAccessibleName(tr("Histogram of the weights"));
    xAxis->setLabel(tr("weight value"));
    yAxis->setLabel(tr("share of weights per bin (%)"));
    yAxis2->setRange(0, 1);
    yAxis2->setVisible(false);

    m_original = addGraph();
    m_quantized = addGraph();
    for (QCPGraph* graph : {m_original, m_quantized}) {
        graph->setLineStyle(QCPGraph::lsStepLeft);
        graph->setAdaptiveSampling(false);
    }
    m_outlierBins = addGraph(xAxis, yAxis2);
    m_clipped = addGraph(xAxis, yAxis2);
    for (QCPGraph* graph : {m_outlierBins, m_clipped}) {
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setAdaptiveSampling(false);
        graph->removeFromLegend();
    }
    for (const char* label : kSigmaLabels) {
        m_lines.push_back(addLine(m_lines.empty() ? Qt::SolidLine : Qt::DashLine));
        m_labels.push_back(addLabel());
        m_labels.back()->setText(QString::fromUtf8(label));
        m_labels.back()->setPositionAlignment(Qt::AlignHCenter | Qt::AlignTop);
    }
    m_outlierText = addLabel();
    m_outlierText->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_outlierText->position->setCoords(0.99, 0.1);
    m_outlierText->setPositionAlignment(Qt::AlignRight | Qt::AlignTop);
    m_clippedText = addLabel();
    m_clippedText->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_clippedText->position->setCoords(0.01, 0.1);
    m_clippedText->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_clippedText->setTextAlignment(Qt::AlignLeft);

    legendAbove(*this);
    applyTheme(theme());
}

QCPItemStraightLine* HistogramPlot::addLine(Qt::PenStyle style) {
    auto* line = new QCPItemStraightLine(this);
    line->setPen(QPen(Qt::gray, 1, style));
    line->setVisible(false);
    return line;
}

QCPItemText* HistogramPlot::addLabel() {
    auto* text = new QCPItemText(this);
    text->position->setTypeX(QCPItemPosition::ptPlotCoords);
    text->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    text->setPadding(QMargins(3, 1, 3, 1));
    text->setVisible(false);
    return text;
}

void HistogramPlot::setData(const HistogramData& histogram) {
    const bool sameRange =
        !m_data.original.counts.empty() && histogram.low == m_data.low && histogram.high == m_data.high;
    m_data = histogram;
    if (!(m_data.low < m_data.high)) { // all weights the same: a bin around that value
        const double half = m_data.low != 0 ? std::abs(m_data.low) * 0.5 : 0.5;
        m_data.low -= half;
        m_data.high += half;
        for (HistogramSeries* series : {&m_data.original, m_data.quantized ? &*m_data.quantized : nullptr})
            if (series)
                series->counts.assign(1, series->total);
    }
    setEmptyText({});
    rebuild(sameRange);
}

void HistogramPlot::clear(const QString& emptyText) {
    m_data = {};
    rebuild(false);
    setEmptyText(emptyText);
}

void HistogramPlot::setLogScale(bool on) {
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

double HistogramPlot::binEdge(std::size_t bin) const {
    const auto bins = static_cast<double>(m_data.original.counts.size());
    return m_data.low + (m_data.high - m_data.low) * static_cast<double>(bin) / bins;
}

double HistogramPlot::share(const HistogramSeries& series, std::size_t bin) const {
    return series.total == 0 ? 0 : 100.0 * static_cast<double>(series.counts[bin]) / static_cast<double>(series.total);
}

void HistogramPlot::fill(QCPGraph* graph, const HistogramSeries& series) const {
    // On a logarithmic axis an empty bin lies far below every visible share, where it is cut off.
    const double nothing = m_log ? 1e-12 : 0;
    QVector<double> keys, values;
    const std::size_t bins = series.counts.size();
    keys.reserve(static_cast<qsizetype>(bins) + 2);
    values.reserve(static_cast<qsizetype>(bins) + 2);
    keys << m_data.low;
    values << nothing;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        keys << binEdge(bin);
        values << std::max(share(series, bin), nothing);
    }
    keys << m_data.high << m_data.high;
    values << values.back() << nothing;
    graph->setData(keys, values, true);
}

void HistogramPlot::rebuild(bool keepView) {
    const bool any = !m_data.original.counts.empty();
    const bool two = any && m_data.quantized && m_data.quantized->counts.size() == m_data.original.counts.size();
    m_original->data()->clear();
    m_quantized->data()->clear();
    m_clipped->data()->clear();
    m_original->setName(m_data.original.title);
    m_quantized->setVisible(two);
    legend->setVisible(any);
    if (two) {
        m_quantized->setName(m_data.quantized->title);
        m_quantized->addToLegend();
    } else {
        m_quantized->removeFromLegend();
    }
    m_clippedText->setVisible(false);
    placeMarks();
    if (!any) {
        replotSoon();
        return;
    }
    fill(m_original, m_data.original);
    if (two)
        fill(m_quantized, *m_data.quantized);

    double peakOriginal = 0, peakQuantized = 0, smallest = 100;
    for (std::size_t bin = 0; bin < m_data.original.counts.size(); ++bin) {
        peakOriginal = std::max(peakOriginal, share(m_data.original, bin));
        if (two)
            peakQuantized = std::max(peakQuantized, share(*m_data.quantized, bin));
    }
    if (m_data.original.total > 0)
        smallest = 100.0 / static_cast<double>(m_data.original.total);
    const double highest = std::max(peakOriginal, peakQuantized);
    QCPRange y(0, std::max(highest, 1e-9) * kHeadroom);
    QCPRange bounds = y;
    if (m_log) {
        y = QCPRange(smallest * 0.5, std::max(highest, smallest) * 4);
        bounds = y;
    } else if (peakOriginal > 0 && peakQuantized > kClipAt * peakOriginal) {
        // Few quantized levels take large shares each; to scale, the original would be a flat line.
        y.upper = peakOriginal * 1.6;
        for (std::size_t bin = 0; bin < m_data.quantized->counts.size(); ++bin)
            if (share(*m_data.quantized, bin) > y.upper)
                m_clipped->addData((binEdge(bin) + binEdge(bin + 1)) / 2, 0.92);
        m_clippedText->setText(
            tr("▲ peaks up to %1 %,\n    cut off here").arg(locale().toString(peakQuantized, 'g', 3)));
        m_clippedText->setVisible(true);
    }
    const double margin = (m_data.high - m_data.low) * 0.02;
    const QCPRange x(m_data.low - margin, m_data.high + margin);
    setFullView(x, y, x, bounds);
    if (!keepView) {
        xAxis->setRange(x);
        yAxis->setRange(y);
    } else if (yAxis->range().upper > bounds.upper || yAxis->range().upper < y.upper) {
        yAxis->setRange(y);
    }
    setAccessibleDescription(tr("From %1 to %2, mean %3, standard deviation %4, outliers beyond six deviations: %5")
                                 .arg(m_data.low)
                                 .arg(m_data.high)
                                 .arg(m_data.mean)
                                 .arg(m_data.std)
                                 .arg(m_data.outliers));
    replotSoon();
}

void HistogramPlot::placeMarks() {
    const bool any = !m_data.original.counts.empty() && m_data.std > 0;
    m_outlierBins->data()->clear();
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const double value = m_data.mean + kSigmas[i] * m_data.std;
        const bool shown = any && value >= m_data.low && value <= m_data.high;
        m_lines[i]->setVisible(shown);
        // In a range of a dozen deviations and more the labels of ±1 would lie on the one of the mean.
        const bool crowded = i > 0 && i < 3 && (m_data.high - m_data.low) > 25 * m_data.std;
        m_labels[i]->setVisible(shown && !crowded);
        m_lines[i]->point1->setCoords(value, 0.1);
        m_lines[i]->point2->setCoords(value, 1);
        m_labels[i]->position->setCoords(value, 0.005);
    }
    m_outlierText->setVisible(any);
    if (!any)
        return;
    const double below = m_data.mean - kOutlierSigmas * m_data.std, above = m_data.mean + kOutlierSigmas * m_data.std;
    for (std::size_t bin = 0; bin < m_data.original.counts.size(); ++bin)
        if (m_data.original.counts[bin] > 0 && (binEdge(bin + 1) <= below || binEdge(bin) >= above))
            m_outlierBins->addData((binEdge(bin) + binEdge(bin + 1)) / 2, 0.015);
    m_outlierText->setText(m_data.outliers == 0
                               ? tr("no outliers beyond ±6σ")
                               : tr("▼ %1 outliers beyond ±6σ").arg(locale().toString(qulonglong{m_data.outliers})));
}

void HistogramPlot::applyTheme(const ThemeColors& theme) {
    Plot::applyTheme(theme);
    QColor under = theme.original;
    under.setAlphaF(theme.dark ? 0.45F : 0.35F);
    m_original->setPen(QPen(theme.original, 1));
    m_original->setBrush(under);
    QColor hatch = theme.quantized;
    hatch.setAlphaF(0.55F);
    m_quantized->setPen(QPen(theme.quantized, 1.8));
    m_quantized->setBrush(QBrush(hatch, Qt::BDiagPattern));
    m_outlierBins->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssTriangleInverted, theme.bad, theme.bad, 7));
    m_clipped->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssTriangle, theme.quantized, theme.quantized, 8));
    QColor behind = theme.base;
    behind.setAlphaF(0.8F);
    QFont small = font();
    if (small.pointSizeF() > 0)
        small.setPointSizeF(small.pointSizeF() * 0.9);
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        m_lines[i]->setPen(QPen(i > 2 ? theme.bad : theme.muted, 1, i == 0 ? Qt::SolidLine : Qt::DashLine));
        m_labels[i]->setColor(i > 2 ? theme.bad : theme.muted);
    }
    for (QCPItemText* text : m_labels) {
        text->setFont(small);
        text->setBrush(behind);
    }
    for (QCPItemText* text : {m_outlierText, m_clippedText}) {
        text->setFont(small);
        text->setBrush(behind);
    }
    m_outlierText->setColor(theme.bad);
    m_clippedText->setColor(theme.quantized);
}

QString HistogramPlot::valueText(double x, double) const {
    const std::size_t bins = m_data.original.counts.size();
    if (bins == 0 || x < m_data.low || x > m_data.high)
        return {};
    const double width = (m_data.high - m_data.low) / static_cast<double>(bins);
    const auto bin = std::min(static_cast<std::size_t>((x - m_data.low) / width), bins - 1);
    const auto line = [this, bin](const HistogramSeries& series) {
        return tr("%1: %2 weights (%3 %)")
            .arg(series.title.toHtmlEscaped(), locale().toString(qulonglong{series.counts[bin]}),
                 locale().toString(share(series, bin), 'g', 3));
    };
    QString text = tr("<b>%1 to %2</b>").arg(binEdge(bin), 0, 'g', 5).arg(binEdge(bin + 1), 0, 'g', 5);
    text += QStringLiteral("<br>") + line(m_data.original);
    if (m_quantized->visible())
        text += QStringLiteral("<br>") + line(*m_data.quantized);
    if (m_data.std > 0)
        text += QStringLiteral("<br>")
                + tr("%1 standard deviations from the mean").arg((x - m_data.mean) / m_data.std, 0, 'f', 1);
    return text;
}

QString HistogramPlot::csv() const {
    const bool two = m_quantized->visible();
    QString out = two ? QStringLiteral("bin_low,bin_high,original_count,quantized_count\n")
                      : QStringLiteral("bin_low,bin_high,original_count\n");
    for (std::size_t bin = 0; bin < m_data.original.counts.size(); ++bin) {
        out += QString::number(binEdge(bin), 'g', 9) + QLatin1Char(',') + QString::number(binEdge(bin + 1), 'g', 9)
               + QLatin1Char(',') + QString::number(m_data.original.counts[bin]);
        if (two)
            out += QLatin1Char(',') + QString::number(m_data.quantized->counts[bin]);
        out += QLatin1Char('\n');
    }
    return out;
}

} // namespace trilobit
