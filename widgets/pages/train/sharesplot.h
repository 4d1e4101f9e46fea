// SharesPlot: how many weights of each matrix are −1, 0 and +1: one stacked bar per matrix, blocks side by side.
#pragma once

#include "widgets/pages/train/trainlog.h"
#include "widgets/plots/plot.h"

#include <vector>

namespace trilobit {

class SharesPlot : public Plot {
    Q_OBJECT
public:
    explicit SharesPlot(QWidget* parent = nullptr);
    /// In file order; bars whose names start with the same "blk.N." stand together.
    void setShares(const std::vector<ShareBar>& shares);
    void clear(const QString& emptyText);
    const std::vector<ShareBar>& shares() const { return m_shares; }
    QString csv() const override;

protected:
    void applyTheme(const ThemeColors& theme) override;
    QString valueText(double x, double y) const override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void placeTicks();

    std::vector<ShareBar> m_shares;
    std::vector<double> m_keys;
    std::vector<std::pair<double, QString>> m_blocks; ///< centre and name
    QCPBars *m_minus = nullptr, *m_zero = nullptr, *m_plus = nullptr;
    QSharedPointer<QCPAxisTickerText> m_ticker;
};

} // namespace trilobit
