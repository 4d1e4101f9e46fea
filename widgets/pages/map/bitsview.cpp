#include "widgets/pages/map/bitsview.h"

#include "widgets/common/format.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <map>

namespace trilobit {

namespace {
constexpr int kMargin = 8, kGap = 10;

QFont fixedFont(const QFont& like) {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (like.pointSizeF() > 0)
        font.setPointSizeF(like.pointSizeF());
    return font;
}

QString hexText(std::uint64_t value, int width) {
    return QString::number(value, 16).rightJustified(width, QLatin1Char('0')).toUpper();
}
} // namespace

QColor fieldColor(int index, const ThemeColors& theme) {
    return theme.series[static_cast<std::size_t>(index) % theme.series.size()];
}

BitsView::BitsView(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("microscopeBits"));
    setAccessibleName(tr("Bytes of the block"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void BitsView::setLook(const std::optional<WeightLook>& look, const QString& emptyText) {
    m_look = look;
    m_empty = emptyText;
    std::map<std::uint64_t, MarkedByte> found;
    QStringList spoken;
    if (look)
        for (std::size_t f = 0; f < look->weight.fields.size(); ++f) {
            const StoredField& field = look->weight.fields[f];
            spoken << tr("%1: %2").arg(qtext(field.name)).arg(field.value);
            int at = 0;
            for (const StoredBits& part : field.bits)
                for (int bit = 0; bit < part.count; ++bit, ++at) {
                    MarkedByte& byte = found[part.byte];
                    byte.byte = part.byte;
                    byte.field[part.low + bit] = static_cast<int>(f);
                    if (part.byte >= look->shownFrom && part.byte - look->shownFrom < look->bytes.size())
                        byte.value = std::to_integer<std::uint8_t>(look->bytes[part.byte - look->shownFrom]);
                    else if (((field.raw >> at) & 1u) != 0)
                        byte.value = static_cast<std::uint8_t>(byte.value | (1 << (part.low + bit)));
                }
        }
    m_marked.clear();
    for (const auto& [at, byte] : found)
        m_marked.push_back(byte);
    setAccessibleDescription(spoken.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

const BitsView::MarkedByte* BitsView::marked(std::uint64_t byte) const {
    const auto it = std::lower_bound(m_marked.begin(), m_marked.end(), byte,
                                     [](const MarkedByte& a, std::uint64_t at) { return a.byte < at; });
    return it != m_marked.end() && it->byte == byte ? &*it : nullptr;
}

BitsView::Metrics BitsView::metrics(int width) const {
    Metrics m;
    const QFontMetrics font(fixedFont(this->font()));
    m.cellWidth = font.horizontalAdvance(QStringLiteral("00")) + 8;
    m.cellHeight = font.height() + 6;
    m.offsetWidth = font.horizontalAdvance(QStringLiteral("0000")) + kGap;
    const int room = std::max(0, width - 2 * kMargin - m.offsetWidth);
    m.perRow = 4;
    while (m.perRow < 16 && 2 * m.perRow * m.cellWidth <= room)
        m.perRow *= 2;
    m.rows = m_look ? static_cast<int>((m_look->bytes.size() + static_cast<std::size_t>(m.perRow) - 1)
                                       / static_cast<std::size_t>(m.perRow))
                    : 0;
    m.bitWidth = font.horizontalAdvance(QLatin1Char('0')) + 5;
    m.bitHeight = font.height() + 2;
    m.markedWidth = 8 * m.bitWidth + 2 * kGap;
    m.markedHeight = 2 * font.height() + m.bitHeight + kGap;
    m.markedPerRow = std::max(1, (width - 2 * kMargin) / m.markedWidth);
    return m;
}

int BitsView::markedRows(const Metrics& m) const {
    return (static_cast<int>(m_marked.size()) + m.markedPerRow - 1) / m.markedPerRow;
}

QSize BitsView::minimumSizeHint() const {
    const Metrics m = metrics(1);
    const int width = m.offsetWidth + 8 * m.cellWidth + 2 * kMargin;
    return {width, heightForWidth(std::max(width, this->width()))};
}

int BitsView::heightForWidth(int width) const {
    if (!m_look)
        return fontMetrics().height() * 3;
    const Metrics m = metrics(width);
    return 2 * kMargin + m.rows * m.cellHeight + markedRows(m) * m.markedHeight;
}

void BitsView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ThemeColors theme = themeColors(palette());
    painter.fillRect(rect(), theme.base);
    if (!m_look) {
        painter.setPen(theme.muted);
        painter.drawText(rect().adjusted(kMargin, 0, -kMargin, 0), Qt::AlignCenter | Qt::TextWordWrap, m_empty);
        return;
    }
    const Metrics m = metrics(width());
    painter.setFont(fixedFont(font()));
    const QFontMetrics metricsOf(painter.font());
    const int hexTop = kMargin + markedRows(m) * m.markedHeight;
    for (std::size_t i = 0; i < m_look->bytes.size(); ++i) {
        const int row = static_cast<int>(i) / m.perRow, column = static_cast<int>(i) % m.perRow;
        const int y = hexTop + row * m.cellHeight;
        if (column == 0) {
            painter.setPen(theme.muted);
            painter.drawText(QRect(kMargin, y, m.offsetWidth - kGap, m.cellHeight), Qt::AlignVCenter | Qt::AlignLeft,
                             hexText(m_look->shownFrom - m_look->weight.blockByte + i, 4));
        }
        const QRect cell(kMargin + m.offsetWidth + column * m.cellWidth, y, m.cellWidth - 2, m.cellHeight - 2);
        const MarkedByte* byte = marked(m_look->shownFrom + i);
        if (byte) {
            // A stripe per bit, highest left; the whole cell is framed so that it also shows without colour.
            painter.fillRect(cell, theme.raised);
            for (int bit = 0; bit < 8; ++bit)
                if (byte->field[bit] >= 0) {
                    const double step = cell.width() / 8.0;
                    painter.fillRect(QRectF(cell.left() + (7 - bit) * step, cell.bottom() - 3, step, 4),
                                     fieldColor(byte->field[bit], theme));
                }
            painter.setPen(QPen(theme.text, 1));
            painter.drawRect(cell);
        }
        painter.setPen(byte ? theme.text : theme.muted);
        painter.drawText(cell.adjusted(0, 0, 0, -2), Qt::AlignCenter,
                         hexText(std::to_integer<unsigned>(m_look->bytes[i]), 2));
    }
    for (std::size_t i = 0; i < m_marked.size(); ++i) {
        const MarkedByte& byte = m_marked[i];
        const int x = kMargin + static_cast<int>(i) % m.markedPerRow * m.markedWidth,
                  y = kMargin + static_cast<int>(i) / m.markedPerRow * m.markedHeight;
        painter.setPen(theme.muted);
        const bool inside =
            byte.byte >= m_look->weight.blockByte && byte.byte < m_look->weight.blockByte + m_look->weight.blockBytes;
        painter.drawText(QRect(x, y, m.markedWidth, metricsOf.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         inside ? hexText(byte.byte - m_look->weight.blockByte, 4) + QStringLiteral(": ")
                                      + hexText(byte.value, 2)
                                : tr("tensor %1: %2").arg(hexText(byte.byte, 4), hexText(byte.value, 2)));
        int from = 7;
        for (int bit = 7; bit >= 0; --bit) {
            const QRect cell(x + (7 - bit) * m.bitWidth, y + metricsOf.height(), m.bitWidth, m.bitHeight);
            const int field = byte.field[bit];
            if (field >= 0) {
                QColor tint = fieldColor(field, theme);
                tint.setAlphaF(0.22F);
                painter.fillRect(cell, tint);
                painter.fillRect(QRect(cell.left(), cell.bottom() - 1, cell.width(), 2), fieldColor(field, theme));
            }
            painter.setPen(field >= 0 ? theme.text : theme.muted);
            painter.drawText(cell, Qt::AlignCenter,
                             ((byte.value >> bit) & 1) != 0 ? QStringLiteral("1") : QStringLiteral("0"));
            if (bit == 0 || byte.field[bit - 1] != field) { // the end of a run: its name below it
                if (field >= 0) {
                    const QRect run(x + (7 - from) * m.bitWidth, cell.bottom() + 1, (from - bit + 1) * m.bitWidth,
                                    metricsOf.height());
                    painter.setPen(fieldColor(field, theme));
                    painter.drawText(
                        run.adjusted(-6, 0, 6, 0), Qt::AlignHCenter | Qt::AlignTop,
                        metricsOf.elidedText(qtext(m_look->weight.fields[static_cast<std::size_t>(field)].name),
                                             Qt::ElideRight, run.width() + 12));
                }
                from = bit - 1;
            }
        }
    }
}

QString BitsView::byteTip(std::uint64_t at) const {
    const MarkedByte* byte = marked(at);
    const auto value = std::to_integer<unsigned>(m_look->bytes[at - m_look->shownFrom]);
    QString text = tr("byte %1 of the block: %2 = %3")
                       .arg(at - m_look->weight.blockByte)
                       .arg(QStringLiteral("0x") + hexText(value, 2),
                            QString::number(value, 2).rightJustified(8, QLatin1Char('0')));
    if (m_look->fileOffset > 0)
        text += QLatin1Char('\n') + tr("byte %1 of the file").arg(m_look->fileOffset + at);
    QStringList names;
    for (int bit = 7; byte && bit >= 0; --bit)
        if (byte->field[bit] >= 0)
            names << qtext(m_look->weight.fields[static_cast<std::size_t>(byte->field[bit])].name);
    names.removeDuplicates();
    return names.isEmpty() ? text + QLatin1Char('\n') + tr("belongs to other weights of the block")
                           : text + QLatin1Char('\n') + names.join(QStringLiteral(", "));
}

bool BitsView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || !m_look)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Metrics m = metrics(width());
    const int column = (help->pos().x() - kMargin - m.offsetWidth) / m.cellWidth,
              row = (help->pos().y() - kMargin - markedRows(m) * m.markedHeight) / m.cellHeight;
    const auto i = static_cast<std::size_t>(row * m.perRow + column);
    if (help->pos().y() >= kMargin + markedRows(m) * m.markedHeight && help->pos().x() >= kMargin + m.offsetWidth && column < m.perRow && row >= 0 && row < m.rows
        && i < m_look->bytes.size())
        QToolTip::showText(help->globalPos(), byteTip(m_look->shownFrom + i), this);
    else
        QToolTip::hideText();
    return true;
}

} // namespace trilobit
