#include "widgets/common/messagebar.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace trilobit {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_close(new QToolButton(this)) {
    setObjectName(QStringLiteral("messageBar"));
    setAutoFillBackground(true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 6, 6, 6);
    layout->setSpacing(8);
    m_text->setObjectName(QStringLiteral("messageText"));
    m_text->setTextFormat(Qt::RichText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setObjectName(QStringLiteral("messageClose"));
    m_close->setAutoRaise(true);
    m_close->setIcon(icon(Icon::Close));
    m_close->setAccessibleName(tr("Dismiss the message"));
    m_close->setToolTip(tr("Dismiss"));
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    hide();
}

void MessageBar::showMessage(Kind kind, const QString& title, const QString& text) {
    m_kind = kind;
    m_text->setText(QStringLiteral("<b>%1</b>&nbsp; %2").arg(title.toHtmlEscaped(), text.toHtmlEscaped()));
    setAccessibleName(title + QStringLiteral(": ") + text);
    restyle();
    show();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

QString MessageBar::text() const { return accessibleName(); }

void MessageBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && !event->spontaneous() && isVisible())
        restyle();
    QFrame::changeEvent(event);
}

void MessageBar::restyle() {
    const ThemeColors colors = themeColors(parentWidget() ? parentWidget()->palette() : palette());
    const QColor surface = m_kind == Kind::Problem   ? colors.badSurface
                           : m_kind == Kind::Warning ? colors.warnSurface
                                                     : colors.infoSurface;
    const QColor mark = m_kind == Kind::Problem ? colors.bad : m_kind == Kind::Warning ? colors.warn : colors.accent;
    const Icon which = m_kind == Kind::Problem ? Icon::Refused : m_kind == Kind::Warning ? Icon::Warning : Icon::Info;
    const QString rule = QStringLiteral("#messageBar { background: %1; border: 0; border-left: 4px solid %2; }")
                             .arg(surface.name(), mark.name());
    if (styleSheet() != rule) // setting it sends another palette change
        setStyleSheet(rule);
    m_icon->setPixmap(icon(which, mark).pixmap(16, 16));
}

} // namespace trilobit
