// WelcomePage: the first minute: open, drop, a recent model, or the demo.
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QListWidget;

namespace trilobit {

class WelcomePage : public QWidget {
    Q_OBJECT
public:
    WelcomePage(QAction* open, QAction* openFolder, QAction* demo, QWidget* parent = nullptr);
    void setRecents(const QStringList& paths);

signals:
    void openRequested(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    void paintLogo();

    QLabel* m_logo;
    QListWidget* m_recents;
    QLabel* m_noRecents;
};

} // namespace trilobit
