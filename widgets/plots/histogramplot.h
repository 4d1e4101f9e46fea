// HistogramPlot: the distribution of a tensor's weights, original under quantized, with mean, deviations and outliers.
#pragma once

#include "widgets/plots/plot.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace trilobit {

struct HistogramSeries {
    QString title;
    std::vector<std::uint64_t> counts; ///< one per bin
    std::uint64_t total = 0;           ///< values counted, bins and outside together; shares refer to it
};

/// Equal bins over [low, high]; both series have the same bins.
struct HistogramData {
    double low = 0, high = 0;
    HistogramSeries original;
    std::optional<HistogramSeries> quantized;
    double mean = 0, std = 0;
    std::uint64_t outliers = 0; ///< weights further than 6 std from the mean
};

class HistogramPlot : public Plot {
    Q_OBJECT
public:
    explicit HistogramPlot(QWidget* parent = nullptr);

    /// Keeps the view when the range of values is the one shown before, so that a refinement does not move the picture.
    void setData(const HistogramData& histogram);
    void clear(const QString& emptyText);
    const HistogramData& histogram() const { return m_data; }
    bool logScale() const { return m_log; }
    QString csv() const override;

public slots:
    /// Bins without weights are below the axis on a logarithmic scale.
    void setLogScale(bool on);

protected:
    void applyTheme(const ThemeColors& theme) override;
    QString valueText(double x, double y) const override;

private:
    void rebuild(bool keepView);
    void placeMarks();
    double share(const HistogramSeries& series, std::size_t bin) const;
    double binEdge(std::size_t bin) const;
    void fill(QCPGraph* graph, const HistogramSeries& series) const;
    QCPItemStraightLine* addLine(Qt::PenStyle style);
    QCPItemText* addLabel();

    HistogramData m_data;
    bool m_log = false;
    QCPGraph* m_original = nullptr;
    QCPGraph* m_quantized = nullptr;
    QCPGraph* m_outlierBins = nullptr;         ///< a mark under each bin with outliers, against a fixed 0..1 axis
    QCPGraph* m_clipped = nullptr;             ///< a mark above each bin that reaches beyond the view
    std::vector<QCPItemStraightLine*> m_lines; ///< mean, -1, +1, -6, +6 std
    std::vector<QCPItemText*> m_labels;        ///< of the lines
    QCPItemText* m_outlierText = nullptr;
    QCPItemText* m_clippedText = nullptr;
};

} // namespace trilobit
