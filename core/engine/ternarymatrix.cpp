#include "core/engine/ternarymatrix.h"

#include "core/kernels/panel/repack.h"
#include "core/kernels/trits.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <new>
#include <utility>

namespace trilobit {

namespace {

using kernels::kPackRows;
using kernels::kPanelRows;
using kernels::kScaleCols;
using kernels::TernaryForm;

// Values below which making threads costs more than it saves.
constexpr std::int64_t kWorthThreads = 1 << 18;

Error noMemory(const Linear& linear) {
    return Error{ErrorCode::OutOfMemory, "not enough memory to repack " + linear.tensor->name, {}, {}, {}};
}

/// Calls visit(row, values, worker) with the decoded rows, all rows of a group of 64 one after the other on the same thread, and
/// finish(group, worker) after the last of them. visit returns whether to go on. Returns false when one said no. Errors: Cancelled.
template <class Visit, class Finish>
Result<bool> forEachGroup(const Tensor& tensor, int threads, RunControl& control, Visit visit, Finish finish) {
    const std::size_t stride = static_cast<std::size_t>(tensor.cols);
    AlignedBuffer<float> scratch(stride * static_cast<std::size_t>(threads));
    std::atomic<bool> goOn{true}, cancelled{false};
    WorkerTeam team(threads);
    const std::int64_t groups = (tensor.rows + kPackRows - 1) / kPackRows;
    team.run(groups, tensor.count() >= kWorthThreads, [&](std::int64_t g, int worker) noexcept {
        if (!goOn.load(std::memory_order_relaxed))
            return;
        if (control.isCancelled()) {
            cancelled = true;
            goOn = false;
            return;
        }
        float* values = scratch.data() + stride * static_cast<std::size_t>(worker);
        for (std::int64_t row = g * kPackRows; row < std::min(tensor.rows, (g + 1) * kPackRows); ++row) {
            tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, row, 1, values);
            if (!visit(row, values, worker)) {
                goOn = false;
                return;
            }
        }
        finish(g, worker);
    });
    if (cancelled)
        return cancelledError();
    return goOn.load();
}

/// The panels being made, and the trits of a group of rows per thread. They lie in memory that the matrices of a model share;
/// a matrix that turns out not to be ternary takes none of it.
class Packing {
public:
    Packing(const Linear& linear, TernaryForm form, const LinearOptions& options)
        : m_form(form), m_rows(linear.rows), m_cols(linear.cols), m_memory(options.memory),
          m_codeSums(static_cast<std::size_t>(kernels::ternaryCodeSums(form, m_rows))),
          m_trits(static_cast<std::size_t>(kPackRows * m_cols) * static_cast<std::size_t>(options.threads)) {
        const auto bytes = static_cast<std::size_t>(kernels::ternaryBytes(form, m_rows, m_cols));
        m_codes = m_memory ? m_memory->take(bytes) : MatrixMemory::alone(bytes);
    }
    ~Packing() {
        if (m_memory && m_codes.size() > 0)
            m_memory->giveBack(std::move(m_codes));
    }
    Packing(const Packing&) = delete;
    Packing& operator=(const Packing&) = delete;

    std::int8_t* row(std::int64_t r, int worker) noexcept { return m_trits.data() + (worker * kPackRows + r % kPackRows) * m_cols; }

    void pack(std::int64_t group, int worker) noexcept {
        for (std::int64_t r = m_rows; r < (group + 1) * kPackRows; ++r)
            std::fill_n(row(r, worker), m_cols, std::int8_t{0});
        kernels::packTernary(m_form, row(0, worker), m_cols, m_rows, m_cols, group, m_codes.data(), m_codeSums.data());
    }

    void finish(Linear& linear, std::vector<float> scales) {
        linear.codes = std::exchange(m_codes, {});
        linear.codeSums = std::move(m_codeSums);
        linear.scales = std::move(scales);
        linear.ternaryForm = m_form;
        linear.kind = Linear::Kind::Ternary;
    }

private:
    TernaryForm m_form;
    std::int64_t m_rows, m_cols;
    MatrixMemory* m_memory;
    MatrixBytes m_codes;
    std::vector<std::int32_t> m_codeSums;
    AlignedBuffer<std::int8_t> m_trits;
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

/// Whether scales that come from many threads are all the same but for zeros.
class SameScale {
public:
    bool take(float scale) noexcept {
        if (scale == 0)
            return true;
        float seen = 0;
        return m_scale.compare_exchange_strong(seen, scale) || seen == scale;
    }

private:
    std::atomic<float> m_scale{0};
};

/// False when it is not ternary, or has several scales and the form needs one.
Result<bool> pack(Linear& linear, TernaryForm form, const LinearOptions& options, RunControl& control) {
    Packing packing(linear, form, options);
    const std::int64_t blocks = kernels::scaleBlocks(linear.cols);
    std::vector<float> scales(static_cast<std::size_t>(kernels::panelsOf(linear.rows) * blocks * kPanelRows));
    SameScale same;
    TRILOBIT_TRY(const bool fits,
                 forEachGroup(
                     *linear.tensor, options.threads, control,
                     [&](std::int64_t r, const float* values, int worker) noexcept {
                         for (std::int64_t b = 0; b < blocks; ++b) {
                             const std::int64_t begin = b * kScaleCols;
                             float& scale =
                                 scales[static_cast<std::size_t>((r / kPanelRows * blocks + b) * kPanelRows + r % kPanelRows)];
                             if (!kernels::takeTrits(values + begin, std::min(kScaleCols, linear.cols - begin),
                                                     packing.row(r, worker) + begin, scale)
                                 || (form != TernaryForm::TwoBits && !same.take(scale)))
                                 return false;
                         }
                         return true;
                     },
                     [&](std::int64_t group, int worker) noexcept { packing.pack(group, worker); }));
    if (fits)
        packing.finish(linear, mergeScales(std::move(scales)));
    return fits;
}

} // namespace

Result<bool> packIfTernary(Linear& linear, const LinearOptions& options, RunControl& control) {
    if (linear.cols > kernels::kTernaryMaxCols)
        return false;
    try {
        if (options.ternaryForm != TernaryForm::TwoBits) {
            TRILOBIT_TRY(const bool packed, pack(linear, options.ternaryForm, options, control));
            if (packed)
                return true;
        }
        return pack(linear, TernaryForm::TwoBits, options, control);
    } catch (const std::bad_alloc&) {
        return noMemory(linear);
    }
}

Result<void> ternarizeByAbsmean(Linear& linear, const LinearOptions& options, RunControl& control) {
    if (linear.cols > kernels::kTernaryMaxCols)
        return fail(ErrorCode::Unsupported, "rows of " + linear.tensor->name + " are too long for the ternary layout");
    try {
        // Row sums first, added in order: the same mean for any number of threads.
        std::vector<double> rowSums(static_cast<std::size_t>(linear.rows));
        TRILOBIT_CHECK(forEachGroup(
            *linear.tensor, options.threads, control,
            [&](std::int64_t r, const float* values, int) noexcept {
                double sum = 0;
                for (std::int64_t c = 0; c < linear.cols; ++c)
                    sum += std::fabs(static_cast<double>(values[c]));
                rowSums[static_cast<std::size_t>(r)] = sum;
                return true;
            },
            [](std::int64_t, int) noexcept {}));
        double total = 0;
        for (const double sum : rowSums)
            total += sum;
        if (!std::isfinite(total))
            return Error{ErrorCode::Format, "the weights to be made ternary are not all finite numbers", {},
                         linear.tensor->name, {}};
        const double count = static_cast<double>(linear.rows) * static_cast<double>(linear.cols);
        const float mean = std::max(static_cast<float>(total / std::max(count, 1.0)), 1e-5f);

        // Float activations take the codes apart row by row, which two bits are best for.
        Packing packing(linear, options.int8 ? options.ternaryForm : TernaryForm::TwoBits, options);
        TRILOBIT_CHECK(forEachGroup(
            *linear.tensor, options.threads, control,
            [&](std::int64_t r, const float* values, int worker) noexcept {
                std::int8_t* trits = packing.row(r, worker);
                for (std::int64_t i = 0; i < linear.cols; ++i) // a half rounds to 0: strictly more than a half is one
                    trits[i] = static_cast<std::int8_t>((values[i] / mean > 0.5f) - (values[i] / mean < -0.5f));
                return true;
            },
            [&](std::int64_t group, int worker) noexcept { packing.pack(group, worker); }));
        packing.finish(linear, {mean});
        return {};
    } catch (const std::bad_alloc&) {
        return noMemory(linear);
    }
}

} // namespace trilobit
