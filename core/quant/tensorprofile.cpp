#include "core/quant/tensorprofile.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <new>
#include <numbers>

namespace trilobit {

namespace {

constexpr std::int64_t kQuantileWeights = std::int64_t{1} << 19, kSpectrumRows = 128, kPieceWeights = 1 << 20;
constexpr int kQuantiles = 257;

void decode(const Tensor& tensor, std::int64_t row, std::int64_t count, float* out) {
    tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, row, count, out);
}

/// Maximum, sum and sum of squares along rows and columns.
struct Sums {
    std::vector<double> rowSquares, colSquares, rowErrors, colErrors;
    double sum = 0, squares = 0;
};

Result<void> walk(const Tensor& original, const Tensor* quantized, TensorProfile& out, const RunControl& control) {
    const std::int64_t rows = original.rows, cols = original.cols;
    Sums sums;
    sums.rowSquares.resize(static_cast<std::size_t>(rows));
    sums.rowErrors.resize(sums.rowSquares.size());
    sums.colSquares.resize(static_cast<std::size_t>(cols));
    sums.colErrors.resize(sums.colSquares.size());
    out.rowAbsmax.resize(sums.rowSquares.size());
    out.colAbsmax.resize(sums.colSquares.size());
    const std::int64_t height = std::clamp<std::int64_t>(kPieceWeights / std::max<std::int64_t>(cols, 1), 1, rows);
    std::vector<float> left(static_cast<std::size_t>(height * cols)), right(quantized ? left.size() : 0);
    for (std::int64_t begin = 0; begin < rows; begin += height) {
        if (control.isCancelled())
            return cancelledError();
        const std::int64_t count = std::min(height, rows - begin);
        decode(original, begin, count, left.data());
        if (quantized)
            decode(*quantized, begin, count, right.data());
        for (std::int64_t r = 0; r < count; ++r) {
            const auto row = static_cast<std::size_t>(begin + r);
            const float* w = left.data() + r * cols;
            const float* q = quantized ? right.data() + r * cols : nullptr;
            for (std::size_t c = 0; c < sums.colSquares.size(); ++c) {
                const float magnitude = std::fabs(w[c]);
                const auto value = static_cast<double>(w[c]), square = value * value;
                out.rowAbsmax[row] = std::max(out.rowAbsmax[row], magnitude);
                out.colAbsmax[c] = std::max(out.colAbsmax[c], magnitude);
                sums.rowSquares[row] += square;
                sums.colSquares[c] += square;
                sums.sum += value;
                if (q) {
                    const double error = static_cast<double>(q[c]) - value;
                    sums.rowErrors[row] += error * error;
                    sums.colErrors[c] += error * error;
                }
            }
            sums.squares += sums.rowSquares[row];
        }
    }
    const auto rms = [](const std::vector<double>& squares, std::int64_t count) {
        std::vector<float> result(squares.size());
        for (std::size_t i = 0; i < squares.size(); ++i)
            result[i] = static_cast<float>(std::sqrt(squares[i] / static_cast<double>(count)));
        return result;
    };
    out.rowRms = rms(sums.rowSquares, cols);
    out.colRms = rms(sums.colSquares, rows);
    if (quantized) {
        out.rowErrorRms = rms(sums.rowErrors, cols);
        out.colErrorRms = rms(sums.colErrors, rows);
    }
    const auto count = static_cast<double>(rows * cols);
    out.mean = sums.sum / count;
    out.std = std::sqrt(std::max(0.0, sums.squares / count - out.mean * out.mean));
    return {};
}

/// Values at the quantiles of `probabilities`, between the neighbours in order.
std::vector<double> quantilesOf(std::vector<float>& values, const std::vector<double>& probabilities) {
    std::sort(values.begin(), values.end());
    std::vector<double> out;
    for (const double p : probabilities) {
        const double at = p * static_cast<double>(values.size() - 1);
        const auto below = static_cast<std::size_t>(at);
        const std::size_t above = std::min(below + 1, values.size() - 1);
        const double share = at - static_cast<double>(below);
        out.push_back((1 - share) * static_cast<double>(values[below]) + share * static_cast<double>(values[above]));
    }
    return out;
}

std::vector<double> spectrum(const Eigen::MatrixXd& rows) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(rows * rows.transpose(), Eigen::EigenvaluesOnly);
    std::vector<double> out;
    for (Eigen::Index i = solver.eigenvalues().size(); i-- > 0;)
        out.push_back(std::sqrt(std::max(0.0, solver.eigenvalues()[i])));
    return out;
}

} // namespace

double normalQuantile(double p) noexcept {
    if (!(p > 0) || !(p < 1))
        return p >= 1 ? 1e300 : -1e300;
    // Newton's steps on the distribution function, from the logistic approximation.
    double x = std::log(p / (1 - p)) * 0.5513;
    for (int step = 0; step < 60; ++step) {
        const double tail = 0.5 * std::erfc(-x / std::numbers::sqrt2);
        const double density = std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
        if (density < 1e-300)
            break;
        const double error = (tail - p) / density;
        const double change = error / (1 + 0.5 * x * error); // Halley: converges in the tails, too
        x -= std::clamp(change, -1.0, 1.0);
        if (std::fabs(change) < 1e-13)
            break;
    }
    return x;
}

Result<TensorProfile> profileTensor(const Tensor& original, const Tensor* quantized, std::int64_t scatterPoints,
                                    RunControl& control) try {
    if (quantized && (quantized->rows != original.rows || quantized->cols != original.cols))
        return fail(ErrorCode::Internal, "the two sides of a profile have different shapes");
    TensorProfile out;
    out.rows = original.rows;
    out.cols = original.cols;
    out.hasQuantized = quantized != nullptr;
    if (original.count() <= 0)
        return out;
    TRILOBIT_CHECK(walk(original, quantized, out, control));

    // Evenly spread rows for everything that needs values, not sums.
    const std::int64_t sampled = std::clamp<std::int64_t>(kQuantileWeights / original.cols, 1, original.rows);
    std::vector<float> left(static_cast<std::size_t>(sampled * original.cols)), right(quantized ? left.size() : 0);
    for (std::int64_t i = 0; i < sampled; ++i) {
        if (control.isCancelled())
            return cancelledError();
        const std::int64_t row = i * original.rows / sampled;
        decode(original, row, 1, left.data() + i * original.cols);
        if (quantized)
            decode(*quantized, row, 1, right.data() + i * original.cols);
    }
    out.spectrumRows = std::min(sampled, kSpectrumRows);
    Eigen::MatrixXd weights(out.spectrumRows, original.cols), errors(quantized ? out.spectrumRows : 0, original.cols);
    for (std::int64_t i = 0; i < out.spectrumRows; ++i) {
        const std::int64_t from = i * sampled / out.spectrumRows * original.cols;
        for (std::int64_t c = 0; c < original.cols; ++c) {
            const auto at = static_cast<std::size_t>(from + c);
            weights(i, c) = static_cast<double>(left[at]);
            if (quantized)
                errors(i, c) = static_cast<double>(right[at]) - static_cast<double>(left[at]);
        }
    }
    if (control.isCancelled())
        return cancelledError();
    out.weightSpectrum = spectrum(weights);
    if (control.isCancelled())
        return cancelledError();
    if (quantized)
        out.errorSpectrum = spectrum(errors);

    const std::size_t step =
        std::max<std::size_t>(1, left.size() / static_cast<std::size_t>(std::max<std::int64_t>(1, scatterPoints)));
    // An odd step walks through all columns instead of the same few.
    for (std::size_t i = 0; quantized && i < left.size(); i += step | 1)
        out.scatter.push_back({left[i], right[i]});

    out.quantileWeights = static_cast<std::int64_t>(left.size());
    std::vector<double> probabilities;
    for (int i = 0; i < kQuantiles; ++i) { // even steps in deviations, so that the tails are seen
        const double limit = -normalQuantile(0.5 / static_cast<double>(left.size()));
        const double z = limit * (2.0 * i / (kQuantiles - 1) - 1);
        probabilities.push_back(0.5 * std::erfc(-z / std::numbers::sqrt2));
    }
    const std::vector<double> a = quantilesOf(left, probabilities);
    if (control.isCancelled())
        return cancelledError();
    const std::vector<double> b = quantized ? quantilesOf(right, probabilities) : std::vector<double>(a.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        out.quantiles.push_back({probabilities[i], normalQuantile(probabilities[i]), a[i], b[i]});
    return out;
} catch (const std::bad_alloc&) {
    return fail(ErrorCode::OutOfMemory, "not enough memory for the profile of " + original.name);
}

} // namespace trilobit
