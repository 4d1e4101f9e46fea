// SqnrDelegate: signal to quantization noise as a bar from 0 to 50 dB with the number beside it.
#pragma once

#include <QStyledItemDelegate>

namespace trilobit {

class SqnrDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace trilobit
