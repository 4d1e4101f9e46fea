#include "core/base/rng.h"
#include "core/engine/attention.h"
#include "core/engine/kvcache.h"
#include "core/engine/workerteam.h"
#include "core/eval/kernelbench/kernelwork.h"

#include <algorithm>

namespace trilobit {

namespace {

using kernels::CacheType;

// A usual shape: 20 heads, four to a head of keys and values.
constexpr std::int64_t kKvHeads = 5, kGroup = 4, kDim = 128;
constexpr std::int64_t kRows = Attention::kChunkRows;
constexpr std::int64_t kMaxLayers = 4096;

enum class Part { Scores, Mix };

/// Scores of one layer's keys, or the weighted sum of its values, in the engine's chunks of rows: for one token shared out by chunks,
/// for many by tokens.
class CacheWork : public KernelWork {
public:
    CacheWork(const KernelSet& set, const KernelBenchOptions& options, CacheType type, Part part)
        : m_set(set), m_team(options.threads), m_type(type), m_part(part), m_context(options.context),
          m_layers(std::clamp<std::int64_t>(static_cast<std::int64_t>(options.memory / (2 * bytes())), 1, kMaxLayers)),
          m_cache(m_layers, m_context, kKvHeads, kDim, type),
          m_q(static_cast<std::size_t>(std::max<std::int64_t>(options.batch, 1) * kHeads * kDim)),
          m_scores(static_cast<std::size_t>(options.threads * kGroup * kRows)),
          m_out(static_cast<std::size_t>(options.threads * kGroup * kDim)) {
        Rng rng(options.seed);
        for (float& v : m_q)
            v = static_cast<float>(rng.normal());
        for (float& v : m_scores)
            v = static_cast<float>(rng.uniform()) / static_cast<float>(m_context);
        fill(rng);
    }

    Result<void> run(std::int64_t tokens, RunControl& control) override {
        if (control.isCancelled())
            return cancelledError();
        const std::int64_t layer = m_next;
        m_next = (m_next + 1) % m_layers;
        if (tokens > 1)
            runMany(layer, tokens);
        else
            runOne(layer);
        return {};
    }

    std::string kernel() const override { return std::string("cache-") + typeName() + partName() + "/" + m_set.name; }
    /// Of a layer's keys; of its values as many.
    std::uint64_t bytes() const override {
        return static_cast<std::uint64_t>(kKvHeads * m_context * kernels::cacheRowBytes(m_type, kDim));
    }
    double operations(std::int64_t tokens) const override {
        return 2.0 * static_cast<double>(tokens * kHeads * kDim) * static_cast<double>(m_context);
    }
    KernelBound unit() const override { return KernelBound::Float; }

private:
    static constexpr std::int64_t kHeads = kKvHeads * kGroup;

    const char* typeName() const { return m_type == CacheType::F32 ? "f32" : m_type == CacheType::F16 ? "f16" : "q8_0"; }
    const char* partName() const { return m_part == Part::Scores ? "-scores" : "-mix"; }

    void fill(Rng& rng) {
        const std::int64_t tokens = std::min<std::int64_t>(m_context, 64), width = kKvHeads * kDim;
        m_cache.reserve(tokens);
        for (std::int64_t i = 0; i < tokens * width; ++i) {
            m_cache.newKeys()[i] = static_cast<float>(rng.normal());
            m_cache.newValues()[i] = static_cast<float>(rng.normal());
        }
        for (std::int64_t layer = 0; layer < m_layers; ++layer)
            for (std::int64_t at = 0; at < m_context; at += tokens)
                m_cache.commit(m_set, layer, at, std::min(tokens, m_context - at));
    }

    void runOne(std::int64_t layer) {
        const std::int64_t chunks = (m_context + kRows - 1) / kRows;
        m_team.run(kKvHeads * chunks, [&](std::int64_t task, int worker) noexcept {
            const std::int64_t head = task / chunks;
            chunk(layer, head, task % chunks, head * kGroup * kDim, worker);
        });
    }

    void runMany(std::int64_t layer, std::int64_t tokens) {
        m_team.run(tokens * kKvHeads, [&](std::int64_t task, int worker) noexcept {
            const std::int64_t head = task % kKvHeads;
            for (std::int64_t c = 0; c * kRows < m_context; ++c)
                chunk(layer, head, c, (task / kKvHeads * kHeads + head * kGroup) * kDim, worker);
        });
    }

    void chunk(std::int64_t layer, std::int64_t head, std::int64_t index, std::int64_t query, int worker) noexcept {
        const std::int64_t begin = index * kRows, count = std::min(kRows, m_context - begin);
        float* scores = m_scores.data() + worker * kGroup * kRows;
        if (m_part == Part::Scores)
            m_cache.scores(m_set, layer, head, begin, count, m_q.data() + query, kGroup, scores, kRows);
        else
            m_cache.mix(m_set, layer, head, begin, count, scores, kGroup, kRows, m_out.data() + worker * kGroup * kDim, kDim);
    }

    const KernelSet& m_set;
    WorkerTeam m_team;
    CacheType m_type;
    Part m_part;
    std::int64_t m_context, m_layers;
    KvCache m_cache;
    AlignedBuffer<float> m_q, m_scores, m_out;
    std::int64_t m_next = 0;
};

} // namespace

void addCacheCases(const KernelSet& set, const KernelBenchOptions& options, KernelCases& cases) {
    const auto add = [&](const char* name, const char* encoding, CacheType type, Part part) {
        cases.push_back({name, encoding, [&set, options, type, part](RunControl&) -> Result<std::unique_ptr<KernelWork>> {
                             return std::make_unique<CacheWork>(set, options, type, part);
                         }});
    };
    add("cache-f32-scores", "F32", CacheType::F32, Part::Scores);
    add("cache-f32-mix", "F32", CacheType::F32, Part::Mix);
    add("cache-f16-scores", "F16", CacheType::F16, Part::Scores);
    add("cache-f16-mix", "F16", CacheType::F16, Part::Mix);
    add("cache-q8_0-scores", "Q8_0", CacheType::Q8_0, Part::Scores);
    add("cache-q8_0-mix", "Q8_0", CacheType::Q8_0, Part::Mix);
}

} // namespace trilobit
