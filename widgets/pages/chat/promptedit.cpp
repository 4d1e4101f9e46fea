#include "widgets/pages/chat/promptedit.h"

#include <QKeyEvent>

namespace trilobit {

namespace {
constexpr int kLines = 3;
} // namespace

PromptEdit::PromptEdit(QWidget* parent) : QPlainTextEdit(parent) {
    setTabChangesFocus(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize PromptEdit::sizeHint() const {
    const int margins = 2 * frameWidth() + 2 * static_cast<int>(document()->documentMargin());
    return {320, fontMetrics().lineSpacing() * kLines + margins};
}

void PromptEdit::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !(event->modifiers() & Qt::ShiftModifier)) {
        emit sendRequested();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

} // namespace trilobit
