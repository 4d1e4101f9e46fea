// WordBar: where answers part, what the models make of the word at the caret, and ways to go on from there.
#pragma once

#include <QFrame>
#include <QString>

#include <vector>

class QLabel;
class QPushButton;

namespace trilobit {

class KlLegend;
class QuietLabel;

class WordBar : public QFrame {
    Q_OBJECT
public:
    explicit WordBar(QWidget* parent = nullptr);

    /// One sentence on where the answers part. Without it, and without ways on, the bar is not shown.
    void setDifference(const QString& text);
    QString difference() const;
    /// Legend and detail, for answers whose words were compared.
    void setCompared(bool compared);
    /// Of the word at the caret; empty: how to see one.
    void setDetail(const QString& text);
    struct Way {
        QString text, help;
        bool operator==(const Way&) const = default;
    };
    /// At most kMaxWays, a button each.
    void setWays(const std::vector<Way>& ways, bool enabled);
    static constexpr std::size_t kMaxWays = 2;
    void setCanShowFirst(bool can);

signals:
    void firstRequested();
    void wayChosen(int way);

private:
    void showSelf();

    QLabel* m_difference;
    QPushButton* m_first;
    std::vector<QPushButton*> m_ways;
    KlLegend* m_legend;
    QuietLabel* m_detail;
    bool m_compared = false;
};

} // namespace trilobit
