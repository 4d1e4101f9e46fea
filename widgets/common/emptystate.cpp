#include "widgets/common/emptystate.h"

#include <QAction>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace trilobit {

EmptyState::EmptyState(const QString& title, const QString& text, QWidget* parent)
    : QWidget(parent), m_title(new QLabel(this)), m_text(new QLabel(this)), m_layout(new QVBoxLayout(this)) {
    m_title->setProperty("role", "section");
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setWordWrap(true);
    m_text->setProperty("role", "muted");
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_layout->setContentsMargins(24, 24, 24, 24);
    m_layout->setSpacing(8);
    m_layout->addStretch(2);
    m_layout->addWidget(m_title);
    m_layout->addWidget(m_text);
    m_layout->addStretch(3);
    setText(title, text);
}

void EmptyState::setText(const QString& title, const QString& text) {
    m_title->setText(title);
    m_text->setText(text);
    setAccessibleName(title);
    setAccessibleDescription(text);
}

void EmptyState::addAction(QAction* action) {
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_layout->insertWidget(m_layout->count() - 1, button, 0, Qt::AlignCenter);
}

} // namespace trilobit
