// LatentPlot: the float weights that training moves, coloured by what each becomes, over where they began.
#pragma once

#include "widgets/pages/train/trainlog.h"
#include "widgets/plots/plot.h"

namespace trilobit {

class LatentPlot : public Plot {
    Q_OBJECT
public:
    explicit LatentPlot(QWidget* parent = nullptr);
    /// The outline of `first` is left out when both are of the same step.
    void setLooks(const LatentLook& first, const LatentLook& latest);
    void clear(const QString& emptyText);
    const LatentLook& latest() const { return m_latest; }
    QString csv() const override;

protected:
    void applyTheme(const ThemeColors& theme) override;
    QString valueText(double x, double y) const override;

private:
    void fill(QCPGraph* graph, const std::vector<double>& shares) const;
    double edge(std::size_t bin) const;

    LatentLook m_first, m_latest;
    QCPGraph *m_minus = nullptr, *m_zero = nullptr, *m_plus = nullptr; ///< stacked
    QCPGraph *m_all = nullptr, *m_start = nullptr; ///< outlines
    QCPRange m_shown{0, 0}, m_shownY{0, 0};
};

} // namespace trilobit
