#include "widgets/pages/chat/banner.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>

namespace trilobit {

Banner::Banner(Kind kind, QWidget* parent) : QFrame(parent), m_kind(kind), m_icon(new QLabel), m_text(new QLabel) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(8);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setAutoFillBackground(true);
    hide();
    restyle();
}

void Banner::setText(const QString& text) {
    m_text->setText(text);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
}

QString Banner::text() const { return m_text->text(); }

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
