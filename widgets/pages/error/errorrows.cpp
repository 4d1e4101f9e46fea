#include "widgets/pages/error/errorrows.h"

#include "widgets/common/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace trilobit {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("trilobit", text); }

/// Blocks in order, what comes before them first and what comes after them last.
std::pair<int, QString> groupOf(const Tensor& tensor, ErrorGrouping grouping) {
    if (grouping == ErrorGrouping::Role)
        return {static_cast<int>(tensor.role), QString::fromLatin1(tensorRoleName(tensor.role))};
    if (tensor.layer >= 0)
        return {tensor.layer, QString::number(tensor.layer)};
    if (tensor.role == TensorRole::Embedding)
        return {-1, tr("emb")};
    return {std::numeric_limits<int>::max(), tensor.role == TensorRole::Output ? tr("out") : tr("other")};
}

QString tooltip(const ErrorRow& row) {
    const QString about = row.sampled ? QStringLiteral("≈ ") : QString();
    return QStringLiteral("<b>%1</b><br>%2 → %3<br>%4<br>%5<br>%6<br>%7")
               .arg(qtext(row.tensor->name).toHtmlEscaped(), qtext(row.method).toHtmlEscaped(),
                    qtext(row.applied).toHtmlEscaped(), tr("SQNR %1").arg(about + decibelText(row.error.sqnrDb)),
                    tr("relative squared error %1").arg(about + numberText(row.error.relativeSquared)),
                    tr("RMSE %1").arg(about + numberText(row.error.rmse)),
                    tr("largest error %1").arg(about + numberText(row.error.maxAbs)))
           + (row.sampled ? QStringLiteral("<br>") + tr("estimated from a sample of rows") : QString());
}

} // namespace

ErrorRows collectErrors(const Model& model, const Plan& plan, std::uint64_t seed, const QuantizedModel* quantized,
                        const MeasuredErrors& measured) {
    ErrorRows out;
    std::map<std::string_view, const TensorReport*> reports;
    if (quantized)
        for (const TensorReport& report : quantized->tensors)
            reports.emplace(report.name, &report);
    for (const TensorPlan& step : plan.tensors) {
        if (step.tensor >= model.tensors().size())
            continue;
        const Tensor& tensor = model.tensors()[step.tensor];
        if (step.refused) {
            if (out.refused++ == 0)
                out.refusal = step.note;
            continue;
        }
        if (step.choice.keeps()) {
            ++out.kept;
            continue;
        }
        const auto report = reports.find(tensor.name);
        if (report != reports.end() && quantized->recipe.seed == seed
            && quantized->recipe.choiceFor(tensor.name) == step.choice) {
            out.rows.push_back(
                {&tensor, report->second->method, report->second->applied, report->second->error, false});
        } else if (const auto found = measured.find(tensor.name);
                   found != measured.end() && found->second.choice == step.choice) {
            const MeasuredError& preview = found->second;
            out.rows.push_back(
                {&tensor, step.choice.method, preview.applied, preview.error, preview.rows < preview.totalRows});
        } else {
            out.missing.push_back(step.tensor);
        }
    }
    return out;
}

double errorValue(const ErrorMetrics& error, ErrorMeasure measure) {
    switch (measure) {
    case ErrorMeasure::SqnrDb: return error.sqnrDb;
    case ErrorMeasure::RelativeSquared: return error.relativeSquared;
    case ErrorMeasure::Rmse: return error.rmse;
    }
    return 0;
}

QString errorMeasureLabel(ErrorMeasure measure) {
    switch (measure) {
    case ErrorMeasure::SqnrDb: return tr("SQNR (dB), higher is better");
    case ErrorMeasure::RelativeSquared: return tr("relative squared error, lower is better");
    case ErrorMeasure::Rmse: return tr("RMSE (units of the weights), lower is better");
    }
    return {};
}

BarsData errorBars(const ErrorRows& rows, ErrorMeasure measure, ErrorGrouping grouping) {
    BarsData data;
    data.valueLabel = errorMeasureLabel(measure);
    data.groupLabel = grouping == ErrorGrouping::Layer ? tr("layer") : tr("role of the tensor");
    data.csvHeader = measure == ErrorMeasure::SqnrDb            ? QStringLiteral("sqnr_db")
                     : measure == ErrorMeasure::RelativeSquared ? QStringLiteral("relative_squared_error")
                                                                : QStringLiteral("rmse");
    std::map<int, BarGroup> groups;
    for (const ErrorRow& row : rows.rows) {
        const auto [order, label] = groupOf(*row.tensor, grouping);
        BarGroup& group = groups[order];
        group.label = label;
        const double value = errorValue(row.error, measure);
        group.bars.push_back(
            {qtext(row.tensor->name), std::isfinite(value) ? value : 0, !std::isfinite(value), tooltip(row)});
    }
    for (auto& [order, group] : groups)
        data.groups.push_back(std::move(group));
    return data;
}

QString errorSummary(const ErrorRows& rows) {
    if (rows.rows.empty())
        return {};
    double error = 0, signal = 0;
    const ErrorRow* worst = nullptr;
    bool sampled = false;
    for (const ErrorRow& row : rows.rows) {
        // A sample stands for its whole tensor.
        const auto count = static_cast<double>(row.tensor->count());
        error += row.error.rmse * row.error.rmse * count;
        if (row.error.relativeSquared > 0)
            signal += row.error.rmse * row.error.rmse * count / row.error.relativeSquared;
        else
            signal += row.error.sumSquared;
        sampled |= row.sampled;
        if (!worst || row.error.relativeSquared > worst->error.relativeSquared)
            worst = &row;
    }
    const double sqnr =
        error > 0 && signal > 0 ? 10 * std::log10(signal / error) : std::numeric_limits<double>::infinity();
    return tr("%1 tensors together: SQNR %2. Worst: %3 with %4.")
        .arg(rows.rows.size())
        .arg((sampled ? QStringLiteral("≈ ") : QString()) + decibelText(sqnr), qtext(worst->tensor->name),
             decibelText(worst->error.sqnrDb));
}

} // namespace trilobit
