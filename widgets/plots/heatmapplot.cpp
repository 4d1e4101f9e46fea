#include "widgets/plots/heatmapplot.h"

#include "widgets/common/format.h"

#include <QWheelEvent>

#include <algorithm>
#include <bit>
#include <cmath>

namespace trilobit {

namespace {

constexpr double kZoomStep = 0.7, kFewest = 4; // weights across the closest view
constexpr double kTextCell = 46;               // pixels from which a cell shows its number
constexpr int kColors = 256, kNarrow = 330;

std::int64_t powerOfTwo(double atLeast) {
    return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(std::max(1.0, std::ceil(atLeast)))));
}

QColor mix(const QColor& a, const QColor& b, double share) {
    const auto between = [share](int x, int y) { return static_cast<int>(std::lround(x + share * (y - x))); };
    return QColor(between(a.red(), b.red()), between(a.green(), b.green()), between(a.blue(), b.blue()));
}

} // namespace

/// The picture, the numbers in large cells, the outline of the chosen weight and of its block.
class HeatMapPlot::Cells : public QCPAbstractItem {
public:
    explicit Cells(HeatMapPlot& plot) : QCPAbstractItem(&plot), m_plot(plot) {
        setLayer(QStringLiteral("background"));
        setClipToAxisRect(true);
        setSelectable(false);
    }
    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    QRectF rectOf(double col, double row, double cols, double rows) const {
        const QCPAxis *x = m_plot.xAxis, *y = m_plot.yAxis;
        return QRectF(QPointF(x->coordToPixel(col), y->coordToPixel(row)),
                      QPointF(x->coordToPixel(col + cols), y->coordToPixel(row + rows)))
            .normalized();
    }
    void draw(QCPPainter* painter) override {
        const HeatRegion& region = m_plot.m_region;
        if (!m_plot.m_image.isNull()) {
            painter->setRenderHint(QPainter::SmoothPixmapTransform, false);
            const QRectF target = rectOf(static_cast<double>(region.colBegin), static_cast<double>(region.rowBegin),
                                         static_cast<double>(region.cols() * region.colStep),
                                         static_cast<double>(region.rows() * region.rowStep));
            // Only what is in view: a picture scaled up a thousand times must not be made.
            const QRectF view = target.intersected(m_plot.axisRect()->rect());
            if (!view.isEmpty()) {
                const double sx = m_plot.m_image.width() / target.width(),
                             sy = m_plot.m_image.height() / target.height();
                painter->drawImage(view, m_plot.m_image,
                                   QRectF((view.left() - target.left()) * sx, (view.top() - target.top()) * sy,
                                          view.width() * sx, view.height() * sy));
            }
        }
        drawNumbers(painter);
        painter->setBrush(Qt::NoBrush);
        const ThemeColors& theme = m_plot.theme();
        if (m_plot.m_blockCount > 0 && m_plot.m_cols > 0) {
            painter->setPen(QPen(theme.text, 1.5, Qt::DashLine));
            const std::int64_t first = m_plot.m_blockFirst, last = first + m_plot.m_blockCount - 1,
                               width = m_plot.m_cols;
            for (std::int64_t row = first / width; row <= std::min(last / width, first / width + 64); ++row) {
                const std::int64_t from = std::max(first, row * width) % width,
                                   to = std::min(last, (row + 1) * width - 1) % width;
                painter->drawRect(
                    rectOf(static_cast<double>(from), static_cast<double>(row), static_cast<double>(to - from + 1), 1));
            }
        }
        if (m_plot.m_chosen) {
            QRectF cell =
                rectOf(static_cast<double>(m_plot.m_chosen->second), static_cast<double>(m_plot.m_chosen->first), 1, 1);
            if (cell.width() < 9 || cell.height() < 9) // too small to be seen: a ring around the place
                cell = QRectF(cell.center().x() - 5, cell.center().y() - 5, 10, 10);
            painter->setPen(QPen(theme.base, 4));
            painter->drawRect(cell);
            painter->setPen(QPen(theme.text, 2));
            painter->drawRect(cell);
        }
    }
    void drawNumbers(QCPPainter* painter) const {
        const HeatRegion& region = m_plot.m_region;
        if (m_plot.m_values.empty() || region.rowStep != 1 || region.colStep != 1)
            return;
        const QRectF cell = rectOf(0, 0, 1, 1);
        const QFont font = m_plot.font();
        if (cell.width() < kTextCell || cell.height() < QFontMetrics(font).height() + 2)
            return;
        painter->setFont(font);
        const HeatRegion view = m_plot.visibleRegion();
        for (std::int64_t row = view.rowBegin; row < view.rowEnd; ++row)
            for (std::int64_t col = view.colBegin; col < view.colEnd; ++col)
                if (const auto value = m_plot.valueAt(row, col)) {
                    const QColor back = colorOf(*value / m_plot.m_limit, m_plot.m_scale, m_plot.theme());
                    const QColor black("#10151b"), white("#ffffff");
                    painter->setPen(contrastRatio(back, black) > contrastRatio(back, white) ? black : white);
                    painter->drawText(rectOf(static_cast<double>(col), static_cast<double>(row), 1, 1), Qt::AlignCenter,
                                      numberText(*value));
                }
    }

private:
    HeatMapPlot& m_plot;
};

HeatMapPlot::HeatMapPlot(QWidget* parent) : Plot(parent), m_cells(new Cells(*this)) {
    xAxis->setLabel(tr("column (input)"));
    yAxis->setLabel(tr("row (output)"));
    yAxis->setRangeReversed(true);
    for (QCPAxis* axis : {xAxis, yAxis}) {
        axis->grid()->setVisible(false);
        axis->setNumberFormat(QStringLiteral("f"));
        axis->setNumberPrecision(0);
    }
    m_legend = new QCPColorScale(this);
    m_legend->setType(QCPAxis::atRight);
    m_legend->setBarWidth(10);
    m_legend->setRangeDrag(false);
    m_legend->setRangeZoom(false);
    plotLayout()->addElement(0, 1, m_legend);
    auto* group = new QCPMarginGroup(this);
    axisRect()->setMarginGroup(QCP::msTop | QCP::msBottom, group);
    m_legend->setMarginGroup(QCP::msTop | QCP::msBottom, group);
    const auto changed = [this] { emit viewChanged(); };
    connect(xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, changed);
    connect(yAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, changed);
    applyTheme(theme());
    clear({});
}

void HeatMapPlot::setTensor(std::int64_t rows, std::int64_t cols) {
    m_rows = rows;
    m_cols = cols;
    m_values.clear();
    m_image = QImage();
    m_region = {};
    m_chosen.reset();
    m_blockCount = 0;
    setEmptyText({});
    for (QCPAxis* axis : {xAxis, yAxis})
        axis->grid()->setVisible(false);
    m_legend->setVisible(true);
    const QCPRange x(0, static_cast<double>(cols)), y(0, static_cast<double>(rows));
    setFullView(x, y, x, y);
    resetView();
}

void HeatMapPlot::clear(const QString& emptyText) {
    m_rows = m_cols = 0;
    m_values.clear();
    m_image = QImage();
    m_region = {};
    m_chosen.reset();
    m_blockCount = 0;
    m_legend->setVisible(false);
    setEmptyText(emptyText);
}

void HeatMapPlot::setCells(const HeatRegion& region, const std::vector<float>& values) {
    m_region = region;
    m_values = values;
    paintImage();
    replotSoon();
}

void HeatMapPlot::setScale(Scale scale, double limit, const QString& label) {
    m_scale = scale;
    m_limit = limit > 0 && std::isfinite(limit) ? limit : 1;
    QCPColorGradient gradient;
    gradient.clearColorStops();
    gradient.setLevelCount(kColors);
    for (int i = 0; i <= 32; ++i) {
        const double at = i / 32.0;
        gradient.setColorStopAt(at, colorOf(scale == Scale::Diverging ? 2 * at - 1 : at, scale, theme()));
    }
    m_legend->setGradient(gradient);
    m_legend->setDataRange(QCPRange(scale == Scale::Diverging ? -m_limit : 0, m_limit));
    m_label = label;
    m_legend->setLabel(width() < kNarrow ? QString() : label);
    m_legend->axis()->setNumberFormat(QStringLiteral("gb"));
    m_legend->axis()->setNumberPrecision(3);
    paintImage();
    replotSoon();
}

void HeatMapPlot::paintImage() {
    if (m_values.empty()) {
        m_image = QImage();
        return;
    }
    std::array<QRgb, kColors> colors;
    for (int i = 0; i < kColors; ++i) {
        const double at = i / (kColors - 1.0);
        colors[static_cast<std::size_t>(i)] =
            colorOf(m_scale == Scale::Diverging ? 2 * at - 1 : at, m_scale, theme()).rgb();
    }
    const int width = static_cast<int>(m_region.cols()), height = static_cast<int>(m_region.rows());
    m_image = QImage(width, height, QImage::Format_RGB32);
    const double factor = (kColors - 1) / (m_scale == Scale::Diverging ? 2 * m_limit : m_limit);
    const double offset = m_scale == Scale::Diverging ? m_limit : 0;
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
        const float* values = m_values.data() + static_cast<std::ptrdiff_t>(y) * width;
        for (int x = 0; x < width; ++x) {
            const double at = (static_cast<double>(values[x]) + offset) * factor;
            // A comparison that NaN fails as well.
            line[x] = colors[static_cast<std::size_t>(at > 0 ? std::min(at + 0.5, kColors - 1.0) : 0.0)];
        }
    }
}

QColor HeatMapPlot::colorOf(double share, Scale scale, const ThemeColors& theme) {
    // Blue and orange stay apart for all common kinds of colour blindness, and both change in lightness alone, too.
    const QColor middle = theme.dark ? QColor("#22262c") : QColor("#f7f7f7");
    if (scale == Scale::Sequential) {
        const QColor end = theme.dark ? QColor("#ffd27d") : QColor("#4a1d00"),
                     half = theme.dark ? QColor("#b0622a") : QColor("#d9803a");
        const double s = std::clamp(share, 0.0, 1.0);
        return s < 0.5 ? mix(middle, half, 2 * s) : mix(half, end, 2 * s - 1);
    }
    const double s = std::clamp(std::fabs(share), 0.0, 1.0);
    const QColor half = share < 0 ? QColor("#4393c3") : QColor("#e08214");
    const QColor end = share < 0 ? (theme.dark ? QColor("#b9dcff") : QColor("#053061"))
                                 : (theme.dark ? QColor("#ffe3b8") : QColor("#7f3b08"));
    return s < 0.5 ? mix(middle, half, 2 * s) : mix(half, end, 2 * s - 1);
}

void HeatMapPlot::setChosen(std::optional<std::pair<std::int64_t, std::int64_t>> rowAndColumn) {
    m_chosen = rowAndColumn;
    if (m_chosen)
        setAccessibleDescription(tr("Chosen: row %1, column %2").arg(m_chosen->first).arg(m_chosen->second));
    replotSoon();
}

void HeatMapPlot::setBlock(std::int64_t first, std::int64_t count) {
    m_blockFirst = first;
    m_blockCount = count;
    replotSoon();
}

HeatRegion HeatMapPlot::visibleRegion() const {
    const auto clampTo = [](double value, std::int64_t size) {
        return static_cast<std::int64_t>(std::clamp(value, 0.0, static_cast<double>(size)));
    };
    HeatRegion out;
    out.colBegin = clampTo(std::floor(xAxis->range().lower), m_cols);
    out.colEnd = clampTo(std::ceil(xAxis->range().upper), m_cols);
    out.rowBegin = clampTo(std::floor(yAxis->range().lower), m_rows);
    out.rowEnd = clampTo(std::ceil(yAxis->range().upper), m_rows);
    return out;
}

HeatRegion HeatMapPlot::wanted() const {
    HeatRegion out = visibleRegion();
    const auto widen = [](std::int64_t& begin, std::int64_t& end, std::int64_t size, int pixels) {
        const std::int64_t step = powerOfTwo(static_cast<double>(end - begin) / std::max(pixels, 16));
        const std::int64_t margin = (end - begin) / 2 + 1;
        begin = std::max<std::int64_t>(0, begin - margin) / step * step;
        end = std::min(size, (end + margin + step - 1) / step * step);
        return step;
    };
    out.colStep = widen(out.colBegin, out.colEnd, m_cols, axisRect()->width());
    out.rowStep = widen(out.rowBegin, out.rowEnd, m_rows, axisRect()->height());
    return out;
}

void HeatMapPlot::showRange(const QCPRange& columns, const QCPRange& rows) {
    if (m_rows == 0)
        return;
    const auto same = [](const QCPRange& a, const QCPRange& b) {
        return std::fabs(a.lower - b.lower) < 1e-6 && std::fabs(a.upper - b.upper) < 1e-6;
    };
    if (same(xAxis->range(), columns) && same(yAxis->range(), rows))
        return;
    xAxis->setRange(columns);
    yAxis->setRange(rows);
    replotSoon();
}

void HeatMapPlot::zoomTo(std::int64_t row, std::int64_t col) {
    const double across = std::min(12.0, static_cast<double>(m_cols)),
                 down = std::min(12.0, static_cast<double>(m_rows));
    const auto place = [](double centre, double size, std::int64_t limit) {
        const double begin = std::clamp(centre - size / 2, 0.0, std::max(0.0, static_cast<double>(limit) - size));
        return QCPRange(begin, begin + size);
    };
    xAxis->setRange(place(static_cast<double>(col) + 0.5, across, m_cols));
    yAxis->setRange(place(static_cast<double>(row) + 0.5, down, m_rows));
    replotSoon();
}

std::optional<double> HeatMapPlot::valueAt(std::int64_t row, std::int64_t col) const {
    if (m_values.empty() || row < m_region.rowBegin || row >= m_region.rowEnd || col < m_region.colBegin
        || col >= m_region.colEnd)
        return std::nullopt;
    const std::int64_t r = (row - m_region.rowBegin) / m_region.rowStep,
                       c = (col - m_region.colBegin) / m_region.colStep;
    return static_cast<double>(m_values[static_cast<std::size_t>(r * m_region.cols() + c)]);
}

QString HeatMapPlot::valueText(double x, double y) const {
    const auto row = static_cast<std::int64_t>(std::floor(y)), col = static_cast<std::int64_t>(std::floor(x));
    const auto value = valueAt(row, col);
    if (!value)
        return {};
    if (m_region.rowStep == 1 && m_region.colStep == 1)
        return tr("<b>row %1, column %2</b><br>%3").arg(row).arg(col).arg(*value, 0, 'g', 6);
    const std::int64_t top = m_region.rowBegin + (row - m_region.rowBegin) / m_region.rowStep * m_region.rowStep,
                       left = m_region.colBegin + (col - m_region.colBegin) / m_region.colStep * m_region.colStep;
    return tr("<b>rows %1 to %2, columns %3 to %4</b><br>%5<br>Zoom in for single weights.")
        .arg(top)
        .arg(std::min(top + m_region.rowStep, m_region.rowEnd) - 1)
        .arg(left)
        .arg(std::min(left + m_region.colStep, m_region.colEnd) - 1)
        .arg(*value, 0, 'g', 4);
}

void HeatMapPlot::applyTheme(const ThemeColors& theme) {
    Plot::applyTheme(theme);
    if (!m_legend)
        return;
    styleAxis(m_legend->axis(), theme, font());
    m_legend->axis()->grid()->setVisible(false);
    setScale(m_scale, m_limit, m_label);
}

void HeatMapPlot::limitZoom() {
    for (QCPAxis* axis : {xAxis, yAxis}) {
        const double size = static_cast<double>(axis == xAxis ? m_cols : m_rows), least = std::min(kFewest, size);
        if (axis->range().size() < least)
            axis->setRange(axis->range().center() - least / 2, axis->range().center() + least / 2);
    }
}

void HeatMapPlot::wheelEvent(QWheelEvent* event) {
    const QPointF where = event->position();
    if (m_rows == 0 || !axisRect()->rect().contains(where.toPoint()))
        return Plot::wheelEvent(event);
    const int delta = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
    const double factor = std::pow(kZoomStep, delta / 120.0);
    if (!event->modifiers().testFlag(Qt::ShiftModifier))
        xAxis->scaleRange(factor, xAxis->pixelToCoord(where.x()));
    if (!event->modifiers().testFlag(Qt::ControlModifier))
        yAxis->scaleRange(factor, yAxis->pixelToCoord(where.y()));
    limitZoom();
    replotSoon();
    event->accept();
}

void HeatMapPlot::keyPressEvent(QKeyEvent* event) {
    if (m_rows == 0)
        return Plot::keyPressEvent(event);
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const auto choose = [this](std::int64_t row, std::int64_t col) {
        emit weightChosen(std::clamp<std::int64_t>(row, 0, m_rows - 1), std::clamp<std::int64_t>(col, 0, m_cols - 1));
    };
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus: {
        const double factor = event->key() == Qt::Key_Minus ? 1 / kZoomStep : kZoomStep;
        for (QCPAxis* axis : {xAxis, yAxis})
            axis->scaleRange(factor, axis->range().center());
        limitZoom();
        replotSoon();
        return;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return choose(static_cast<std::int64_t>(yAxis->range().center()),
                      static_cast<std::int64_t>(xAxis->range().center()));
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (control && m_chosen)
            return choose(m_chosen->first + (event->key() == Qt::Key_Down) - (event->key() == Qt::Key_Up),
                          m_chosen->second + (event->key() == Qt::Key_Right) - (event->key() == Qt::Key_Left));
        if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) { // rows count downwards
            yAxis->moveRange(yAxis->range().size() * (event->key() == Qt::Key_Down ? 0.1 : -0.1));
            replotSoon();
            return;
        }
        [[fallthrough]];
    default: Plot::keyPressEvent(event);
    }
}

void HeatMapPlot::mousePressEvent(QMouseEvent* event) {
    m_pressedAt = event->position().toPoint();
    Plot::mousePressEvent(event);
}

void HeatMapPlot::mouseReleaseEvent(QMouseEvent* event) {
    Plot::mouseReleaseEvent(event);
    const QPoint where = event->position().toPoint();
    if (m_rows == 0 || event->button() != Qt::LeftButton || (where - m_pressedAt).manhattanLength() > 4
        || !axisRect()->rect().contains(where))
        return;
    const auto row = static_cast<std::int64_t>(std::floor(yAxis->pixelToCoord(where.y()))),
               col = static_cast<std::int64_t>(std::floor(xAxis->pixelToCoord(where.x())));
    if (row >= 0 && row < m_rows && col >= 0 && col < m_cols)
        emit weightChosen(row, col);
}

void HeatMapPlot::resizeEvent(QResizeEvent* event) {
    Plot::resizeEvent(event);
    // Side by side in a small window every pixel of the picture counts: what the axes are is then in the tooltip.
    const bool narrow = width() < kNarrow;
    xAxis->setLabel(narrow ? QString() : tr("column (input)"));
    yAxis->setLabel(narrow ? QString() : tr("row (output)"));
    m_legend->setLabel(narrow ? QString() : m_label);
    m_legend->setBarWidth(narrow ? 7 : 10);
    const int digits = fontMetrics().horizontalAdvance(QStringLiteral("000000"));
    xAxis->ticker()->setTickCount(std::clamp((width() - 110) / std::max(digits + 10, 1), 2, 8));
    yAxis->ticker()->setTickCount(std::clamp(height() / 40, 2, 8));
    emit viewChanged();
}

QString HeatMapPlot::csv() const {
    QString out = QStringLiteral("row,column,value\n");
    for (std::int64_t r = 0; r < m_region.rows() && !m_values.empty(); ++r)
        for (std::int64_t c = 0; c < m_region.cols(); ++c)
            out += QString::number(m_region.rowBegin + r * m_region.rowStep) + QLatin1Char(',')
                   + QString::number(m_region.colBegin + c * m_region.colStep) + QLatin1Char(',')
                   + QString::number(static_cast<double>(m_values[static_cast<std::size_t>(r * m_region.cols() + c)]),
                                     'g', 9)
                   + QLatin1Char('\n');
    return out;
}

} // namespace trilobit
