#include "core/engine/linear.h"

#include "core/engine/ternarymatrix.h"
#include "core/kernels/ternary.h"

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
/// Tokens per call of the integer product: bounds its int32 scratch.
constexpr std::int64_t kInt8Tokens = 16;

std::int64_t panelRows(const Linear& weight, std::int64_t tokens) {
    if (weight.int8)
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
    return codes.size() + (scales.size() + bias.size()) * sizeof(float);
}

std::string Linear::kernelName(const KernelSet& set) const {
    if (decoder) { // "q4_1-f32/avx2"
        std::string name = decoder->encoding;
        for (char& c : name)
            c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        return name + "-f32/" + set.name;
    }
    const char* path = int8                      ? "ternary-int8/"
                       : kind == Kind::Ternary ? "ternary-f32/"
                       : kind == Kind::InPlace ? "f32/"
                                               : "generic-f32/";
    return std::string(path) + set.name;
}

Result<Linear> makeLinear(const Tensor& tensor, const LinearOptions& options, RunControl& control) {
    Linear linear;
    linear.tensor = &tensor;
    linear.rows = tensor.rows;
    linear.cols = tensor.cols;
    if (options.ternarize)
        TRILOBIT_CHECK(ternarizeByAbsmean(linear, options.threads, control));
    else if (options.int8)
        TRILOBIT_CHECK(packIfTernary(linear, options.threads, control));
    linear.int8 = options.int8 && linear.kind == Linear::Kind::Ternary;
    const bool aligned = reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % alignof(float) == 0;
    if (linear.kind == Linear::Kind::Decode && tensor.encoding->info().id == "F32" && aligned)
        linear.kind = Linear::Kind::InPlace;
    if (linear.kind == Linear::Kind::Decode && options.set)
        linear.decoder = fastDecoder(tensor, *options.set);
    return linear;
}

/// Rows [row, row + rows) of one target.
struct Multiplier::Panel {
    const ProductTarget& target;
    std::int64_t row, rows;
};

void Multiplier::reserve(std::int64_t maxCols) {
    const std::int64_t floats = std::max(4 * maxCols, kPanelBytes / 4);
    if (floats <= m_scratchFloats)
        return;
    m_scratch = AlignedBuffer<float>(static_cast<std::size_t>(floats) * static_cast<std::size_t>(m_team.threads()));
    m_scratchFloats = floats;
}

void Multiplier::quantize(ProductInput& input) {
    const std::int64_t blocks = kernels::ternaryBlocks(input.cols);
    const auto ensure = [](auto& buffer, std::int64_t count) {
        if (buffer.size() < static_cast<std::size_t>(count))
            buffer = std::remove_reference_t<decltype(buffer)>(static_cast<std::size_t>(count));
    };
    ensure(m_q, input.tokens * blocks * kernels::kTernaryBlock);
    ensure(m_sums, input.tokens * (blocks + 1));
    ensure(m_r, input.tokens);
    std::int32_t* sums = m_sums.data() + input.tokens * blocks;
    m_team.run(input.tokens, input.tokens * input.cols >= kWorthThreadsToRound, [&](std::int64_t t, int) noexcept {
        std::int32_t* blockSums = m_sums.data() + t * blocks;
        m_r[static_cast<std::size_t>(t)] = kernels::quantizeToken(
            input.x + t * input.cols, input.cols, m_q.data() + t * blocks * kernels::kTernaryBlock, blockSums);
        sums[t] = 0;
        for (std::int64_t b = 0; b < blocks; ++b)
            sums[t] += blockSums[b];
    });
    input.q = m_q.data();
    input.blockSums = m_sums.data();
    input.sums = sums;
    input.r = m_r.data();
}

Result<void> Multiplier::multiply(const ProductInput& input, std::span<const ProductTarget> targets,
                                  RunControl& control) {
    std::int64_t tasks = 0, work = 0;
    for (const ProductTarget& target : targets) {
        const std::int64_t step = panelRows(*target.weight, input.tokens);
        tasks += (target.weight->rows + step - 1) / step;
        work += target.weight->rows * input.cols * input.tokens;
    }
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
            const std::int64_t step = panelRows(*target.weight, input.tokens);
            const std::int64_t panels = (target.weight->rows + step - 1) / step;
            if (index >= panels) {
                index -= panels;
                continue;
            }
            const Panel panel{target, index * step, std::min(step, target.weight->rows - index * step)};
            run(input, panel, m_scratch.data() + m_scratchFloats * worker);
            break;
        }
    });
    if (cancelled)
        return cancelledError();
    return {};
}

void Multiplier::run(const ProductInput& input, const Panel& panel, float* scratch) const noexcept {
    const Linear& weight = *panel.target.weight;
    float* y = panel.target.y + panel.row;
    const std::int64_t yStride = panel.target.yStride;
    if (weight.int8) {
        runInt8(input, panel);
    } else {
        const float* w = scratch;
        if (weight.kind == Linear::Kind::InPlace) {
            w = reinterpret_cast<const float*>(weight.tensor->bytes.data()) + panel.row * weight.cols;
        } else if (weight.kind == Linear::Kind::Ternary) {
            const std::int64_t scaleStride = weight.oneScale() ? 0 : 1;
            for (std::int64_t r = 0; r < panel.rows; ++r)
                kernels::decodeTernaryRow(
                    weight.codes.data() + (panel.row + r) * kernels::ternaryRowBytes(weight.cols), weight.cols,
                    weight.scales.data() + (panel.row + r) * kernels::ternaryBlocks(weight.cols) * scaleStride,
                    scaleStride, scratch + r * weight.cols);
        } else if (weight.decoder) {
            const auto* bytes = reinterpret_cast<const std::uint8_t*>(weight.tensor->bytes.data());
            const std::int64_t rowBytes = weight.cols / weight.decoder->blockSize * weight.decoder->bytesPerBlock;
            for (std::int64_t r = 0; r < panel.rows; ++r)
                weight.decoder->decode(bytes + (panel.row + r) * rowBytes, weight.cols, scratch + r * weight.cols);
        } else {
            weight.tensor->encoding->decodeRows(weight.tensor->bytes, weight.rows, weight.cols, panel.row, panel.rows,
                                                scratch);
        }
        m_set.floatProduct(w, weight.cols, panel.rows, input.x, input.cols, input.tokens, weight.cols, y, yStride);
    }
    if (!weight.bias.empty())
        for (std::int64_t t = 0; t < input.tokens; ++t)
            for (std::int64_t r = 0; r < panel.rows; ++r)
                y[t * yStride + r] += weight.bias[static_cast<std::size_t>(panel.row + r)];
}

void Multiplier::runInt8(const ProductInput& input, const Panel& panel) const noexcept {
    const Linear& weight = *panel.target.weight;
    const std::int64_t blocks = kernels::ternaryBlocks(weight.cols);
    const std::int64_t rowBytes = kernels::ternaryRowBytes(weight.cols), qStride = blocks * kernels::kTernaryBlock;
    const std::uint8_t* codes = weight.codes.data() + panel.row * rowBytes;
    std::int32_t sums[kInt8Tokens * kMaxPanelRows];
    for (std::int64_t begin = 0; begin < input.tokens; begin += kInt8Tokens) {
        const std::int64_t n = std::min(kInt8Tokens, input.tokens - begin);
        float* y = panel.target.y + begin * panel.target.yStride + panel.row;
        const std::int8_t* q = input.q + begin * qStride;
        // One scale: y = (t q) / r * m. Block scales: y = (sum over blocks, in order, of m_b (t q)_b) / r.
        if (weight.oneScale()) {
            m_set.ternaryProduct(codes, rowBytes, panel.rows, q, qStride, input.sums + begin, 1, n, blocks, sums,
                                 kMaxPanelRows);
            for (std::int64_t t = 0; t < n; ++t)
                for (std::int64_t r = 0; r < panel.rows; ++r)
                    y[t * panel.target.yStride + r] =
                        static_cast<float>(sums[t * kMaxPanelRows + r]) / input.r[begin + t] * weight.scales[0];
            continue;
        }
        for (std::int64_t b = 0; b < blocks; ++b) {
            m_set.ternaryProduct(codes + b * kernels::kTernaryBlockBytes, rowBytes, panel.rows,
                                 q + b * kernels::kTernaryBlock, qStride, input.blockSums + begin * blocks + b, blocks, n,
                                 1, sums, kMaxPanelRows);
            const float* scales = weight.scales.data() + panel.row * blocks + b;
            for (std::int64_t t = 0; t < n; ++t)
                for (std::int64_t r = 0; r < panel.rows; ++r) {
                    float& sum = y[t * panel.target.yStride + r];
                    sum = (b == 0 ? 0.0f : sum) + static_cast<float>(sums[t * kMaxPanelRows + r]) * scales[r * blocks];
                }
        }
        for (std::int64_t t = 0; t < n; ++t)
            for (std::int64_t r = 0; r < panel.rows; ++r)
                y[t * panel.target.yStride + r] /= input.r[begin + t];
    }
}

} // namespace trilobit
