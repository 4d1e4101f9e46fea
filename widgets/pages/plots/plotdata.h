// The plots of the plots page as values: from profiles and statistics to series.
#pragma once

#include "core/calib/calibration.h"
#include "core/quant/tensorprofile.h"
#include "core/quant/weightstats.h"
#include "widgets/plots/xyplot.h"

#include <QString>

#include <memory>
#include <string>
#include <vector>

namespace trilobit {

enum class PlotKind {
    QuantileQuantile,
    AbsmaxByRow,
    AbsmaxByColumn,
    Scatter,
    Spectrum,
    Activations,
    KurtosisByLayer,
    OutliersByLayer
};

/// What one tensor contributes to the plots over all layers.
struct LayerStats {
    std::string name;
    int layer = -1;
    std::string role;
    double kurtosis = 0, outliers = 0; ///< outliers: weights beyond six deviations, a count
};

bool isOverLayers(PlotKind kind);
bool needsQuantized(PlotKind kind);
QString plotHelp(PlotKind kind);
/// `original`, `quantized`: names of the encodings, for the legend.
XyData tensorPlot(const TensorProfile& profile, PlotKind kind, const QString& original, const QString& quantized);
/// Magnitudes of a tensor's inputs by channel; channels that stand out are points of their own.
XyData activationPlot(const InputStatistics& statistics);
/// A series per role; layers on the horizontal axis.
XyData layerPlot(const std::vector<LayerStats>& stats, PlotKind kind);
/// Of every matrix of the blocks, the embedding and the output. Progress in tensors. Errors: Cancelled.
Result<std::vector<LayerStats>> collectLayerStats(const Model& model, RunControl& control);

} // namespace trilobit
