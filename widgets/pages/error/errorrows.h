// ErrorRows: the measured error of every tensor that the recipe changes, from quantized models and from previews.
#pragma once

#include "core/quant/quantizer.h"
#include "widgets/plots/barsplot.h"

#include <QString>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace trilobit {

/// An error measured ahead of quantizing, and the choice it belongs to.
struct MeasuredError {
    Choice choice;
    ErrorMetrics error;
    std::string applied, note;
    std::uint64_t bytesAfter = 0;
    std::int64_t rows = 0, totalRows = 0; ///< rows < totalRows: a sample
};
using MeasuredErrors = std::map<std::string, MeasuredError>; ///< by tensor name

struct ErrorRow {
    const Tensor* tensor = nullptr;
    std::string method, applied;
    ErrorMetrics error;
    bool sampled = false;
};

struct ErrorRows {
    std::vector<ErrorRow> rows;       ///< in file order
    std::vector<std::size_t> missing; ///< indices of chosen tensors nobody measured yet
    std::size_t kept = 0, refused = 0;
    std::string refusal; ///< of the first refused tensor
};

/// A value counts for a tensor only if it was measured with the choice the plan has for it now, and, when quantized,
/// with the same `seed`. `quantized` may be null.
ErrorRows collectErrors(const Model& model, const Plan& plan, std::uint64_t seed, const QuantizedModel* quantized,
                        const MeasuredErrors& measured);

enum class ErrorMeasure { SqnrDb, RelativeSquared, Rmse };
enum class ErrorGrouping { Layer, Role };
double errorValue(const ErrorMetrics& error, ErrorMeasure measure);
QString errorMeasureLabel(ErrorMeasure measure); ///< with unit and direction, as an axis label

BarsData errorBars(const ErrorRows& rows, ErrorMeasure measure, ErrorGrouping grouping);
/// "Over all 210 tensors: SQNR 6.4 dB. Worst: blk.3.attn_k.weight with 4.1 dB."
QString errorSummary(const ErrorRows& rows);

} // namespace trilobit
