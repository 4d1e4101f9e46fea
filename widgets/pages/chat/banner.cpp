#include "widgets/pages/chat/banner.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QToolButton>

namespace trilobit {

Banner::Banner(Kind kind, QWidget* parent) : QFrame(parent), m_kind(kind), m_icon(new QLabel), m_text(new QLabel), m_more(new QToolButton) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(8);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_more, 0, Qt::AlignTop);
    m_more->setObjectName(QStringLiteral("bannerMore"));
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setAccessibleName(tr("Whole notice"));
    connect(m_more, &QToolButton::toggled, this, &Banner::showText);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setAutoFillBackground(true);
    hide();
    showText();
    restyle();
}

void Banner::setText(const QString& text) {
    if (text == m_whole)
        return;
    m_whole = text;
    setAccessibleName(text);
    const QSignalBlocker quiet(m_more);
    m_more->setChecked(false);
    showText();
    setVisible(!text.isEmpty());
}

void Banner::showText() {
    static const QRegularExpression sentenceEnd(QStringLiteral("[.!?](\\s)"));
    const QRegularExpressionMatch end = sentenceEnd.match(m_whole);
    const bool longer = m_kind == Kind::Warning && end.hasMatch() && end.capturedEnd() < m_whole.size();
    m_more->setVisible(longer);
    m_more->setText(m_more->isChecked() ? tr("Less") : tr("More"));
    m_text->setText(longer && !m_more->isChecked() ? m_whole.left(end.capturedStart(1)) : m_whole);
}

void Banner::restyle() {
    // With a style sheet of its own this widget's palette no longer tells the theme, and its parent's may change later.
    const ThemeColors colors = themeColors(QGuiApplication::palette());
    const QColor behind = m_kind == Kind::Info      ? colors.infoSurface
                          : m_kind == Kind::Warning ? colors.warnSurface
                                                    : colors.badSurface;
    const QColor mark = m_kind == Kind::Info ? colors.accent : m_kind == Kind::Warning ? colors.warn : colors.bad;
    const QString rule = QStringLiteral("trilobit--Banner { background: %1; border: 0; border-left: 4px solid %2; }"
                                        "QLabel { color: %3; }")
                             .arg(behind.name(), mark.name(), colors.text.name());
    if (styleSheet() != rule) // setting it sends another palette change
        setStyleSheet(rule);
    m_icon->setPixmap(icon(m_kind == Kind::Info ? Icon::Info : Icon::Warning, mark).pixmap(16, 16));
}

void Banner::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationPaletteChange)
        restyle();
}

} // namespace trilobit
