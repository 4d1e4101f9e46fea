#include "widgets/delegates/sqnrdelegate.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"
#include "widgets/models/tensortreemodel.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {
constexpr double kFullDb = 50;
constexpr int kBarHeight = 6, kMargin = 5;
} // namespace

void SqnrDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem style = option;
    initStyleOption(&style, index);
    style.text.clear();
    const QWidget* widget = option.widget;
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &style, painter, widget);
    const QVariant value = index.data(TensorTreeModel::SqnrRole);
    if (!value.isValid())
        return;
    const double decibel = value.toDouble();
    const ThemeColors colors = themeColors(option.palette);
    const QString text = std::isinf(decibel) ? decibelText(decibel) : QString::number(decibel, 'f', 1);
    const int textWidth = option.fontMetrics.horizontalAdvance(QStringLiteral("exact "));
    const QRect area = option.rect.adjusted(kMargin, 0, -kMargin, 0);
    const QRect track(area.left(), area.center().y() - kBarHeight / 2, std::max(0, area.width() - textWidth - kMargin),
                      kBarHeight);
    const double share = std::clamp(std::isinf(decibel) ? 1.0 : decibel / kFullDb, 0.0, 1.0);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colors.grid);
    painter->drawRoundedRect(track, 3, 3);
    painter->setBrush(sqnrColor(decibel, colors));
    painter->drawRoundedRect(QRectF(track.left(), track.top(), track.width() * share, track.height()), 3, 3);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->setPen(selected ? colors.onSelection : colors.text);
    painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, text);
    painter->restore();
}

QSize SqnrDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setWidth(90);
    return size;
}

} // namespace trilobit
