#include "core/engine/kvcache.h"

#include "core/tensor/shape.h"

#include <cstring>
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
    const auto put = [&](const float* from, std::uint8_t* to) {
        if (m_type == CacheType::F32)
            std::memcpy(to, from, static_cast<std::size_t>(m_rowBytes));
        else
            set.cache(m_type).store(from, m_dim, to);
    };
    for (std::int64_t t = 0; t < tokens; ++t)
        for (std::int64_t h = 0; h < m_heads; ++h) {
            put(m_newKeys.data() + (t * m_heads + h) * m_dim, m_keys.data() + at(layer, h, position + t));
            put(m_newValues.data() + (t * m_heads + h) * m_dim, m_values.data() + at(layer, h, position + t));
        }
}

void KvCache::scores(const KernelSet& set, std::int64_t layer, std::int64_t head, std::int64_t first, std::int64_t count,
                     const float* q, std::int64_t inputs, float* scores, std::int64_t stride) const noexcept {
    const std::uint8_t* keys = m_keys.data() + at(layer, head, first);
    if (m_type == CacheType::F32)
        set.floatProduct(reinterpret_cast<const float*>(keys), m_dim, count, q, m_dim, inputs, m_dim, scores, stride);
    else
        set.cache(m_type).scores(keys, count, m_dim, q, inputs, scores, stride);
}

void KvCache::mix(const KernelSet& set, std::int64_t layer, std::int64_t head, std::int64_t first, std::int64_t count,
                  std::int64_t column, std::int64_t cols, const float* weights, std::int64_t inputs, std::int64_t stride,
                  float* out, std::int64_t outStride) const noexcept {
    const std::uint8_t* values = m_values.data() + at(layer, head, first);
    if (m_type != CacheType::F32) {
        set.cache(m_type).mix(weights, stride, inputs, values, count, m_dim, column, cols, out, outStride);
        return;
    }
    for (std::int64_t i = 0; i < inputs; ++i)
        set.weightedSum(weights + i * stride, reinterpret_cast<const float*>(values) + column, m_dim, count, cols,
                        out + i * outStride);
}

} // namespace trilobit
