// Attention: what the heads of new tokens make of the keys and values in a cache.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/engine/kvcache.h"
#include "core/engine/workerteam.h"

#include <atomic>
#include <vector>

namespace trilobit {

/// softmax(scale q k) v, capped where a model asks for it. Rows of the cache are taken in chunks, each of which gives the sum of its
/// values weighted with e^(score - the chunk's largest); joined they give the result. Chunks do not depend on threads, so neither do
/// the bits.
class Attention {
public:
    struct Shape {
        std::int64_t heads, kvHeads, dim; ///< heads in whole groups per kvHead
        double scale;                     ///< of the scores
        double cap;                       ///< 0: none; else c in c tanh(x / c)
    };
    /// Rows of the cache that are taken together: what is read and made of them stays in the second-level cache, and they are enough
    /// to be read from several places at once.
    static constexpr std::int64_t kChunkRows = 384;

    Attention() = default;
    /// For `context` rows at most. May throw std::bad_alloc.
    Attention(const Shape& shape, std::int64_t context, int threads);

    /// New tokens at `position` .. of one layer; their keys and values are in the cache.
    struct Tokens {
        std::int64_t layer, window; ///< of rows that a token sees, itself included; 0: all
        std::int64_t position, count;
        const float* q;             ///< [count, heads * dim]
        float* out;                 ///< the same
    };
    /// Errors: Cancelled.
    Result<void> run(const KernelSet& set, WorkerTeam& team, const KvCache& cache, const Tokens& tokens, RunControl& control);

private:
    /// The heads that share keys and values, of one token, and the rows they see.
    struct Group {
        std::int64_t layer, kvHead, first, seen;
        const float* q;
        float* out;

        std::int64_t chunks() const noexcept { return (seen + kChunkRows - 1) / kChunkRows; }
    };
    Group groupOf(const Tokens& tokens, std::int64_t token, std::int64_t kvHead) const noexcept;
    /// place: whose sums of chunks these are.
    void attendChunk(const KernelSet& set, const KvCache& cache, const Group& group, std::int64_t chunk, std::int64_t place,
                     int worker) noexcept;
    void joinChunks(const KernelSet& set, const Group& group, std::int64_t place) noexcept;
    void runOne(const KernelSet& set, WorkerTeam& team, const KvCache& cache, const Tokens& tokens) noexcept;

    Shape m_shape{};
    std::int64_t m_group = 0, m_maxChunks = 0;
    AlignedBuffer<float> m_scores;       ///< [threads, group, chunk rows]
    AlignedBuffer<float> m_tops, m_sums; ///< [places, group, chunks]: of the weights; a place is a thread or a kvHead
    AlignedBuffer<float> m_parts;        ///< [places, group, chunks, dim]
    std::vector<std::atomic<std::int64_t>> m_chunksLeft; ///< [kvHeads]
};

} // namespace trilobit
