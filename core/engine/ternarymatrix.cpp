#include "core/engine/ternarymatrix.h"

#include "core/kernels/ternary.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <new>

namespace trilobit {

namespace {

using kernels::kTernaryBlock;
using kernels::kTernaryBlockBytes;

// Values below which making threads costs more than it saves.
constexpr std::int64_t kWorthThreads = 1 << 18;

/// Decodes rows one after the other on several threads and hands each to `visit(row, values)`, which returns whether to go
/// on. Returns false when a visit said no. Errors: Cancelled.
template <class Visit>
Result<bool> forEachRow(const Tensor& tensor, int threads, RunControl& control, Visit visit) {
    const std::size_t stride = static_cast<std::size_t>(tensor.cols);
    AlignedBuffer<float> scratch(stride * static_cast<std::size_t>(threads));
    std::atomic<bool> goOn{true}, cancelled{false};
    WorkerTeam team(threads);
    team.run(tensor.rows, tensor.count() >= kWorthThreads, [&](std::int64_t r, int worker) noexcept {
        if (!goOn.load(std::memory_order_relaxed))
            return;
        if (control.isCancelled()) {
            cancelled = true;
            goOn = false;
            return;
        }
        float* values = scratch.data() + stride * static_cast<std::size_t>(worker);
        tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, r, 1, values);
        if (!visit(r, values))
            goOn = false;
    });
    if (cancelled)
        return cancelledError();
    return goOn.load();
}

struct Codes {
    AlignedBuffer<std::uint8_t> bytes;
    std::int64_t blocks = 0, rowBytes = 0;
    explicit Codes(const Linear& linear)
        : blocks(kernels::ternaryBlocks(linear.cols)), rowBytes(kernels::ternaryRowBytes(linear.cols)) {
        bytes = AlignedBuffer<std::uint8_t>(static_cast<std::size_t>(linear.rows * rowBytes));
    }
    std::uint8_t* block(std::int64_t row, std::int64_t b) noexcept {
        return bytes.data() + row * rowBytes + b * kTernaryBlockBytes;
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
    if (kernels::ternaryBlocks(linear.cols) > kernels::kTernaryMaxBlocks)
        return false;
    try {
        Codes codes(linear);
        std::vector<float> scales(static_cast<std::size_t>(linear.rows * codes.blocks));
        TRILOBIT_TRY(const bool ternary,
                     forEachRow(*linear.tensor, threads, control, [&](std::int64_t r, const float* values) noexcept {
                         for (std::int64_t b = 0; b < codes.blocks; ++b) {
                             const std::int64_t begin = b * kTernaryBlock;
                             if (!kernels::packTernaryBlock(values + begin, std::min(kTernaryBlock, linear.cols - begin),
                                                            codes.block(r, b),
                                                            scales[static_cast<std::size_t>(r * codes.blocks + b)]))
                                 return false;
                         }
                         return true;
                     }));
        if (!ternary)
            return false;
        linear.scales = mergeScales(std::move(scales));
        linear.codes = std::move(codes.bytes);
        linear.kind = Linear::Kind::Ternary;
        return true;
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory to repack " + linear.tensor->name);
    }
}

Result<void> ternarizeByAbsmean(Linear& linear, int threads, RunControl& control) {
    if (kernels::ternaryBlocks(linear.cols) > kernels::kTernaryMaxBlocks)
        return fail(ErrorCode::Unsupported, "rows of " + linear.tensor->name + " are too long for the ternary layout");
    try {
        // Row sums first, added in order: the same mean for any number of threads.
        std::vector<double> rowSums(static_cast<std::size_t>(linear.rows));
        TRILOBIT_CHECK(forEachRow(*linear.tensor, threads, control, [&](std::int64_t r, const float* values) noexcept {
            double sum = 0;
            for (std::int64_t c = 0; c < linear.cols; ++c)
                sum += std::fabs(static_cast<double>(values[c]));
            rowSums[static_cast<std::size_t>(r)] = sum;
            return true;
        }));
        double total = 0;
        for (const double sum : rowSums)
            total += sum;
        if (!std::isfinite(total))
            return Error{ErrorCode::Format, "the weights to be made ternary are not all finite numbers", {},
                         linear.tensor->name, {}};
        const double count = static_cast<double>(linear.rows) * static_cast<double>(linear.cols);
        const float mean = std::max(static_cast<float>(total / std::max(count, 1.0)), 1e-5f);

        Codes codes(linear);
        TRILOBIT_CHECK(forEachRow(*linear.tensor, threads, control, [&](std::int64_t r, const float* values) noexcept {
            std::int8_t trits[kTernaryBlock];
            for (std::int64_t b = 0; b < codes.blocks; ++b) {
                const std::int64_t begin = b * kTernaryBlock;
                const std::int64_t n = std::min(kTernaryBlock, linear.cols - begin);
                for (std::int64_t i = 0; i < n; ++i) // a half rounds to 0: strictly more than a half is one
                    trits[i] = static_cast<std::int8_t>((values[begin + i] / mean > 0.5f)
                                                        - (values[begin + i] / mean < -0.5f));
                kernels::packTrits(trits, n, codes.block(r, b));
            }
            return true;
        }));
        linear.scales = {mean};
        linear.codes = std::move(codes.bytes);
        linear.kind = Linear::Kind::Ternary;
        return {};
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory to repack " + linear.tensor->name);
    }
}

} // namespace trilobit
