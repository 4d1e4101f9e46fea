// Banner: a sentence that stays in view until its reason is gone; it cannot be dismissed.
#pragma once

#include <QFrame>

class QLabel;

namespace trilobit {

class Banner : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Info, Warning, Problem };
    explicit Banner(Kind kind, QWidget* parent = nullptr);
    /// Empty hides it.
    void setText(const QString& text);
    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void restyle();

    Kind m_kind;
    QLabel* m_icon;
    QLabel* m_text;
};

} // namespace trilobit
