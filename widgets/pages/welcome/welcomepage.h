// WelcomePage: the first minute: open, drop, a recent model, or the demo.
#pragma once

#include <QList>
#include <QWidget>

class QAction;
class QLabel;
class QListWidget;

namespace trilobit {

class WelcomePage : public QWidget {
    Q_OBJECT
public:
    /// A button for each action, the first one stands out.
    explicit WelcomePage(const QList<QAction*>& actions, QWidget* parent = nullptr);
    void setRecents(const QStringList& paths);

    struct Found {
        QString name, path, source;
        quint64 bytes = 0;
    };
    /// Models that other programs have put on this computer.
    void setFound(const QList<Found>& models);

signals:
    void openRequested(const QString& path);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void paintLogo();

    QWidget* m_column;
    QLabel* m_logo;
    QListWidget* m_recents;
    QLabel* m_noRecents;
    QLabel* m_foundTitle;
    QListWidget* m_found;
};

} // namespace trilobit
