#include "widgets/common/theme.h"

#include <QApplication>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

constexpr double kGoodDb = 30, kFairDb = 18, kBadDb = 10;

ThemeColors lightColors() {
    ThemeColors c;
    c.dark = false;
    c.window = "#f3f5f7";
    c.base = "#ffffff";
    c.alternate = "#f8f9fb";
    c.raised = "#e9ecf0";
    c.text = "#1a1f26";
    c.muted = "#55606d";
    c.accent = "#0a5ca8";
    c.onAccent = "#ffffff";
    c.selection = "#cfe3f8";
    c.onSelection = "#10233a";
    c.border = "#cbd2da";
    c.grid = "#e3e7ec";
    c.good = "#17703a";
    c.warn = "#875300";
    c.bad = "#b3261e";
    c.warnSurface = "#fff3d6";
    c.badSurface = "#fde7e5";
    c.infoSurface = "#e4effb";
    c.original = "#4a5f78";
    c.quantized = "#b8500a";
    c.series = {QColor("#0a5ca8"), QColor("#b8500a"), QColor("#17703a"), QColor("#8a3fa0"), QColor("#a1305c"),
                QColor("#4f6a00")};
    return c;
}

ThemeColors darkColors() {
    ThemeColors c;
    c.dark = true;
    c.window = "#1c2026";
    c.base = "#15181d";
    c.alternate = "#1a1e24";
    c.raised = "#282e37";
    c.text = "#e4e8ed";
    c.muted = "#a5afbb";
    c.accent = "#74b5f7";
    c.onAccent = "#0d1b2b";
    c.selection = "#274a70";
    c.onSelection = "#f2f7fd";
    c.border = "#3a424d";
    c.grid = "#2a3038";
    c.good = "#6fcf8d";
    c.warn = "#e8b657";
    c.bad = "#ff8f85";
    c.warnSurface = "#3b3018";
    c.badSurface = "#45211f";
    c.infoSurface = "#1d3148";
    c.original = "#9db3cc";
    c.quantized = "#f2995a";
    c.series = {QColor("#74b5f7"), QColor("#f2995a"), QColor("#6fcf8d"), QColor("#cf9be0"), QColor("#f08cb0"),
                QColor("#c0d15e")};
    return c;
}

double linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& c) {
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}

QColor blend(const QColor& a, const QColor& b, double share) {
    const auto mix = [share](float x, float y) { return x + static_cast<float>(share) * (y - x); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

QString styleRules(const ThemeColors& c) {
    return QStringLiteral(R"(
QToolTip { background: %1; color: %2; border: 1px solid %3; padding: 4px 6px; }
QHeaderView::section { background: %1; color: %4; border: 0; border-right: 1px solid %3; border-bottom: 1px solid %3;
    padding: 4px 6px; }
QMainWindow::separator { background: %3; width: 1px; height: 1px; }
QStatusBar::item { border: 0; }
QToolBar { border: 0; border-bottom: 1px solid %3; spacing: 2px; padding: 3px 6px; }
QPushButton[primary="true"], QToolButton[primary="true"] { background: %5; color: %6; border: 1px solid %5;
    border-radius: 4px; padding: 4px 12px; font-weight: 600; }
QPushButton[primary="true"]:hover, QToolButton[primary="true"]:hover { border-color: %2; }
QPushButton[primary="true"]:pressed, QToolButton[primary="true"]:pressed { background: %7; color: %8; }
QPushButton[primary="true"]:disabled, QToolButton[primary="true"]:disabled { background: %1; color: %4;
    border-color: %3; }
QPushButton[primary="true"]:focus { border: 2px solid %2; padding: 3px 11px; }
QLabel[role="title"] { font-size: 15pt; font-weight: 600; }
QLabel[role="section"] { font-weight: 600; color: %2; }
QLabel[role="muted"] { color: %4; }
QFrame[role="card"] { background: %9; border: 1px solid %3; border-radius: 6px; }
)")
        .arg(c.raised.name(), c.text.name(), c.border.name(), c.muted.name(), c.accent.name(), c.onAccent.name(),
             c.selection.name(), c.onSelection.name(), c.base.name());
}

bool systemIsDark() {
    // The palette before the first theme was set is the desktop's.
    static const bool dark = isDark(QApplication::palette());
    return dark;
}

} // namespace

QString themeChoiceName(ThemeChoice choice) {
    switch (choice) {
    case ThemeChoice::System: return QStringLiteral("system");
    case ThemeChoice::Light: return QStringLiteral("light");
    case ThemeChoice::Dark: return QStringLiteral("dark");
    }
    return QStringLiteral("system");
}

ThemeChoice themeChoiceFromName(const QString& name) {
    if (name == QLatin1String("light"))
        return ThemeChoice::Light;
    return name == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

ThemeColors themeColors(bool dark) { return dark ? darkColors() : lightColors(); }
ThemeColors themeColors(const QPalette& palette) { return themeColors(isDark(palette)); }
bool isDark(const QPalette& palette) { return palette.color(QPalette::Window).lightness() < 128; }

QPalette themePalette(const ThemeColors& c) {
    QPalette p;
    const auto set = [&p](QPalette::ColorRole role, const QColor& color) { p.setColor(role, color); };
    set(QPalette::Window, c.window);
    set(QPalette::WindowText, c.text);
    set(QPalette::Base, c.base);
    set(QPalette::AlternateBase, c.alternate);
    set(QPalette::Text, c.text);
    set(QPalette::Button, c.raised);
    set(QPalette::ButtonText, c.text);
    set(QPalette::BrightText, c.bad);
    set(QPalette::ToolTipBase, c.raised);
    set(QPalette::ToolTipText, c.text);
    set(QPalette::PlaceholderText, c.muted);
    set(QPalette::Highlight, c.selection);
    set(QPalette::HighlightedText, c.onSelection);
    set(QPalette::Link, c.accent);
    set(QPalette::LinkVisited, c.accent);
    set(QPalette::Light, c.dark ? c.raised.lighter(130) : QColor("#ffffff"));
    set(QPalette::Midlight, c.raised);
    set(QPalette::Mid, c.border);
    set(QPalette::Dark, c.dark ? QColor("#0e1013") : QColor("#9aa3ae"));
    set(QPalette::Shadow, c.dark ? QColor("#000000") : QColor("#6b7480"));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, blend(c.muted, c.window, 0.35));
    return p;
}

namespace {

constexpr int kTabSpace = 14; // Fusion has 24
constexpr const char* kStyleName = "trilobit-fusion"; // where nothing else is set, Qt's own is there already as "fusion"

/// Fusion frames check boxes in a shade below the window's, which on dark windows nobody sees.
class FramedFusion : public QProxyStyle {
public:
    FramedFusion() : QProxyStyle(QStringLiteral("Fusion")) { setObjectName(QLatin1String(kStyleName)); }
    /// Ten views fit beside each other in a window of 1280.
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override {
        return metric == PM_TabBarTabHSpace ? kTabSpace : QProxyStyle::pixelMetric(metric, option, widget);
    }
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (element != PE_IndicatorCheckBox && element != PE_IndicatorRadioButton)
            return;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(themeColors(option->palette).muted);
        painter->setBrush(Qt::NoBrush);
        const QRectF frame = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
        const double radius = element == PE_IndicatorRadioButton ? frame.width() / 2 : 2;
        painter->drawRoundedRect(frame, radius, radius);
        painter->restore();
    }
};

} // namespace

void applyTheme(QApplication& application, ThemeChoice choice) {
    const bool system = systemIsDark();
    const ThemeColors colors = themeColors(choice == ThemeChoice::Dark || (choice == ThemeChoice::System && system));
    if (application.style()->objectName() != QLatin1String(kStyleName) && application.styleSheet().isEmpty())
        QApplication::setStyle(new FramedFusion);
    QApplication::setPalette(themePalette(colors));
    application.setStyleSheet(styleRules(colors));
}

void makePrimary(QWidget* button) {
    button->setProperty("primary", true);
    button->style()->unpolish(button); // the rule asks for the property when it is polished
    button->style()->polish(button);
}

double contrastRatio(const QColor& a, const QColor& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QColor sqnrColor(double sqnrDb, const ThemeColors& colors) {
    if (sqnrDb >= kGoodDb)
        return colors.good;
    if (sqnrDb >= kFairDb)
        return blend(colors.warn, colors.good, (sqnrDb - kFairDb) / (kGoodDb - kFairDb));
    if (sqnrDb <= kBadDb)
        return colors.bad;
    return blend(colors.bad, colors.warn, (sqnrDb - kBadDb) / (kFairDb - kBadDb));
}

} // namespace trilobit
