// MessageBar: problems and notices above the page, without stopping the person.
#pragma once

#include <QFrame>

class QLabel;
class QToolButton;

namespace trilobit {

class MessageBar : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Info, Warning, Problem };
    explicit MessageBar(QWidget* parent = nullptr);
    /// Replaces what is shown; stays until it is dismissed or replaced.
    void showMessage(Kind kind, const QString& title, const QString& text);
    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void restyle();

    Kind m_kind = Kind::Info;
    QLabel* m_icon;
    QLabel* m_text;
    QToolButton* m_close;
};

} // namespace trilobit
