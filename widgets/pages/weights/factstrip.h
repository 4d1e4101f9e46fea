// FactStrip: short labelled numbers that wrap like words, each with a tooltip that teaches.
// A fact that is wider than the strip is elided; its tooltip then has all of it.
#pragma once

#include <QFrame>
#include <QString>

#include <vector>

class QLabel;

namespace trilobit {

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
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Fact {
        QString key, label, value, help;
        QLabel* view = nullptr;
        QSize natural; ///< with the whole value
    };
    int arrange(int width, bool move) const;
    void refresh(Fact& fact) const;
    void showElided(const Fact& fact, int width) const;
    QString html(const Fact& fact, const QString& value) const;
    Fact* find(const QString& key);

    std::vector<Fact> m_facts;
};

} // namespace trilobit
