#include "plugins/hqq/hqqmethod.h"

#include "plugins/common/weights.h"
#include "plugins/hqq/hqqsolver.h"

#include <cmath>

namespace trilobit::plugins {

namespace {

constexpr float kLargestHalf = 65504.0f;

ParamSpec number(std::string key, std::string label, std::string help, ParamType type, ParamValue value, double minimum,
                 double maximum) {
    ParamSpec spec;
    spec.key = std::move(key);
    spec.label = std::move(label);
    spec.help = std::move(help);
    spec.type = type;
    spec.defaultValue = std::move(value);
    spec.minimum = minimum;
    spec.maximum = maximum;
    return spec;
}

HqqOptions optionsFrom(const ParamValues& params, const MethodInfo& info, const EncodingInfo& target,
                       std::int64_t cols) {
    HqqOptions options;
    options.maxCode = target.grid.levels() - 1;
    options.groupSize = target.grid.groupSize == kGroupIsRow ? cols : target.grid.groupSize;
    options.iterations = static_cast<int>(paramOr<std::int64_t>(params, info.params, "iterations"));
    options.beta = static_cast<float>(paramOr<double>(params, info.params, "beta"));
    options.lpNorm = static_cast<float>(paramOr<double>(params, info.params, "lp_norm"));
    const auto roundZero = paramOr<std::string>(params, info.params, "round_zero");
    options.roundZero = roundZero == "yes" || (roundZero == "auto" && options.maxCode == 15);
    return options;
}

/// A group's parameters as the encoding stores them, with codes counted from 0: w = scale * (code - zero).
struct StoredGroup {
    float scale = 0;
    float zero = 0;
    bool valid() const { return isFiniteBits(scale) && isFiniteBits(zero) && scale > 0; }
};

StoredGroup stored(double scale, double zero, const Grid& grid) {
    StoredGroup group;
    group.scale = storedParameter(static_cast<float>(scale), grid.scaleType);
    if (!grid.zeroIsMinimum) {
        // The stored zero counts from code 0 of the encoding, which need not be the smallest code.
        group.zero = storedParameter(static_cast<float>(zero + grid.codeMin), grid.zeroType);
        return group;
    }
    const double shifted = zero + grid.codeMin;
    const float minimum = storedParameter(static_cast<float>(-static_cast<double>(group.scale) * shifted), grid.zeroType);
    group.zero = static_cast<float>(-static_cast<double>(minimum) / static_cast<double>(group.scale));
    return group;
}

/// Rounds one group for storage. A group far from zero and narrow has a zero point beyond binary16; it gets the finest
/// scale whose zero point still fits.
StoredGroup storeGroup(const float* weight, std::int64_t size, float inverseScale, float zero, const Grid& grid) {
    StoredGroup group = stored(1.0 / static_cast<double>(inverseScale), static_cast<double>(zero), grid);
    if (group.valid())
        return group;
    const auto [low, high] = std::minmax_element(weight, weight + size);
    const double reach = std::max(std::fabs(static_cast<double>(*low)), std::fabs(static_cast<double>(*high)));
    const double width = static_cast<double>(*high) - static_cast<double>(*low);
    const double scale = std::max(width / (grid.levels() - 1), 2.0 * reach / static_cast<double>(kLargestHalf));
    return stored(scale, -static_cast<double>(*low) / scale, grid);
}

Result<GroupCodes> fitStored(const MatrixView& weight, const HqqSolution& solution, const HqqOptions& options,
                             const Grid& grid, const RunControl& control) {
    GroupCodes out;
    out.rows = weight.rows;
    out.cols = weight.cols;
    out.groupSize = options.groupSize;
    const std::int64_t perRow = solution.groupsPerRow;
    out.scale.resize(solution.zero.size());
    out.zero.resize(solution.zero.size());
    TRILOBIT_CHECK(resizeLarge(out.codes, weight.count(), control));
    std::int64_t firstBad = std::numeric_limits<std::int64_t>::max();
#pragma omp parallel for schedule(static) reduction(min : firstBad) if (weight.count() >= kWorthThreads)
    for (std::int64_t row = 0; row < weight.rows; ++row) {
        if (control.isCancelled())
            continue;
        for (std::int64_t span = 0; span < perRow; ++span) {
            const auto g = static_cast<std::size_t>(row * perRow + span);
            const std::int64_t begin = span * options.groupSize;
            const std::int64_t size = std::min(options.groupSize, weight.cols - begin);
            const float* values = weight.row(row) + begin;
            const StoredGroup group = storeGroup(values, size, solution.inverseScale[g], solution.zero[g], grid);
            if (!group.valid()) {
                firstBad = std::min(firstBad, static_cast<std::int64_t>(g));
                continue;
            }
            out.scale[g] = group.scale;
            out.zero[g] = group.zero;
            const double inverse = 1.0 / static_cast<double>(group.scale), zero = static_cast<double>(group.zero);
            std::int16_t* codes = out.codes.data() + row * weight.cols + begin;
            for (std::int64_t i = 0; i < size; ++i) {
                const double position = static_cast<double>(values[i]) * inverse + zero;
                const double inside =
                    std::min(std::max(position, static_cast<double>(grid.codeMin)), static_cast<double>(grid.codeMax));
                // Half to even by adding 1.5 * 2^52: |inside| is small.
                codes[i] = static_cast<std::int16_t>((inside + 0x1.8p52) - 0x1.8p52);
            }
        }
    }
    if (control.isCancelled())
        return cancelledError();
    if (firstBad != std::numeric_limits<std::int64_t>::max())
        return fail(ErrorCode::Unsupported, "the weights of row " + std::to_string(firstBad / perRow) + " from column "
                                                + std::to_string(firstBad % perRow * options.groupSize)
                                                + " are too large for a binary16 scale or zero point");
    return out;
}

} // namespace

HqqMethod::HqqMethod() {
    m_info.id = "hqq";
    m_info.title = "Half-quadratic quantization (HQQ)";
    m_info.summary = "Moves the zero point of every group so that the typical weight is hit well, even if a few outliers "
                     "are hit worse. Needs no data and takes seconds; better than plain rounding at four bits and fewer.";
    m_info.reference = "Badri and Shaji 2023, Half-Quadratic Quantization of Large Machine Learning Models; "
                       "the default solver of the reference library, float32, groups along the inputs";
    m_info.params = {
        number("iterations", "Iterations", "At most so many steps; the solver stops earlier when the error no longer falls.",
               ParamType::Integer, std::int64_t{20}, 0, 1000),
        number("beta", "Beta",
               "How strongly the split-off outliers are tied to the error. Ordinary weights are so small that it has no "
               "effect.",
               ParamType::Real, 10.0, 1e-3, 1e6),
        number("lp_norm", "Norm p", "Errors count as |e|^p: below 1 a few large errors are forgiven.", ParamType::Real, 0.7,
               0.05, 1.0),
    };
    ParamSpec roundZero;
    roundZero.key = "round_zero";
    roundZero.label = "Start from a whole zero";
    roundZero.help = "Whether the first zero point is rounded to a whole code; auto does so for four bits, as the "
                     "reference does. The solver moves it afterwards either way.";
    roundZero.type = ParamType::Choice;
    roundZero.defaultValue = std::string("auto");
    roundZero.choices = {"auto", "yes", "no"};
    m_info.params.push_back(roundZero);
}

Result<void> HqqMethod::accepts(const EncodingInfo& target, const ParamValues&, std::int64_t, std::int64_t) const {
    const Grid& grid = target.grid;
    if (grid.kind == GridKind::Float)
        return fail(ErrorCode::Unsupported,
                    target.id + " stores every weight on its own, so there is no zero point for HQQ to optimise");
    if (grid.kind == GridKind::Nested)
        return fail(ErrorCode::Unsupported, target.id + " rounds the scales of its sub-blocks, which HQQ does not model; "
                                                        "Q4_1 or affine groups store what it computes");
    if (grid.kind == GridKind::Levels)
        return fail(ErrorCode::Unsupported, target.id
                                                + " has fixed levels at uneven distances, so there is no zero point "
                                                  "for HQQ to optimise; Q4_1 or affine groups have one");
    if (!grid.freeZero)
        return fail(ErrorCode::Unsupported,
                    target.id + " has no free zero point, and HQQ optimises nothing else; Q4_1 and affine groups have one");
    if (grid.groupSize == kGroupIsTensor)
        return fail(ErrorCode::Unsupported, target.id + " has one scale for the whole tensor; HQQ works on groups in rows");
    if (grid.levels() < 2 || grid.levels() > 256)
        return fail(ErrorCode::Unsupported, "HQQ works with 2 to 256 codes, and " + target.id + " has "
                                                + std::to_string(grid.levels()));
    return {};
}

Result<MethodOutput> HqqMethod::quantize(const MethodInput& input, RunControl& control) const {
    const MatrixView& weight = input.weight;
    if (!input.target)
        return fail(ErrorCode::Internal, "HQQ was called without a target encoding");
    TRILOBIT_CHECK(accepts(*input.target, input.params, weight.rows, weight.cols));
    TRILOBIT_CHECK(checkFinite(weight, control));
    const HqqOptions options = optionsFrom(input.params, m_info, *input.target, weight.cols);
    if (weight.count() == 0)
        return fail(ErrorCode::Unsupported, "the tensor is empty");
    TRILOBIT_TRY(const HqqSolution solution, solveHqq(weight, options, control));
    TRILOBIT_TRY(GroupCodes codes, fitStored(weight, solution, options, input.target->grid, control));
    return MethodOutput(std::move(codes));
}

std::string HqqMethod::expectationFor(const EncodingInfo& target, const ParamValues&) const {
    if (target.grid.levels() > 4 || target.grid.kind != GridKind::Linear)
        return {};
    return target.id + " leaves " + std::to_string(target.grid.levels())
           + " values per group. Without training that is too few for a small model: expect broken sentences or nonsense. "
             "Smaller groups, three or four bits, or recovery training would help.";
}

} // namespace trilobit::plugins
