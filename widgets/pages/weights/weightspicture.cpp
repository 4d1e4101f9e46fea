#include "widgets/pages/weights/weightspicture.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace trilobit {

namespace {

constexpr std::int64_t kRowsBetweenChecks = 256;

struct Sample {
    std::vector<float> original, approximate; // approximate: empty when the tensor is kept
    std::int64_t rows = 0;
};

Result<std::vector<float>> spreadRows(const Tensor& tensor, std::int64_t rows, RunControl& control) {
    std::vector<float> out(static_cast<std::size_t>(rows * tensor.cols));
    for (std::int64_t i = 0; i < rows; ++i) {
        if (i % kRowsBetweenChecks == 0 && control.isCancelled())
            return cancelledError();
        const std::int64_t row = rows == tensor.rows ? i : i * tensor.rows / rows;
        tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, row, 1, out.data() + i * tensor.cols);
    }
    return out;
}

Result<Sample> takeSample(const Tensor& tensor, const Choice& choice, std::uint64_t seed, std::int64_t rows,
                          const QuantServices& services, RunControl& control, WeightsPicture& picture) {
    Sample sample;
    if (!choice.keeps() && tensor.isQuantizable()) {
        auto preview = previewTensor(tensor, choice, seed, rows == tensor.rows ? 0 : rows, services, control);
        if (preview) {
            sample.original = std::move(preview->original);
            sample.approximate = std::move(preview->approximate);
            sample.rows = preview->rows;
            picture.error = preview->error;
            picture.bytesAfter = preview->bytesAfter;
            picture.applied = std::move(preview->applied);
            picture.note = std::move(preview->note);
            return sample;
        }
        if (preview.error().code == ErrorCode::Cancelled)
            return std::move(preview).error();
        picture.note = preview.error().text();
    }
    TRILOBIT_TRY(sample.original, spreadRows(tensor, rows, control));
    sample.rows = rows;
    return sample;
}

} // namespace

Result<WeightsPicture> pictureWeights(const Tensor& tensor, const Choice& choice, std::uint64_t seed, int bins,
                                      std::int64_t maxRows, const QuantServices& services, RunControl& control) {
    if (control.isCancelled())
        return cancelledError();
    WeightsPicture picture;
    picture.totalRows = tensor.rows;
    if (tensor.rows <= 0 || tensor.cols <= 0)
        return picture;
    std::int64_t rows = maxRows > 0 ? std::min(maxRows, tensor.rows) : tensor.rows;
    rows = std::clamp<std::int64_t>(rows, 1, std::max<std::int64_t>(1, kMaxPictureValues / tensor.cols));
    TRILOBIT_TRY(Sample sample, takeSample(tensor, choice, seed, rows, services, control, picture));
    picture.rows = sample.rows;
    if (control.isCancelled())
        return cancelledError();

    picture.stats = computeStats(sample.original, bins);
    picture.original = picture.stats.histogram;
    picture.originalTotal = picture.stats.count;
    picture.exactStats = picture.rows == picture.totalRows;
    if (!sample.approximate.empty()) {
        // Both on one scale: quantized values may lie outside the range of the originals.
        double low = picture.stats.min, high = picture.stats.max;
        for (const float value : sample.approximate) {
            low = std::min(low, static_cast<double>(value));
            high = std::max(high, static_cast<double>(value));
        }
        if (control.isCancelled())
            return cancelledError();
        if (low < picture.stats.min || high > picture.stats.max)
            picture.original = computeHistogram(sample.original, low, high, bins);
        picture.quantized = computeHistogram(sample.approximate, low, high, bins);
    }
    if (!picture.exactStats && maxRows == 0) { // too large to hold: the numbers are exact all the same
        TRILOBIT_TRY(picture.stats, tensorStats(tensor, bins, control));
        picture.exactStats = true;
    }
    return picture;
}

} // namespace trilobit
