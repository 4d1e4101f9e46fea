#include "core/engine/ternarymatrix.h"

#include "core/kernels/panel/repack.h"
#include "core/kernels/trits.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <new>

namespace trilobit {

namespace {

using kernels::kPanelRows;
using kernels::kScaleCols;

// Values below which making threads costs more than it saves.
constexpr std::int64_t kWorthThreads = 1 << 18;

Error noMemory(const Linear& linear) {
    return Error{ErrorCode::OutOfMemory, "not enough memory to repack " + linear.tensor->name, {}, {}, {}};
}

/// Calls visit(row, values) with the decoded rows, all rows of a panel one after the other on the same thread, and
/// finish(panel, worker) after the last of them. Both return whether to go on. Returns false when one said no. Errors: Cancelled.
template <class Visit, class Finish>
Result<bool> forEachPanel(const Tensor& tensor, int threads, RunControl& control, Visit visit, Finish finish) {
    const std::size_t stride = static_cast<std::size_t>(tensor.cols);
    AlignedBuffer<float> scratch(stride * static_cast<std::size_t>(threads));
    std::atomic<bool> goOn{true}, cancelled{false};
    WorkerTeam team(threads);
    team.run(kernels::panelsOf(tensor.rows), tensor.count() >= kWorthThreads, [&](std::int64_t p, int worker) noexcept {
        if (!goOn.load(std::memory_order_relaxed))
            return;
        if (control.isCancelled()) {
            cancelled = true;
            goOn = false;
            return;
        }
        float* values = scratch.data() + stride * static_cast<std::size_t>(worker);
        for (std::int64_t row = p * kPanelRows; row < std::min(tensor.rows, (p + 1) * kPanelRows); ++row) {
            tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, row, 1, values);
            if (!visit(row, values, worker)) {
                goOn = false;
                return;
            }
        }
        if (!finish(p, worker))
            goOn = false;
    });
    if (cancelled)
        return cancelledError();
    return goOn.load();
}

/// The panels being made, and the trits of one panel per thread.
struct Packing {
    std::int64_t cols, steps;
    AlignedBuffer<std::uint8_t> codes;
    AlignedBuffer<std::int8_t> trits;

    Packing(const Linear& linear, int threads)
        : cols(linear.cols), steps(kernels::ternarySteps(linear.cols)),
          codes(static_cast<std::size_t>(kernels::panelsOf(linear.rows) * steps * kernels::kStepBytes)),
          trits(static_cast<std::size_t>(kPanelRows * linear.cols) * static_cast<std::size_t>(threads)) {
        std::fill(trits.begin(), trits.end(), std::int8_t{0}); // rows beyond the last one stay zeros
    }
    std::int8_t* row(std::int64_t r, int worker) noexcept {
        return trits.data() + (worker * kPanelRows + r % kPanelRows) * cols;
    }
    void pack(const Linear& linear, std::int64_t panel, int worker) noexcept {
        for (std::int64_t r = linear.rows; r < (panel + 1) * kPanelRows; ++r)
            std::fill_n(row(r, worker), cols, std::int8_t{0});
        kernels::packTernaryPanel(row(0, worker), cols, cols, false, codes.data() + panel * steps * kernels::kStepBytes, nullptr);
    }
};

/// One scale when all that are not zero agree (a block of zeros fits any), else `scales` as they are.
std::vector<float> mergeScales(std::vector<float> scales) {
    float common = 0;
    for (const float s : scales) {
        if (s != 0 && common != 0 && s != common)
            return scales;
        if (s != 0)
            common = s;
    }
    return {common};
}

} // namespace

Result<bool> packIfTernary(Linear& linear, int threads, RunControl& control) {
    if (linear.cols > kernels::kTernaryMaxCols)
        return false;
    try {
        Packing packing(linear, threads);
        const std::int64_t blocks = kernels::scaleBlocks(linear.cols);
        std::vector<float> scales(static_cast<std::size_t>(kernels::panelsOf(linear.rows) * blocks * kPanelRows));
        TRILOBIT_TRY(const bool ternary,
                     forEachPanel(
                         *linear.tensor, threads, control,
                         [&](std::int64_t r, const float* values, int worker) noexcept {
                             for (std::int64_t b = 0; b < blocks; ++b) {
                                 const std::int64_t begin = b * kScaleCols;
                                 float& scale = scales[static_cast<std::size_t>((r / kPanelRows * blocks + b) * kPanelRows
                                                                                + r % kPanelRows)];
                                 if (!kernels::takeTrits(values + begin, std::min(kScaleCols, linear.cols - begin),
                                                         packing.row(r, worker) + begin, scale))
                                     return false;
                             }
                             return true;
                         },
                         [&](std::int64_t p, int worker) noexcept {
                             packing.pack(linear, p, worker);
                             return true;
                         }));
        if (!ternary)
            return false;
        linear.scales = mergeScales(std::move(scales));
        linear.codes = std::move(packing.codes);
        linear.kind = Linear::Kind::Ternary;
        return true;
    } catch (const std::bad_alloc&) {
        return noMemory(linear);
    }
}

Result<void> packBase3(Linear& linear) {
    if (!linear.oneScale())
        return {};
    try {
        const std::int64_t panels = kernels::panelsOf(linear.rows), steps = kernels::base3Steps(linear.cols);
        AlignedBuffer<std::uint8_t> codes(static_cast<std::size_t>(panels * steps * kernels::kStepBytes));
        std::vector<std::int32_t> sums(static_cast<std::size_t>(panels * kPanelRows));
        std::vector<std::int8_t> trits(static_cast<std::size_t>(kPanelRows * linear.cols));
        kernels::TernaryPanels from = linear.ternaryPanels();
        for (std::int64_t p = 0; p < panels; ++p) {
            for (std::int64_t r = 0; r < kPanelRows; ++r)
                kernels::ternaryRow(from, p * kPanelRows + r, trits.data() + r * linear.cols);
            kernels::packTernaryPanel(trits.data(), linear.cols, linear.cols, true, codes.data() + p * steps * kernels::kStepBytes,
                                      sums.data() + p * kPanelRows);
        }
        linear.codes = std::move(codes);
        linear.codeSums = std::move(sums);
        linear.base3 = true;
        return {};
    } catch (const std::bad_alloc&) {
        return noMemory(linear);
    }
}

Result<void> ternarizeByAbsmean(Linear& linear, int threads, RunControl& control) {
    if (linear.cols > kernels::kTernaryMaxCols)
        return fail(ErrorCode::Unsupported, "rows of " + linear.tensor->name + " are too long for the ternary layout");
    try {
        // Row sums first, added in order: the same mean for any number of threads.
        std::vector<double> rowSums(static_cast<std::size_t>(linear.rows));
        const auto nothing = [](std::int64_t, int) noexcept { return true; };
        TRILOBIT_CHECK(forEachPanel(
            *linear.tensor, threads, control,
            [&](std::int64_t r, const float* values, int) noexcept {
                double sum = 0;
                for (std::int64_t c = 0; c < linear.cols; ++c)
                    sum += std::fabs(static_cast<double>(values[c]));
                rowSums[static_cast<std::size_t>(r)] = sum;
                return true;
            },
            nothing));
        double total = 0;
        for (const double sum : rowSums)
            total += sum;
        if (!std::isfinite(total))
            return Error{ErrorCode::Format, "the weights to be made ternary are not all finite numbers", {},
                         linear.tensor->name, {}};
        const double count = static_cast<double>(linear.rows) * static_cast<double>(linear.cols);
        const float mean = std::max(static_cast<float>(total / std::max(count, 1.0)), 1e-5f);

        Packing packing(linear, threads);
        TRILOBIT_CHECK(forEachPanel(
            *linear.tensor, threads, control,
            [&](std::int64_t r, const float* values, int worker) noexcept {
                std::int8_t* trits = packing.row(r, worker);
                for (std::int64_t i = 0; i < linear.cols; ++i) // a half rounds to 0: strictly more than a half is one
                    trits[i] = static_cast<std::int8_t>((values[i] / mean > 0.5f) - (values[i] / mean < -0.5f));
                return true;
            },
            [&](std::int64_t p, int worker) noexcept {
                packing.pack(linear, p, worker);
                return true;
            }));
        linear.scales = {mean};
        linear.codes = std::move(packing.codes);
        linear.kind = Linear::Kind::Ternary;
        return {};
    } catch (const std::bad_alloc&) {
        return noMemory(linear);
    }
}

} // namespace trilobit
