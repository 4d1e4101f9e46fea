#include "widgets/common/kllegend.h"

#include "widgets/common/tokentext.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace trilobit {

namespace {
constexpr int kSteps = 24, kGap = 6, kMinBar = 150;
constexpr std::array kMarks = {0.0, 0.1, 0.5, 1.0, kKlStrong};
QString markText(double kl) { return QString::number(kl) + (kl >= kKlStrong ? QStringLiteral("+") : QString()); }
} // namespace

KlLegend::KlLegend(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("klLegend"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("Scale of the colours: KL from 0 to 2 nats and more"));
    setToolTip(tr("How far apart what the two models expect is at a token (KL divergence, in nats).\n"
                  "0: the same. 0.01: hardly to be noticed. Above 0.5: another text. 2 and more: the full colour.\n"
                  "Underlined: the second model would have said something else."));
}

int KlLegend::barWidth() const { return std::max(kMinBar, 26 * fontMetrics().horizontalAdvance(QLatin1Char('0'))); }

QSize KlLegend::sizeHint() const {
    return {fontMetrics().horizontalAdvance(tr("KL, nats")) + kGap + barWidth(), fontMetrics().height() + 4};
}

void KlLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ThemeColors theme = themeColors(palette());
    painter.setPen(theme.muted);
    const int left = fontMetrics().horizontalAdvance(tr("KL, nats")) + kGap;
    painter.drawText(QRect(0, 0, left, height()), Qt::AlignLeft | Qt::AlignVCenter, tr("KL, nats"));
    const QRect bar(left, 1, width() - left - 1, height() - 2);
    for (int i = 0; i < kSteps; ++i) { // even steps of the colour; its share is the root of the divergence's
        const double share = static_cast<double>(i) / (kSteps - 1);
        const int from = bar.left() + bar.width() * i / kSteps, to = bar.left() + bar.width() * (i + 1) / kSteps;
        painter.fillRect(QRect(from, bar.top(), to - from, bar.height()), klColor(share * share * kKlStrong, theme));
    }
    painter.setPen(theme.border);
    painter.drawRect(bar);
    painter.setPen(theme.text);
    for (const double kl : kMarks) {
        const QString text = markText(kl);
        const int wide = fontMetrics().horizontalAdvance(text);
        const int at = bar.left() + static_cast<int>(std::lround(std::sqrt(kl / kKlStrong) * bar.width()));
        const int x = std::clamp(at - wide / 2, bar.left() + 3, bar.right() - wide - 2);
        painter.drawText(QRect(x, 0, wide + 1, height()), Qt::AlignCenter, text);
    }
}

} // namespace trilobit
