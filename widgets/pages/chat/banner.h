// Banner: a sentence that stays in view until its reason is gone; it cannot be dismissed.
#pragma once

#include <QFrame>

class QLabel;
class QToolButton;

namespace trilobit {

class Banner : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Info, Warning, Problem };
    explicit Banner(Kind kind, QWidget* parent = nullptr);
    /// Empty hides it. Of a warning only the first sentence is shown until somebody asks for more.
    void setText(const QString& text);
    QString text() const { return m_whole; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void restyle();
    void showText();

    Kind m_kind;
    QLabel* m_icon;
    QLabel* m_text;
    QToolButton* m_more;
    QString m_whole;
};

} // namespace trilobit
