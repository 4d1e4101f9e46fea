// FactStrip: short labelled numbers that wrap like words, each with a tooltip that teaches.
// A fact that is wider than the strip is elided; its tooltip then has all of it.
#pragma once

#include <QFrame>
#include <QLabel>
#include <QString>

#include <vector>

namespace trilobit {

/// One fact: the label in muted letters, the value in bold ones. A label to screen readers, but drawn without a text document,
/// because strips change with every tensor and every token.
class FactView : public QLabel {
    Q_OBJECT
public:
    FactView(const QString& label, QWidget* parent);
    void setValue(const QString& value, const QString& help);
    /// What is seen at this width: the value, elided where it does not fit.
    QString shownValue() const;
    QSize sizeHint() const override { return m_natural; } ///< with the whole value

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void measure();
    void updateToolTip();

    QString m_label, m_value, m_help;
    QSize m_natural;
    int m_labelWidth = 0; ///< with the space behind it
};

class FactStrip : public QFrame {
    Q_OBJECT
public:
    explicit FactStrip(QWidget* parent = nullptr);

    /// `key` names the fact for setValue() and becomes part of the object name.
    void addFact(const QString& key, const QString& label, const QString& help);
    /// An empty value hides the fact. Unknown keys are ignored.
    void setValue(const QString& key, const QString& value, const QString& help = {});
    QString value(const QString& key) const;
    /// "mean 0.01, std 0.2": the shown facts as one line.
    QString text() const;

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Fact {
        QString key, label, value, help;
        FactView* view = nullptr;
    };
    int arrange(int width, bool move) const;
    Fact* find(const QString& key);

    std::vector<Fact> m_facts;
};

} // namespace trilobit
