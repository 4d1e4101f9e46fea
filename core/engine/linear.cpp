#include "core/engine/linear.h"

#include "core/engine/blockmatrix.h"
#include "core/engine/engine.h"
#include "core/engine/ternarymatrix.h"
#include "core/kernels/panel/repack.h"

#include <algorithm>
#include <atomic>

namespace trilobit {

namespace {

// Below this many multiply-adds (some 20 microseconds) starting the other threads costs more than they save.
constexpr std::int64_t kWorthThreads = 1 << 17;
// Values to be rounded to int8.
constexpr std::int64_t kWorthThreadsToRound = 1 << 15;
// A decoded panel should stay in the first-level cache for one token, in the second-level cache for many.
constexpr std::int64_t kPanelBytesFewTokens = 16 << 10;
constexpr std::int64_t kPanelBytes = 96 << 10;
constexpr std::int64_t kFewTokens = 4;
constexpr std::int64_t kMaxPanelRows = 64;
/// Large tasks only where every thread gets that many of them: fewer leave threads idle at the end.
constexpr std::int64_t kLargeTasksPerThread = 3;
/// Tokens that go through a few panels together: their int8 activations stay in the second-level cache.
constexpr std::int64_t kPanelTokens = 128;

/// Tokens up to which decoding in registers beats decoding into scratch memory.
constexpr std::int64_t kRowProductTokens = 2;

template <class T>
void ensure(AlignedBuffer<T>& buffer, std::int64_t count) {
    if (buffer.size() < static_cast<std::size_t>(count))
        buffer = AlignedBuffer<T>(static_cast<std::size_t>(count));
}

bool usesPanels(const Linear& weight) { return weight.int8 || weight.kind == Linear::Kind::Blocks; }

bool usesTables(const Linear& weight, std::int64_t tokens) {
    return weight.int8 && weight.ternaryForm == kernels::TernaryForm::Lookup && tokens <= kernels::kDirectTokens;
}

/// Rows of one task.
std::int64_t partRows(const Linear& weight, std::int64_t tokens, int threads) {
    constexpr std::int64_t kLarge = kernels::kLookupPanels * kernels::kLookupRows;
    if (usesTables(weight, tokens) && weight.rows >= kLarge * kLargeTasksPerThread * threads)
        return kLarge;
    if (usesPanels(weight))
        return kMaxPanelRows;
    if (weight.decoder && weight.decoder->product && tokens <= kRowProductTokens)
        return kMaxPanelRows;
    const std::int64_t bytes = tokens < kFewTokens ? kPanelBytesFewTokens : kPanelBytes;
    const std::int64_t rows = bytes / (4 * std::max<std::int64_t>(weight.cols, 1)) / 4 * 4;
    return std::clamp<std::int64_t>(rows, 4, kMaxPanelRows);
}

/// The set's decoder of this encoding, if the tensor is laid out as it expects.
const RowDecoder* fastDecoder(const Tensor& tensor, const KernelSet& set) {
    const RowDecoder* decoder = set.findRowDecoder(tensor.encoding->info().id);
    if (!decoder || tensor.cols % decoder->blockSize != 0)
        return nullptr;
    const std::int64_t rowBytes = tensor.cols / decoder->blockSize * decoder->bytesPerBlock;
    return static_cast<std::uint64_t>(tensor.rows * rowBytes) == tensor.bytes.size() ? decoder : nullptr;
}

} // namespace

std::uint64_t Linear::ownedBytes() const noexcept {
    return codes.size() + blockScales.size() + (scales.size() + codeSums.size() + bias.size()) * sizeof(float);
}

std::uint64_t Linear::mappedBytes() const noexcept {
    return kind == Kind::Ternary || kind == Kind::Blocks ? 0 : tensor->bytes.size();
}

kernels::TernaryPanels Linear::ternaryPanels() const noexcept {
    return {ternaryForm, codes.data(), rows, cols, kernels::ternarySteps(ternaryForm, cols), scales.data(), codeSums.data(),
            oneScale()};
}

kernels::BlockPanels Linear::blockPanels() const noexcept {
    return {form, codes.data(), blockScales.data(), cols / kernels::kBlockCols};
}

std::string Linear::kernelName(const KernelSet& set) const {
    const auto lower = [](std::string name) {
        for (char& c : name)
            c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        return name;
    };
    if (kind == Kind::Blocks) // "q4_0-int8/avx2"
        return lower(tensor->encoding->info().id) + "-int8/" + set.panelName;
    if (int8)
        return std::string(ternaryForm == kernels::TernaryForm::Lookup  ? "ternary-lookup-int8/"
                           : ternaryForm == kernels::TernaryForm::Base3 ? "ternary-base3-int8/"
                                                                        : "ternary-int8/")
               + set.panelName;
    if (decoder) // "q4_1-f32/avx2"
        return lower(decoder->encoding) + "-f32/" + set.name;
    const char* path = kind == Kind::Ternary ? "ternary-f32/" : kind == Kind::InPlace ? "f32/" : "generic-f32/";
    return std::string(path) + set.name;
}

Result<Linear> makeLinear(const Tensor& tensor, const LinearOptions& options, RunControl& control) {
    Linear linear;
    linear.tensor = &tensor;
    linear.rows = tensor.rows;
    linear.cols = tensor.cols;
    if (options.ternarize)
        TRILOBIT_CHECK(ternarizeByAbsmean(linear, options, control));
    else if (options.int8)
        TRILOBIT_CHECK(packIfTernary(linear, options, control));
    linear.int8 = options.int8 && linear.kind == Linear::Kind::Ternary;
    if (linear.kind == Linear::Kind::Decode && options.blocks)
        TRILOBIT_CHECK(packIfBlocks(linear, options, control));
    const bool aligned = reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % alignof(float) == 0;
    if (linear.kind == Linear::Kind::Decode && tensor.encoding->info().id == "F32" && aligned)
        linear.kind = Linear::Kind::InPlace;
    if (linear.kind == Linear::Kind::Decode && options.set)
        linear.decoder = fastDecoder(tensor, *options.set);
    return linear;
}

/// Rows [row, row + rows) of one target.
struct Multiplier::Part {
    const ProductTarget& target;
    std::int64_t row, rows;
};

void Multiplier::reserve(std::int64_t maxCols) {
    const std::int64_t floats = std::max({4 * maxCols, kPanelBytes / 4, kernels::kPanelScratch * kPanelTokens});
    if (floats <= m_scratchFloats)
        return;
    m_scratch = AlignedBuffer<float>(static_cast<std::size_t>(floats) * static_cast<std::size_t>(m_team.threads()));
    m_scratchFloats = floats;
}

void Multiplier::roundTokens(const ProductInput& input, bool tables) {
    const std::int64_t blocks = kernels::scaleBlocks(input.cols), stride = kernels::paddedCols(input.cols);
    ensure(m_q, input.tokens * stride);
    ensure(m_r, input.tokens);
    ensure(m_sums, input.tokens);
    ensure(m_blockSums, input.tokens * blocks);
    tables = tables && m_set.rounding->tables;
    if (tables)
        ensure(m_tables, input.tokens * kernels::tableBytes(input.cols));
    m_team.run(input.tokens, input.tokens * input.cols >= kWorthThreadsToRound, [&](std::int64_t t, int) noexcept {
        std::int32_t* blockSums = m_blockSums.data() + t * blocks;
        m_r.data()[t] = m_set.rounding->token(input.x + t * input.cols, input.cols, m_q.data() + t * stride, blockSums);
        std::int32_t sum = 0;
        for (std::int64_t b = 0; b < blocks; ++b)
            sum += blockSums[b];
        m_sums.data()[t] = sum;
        if (tables)
            m_set.rounding->tables(m_q.data() + t * stride, input.cols, m_tables.data() + t * kernels::tableBytes(input.cols));
    });
}

void Multiplier::roundBlocks(const ProductInput& input) {
    const std::int64_t blocks = input.cols / kernels::kBlockCols;
    ensure(m_blockQ, input.tokens * input.cols);
    ensure(m_blockD, input.tokens * blocks);
    ensure(m_halfSums, input.tokens * blocks * 2);
    m_team.run(input.tokens, input.tokens * input.cols >= kWorthThreadsToRound, [&](std::int64_t t, int) noexcept {
        m_set.rounding->blocks(input.x + t * input.cols, input.cols, m_blockQ.data() + t * input.cols,
                               m_blockD.data() + t * blocks, m_halfSums.data() + 2 * t * blocks);
    });
}

Result<void> Multiplier::multiply(const ProductInput& input, std::span<const ProductTarget> targets,
                                  RunControl& control) {
    if (m_observer) {
        std::vector<const Tensor*> matrices;
        for (const ProductTarget& target : targets)
            matrices.push_back(target.weight->tensor);
        m_observer->see(matrices, input.x, input.tokens, input.cols);
    }
    std::int64_t tasks = 0, work = 0;
    bool tokens = false, tables = false, blocks = false;
    for (const ProductTarget& target : targets) {
        tokens = tokens || target.weight->int8;
        tables = tables || usesTables(*target.weight, input.tokens);
        blocks = blocks || target.weight->kind == Linear::Kind::Blocks;
        const std::int64_t step = partRows(*target.weight, input.tokens, m_team.threads());
        tasks += (target.weight->rows + step - 1) / step;
        work += target.weight->rows * input.cols * input.tokens;
    }
    if (tokens)
        roundTokens(input, tables);
    if (blocks)
        roundBlocks(input);
    std::atomic<bool> cancelled{false};
    m_team.run(tasks, work >= kWorthThreads, [&](std::int64_t task, int worker) noexcept {
        if (cancelled.load(std::memory_order_relaxed))
            return;
        if (control.isCancelled()) {
            cancelled = true;
            return;
        }
        std::int64_t index = task;
        for (const ProductTarget& target : targets) {
            const std::int64_t step = partRows(*target.weight, input.tokens, m_team.threads());
            const std::int64_t panels = (target.weight->rows + step - 1) / step;
            if (index >= panels) {
                index -= panels;
                continue;
            }
            const Part part{target, index * step, std::min(step, target.weight->rows - index * step)};
            run(input, part, m_scratch.data() + m_scratchFloats * worker);
            break;
        }
    });
    if (cancelled)
        return cancelledError();
    return {};
}

void Multiplier::run(const ProductInput& input, const Part& part, float* scratch) const noexcept {
    const Linear& weight = *part.target.weight;
    float* y = part.target.y + part.row;
    const std::int64_t yStride = part.target.yStride;
    if (usesPanels(weight)) {
        runPanels(input, part, scratch);
    } else if (weight.decoder && weight.decoder->product && input.tokens <= kRowProductTokens) {
        const std::int64_t rowBytes = weight.cols / weight.decoder->blockSize * weight.decoder->bytesPerBlock;
        weight.decoder->product(reinterpret_cast<const std::uint8_t*>(weight.tensor->bytes.data()) + part.row * rowBytes, rowBytes,
                                part.rows, input.x, input.cols, input.tokens, weight.cols, y, yStride);
    } else {
        const float* w = scratch;
        if (weight.kind == Linear::Kind::InPlace) {
            w = reinterpret_cast<const float*>(weight.tensor->bytes.data()) + part.row * weight.cols;
        } else if (weight.kind == Linear::Kind::Ternary) {
            for (std::int64_t r = 0; r < part.rows; ++r)
                kernels::decodeTernaryPanels(weight.ternaryPanels(), part.row + r, scratch + r * weight.cols);
        } else if (weight.decoder) {
            const auto* bytes = reinterpret_cast<const std::uint8_t*>(weight.tensor->bytes.data());
            const std::int64_t rowBytes = weight.cols / weight.decoder->blockSize * weight.decoder->bytesPerBlock;
            for (std::int64_t r = 0; r < part.rows; ++r)
                weight.decoder->decode(bytes + (part.row + r) * rowBytes, weight.cols, scratch + r * weight.cols);
        } else {
            weight.tensor->encoding->decodeRows(weight.tensor->bytes, weight.rows, weight.cols, part.row, part.rows,
                                                scratch);
        }
        m_set.floatProduct(w, weight.cols, part.rows, input.x, input.cols, input.tokens, weight.cols, y, yStride);
    }
    if (weight.outputScale != 1)
        for (std::int64_t t = 0; t < input.tokens; ++t)
            for (std::int64_t r = 0; r < part.rows; ++r)
                y[t * yStride + r] *= weight.outputScale;
    if (!weight.bias.empty())
        for (std::int64_t t = 0; t < input.tokens; ++t)
            for (std::int64_t r = 0; r < part.rows; ++r)
                y[t * yStride + r] += weight.bias[static_cast<std::size_t>(part.row + r)];
}

void Multiplier::runPanels(const ProductInput& input, const Part& part, float* scratch) const noexcept {
    const Linear& weight = *part.target.weight;
    const std::int64_t first = part.row / kernels::kPanelRows, panels = kernels::panelsOf(part.rows);
    for (std::int64_t begin = 0, n = 0; begin < input.tokens; begin += n) {
        n = std::min(kPanelTokens, input.tokens - begin);
        if (const std::int64_t left = input.tokens - begin - n; left > 0 && left <= kernels::kDirectTokens)
            n -= kernels::kDirectTokens + 1; // so few would go another way, for which nothing was prepared
        float* y = part.target.y + begin * part.target.yStride;
        if (weight.int8) {
            const std::int64_t stride = kernels::paddedCols(input.cols);
            const kernels::TokenInput x{m_q.data() + begin * stride, stride, m_r.data() + begin, m_sums.data() + begin,
                                        m_blockSums.data() + begin * kernels::scaleBlocks(input.cols), n,
                                        m_tables.data() + begin * kernels::tableBytes(input.cols)};
            m_set.panels->ternary(weight.ternaryPanels(), first, panels, x, y, part.target.yStride, scratch);
        } else {
            const std::int64_t blocks = input.cols / kernels::kBlockCols;
            const kernels::BlockInput x{m_blockQ.data() + begin * input.cols, m_blockD.data() + begin * blocks,
                                        m_halfSums.data() + 2 * begin * blocks, n};
            m_set.panels->blocks(weight.blockPanels(), first, panels, weight.rows, x, y, part.target.yStride, scratch);
        }
    }
}

} // namespace trilobit
