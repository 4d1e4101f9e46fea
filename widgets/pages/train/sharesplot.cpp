#include "widgets/pages/train/sharesplot.h"

#include "widgets/plots/legendrow.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

constexpr double kBarWidth = 0.86;

/// "blk.3.ffn_up.weight" -> "3"
QString blockOf(const QString& tensor) { return tensor.section(QLatin1Char('.'), 1, 1); }

} // namespace

SharesPlot::SharesPlot(QWidget* parent) : Plot(parent), m_ticker(new QCPAxisTickerText) {
    setObjectName(QStringLiteral("sharesPlot"));
    setAccessibleName(tr("Shares of −1, 0 and +1 per matrix"));
    setExportName(QStringLiteral("shares"));
    m_minus = new QCPBars(xAxis, yAxis);
    m_zero = new QCPBars(xAxis, yAxis);
    m_plus = new QCPBars(xAxis, yAxis);
    m_minus->setName(tr("−1"));
    m_zero->setName(tr("0"));
    m_plus->setName(tr("+1"));
    m_zero->moveAbove(m_minus);
    m_plus->moveAbove(m_zero);
    for (QCPBars* bars : {m_minus, m_zero, m_plus}) {
        bars->setWidth(kBarWidth);
        bars->setAntialiased(false);
        bars->setAntialiasedFill(false);
    }
    xAxis->setTicker(m_ticker);
    xAxis->setLabel(tr("block (bars: q, k, v, o, gate, up, down)"));
    yAxis->setLabel(tr("share of weights (%)"));
    connect(xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] { placeTicks(); });
    legendAbove(*this);
    applyTheme(theme());
}

void SharesPlot::setShares(const std::vector<ShareBar>& shares) {
    const bool keepView = shares.size() == m_shares.size() && !shares.empty();
    m_shares = shares;
    m_keys.clear();
    m_blocks.clear();
    setEmptyText({});
    xAxis->grid()->setVisible(false);
    for (QCPBars* bars : {m_minus, m_zero, m_plus})
        bars->data()->clear();
    double key = 0, first = 0;
    for (std::size_t i = 0; i < m_shares.size(); ++i) {
        const ShareBar& bar = m_shares[i];
        if (i > 0 && blockOf(bar.tensor) != blockOf(m_shares[i - 1].tensor)) {
            m_blocks.emplace_back((first + key - 1) / 2, blockOf(m_shares[i - 1].tensor));
            first = key += 1;
        }
        m_keys.push_back(key);
        m_minus->addData(key, 100 * bar.minus);
        m_zero->addData(key, 100 * bar.zero);
        m_plus->addData(key, 100 * bar.plus);
        key += 1;
    }
    if (!m_shares.empty())
        m_blocks.emplace_back((first + key - 1) / 2, blockOf(m_shares.back().tensor));
    const QCPRange x(-1, std::max(key, 1.0)), y(0, 100);
    setFullView(x, y, x, y);
    if (!keepView) {
        xAxis->setRange(x);
        yAxis->setRange(y);
    }
    placeTicks();
    if (!m_shares.empty()) {
        double minus = 0, zero = 0, plus = 0;
        for (const ShareBar& bar : m_shares)
            minus += bar.minus, zero += bar.zero, plus += bar.plus;
        const double n = static_cast<double>(m_shares.size()) / 100;
        setAccessibleDescription(tr("On average %1 % are −1, %2 % are 0, %3 % are +1")
                                     .arg(minus / n, 0, 'f', 1).arg(zero / n, 0, 'f', 1).arg(plus / n, 0, 'f', 1));
    }
    replotSoon();
}

void SharesPlot::clear(const QString& emptyText) {
    m_shares.clear();
    m_keys.clear();
    m_blocks.clear();
    for (QCPBars* bars : {m_minus, m_zero, m_plus})
        bars->data()->clear();
    setEmptyText(emptyText);
}

void SharesPlot::placeTicks() {
    m_ticker->clear();
    const double pixelsPerKey = axisRect()->width() / std::max(xAxis->range().size(), 1e-9);
    const QFontMetrics metrics(xAxis->tickLabelFont());
    double freeFrom = -1e300; // labels that would run into the one before are left out
    for (const auto& [centre, name] : m_blocks) {
        const double half = (metrics.horizontalAdvance(name) + 8) / 2.0 / std::max(pixelsPerKey, 1e-9);
        if (centre - half < freeFrom)
            continue;
        m_ticker->addTick(centre, name);
        freeFrom = centre + half;
    }
}

void SharesPlot::resizeEvent(QResizeEvent* event) {
    Plot::resizeEvent(event);
    placeTicks();
}

void SharesPlot::applyTheme(const ThemeColors& theme) {
    Plot::applyTheme(theme);
    m_minus->setBrush(theme.series[0]);
    m_zero->setBrush(theme.border);
    m_plus->setBrush(theme.series[1]);
    for (QCPBars* bars : {m_minus, m_zero, m_plus})
        bars->setPen(Qt::NoPen);
}

QString SharesPlot::valueText(double x, double) const {
    for (std::size_t i = 0; i < m_keys.size(); ++i)
        if (std::abs(m_keys[i] - x) <= 0.5) {
            const ShareBar& bar = m_shares[i];
            return tr("<b>%1</b><br>−1: %2 %<br>0: %3 %<br>+1: %4 %")
                .arg(bar.tensor.toHtmlEscaped())
                .arg(100 * bar.minus, 0, 'f', 1).arg(100 * bar.zero, 0, 'f', 1).arg(100 * bar.plus, 0, 'f', 1);
        }
    return {};
}

QString SharesPlot::csv() const {
    QString out = QStringLiteral("tensor,minus,zero,plus\n");
    for (const ShareBar& bar : m_shares)
        out += QStringLiteral("%1,%2,%3,%4\n").arg(bar.tensor).arg(bar.minus, 0, 'g', 9).arg(bar.zero, 0, 'g', 9).arg(bar.plus, 0, 'g', 9);
    return out;
}

} // namespace trilobit
