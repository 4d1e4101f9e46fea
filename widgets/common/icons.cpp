#include "widgets/common/icons.h"

#include "widgets/common/theme.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace trilobit {

namespace {

/// Paths on a 16 x 16 grid.
QPainterPath arrow(QPointF from, QPointF to, double head) {
    QPainterPath path(from);
    path.lineTo(to);
    const QPointF along = (to - from) / std::hypot(to.x() - from.x(), to.y() - from.y());
    const QPointF across(-along.y(), along.x());
    path.moveTo(to - along * head + across * head);
    path.lineTo(to);
    path.lineTo(to - along * head - across * head);
    return path;
}

QPainterPath polyline(std::initializer_list<QPointF> points, bool closed = false) {
    QPainterPath path;
    bool first = true;
    for (const QPointF& point : points) {
        first ? path.moveTo(point) : path.lineTo(point);
        first = false;
    }
    if (closed)
        path.closeSubpath();
    return path;
}

QPainterPath folder() {
    return polyline({{1.5, 13}, {1.5, 3.5}, {6, 3.5}, {7.5, 5.5}, {14.5, 5.5}, {14.5, 13}}, true);
}

QPainterPath tray() { return polyline({{2, 10}, {2, 14}, {14, 14}, {14, 10}}); }

QPainterPath turn(bool mirrored) {
    QPainterPath path(QPointF(3, 6));
    path.lineTo(9.5, 6);
    path.arcTo(QRectF(5.5, 6, 8, 7.5), 90, -180);
    path.lineTo(6, 13.5);
    path.addPath(polyline({{6, 3}, {3, 6}, {6, 9}}));
    return mirrored ? QTransform(-1, 0, 0, 1, 16, 0).map(path) : path;
}

/// Three rows of steps: fine values above, three levels below.
QPainterPath levels() {
    QPainterPath path(QPointF(1.5, 13.5));
    path.lineTo(5, 13.5);
    path.lineTo(5, 8);
    path.lineTo(10.5, 8);
    path.lineTo(10.5, 2.5);
    path.lineTo(14.5, 2.5);
    return path;
}

QPainterPath pathOf(Icon which) {
    QPainterPath path;
    switch (which) {
    case Icon::Open: return folder();
    case Icon::Save:
        path = arrow({8, 2}, {8, 10}, 3);
        path.addPath(tray());
        return path;
    case Icon::Load:
        path = polyline({{3, 1.5}, {10, 1.5}, {13, 4.5}, {13, 14.5}, {3, 14.5}}, true);
        path.addPath(polyline({{5.5, 7.5}, {10.5, 7.5}}));
        path.addPath(polyline({{5.5, 10.5}, {10.5, 10.5}}));
        return path;
    case Icon::Quantize: return levels();
    case Icon::Export:
        path = arrow({8, 10}, {8, 2}, 3);
        path.addPath(tray());
        return path;
    case Icon::Undo: return turn(false);
    case Icon::Redo: return turn(true);
    case Icon::Theme:
        path.addEllipse(QPointF(8, 8), 6, 6);
        path.moveTo(8, 2);
        path.lineTo(8, 14);
        for (const double y : {4.5, 7.0, 9.5, 12.0})
            path.addPath(polyline({{8, y}, {12.5, y}}));
        return path;
    case Icon::Refused:
        path.addEllipse(QPointF(8, 8), 6, 6);
        path.addPath(polyline({{3.8, 3.8}, {12.2, 12.2}}));
        return path;
    case Icon::Warning:
        path = polyline({{8, 1.8}, {15, 14}, {1, 14}}, true);
        path.addPath(polyline({{8, 6}, {8, 10}}));
        path.addPath(polyline({{8, 11.8}, {8, 12}}));
        return path;
    case Icon::Info:
        path.addEllipse(QPointF(8, 8), 6, 6);
        path.addPath(polyline({{8, 7.2}, {8, 11.4}}));
        path.addPath(polyline({{8, 4.6}, {8, 4.8}}));
        return path;
    case Icon::Close:
        path = polyline({{4, 4}, {12, 12}});
        path.addPath(polyline({{12, 4}, {4, 12}}));
        return path;
    case Icon::Search:
        path.addEllipse(QPointF(7, 7), 4.5, 4.5);
        path.addPath(polyline({{10.3, 10.3}, {14, 14}}));
        return path;
    case Icon::Refresh:
        path.arcMoveTo(QRectF(2.5, 2.5, 11, 11), 60);
        path.arcTo(QRectF(2.5, 2.5, 11, 11), 60, 290);
        path.addPath(polyline({{10.2, 0.8}, {10.8, 3.4}, {8.2, 4.4}}));
        return path;
    case Icon::Copy:
        path.addRect(QRectF(2, 2, 8.5, 8.5));
        path.addPath(polyline({{13.5, 5.5}, {13.5, 14}, {5.5, 14}}));
        return path;
    case Icon::Delete:
        path = polyline({{2.5, 4}, {13.5, 4}});
        path.addPath(polyline({{6, 4}, {6, 2}, {10, 2}, {10, 4}}));
        path.addPath(polyline({{4, 4}, {4.8, 14}, {11.2, 14}, {12, 4}}));
        return path;
    case Icon::Logo: return {};
    }
    return path;
}

/// Three lobes, the body of the animal and the three values of a trit.
void paintLogo(QPainter& painter, const ThemeColors& colors) {
    painter.setPen(Qt::NoPen);
    const std::array<QColor, 3> lobes = {colors.original, colors.accent, colors.quantized};
    for (int i = 0; i < 3; ++i) {
        painter.setBrush(lobes[static_cast<std::size_t>(i)]);
        painter.drawRoundedRect(QRectF(1.5 + 4.6 * i, 2.0 + (i == 1 ? -1 : 0.5), 3.8, i == 1 ? 14 : 11), 1.9, 1.9);
    }
}

class LineIconEngine : public QIconEngine {
public:
    LineIconEngine(Icon which, QColor color, bool onAccent)
        : m_which(which), m_color(std::move(color)), m_onAccent(onAccent) {}
    QIconEngine* clone() const override { return new LineIconEngine(m_which, m_color, m_onAccent); }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap image(size);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return image;
    }
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const QPalette palette = QApplication::palette();
        QColor color = m_color.isValid() ? m_color : palette.color(QPalette::ButtonText);
        if (m_onAccent)
            color = themeColors(palette).onAccent;
        if (mode == QIcon::Disabled)
            color = palette.color(QPalette::Disabled, QPalette::ButtonText);
        const double side = std::min(rect.width(), rect.height());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2);
        painter->scale(side / 16, side / 16);
        if (m_which == Icon::Logo) {
            paintLogo(*painter, themeColors(palette));
        } else {
            painter->setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            painter->setBrush(Qt::NoBrush);
            painter->drawPath(pathOf(m_which));
        }
        painter->restore();
    }

private:
    Icon m_which;
    QColor m_color;
    bool m_onAccent;
};

} // namespace

QIcon icon(Icon which, const QColor& color) { return QIcon(new LineIconEngine(which, color, false)); }
QIcon iconOnAccent(Icon which) { return QIcon(new LineIconEngine(which, {}, true)); }

} // namespace trilobit
