#include "widgets/pages/plots/plotdata.h"

#include "widgets/common/format.h"

#include <QCoreApplication>

#include <cmath>
#include <map>

namespace trilobit {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("trilobit", text); }

XySeries line(const QString& title, const char* csvName, int color, const std::vector<float>& values) {
    XySeries out;
    out.title = title;
    out.csvName = QLatin1String(csvName);
    out.color = color;
    for (std::size_t i = 0; i < values.size(); ++i) {
        out.x.push_back(static_cast<double>(i));
        out.y.push_back(static_cast<double>(values[i]));
    }
    return out;
}

void fillMagnitudes(XyData& data, const TensorProfile& profile, bool rows) {
    data.xLabel = rows ? tr("row (output)") : tr("column (input)");
    data.xName = rows ? QStringLiteral("row") : QStringLiteral("column");
    data.yLabel = tr("magnitude");
    data.yName = QStringLiteral("magnitude");
    data.series.push_back(line(tr("absmax"), "absmax", -2, rows ? profile.rowAbsmax : profile.colAbsmax));
    data.series.push_back(line(tr("root mean square"), "rms", 2, rows ? profile.rowRms : profile.colRms));
    if (profile.hasQuantized)
        data.series.push_back(line(tr("RMS error"), "rms_error", -3, rows ? profile.rowErrorRms : profile.colErrorRms));
}

void fillQuantiles(XyData& data, const TensorProfile& profile, const QString& original, const QString& quantized) {
    data.xLabel = tr("normal quantile (standard deviations)");
    data.yLabel = tr("quantile of the weights");
    data.xName = QStringLiteral("normal_quantile");
    data.yName = QStringLiteral("weight_quantile");
    XySeries a, b, reference;
    a.title = tr("original (%1)").arg(original);
    a.csvName = QStringLiteral("original");
    a.look = XySeries::Look::Points;
    a.color = -2;
    b.title = tr("quantized (%1)").arg(quantized);
    b.csvName = QStringLiteral("quantized");
    b.look = XySeries::Look::Line;
    b.color = -3;
    reference.title = tr("a normal distribution");
    reference.look = XySeries::Look::Reference;
    reference.color = -1;
    for (const QuantilePoint& point : profile.quantiles) {
        a.x.push_back(point.normal);
        a.y.push_back(point.original);
        b.x.push_back(point.normal);
        b.y.push_back(point.quantized);
        reference.x.push_back(point.normal);
        reference.y.push_back(profile.mean + profile.std * point.normal);
    }
    data.series = {std::move(reference)};
    if (profile.hasQuantized)
        data.series.push_back(std::move(b));
    data.series.push_back(std::move(a));
}

void fillScatter(XyData& data, const TensorProfile& profile) {
    data.xLabel = tr("original weight");
    data.yLabel = tr("quantized weight");
    data.xName = QStringLiteral("original");
    data.yName = QStringLiteral("quantized");
    XySeries points, reference;
    points.title = tr("weights (a sample of %1)").arg(profile.scatter.size());
    points.csvName = QStringLiteral("weights");
    points.look = XySeries::Look::Points;
    points.color = -3;
    double low = 0, high = 0;
    for (const ScatterPoint& point : profile.scatter) {
        points.x.push_back(static_cast<double>(point.original));
        points.y.push_back(static_cast<double>(point.quantized));
        low = std::min(low, points.x.back());
        high = std::max(high, points.x.back());
    }
    reference.title = tr("no error");
    reference.look = XySeries::Look::Reference;
    reference.color = -1;
    reference.x = reference.y = {low, high};
    data.series = {std::move(points), std::move(reference)};
}

void fillSpectrum(XyData& data, const TensorProfile& profile) {
    data.xLabel = tr("number of the singular value");
    data.yLabel = tr("singular value");
    data.xName = QStringLiteral("number");
    data.yName = QStringLiteral("singular_value");
    const auto add = [&](const QString& title, const char* csvName, int color, const std::vector<double>& values) {
        XySeries series;
        series.title = title;
        series.csvName = QLatin1String(csvName);
        series.color = color;
        for (std::size_t i = 0; i < values.size(); ++i) {
            series.x.push_back(static_cast<double>(i + 1));
            series.y.push_back(values[i]);
        }
        data.series.push_back(std::move(series));
    };
    add(tr("weights (%1 rows)").arg(profile.spectrumRows), "weights", -2, profile.weightSpectrum);
    if (profile.hasQuantized)
        add(tr("error"), "error", -3, profile.errorSpectrum);
}

} // namespace

bool isOverLayers(PlotKind kind) { return kind == PlotKind::KurtosisByLayer || kind == PlotKind::OutliersByLayer; }
bool needsQuantized(PlotKind kind) { return kind == PlotKind::Scatter; }

QString plotHelp(PlotKind kind) {
    switch (kind) {
    case PlotKind::QuantileQuantile:
        return tr("On the dashed line the weights would be normally distributed. Ends that bend away are heavy tails: "
                  "outliers that "
                  "stretch the grid of everybody else.");
    case PlotKind::AbsmaxByRow:
        return tr("The largest weight of each output row. Rows of very different size want a scale of their own.");
    case PlotKind::AbsmaxByColumn:
        return tr("The largest weight of each input column. Single tall columns are channels that hurt every group "
                  "they are in.");
    case PlotKind::Scatter:
        return tr("Each point is a weight: where it was and where it went. Steps are the values the encoding can hold; "
                  "points far "
                  "from the dashed line moved most.");
    case PlotKind::Spectrum:
        return tr("How much of the matrix lies in how many directions. A flat error is noise; an error that falls off "
                  "steeply has a "
                  "structure that a low-rank correction could take back.");
    case PlotKind::Activations:
        return tr("What goes into this matrix, channel by channel, while the model reads a text. Few channels are often "
                  "many times as strong as the others: errors of the weights they meet count most, and a calibrated "
                  "quantization spends its precision there.");
    case PlotKind::KurtosisByLayer:
        return tr("Kurtosis of every matrix: 3 for a normal distribution. The higher, the heavier the tails and the "
                  "harder low-bit "
                  "quantization.");
    case PlotKind::OutliersByLayer:
        return tr("Weights further than six standard deviations from the mean, counted per matrix.");
    }
    return {};
}

XyData tensorPlot(const TensorProfile& profile, PlotKind kind, const QString& original, const QString& quantized) {
    XyData data;
    switch (kind) {
    case PlotKind::QuantileQuantile: fillQuantiles(data, profile, original, quantized); break;
    case PlotKind::AbsmaxByRow: fillMagnitudes(data, profile, true); break;
    case PlotKind::AbsmaxByColumn: fillMagnitudes(data, profile, false); break;
    case PlotKind::Scatter: fillScatter(data, profile); break;
    case PlotKind::Spectrum: fillSpectrum(data, profile); break;
    default: break;
    }
    return data;
}

XyData activationPlot(const InputStatistics& statistics) {
    XyData data;
    data.xLabel = tr("input channel");
    data.xName = QStringLiteral("channel");
    data.yLabel = tr("magnitude");
    data.yName = QStringLiteral("magnitude");
    const ChannelMagnitudes magnitudes = channelMagnitudes(statistics);
    const ChannelSummary summary = summarizeChannels(magnitudes.rms);
    const auto add = [&data](const QString& title, const char* csvName, int color, const std::vector<double>& values) {
        if (values.empty()) // files of other programs hold the squares alone
            return;
        XySeries series;
        series.title = title;
        series.csvName = QLatin1String(csvName);
        series.color = color;
        for (std::size_t i = 0; i < values.size(); ++i) {
            series.x.push_back(static_cast<double>(i));
            series.y.push_back(values[i]);
        }
        data.series.push_back(std::move(series));
    };
    add(tr("largest"), "max_abs", -1, magnitudes.largest);
    add(tr("root mean square"), "rms", -2, magnitudes.rms);
    add(tr("mean magnitude"), "mean_abs", 2, magnitudes.meanAbs);
    if (summary.outliers.empty())
        return data;
    XySeries outliers;
    outliers.title = tr("stands out (%1)").arg(summary.outliers.size());
    outliers.csvName = QStringLiteral("outlier_rms");
    outliers.look = XySeries::Look::Points;
    outliers.color = -3;
    for (const std::int64_t channel : summary.outliers) {
        const double rms = magnitudes.rms[static_cast<std::size_t>(channel)];
        outliers.x.push_back(static_cast<double>(channel));
        outliers.y.push_back(rms);
        outliers.ids.push_back(tr("channel %1").arg(channel));
        outliers.notes.push_back(summary.medianRms > 0 ? tr("%1 times the median channel").arg(rms / summary.medianRms, 0, 'f', 1)
                                                       : tr("half of the channels are silent"));
    }
    XySeries limit;
    limit.title = tr("%1 times the median").arg(kOutlierFactor);
    limit.look = XySeries::Look::Reference;
    limit.color = -1;
    limit.x = {0, static_cast<double>(magnitudes.rms.size()) - 1};
    limit.y.assign(2, kOutlierFactor * summary.medianRms);
    data.series.push_back(std::move(limit));
    data.series.push_back(std::move(outliers));
    return data;
}

XyData layerPlot(const std::vector<LayerStats>& stats, PlotKind kind) {
    XyData data;
    data.xLabel = tr("layer");
    data.xName = QStringLiteral("layer");
    data.yLabel = kind == PlotKind::KurtosisByLayer ? tr("kurtosis") : tr("outliers beyond 6σ");
    data.yName = kind == PlotKind::KurtosisByLayer ? QStringLiteral("kurtosis") : QStringLiteral("outliers");
    std::map<std::string, XySeries> roles;
    for (const LayerStats& row : stats) {
        if (row.layer < 0)
            continue;
        XySeries& series = roles[row.role];
        series.x.push_back(row.layer);
        series.y.push_back(kind == PlotKind::KurtosisByLayer ? row.kurtosis : row.outliers);
        series.ids.push_back(qtext(row.name));
    }
    int color = 0;
    for (auto& [role, series] : roles) {
        series.title = qtext(role);
        series.csvName = series.title;
        series.look = XySeries::Look::Points;
        series.color = color++;
        data.series.push_back(std::move(series));
    }
    return data;
}

Result<std::vector<LayerStats>> collectLayerStats(const Model& model, RunControl& control) {
    std::vector<LayerStats> out;
    const auto total = static_cast<double>(model.tensors().size());
    for (std::size_t i = 0; i < model.tensors().size(); ++i) {
        const Tensor& tensor = model.tensors()[i];
        if (!tensor.isQuantizable() || tensor.count() == 0)
            continue;
        control.progress(static_cast<double>(i), total, tensor.name);
        TRILOBIT_TRY(const WeightStats stats, tensorStats(tensor, 1, control));
        out.push_back({tensor.name, tensor.layer, tensorRoleName(tensor.role), stats.kurtosis,
                       std::round(stats.outlierFraction * static_cast<double>(stats.count))});
    }
    return out;
}

} // namespace trilobit
