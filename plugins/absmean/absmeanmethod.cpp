#include "plugins/absmean/absmeanmethod.h"

#include "plugins/common/weights.h"

#include <cmath>
#include <vector>

namespace trilobit::plugins {

namespace {

constexpr double kSmallestGamma = 1e-5;

std::string scopeOf(const ParamValues& params, const MethodInfo& info) {
    return paramOr<std::string>(params, info.params, "scope");
}

/// Sum of |w| over weights [begin, end) in a fixed order: piece by piece, sixteen running sums inside a piece.
double sumMagnitude(const float* weight, std::int64_t begin, std::int64_t end) {
    constexpr std::int64_t kLanes = 16;
    double lanes[kLanes] = {};
    std::int64_t i = begin;
    for (; i + kLanes <= end; i += kLanes)
        for (std::int64_t lane = 0; lane < kLanes; ++lane)
            lanes[lane] += static_cast<double>(std::fabs(weight[i + lane]));
    for (; i < end; ++i)
        lanes[0] += static_cast<double>(std::fabs(weight[i]));
    double sum = 0;
    for (const double lane : lanes)
        sum += lane;
    return sum;
}

double gammaOf(double sumOfMagnitudes, std::int64_t count) {
    return std::max(count > 0 ? sumOfMagnitudes / static_cast<double>(count) : 0.0, kSmallestGamma);
}

double tensorGamma(const MatrixView& weight, const RunControl& control) {
    const std::int64_t count = weight.count();
    const std::int64_t pieces = (count + kPiece - 1) / kPiece;
    std::vector<double> sums(static_cast<std::size_t>(pieces));
#pragma omp parallel for schedule(static) if (count >= kWorthThreads)
    for (std::int64_t piece = 0; piece < pieces; ++piece)
        if (!control.isCancelled())
            sums[static_cast<std::size_t>(piece)] =
                sumMagnitude(weight.data, piece * kPiece, std::min(count, (piece + 1) * kPiece));
    double sum = 0;
    for (const double part : sums)
        sum += part;
    return gammaOf(sum, count);
}

/// The gamma of every span of `length` weights inside a row; spans of one row lie beside each other, the last may be short.
std::vector<double> spanGammas(const MatrixView& weight, std::int64_t length, const RunControl& control) {
    const std::int64_t perRow = (weight.cols + length - 1) / length;
    std::vector<double> gammas(static_cast<std::size_t>(weight.rows * perRow));
#pragma omp parallel for schedule(static) if (weight.count() >= kWorthThreads)
    for (std::int64_t row = 0; row < weight.rows; ++row) {
        if (control.isCancelled())
            continue;
        for (std::int64_t span = 0; span < perRow; ++span) {
            const std::int64_t begin = span * length, end = std::min(weight.cols, begin + length);
            gammas[static_cast<std::size_t>(row * perRow + span)] =
                gammaOf(sumMagnitude(weight.row(row), begin, end), end - begin);
        }
    }
    return gammas;
}

/// The trit of w: clamp(round_half_even(w / gamma), -1, 1), without the division.
int tritOf(float w, double gamma) {
    const double magnitude = std::fabs(static_cast<double>(w));
    return magnitude > 0.5 * gamma ? (w > 0 ? 1 : -1) : 0;
}

/// Which gamma belongs to column `col` of `row`, for one of the three scopes.
struct Gammas {
    std::vector<double> values;
    std::int64_t length = 0; ///< weights per gamma inside a row; 0: one for the tensor
    std::int64_t perRow = 0;
    double at(std::int64_t row, std::int64_t col) const {
        return length == 0 ? values[0] : values[static_cast<std::size_t>(row * perRow + col / length)];
    }
};

Gammas gammasFor(const std::string& scope, const Grid& grid, const MatrixView& weight, const RunControl& control) {
    const bool wholeTensor = scope == "tensor" || (scope == "group" && grid.groupSize == kGroupIsTensor);
    if (wholeTensor)
        return {{tensorGamma(weight, control)}, 0, 0};
    const std::int64_t length =
        scope == "row" || grid.groupSize == kGroupIsRow ? weight.cols : std::min(grid.groupSize, weight.cols);
    return {spanGammas(weight, length, control), length, (weight.cols + length - 1) / length};
}

Result<WeightsAsGiven> ternaryValues(const MatrixView& weight, const Gammas& gammas, const RunControl& control) {
    WeightsAsGiven out;
    TRILOBIT_CHECK(resizeLarge(out.values, weight.count(), control));
#pragma omp parallel for schedule(static) if (weight.count() >= kWorthThreads)
    for (std::int64_t row = 0; row < weight.rows; ++row) {
        if (control.isCancelled())
            continue;
        for (std::int64_t col = 0; col < weight.cols; ++col) {
            const double gamma = gammas.at(row, col);
            out.values[static_cast<std::size_t>(row * weight.cols + col)] =
                static_cast<float>(tritOf(weight.row(row)[col], gamma) * gamma);
        }
    }
    if (control.isCancelled())
        return cancelledError();
    return out;
}

/// The code that stands for zero: the fixed one, or the second smallest where the encoding lets us choose.
int zeroCodeOf(const Grid& grid) { return grid.freeZero ? grid.codeMin + 1 : static_cast<int>(grid.fixedZero); }

Result<GroupCodes> ternaryCodes(const MatrixView& weight, const Gammas& gammas, const Grid& grid,
                                const RunControl& control) {
    GroupCodes out;
    out.rows = weight.rows;
    out.cols = weight.cols;
    out.groupSize = groupLength(grid, weight.rows, weight.cols);
    const bool oneGroup = grid.groupSize == kGroupIsTensor;
    const std::int64_t perRow = oneGroup ? 1 : (weight.cols + out.groupSize - 1) / out.groupSize;
    const std::int64_t groups = oneGroup ? 1 : weight.rows * perRow;
    const int zeroCode = zeroCodeOf(grid);
    out.zero.assign(static_cast<std::size_t>(groups), static_cast<float>(zeroCode));
    out.scale.resize(static_cast<std::size_t>(groups));
    for (std::int64_t group = 0; group < groups; ++group) {
        const double gamma = gammas.at(group / perRow, (group % perRow) * out.groupSize);
        const float stored = storedParameter(static_cast<float>(gamma), grid.scaleType);
        if (!isFiniteBits(stored))
            return fail(ErrorCode::Unsupported,
                        "the mean magnitude " + std::to_string(gamma) + " of the weights in row "
                            + std::to_string(group / perRow) + " is larger than a binary16 scale can hold (65504)");
        out.scale[static_cast<std::size_t>(group)] = stored;
    }
    TRILOBIT_CHECK(resizeLarge(out.codes, weight.count(), control));
#pragma omp parallel for schedule(static) if (weight.count() >= kWorthThreads)
    for (std::int64_t row = 0; row < weight.rows; ++row) {
        if (control.isCancelled())
            continue;
        for (std::int64_t col = 0; col < weight.cols; ++col)
            out.codes[static_cast<std::size_t>(row * weight.cols + col)] =
                static_cast<std::int16_t>(zeroCode + tritOf(weight.row(row)[col], gammas.at(row, col)));
    }
    return out;
}

} // namespace

AbsmeanMethod::AbsmeanMethod() {
    m_info.id = "absmean";
    m_info.title = "Absmean ternary (BitNet b1.58)";
    m_info.summary = "Each weight becomes -gamma, 0 or +gamma, where gamma is the mean magnitude of the weights: those "
                     "below half of gamma become zero. This is how BitNet b1.58 makes its 1.58-bit weights in training.";
    m_info.reference = "Ma et al. 2024, The Era of 1-bit LLMs (arXiv 2402.17764), equations 1 to 3";
    ParamSpec scope;
    scope.key = "scope";
    scope.label = "Gamma per";
    scope.help = "How many weights share one gamma: the whole tensor (as BitNet does), one row, or one group of the "
                 "encoding. Smaller is closer to the original weights.";
    scope.type = ParamType::Choice;
    scope.defaultValue = std::string("tensor");
    scope.choices = {"tensor", "row", "group"};
    m_info.params = {scope};
    m_info.expectation =
        "This model was not trained for ternary weights: absmean throws away about a third of the weights' energy at once, "
        "so expect nonsense instead of sentences. BitNet models work because they learn with these three values from the "
        "start. Quantization-aware or recovery training would help, and so does keeping the most sensitive layers (often "
        "ffn_down, attn_v and the first and last blocks) at four bits or more.";
}

Result<void> AbsmeanMethod::accepts(const EncodingInfo& target, const ParamValues& params, std::int64_t,
                                    std::int64_t) const {
    const Grid& grid = target.grid;
    const std::string scope = scopeOf(params, m_info);
    const auto refuse = [](std::string reason) { return fail(ErrorCode::Unsupported, std::move(reason)); };
    if (grid.kind == GridKind::Nested)
        return refuse(target.id + " rounds the scales of its sub-blocks, so three exact values do not survive in it; "
                                  "TQ2_0, Q4_0 or affine groups keep them");
    if (grid.kind == GridKind::Levels)
        return refuse(target.id
                      + " has fixed levels at uneven distances, and three exact values are not among them; TQ2_0, "
                        "Q4_0 or affine groups keep them");
    if (grid.kind == GridKind::Float) {
        if (scope == "group")
            return refuse(target.id + " has no groups; choose one gamma per tensor or per row");
        return {};
    }
    if (grid.levels() < 3)
        return refuse(target.id + " has two values per group, and absmean needs three: -gamma, 0 and +gamma");
    const int zeroCode = zeroCodeOf(grid);
    const bool zeroIsCode = grid.freeZero || static_cast<double>(zeroCode) == grid.fixedZero;
    if (!zeroIsCode || zeroCode - 1 < grid.codeMin || zeroCode + 1 > grid.codeMax)
        return refuse(target.id + " cannot hold -gamma, 0 and +gamma exactly");
    if (grid.groupSize == kGroupIsTensor && scope == "row")
        return refuse(target.id + " stores one scale for the whole tensor; choose one gamma per tensor");
    if (grid.groupSize == kGroupIsTensor && scope == "group")
        return refuse(target.id + " has no groups, only one scale for the whole tensor; choose one gamma per tensor");
    if (grid.groupSize == kGroupIsRow && scope == "group")
        return refuse(target.id + " has one scale per row; choose one gamma per row");
    return {};
}

Result<MethodOutput> AbsmeanMethod::quantize(const MethodInput& input, RunControl& control) const {
    const MatrixView& weight = input.weight;
    if (!input.target)
        return fail(ErrorCode::Internal, "absmean was called without a target encoding");
    TRILOBIT_CHECK(accepts(*input.target, input.params, weight.rows, weight.cols));
    TRILOBIT_CHECK(checkFinite(weight, control));
    const Grid& grid = input.target->grid;
    const Gammas gammas = gammasFor(scopeOf(input.params, m_info), grid, weight, control);
    if (control.isCancelled())
        return cancelledError();
    if (grid.kind == GridKind::Float) {
        TRILOBIT_TRY(WeightsAsGiven values, ternaryValues(weight, gammas, control));
        return MethodOutput(std::move(values));
    }
    TRILOBIT_TRY(GroupCodes codes, ternaryCodes(weight, gammas, grid, control));
    if (control.isCancelled())
        return cancelledError();
    return MethodOutput(std::move(codes));
}

std::string AbsmeanMethod::expectationFor(const EncodingInfo&, const ParamValues&) const { return m_info.expectation; }

} // namespace trilobit::plugins
