// Plot: what all plots share: theme, zoom and pan by mouse and keyboard, values on hover, copy and save.
#pragma once

#include "widgets/common/theme.h"

#include <QString>

#include <qcustomplot.h>

namespace trilobit {

/// Wheel zooms the horizontal axis, Shift + wheel the vertical one, dragging pans, a double click or Home shows
/// everything. Keyboard: + - zoom, arrows pan, Ctrl+C copies the image, the menu key opens the menu. The view never
/// leaves the data.
class Plot : public QCustomPlot {
    Q_OBJECT
public:
    explicit Plot(QWidget* parent = nullptr);

    /// Shown in the middle instead of axes while there is no data; empty hides it.
    void setEmptyText(const QString& text);
    /// Base name offered when saving, without a suffix.
    void setExportName(const QString& name) { m_exportName = name; }
    const ThemeColors& theme() const { return m_theme; }

    /// The numbers behind the plot: a header line, comma-separated, '.' as decimal point, '\n' line ends.
    virtual QString csv() const = 0;
    /// By suffix: .png, .svg, .pdf or .csv. Writes beside the name first. Returns an error sentence, empty when all went
    /// well.
    QString saveAs(const QString& path);

public slots:
    void resetView();
    void copyImage();

signals:
    void saved(const QString& path);
    void saveFailed(const QString& text);

protected:
    /// What "everything" is; the axes stay inside `xBounds` and `yBounds`.
    void setFullView(const QCPRange& x, const QCPRange& y, const QCPRange& xBounds, const QCPRange& yBounds);
    /// Redraws once at the next turn of the event loop, however often it was asked.
    void replotSoon() { replot(QCustomPlot::rpQueuedReplot); }
    /// Colours everything; called once by each constructor and whenever the palette or font changes.
    virtual void applyTheme(const ThemeColors& theme);
    /// Plain or rich text for the point under the mouse (axis coordinates); empty shows nothing.
    virtual QString valueText(double x, double y) const = 0;

    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

    static void styleAxis(QCPAxis* axis, const ThemeColors& theme, const QFont& font);

private:
    void zoom(QCPAxis* axis, double factor);
    void pan(QCPAxis* axis, double share);
    void keepInside(QCPAxis* axis, const QCPRange& bounds, const QCPRange& range);
    void askAndSave(const QString& suffix, const QString& filter);

    ThemeColors m_theme;
    QString m_exportName = QStringLiteral("plot");
    QCPItemText* m_empty = nullptr;
    QCPRange m_fullX{0, 1}, m_fullY{0, 1}, m_xBounds{0, 1}, m_yBounds{0, 1};
};

} // namespace trilobit
