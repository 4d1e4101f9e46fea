#include "core/engine/attention.h"

#include "core/kernels/rowops.h"

#include <algorithm>

namespace trilobit {

namespace {

/// Products below which one thread does it all.
constexpr std::int64_t kWorthThreads = 1 << 15;

} // namespace

Attention::Attention(const Shape& shape, std::int64_t context, int threads)
    : m_shape(shape), m_group(shape.heads / shape.kvHeads), m_maxChunks((context + kChunkRows - 1) / kChunkRows),
      m_chunksLeft(static_cast<std::size_t>(shape.kvHeads)) {
    const std::int64_t sums = std::max<std::int64_t>(threads, shape.kvHeads) * m_group * m_maxChunks;
    m_scores = AlignedBuffer<float>(static_cast<std::size_t>(threads * m_group * kChunkRows));
    m_tops = AlignedBuffer<float>(static_cast<std::size_t>(sums));
    m_sums = AlignedBuffer<float>(static_cast<std::size_t>(sums));
    m_parts = AlignedBuffer<float>(static_cast<std::size_t>(sums * shape.dim));
}

Result<void> Attention::run(const KernelSet& set, WorkerTeam& team, const KvCache& cache, const Tokens& tokens, RunControl& control) {
    const std::int64_t work = tokens.count * (tokens.position + tokens.count) * m_shape.heads * m_shape.dim;
    if (tokens.count == 1 && work >= kWorthThreads && team.threads() > 1) {
        runOne(set, team, cache, tokens);
        return {};
    }
    std::atomic<bool> cancelled{false};
    team.run(tokens.count * m_shape.kvHeads, work >= kWorthThreads, [&](std::int64_t task, int worker) noexcept {
        if (cancelled.load(std::memory_order_relaxed))
            return;
        if (control.isCancelled()) {
            cancelled = true;
            return;
        }
        // Late tokens see more: the expensive ones are handed out first.
        const Group group = groupOf(tokens, tokens.count - 1 - task / m_shape.kvHeads, task % m_shape.kvHeads);
        for (std::int64_t chunk = 0; chunk < group.chunks(); ++chunk)
            attendChunk(set, cache, group, chunk, worker, worker);
        joinChunks(set, group, worker);
    });
    if (cancelled)
        return cancelledError();
    return {};
}

/// One token: chunks are shared out besides heads, or a few heads would keep threads waiting.
void Attention::runOne(const KernelSet& set, WorkerTeam& team, const KvCache& cache, const Tokens& tokens) noexcept {
    const std::int64_t chunks = groupOf(tokens, 0, 0).chunks();
    for (std::atomic<std::int64_t>& left : m_chunksLeft)
        left.store(chunks, std::memory_order_relaxed);
    team.run(m_shape.kvHeads * chunks, [&](std::int64_t task, int worker) noexcept {
        const Group group = groupOf(tokens, 0, task / chunks);
        attendChunk(set, cache, group, task % chunks, group.kvHead, worker);
        // Who finishes the last chunk of a group joins them all.
        if (m_chunksLeft[static_cast<std::size_t>(group.kvHead)].fetch_sub(1, std::memory_order_acq_rel) == 1)
            joinChunks(set, group, group.kvHead);
    });
}

Attention::Group Attention::groupOf(const Tokens& tokens, std::int64_t token, std::int64_t kvHead) const noexcept {
    const std::int64_t end = tokens.position + token + 1, seen = tokens.window > 0 ? std::min(tokens.window, end) : end;
    const std::int64_t at = (token * m_shape.heads + kvHead * m_group) * m_shape.dim;
    return {tokens.layer, kvHead, end - seen, seen, tokens.q + at, tokens.out + at};
}

void Attention::attendChunk(const KernelSet& set, const KvCache& cache, const Group& group, std::int64_t chunk, std::int64_t place,
                            int worker) noexcept {
    const std::int64_t begin = chunk * kChunkRows, count = std::min(kChunkRows, group.seen - begin);
    float* scores = m_scores.data() + worker * m_group * kChunkRows;
    cache.scores(set, group.layer, group.kvHead, group.first + begin, count, group.q, m_group, scores, kChunkRows);
    for (std::int64_t h = 0; h < m_group; ++h) {
        float* row = scores + h * kChunkRows;
        if (m_shape.cap > 0)
            kernels::capRow(row, count, m_shape.scale, m_shape.cap);
        const kernels::ExpSum e = set.rows->exponentials(row, count, m_shape.cap > 0 ? 1.0f : static_cast<float>(m_shape.scale));
        const auto at = static_cast<std::size_t>((place * m_group + h) * m_maxChunks + chunk);
        m_tops[at] = e.top;
        m_sums[at] = e.sum;
    }
    cache.mix(set, group.layer, group.kvHead, group.first + begin, count, scores, m_group, kChunkRows,
              m_parts.data() + (place * m_group * m_maxChunks + chunk) * m_shape.dim, m_maxChunks * m_shape.dim);
}

void Attention::joinChunks(const KernelSet& set, const Group& group, std::int64_t place) noexcept {
    const std::int64_t chunks = group.chunks();
    for (std::int64_t h = 0; h < m_group; ++h) {
        const std::int64_t at = (place * m_group + h) * m_maxChunks;
        float* factors = m_tops.data() + at;
        const float* sums = m_sums.data() + at;
        set.rows->exponentials(factors, chunks, 1.0f);
        double total = 0;
        for (std::int64_t c = 0; c < chunks; ++c)
            total += static_cast<double>(factors[c]) * static_cast<double>(sums[c]);
        for (std::int64_t c = 0; c < chunks; ++c)
            factors[c] = static_cast<float>(static_cast<double>(factors[c]) / total);
        set.weightedSum(factors, m_parts.data() + at * m_shape.dim, m_shape.dim, chunks, m_shape.dim, group.out + h * m_shape.dim);
    }
}

} // namespace trilobit
