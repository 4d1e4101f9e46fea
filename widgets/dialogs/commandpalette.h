// CommandPalette: every action of the window by name, from the keyboard.
#pragma once

#include <QDialog>
#include <QList>

class QAction;
class QLineEdit;
class QListWidget;

namespace trilobit {

class CommandPalette : public QDialog {
    Q_OBJECT
public:
    CommandPalette(const QList<QAction*>& actions, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void run();

    QList<QAction*> m_actions;
    QLineEdit* m_box;
    QListWidget* m_list;
};

} // namespace trilobit
