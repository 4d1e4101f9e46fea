// KvCache: the keys and values of one sequence, as float32 or in fewer bits.
#pragma once

#include "core/base/alignedbuffer.h"
#include "core/kernels/kernelset.h"

#include <cstdint>

namespace trilobit {

class KvCache {
public:
    KvCache() = default;
    /// Room for `context` rows per layer and head of keys and values. May throw std::bad_alloc.
    KvCache(std::int64_t layers, std::int64_t context, std::int64_t heads, std::int64_t dim, kernels::CacheType type);

    std::uint64_t bytes() const noexcept { return m_keys.size() + m_values.size(); }

    /// Makes room to write rows of `tokens` tokens at once. May throw std::bad_alloc.
    void reserve(std::int64_t tokens);
    // Where new rows are written, [tokens, heads * dim]; they are in the cache after commit().
    float* newKeys() noexcept { return m_newKeys.data(); }
    float* newValues() noexcept { return m_newValues.data(); }
    void commit(const KernelSet& set, std::int64_t layer, std::int64_t position, std::int64_t tokens) noexcept;

    /// scores[i * stride + j] = q_i . key_j for `count` rows of one head from `first` on, and `inputs` vectors q [inputs, dim].
    void scores(const KernelSet& set, std::int64_t layer, std::int64_t head, std::int64_t first, std::int64_t count,
                const float* q, std::int64_t inputs, float* scores, std::int64_t stride) const noexcept;
    /// out[i * outStride + c] = sum over j of weights[i * stride + j] * value_j[c], c < dim, in the order of j.
    void mix(const KernelSet& set, std::int64_t layer, std::int64_t head, std::int64_t first, std::int64_t count,
             const float* weights, std::int64_t inputs, std::int64_t stride, float* out, std::int64_t outStride) const noexcept;

private:
    std::size_t at(std::int64_t layer, std::int64_t head, std::int64_t row) const noexcept {
        return static_cast<std::size_t>(((layer * m_heads + head) * m_context + row) * m_rowBytes);
    }

    std::int64_t m_context = 0, m_heads = 0, m_dim = 0, m_rowBytes = 0;
    kernels::CacheType m_type = kernels::CacheType::F32;
    AlignedBuffer<std::uint8_t> m_keys, m_values; ///< [layers, heads, context] rows: what one head reads lies in one piece
    AlignedBuffer<float> m_newKeys, m_newValues;
};

} // namespace trilobit
