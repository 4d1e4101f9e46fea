#include "core/engine/kvcache.h"

#include "core/tensor/shape.h"

#include <new>

namespace trilobit {

using kernels::CacheType;

KvCache::KvCache(std::int64_t layers, std::int64_t context, std::int64_t heads, std::int64_t dim, CacheType type)
    : m_context(context), m_heads(heads), m_dim(dim), m_rowBytes(kernels::cacheRowBytes(type, dim)), m_type(type) {
    const auto rows = checkedMul(static_cast<std::uint64_t>(layers * heads), static_cast<std::uint64_t>(context));
    const auto total = rows ? checkedMul(*rows, static_cast<std::uint64_t>(m_rowBytes)) : rows;
    if (!total)
        throw std::bad_alloc();
    m_keys = AlignedBuffer<std::uint8_t>(*total);
    m_values = AlignedBuffer<std::uint8_t>(*total);
}

void KvCache::reserve(std::int64_t tokens) {
    m_newKeys = AlignedBuffer<float>(static_cast<std::size_t>(tokens * m_heads * m_dim));
    m_newValues = AlignedBuffer<float>(static_cast<std::size_t>(tokens * m_heads * m_dim));
}

void KvCache::commit(const KernelSet& set, std::int64_t layer, std::int64_t position, std::int64_t tokens) noexcept {
    const kernels::CacheStore store = set.cache(m_type).store;
    for (std::int64_t t = 0; t < tokens; ++t)
        for (std::int64_t h = 0; h < m_heads; ++h) {
            store(m_newKeys.data() + (t * m_heads + h) * m_dim, m_dim, m_keys.data() + at(layer, h, position + t));
            store(m_newValues.data() + (t * m_heads + h) * m_dim, m_dim, m_values.data() + at(layer, h, position + t));
        }
}

void KvCache::scores(const KernelSet& set, std::int64_t layer, std::int64_t head, std::int64_t first, std::int64_t count,
                     const float* q, std::int64_t inputs, float* scores, std::int64_t stride) const noexcept {
    set.cache(m_type).scores(m_keys.data() + at(layer, head, first), count, m_dim, q, inputs, scores, stride);
}

void KvCache::mix(const KernelSet& set, std::int64_t layer, std::int64_t head, std::int64_t first, std::int64_t count,
                  const float* weights, std::int64_t inputs, std::int64_t stride, float* out, std::int64_t outStride) const noexcept {
    set.cache(m_type).mix(weights, stride, inputs, m_values.data() + at(layer, head, first), count, m_dim, out, outStride);
}

} // namespace trilobit
