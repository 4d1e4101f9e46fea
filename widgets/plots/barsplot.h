// BarsPlot: one bar per tensor in labelled groups, with a selection.
#pragma once

#include "widgets/plots/plot.h"

#include <vector>

namespace trilobit {

struct Bar {
    QString id;             ///< what barChosen() carries
    double value = 0;       ///< finite; where `unbounded`, ignored
    bool unbounded = false; ///< infinite (no error in dB): drawn hatched to the top
    QString tooltip;        ///< rich text
};

struct BarGroup {
    QString label;
    std::vector<Bar> bars;
};

struct BarsData {
    QString valueLabel; ///< axis label with its unit
    QString groupLabel;
    QString csvHeader; ///< name of the value column
    std::vector<BarGroup> groups;
};

/// Besides Plot's keys: N and P highlight the next and the previous bar, Return chooses it.
class BarsPlot : public Plot {
    Q_OBJECT
public:
    explicit BarsPlot(QWidget* parent = nullptr);

    /// Keeps the view when the number of bars is the same as before.
    void setData(const BarsData& bars);
    void clear(const QString& emptyText);
    /// Highlights a bar; unknown ids highlight nothing.
    void setSelected(const QString& id);
    QString selected() const { return m_selected; }
    /// Values of zero or less are not drawn on a logarithmic scale.
    void setLogScale(bool on);
    QString csv() const override;

signals:
    void barChosen(const QString& id); ///< by click or key

protected:
    void applyTheme(const ThemeColors& theme) override;
    QString valueText(double x, double y) const override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Placed {
        double key = 0;
        const Bar* bar = nullptr;
    };
    void rebuild(bool keepView);
    void showSelection();
    void placeTicks();
    const Bar* barAt(double key) const;
    void step(int by);

    BarsData m_data;
    bool m_log = false;
    QString m_selected;
    std::vector<Placed> m_placed; ///< ascending keys
    std::vector<std::pair<double, double>> m_groupRanges;
    double m_top = 1;
    QPoint m_pressedAt;
    QCPBars* m_bars = nullptr;
    QCPBars* m_unbounded = nullptr;
    QCPBars* m_chosen = nullptr;
    QCPItemTracer* m_tracer = nullptr;
    std::vector<QCPItemRect*> m_bands;
    QSharedPointer<QCPAxisTickerText> m_ticker;
};

} // namespace trilobit
