// Theme: the colours of the window, light and dark, and how widgets ask for them.
#pragma once

#include <QColor>
#include <QPalette>
#include <QString>

#include <array>

class QApplication;
class QWidget;

namespace trilobit {

enum class ThemeChoice { System, Light, Dark };
/// "system", "light", "dark": stored in settings.
QString themeChoiceName(ThemeChoice choice);
ThemeChoice themeChoiceFromName(const QString& name);

/// Every text colour here has a contrast of at least 4.5:1 on window, base and alternate (checked by a test).
struct ThemeColors {
    bool dark = false;
    QColor window, base, alternate, raised; ///< surfaces; raised: cards, headers, buttons
    QColor text, muted;                     ///< muted: units, hints, secondary numbers
    QColor accent, onAccent;                ///< links, focus, the primary button and the text on it
    QColor selection, onSelection;
    QColor border, grid;                    ///< grid: thin lines in plots
    QColor good, warn, bad;                 ///< as text and as bars
    QColor warnSurface, badSurface, infoSurface; ///< behind banners, with `text` on them
    QColor original, quantized;             ///< the two sides of every comparison
    std::array<QColor, 6> series;           ///< further curves
};

ThemeColors themeColors(bool dark);
/// Which of the two is in use, from a widget's palette. Widgets repaint with it on QEvent::PaletteChange.
ThemeColors themeColors(const QPalette& palette);
bool isDark(const QPalette& palette);
QPalette themePalette(const ThemeColors& colors);

/// Fusion, palette and the few style rules. System: what the desktop said when the program started.
void applyTheme(QApplication& application, ThemeChoice choice);

/// The one button of a view that a person most likely wants.
void makePrimary(QWidget* button);

/// Contrast of two opaque colours as WCAG defines it, 1..21.
double contrastRatio(const QColor& a, const QColor& b);
/// good above 30 dB, bad below 10 dB, a blend of warn between.
QColor sqnrColor(double sqnrDb, const ThemeColors& colors);

} // namespace trilobit
