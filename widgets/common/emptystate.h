// EmptyState: what a page says while it has nothing to show, and what to do about it.
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QVBoxLayout;

namespace trilobit {

class EmptyState : public QWidget {
    Q_OBJECT
public:
    EmptyState(const QString& title, const QString& text, QWidget* parent = nullptr);
    void setText(const QString& title, const QString& text);
    /// Adds a button below the text.
    void addAction(QAction* action);

private:
    QLabel* m_title;
    QLabel* m_text;
    QVBoxLayout* m_layout;
};

} // namespace trilobit
