#include "widgets/plots/plot.h"

#include <QBuffer>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QTemporaryDir>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {
constexpr double kZoomStep = 0.8;
constexpr double kPanStep = 0.1;
constexpr double kPdfWidth = 800, kPdfHeight = 500; // points; the proportions follow the widget

QString writeAll(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return Plot::tr("%1 could not be written: %2").arg(path, file.errorString());
    return {};
}
/// Draws into a file of one of the picture formats. Returns an error sentence, empty when all went well.
QString drawInto(Plot& plot, const QString& path, const QString& suffix) {
    const double scale = plot.width() > 0 ? kPdfWidth / plot.width() : 1;
    const int height = plot.width() > 0 ? static_cast<int>(plot.height() * scale) : static_cast<int>(kPdfHeight);
    if (suffix == QLatin1String("png")) {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        plot.toPixmap(0, 0, 2).save(&buffer, "PNG");
        return writeAll(path, bytes);
    }
    if (suffix == QLatin1String("svg")) {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setSize(plot.size());
        generator.setViewBox(plot.rect());
        QCPPainter painter;
        if (!painter.begin(&generator))
            return Plot::tr("the SVG could not be drawn");
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        painter.fillRect(plot.rect(), plot.theme().base);
        plot.toPainter(&painter, plot.width(), plot.height());
        painter.end();
        return writeAll(path, bytes);
    }
    // QCustomPlot only writes PDF to a named file: one of ours first, then the wanted name.
    const QTemporaryDir folder;
    const QString draft = folder.filePath(QStringLiteral("plot.pdf"));
    QFile file(draft);
    if (!plot.savePdf(draft, static_cast<int>(kPdfWidth), height) || !file.open(QIODevice::ReadOnly))
        return Plot::tr("the PDF could not be made in %1").arg(folder.path());
    return writeAll(path, file.readAll());
}

} // namespace

Plot::Plot(QWidget* parent) : QCustomPlot(parent) {
    m_theme = themeColors(palette());
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setInteractions(QCP::iRangeDrag);
    setNoAntialiasingOnDrag(true);
    setMinimumSize(240, 160);
    setLocale(QLocale(QLocale::English));
    m_empty = new QCPItemText(this);
    m_empty->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_empty->position->setCoords(0.5, 0.5);
    m_empty->setPositionAlignment(Qt::AlignCenter);
    m_empty->setVisible(false);
    connect(xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this](const QCPRange& range) { keepInside(xAxis, m_xBounds, range); });
    connect(yAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this](const QCPRange& range) { keepInside(yAxis, m_yBounds, range); });
}

void Plot::setEmptyText(const QString& text) {
    m_empty->setText(text);
    m_empty->setVisible(!text.isEmpty());
    for (QCPAxis* axis : {xAxis, yAxis})
        axis->setVisible(text.isEmpty());
    xAxis->grid()->setVisible(text.isEmpty());
    yAxis->grid()->setVisible(text.isEmpty());
    replotSoon();
}

void Plot::setFullView(const QCPRange& x, const QCPRange& y, const QCPRange& xBounds, const QCPRange& yBounds) {
    m_fullX = x;
    m_fullY = y;
    m_xBounds = xBounds;
    m_yBounds = yBounds;
}

void Plot::resetView() {
    xAxis->setRange(m_fullX);
    yAxis->setRange(m_fullY);
    replotSoon();
}

void Plot::keepInside(QCPAxis* axis, const QCPRange& bounds, const QCPRange& range) {
    if (range.lower >= bounds.lower && range.upper <= bounds.upper)
        return;
    const QCPRange inside = axis->scaleType() == QCPAxis::stLinear
                                ? range.bounded(bounds.lower, bounds.upper)
                                : QCPRange(std::max(range.lower, bounds.lower), std::min(range.upper, bounds.upper));
    if (inside.lower < inside.upper)
        axis->setRange(inside);
}

void Plot::applyTheme(const ThemeColors& theme) {
    setBackground(QBrush(theme.base));
    for (QCPAxis* axis : {xAxis, yAxis})
        styleAxis(axis, theme, font());
    m_empty->setColor(theme.muted);
    m_empty->setFont(font());
    if (legend) {
        legend->setTextColor(theme.text);
        legend->setFont(font());
        legend->setBrush(Qt::NoBrush);
        legend->setBorderPen(Qt::NoPen);
    }
}

void Plot::styleAxis(QCPAxis* axis, const ThemeColors& theme, const QFont& font) {
    axis->setBasePen(QPen(theme.muted, 1));
    axis->setTickPen(QPen(theme.muted, 1));
    axis->setSubTickPen(QPen(theme.grid, 1));
    axis->setLabelColor(theme.text);
    axis->setTickLabelColor(theme.text);
    axis->setLabelFont(font);
    QFont ticks = font;
    if (font.pointSizeF() > 0)
        ticks.setPointSizeF(font.pointSizeF() * 0.9);
    axis->setTickLabelFont(ticks);
    axis->grid()->setPen(QPen(theme.grid, 1));
    axis->grid()->setZeroLinePen(QPen(theme.muted, 1));
    axis->grid()->setSubGridVisible(false);
    axis->setSubTicks(false);
}

void Plot::changeEvent(QEvent* event) {
    QCustomPlot::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::StyleChange) {
        m_theme = themeColors(palette());
        applyTheme(m_theme);
        replotSoon();
    }
}

void Plot::zoom(QCPAxis* axis, double factor) {
    axis->scaleRange(factor, axis->range().center());
    replotSoon();
}

void Plot::pan(QCPAxis* axis, double share) {
    axis->moveRange(axis->range().size() * share);
    replotSoon();
}

void Plot::wheelEvent(QWheelEvent* event) {
    const QPointF where = event->position();
    if (!axisRect()->rect().contains(where.toPoint())) {
        QCustomPlot::wheelEvent(event);
        return;
    }
    const bool vertical = event->modifiers().testFlag(Qt::ShiftModifier);
    // Some systems turn Shift + wheel into a horizontal wheel.
    const int delta = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
    QCPAxis* axis = vertical ? yAxis : xAxis;
    axis->scaleRange(std::pow(kZoomStep, delta / 120.0),
                     vertical ? axis->pixelToCoord(where.y()) : axis->pixelToCoord(where.x()));
    replotSoon();
    event->accept();
}

void Plot::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copyImage();
        return;
    }
    const bool vertical = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoom(xAxis, kZoomStep); return;
    case Qt::Key_Minus: zoom(xAxis, 1 / kZoomStep); return;
    case Qt::Key_Left: pan(xAxis, -kPanStep); return;
    case Qt::Key_Right: pan(xAxis, kPanStep); return;
    case Qt::Key_Up: vertical ? zoom(yAxis, kZoomStep) : pan(yAxis, kPanStep); return;
    case Qt::Key_Down: vertical ? zoom(yAxis, 1 / kZoomStep) : pan(yAxis, -kPanStep); return;
    case Qt::Key_Home: resetView(); return;
    default: QCustomPlot::keyPressEvent(event);
    }
}

void Plot::mouseMoveEvent(QMouseEvent* event) {
    QCustomPlot::mouseMoveEvent(event);
    if (event->buttons() != Qt::NoButton)
        return;
    const QPoint where = event->position().toPoint();
    QString text;
    if (axisRect()->rect().contains(where) && xAxis->visible())
        text = valueText(xAxis->pixelToCoord(where.x()), yAxis->pixelToCoord(where.y()));
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

void Plot::mouseDoubleClickEvent(QMouseEvent* event) {
    QCustomPlot::mouseDoubleClickEvent(event);
    resetView();
}

void Plot::leaveEvent(QEvent* event) {
    QCustomPlot::leaveEvent(event);
    QToolTip::hideText();
}

void Plot::focusInEvent(QFocusEvent* event) {
    QCustomPlot::focusInEvent(event);
    update();
}

void Plot::focusOutEvent(QFocusEvent* event) {
    QCustomPlot::focusOutEvent(event);
    update();
}

void Plot::paintEvent(QPaintEvent* event) {
    QCustomPlot::paintEvent(event);
    if (!hasFocus())
        return;
    QPainter painter(this);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void Plot::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show &everything"), this, &Plot::resetView);
    menu->addSeparator();
    menu->addAction(tr("&Copy image"), this, &Plot::copyImage);
    menu->addAction(tr("Save as &PNG…"), this, [this] { askAndSave(QStringLiteral("png"), tr("PNG image (*.png)")); });
    menu->addAction(tr("Save as S&VG…"), this, [this] { askAndSave(QStringLiteral("svg"), tr("SVG image (*.svg)")); });
    menu->addAction(tr("Copy the &numbers"), this, [this] { QGuiApplication::clipboard()->setText(csv()); });
    menu->addAction(tr("Save as P&DF…"), this, [this] { askAndSave(QStringLiteral("pdf"), tr("PDF (*.pdf)")); });
    menu->addAction(tr("Save the numbers as C&SV…"), this,
                    [this] { askAndSave(QStringLiteral("csv"), tr("Comma-separated values (*.csv)")); });
    menu->popup(event->reason() == QContextMenuEvent::Keyboard ? mapToGlobal(rect().center()) : event->globalPos());
}

void Plot::askAndSave(const QString& suffix, const QString& filter) {
    auto* dialog = new QFileDialog(this, tr("Save plot"), {}, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(m_exportName + QLatin1Char('.') + suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { saveAs(path); });
    dialog->open();
}

QString Plot::saveAs(const QString& path) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    const QStringList pictures = {QStringLiteral("png"), QStringLiteral("pdf"), QStringLiteral("svg")};
    QString problem;
    if (suffix == QLatin1String("csv")) {
        problem = writeAll(path, csv().toUtf8());
    } else if (pictures.contains(suffix)) {
        // On paper and in documents the light colours are readable; the window gets its own back.
        const ThemeColors shown = m_theme;
        if (shown.dark) {
            m_theme = themeColors(false);
            applyTheme(m_theme);
        }
        problem = drawInto(*this, path, suffix);
        if (shown.dark) {
            m_theme = shown;
            applyTheme(m_theme);
            replotSoon();
        }
    } else {
        problem = tr("%1: the name must end in .%2 or .csv").arg(path, pictures.join(QStringLiteral(", .")));
    }
    if (problem.isEmpty())
        emit saved(path);
    else
        emit saveFailed(problem);
    return problem;
}

void Plot::copyImage() { QGuiApplication::clipboard()->setPixmap(toPixmap(0, 0, 2)); }

} // namespace trilobit
