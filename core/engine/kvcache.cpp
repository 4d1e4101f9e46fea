#include "core/engine/kvcache.h"

#include "core/tensor/shape.h"

#include <new>

namespace trilobit {

KvCache::KvCache(std::int64_t layers, std::int64_t context, std::int64_t width, bool half)
    : m_context(context), m_width(width), m_half(half) {
    const auto rows = checkedMul(static_cast<std::uint64_t>(layers), static_cast<std::uint64_t>(context));
    const auto rowBytes = checkedMul(static_cast<std::uint64_t>(width), half ? 2 : 4);
    const auto total = rows && rowBytes ? checkedMul(*rows, *rowBytes) : rows;
    if (!rows || !rowBytes || !total)
        throw std::bad_alloc();
    m_keys = AlignedBuffer<std::uint8_t>(*total);
    m_values = AlignedBuffer<std::uint8_t>(*total);
}

void KvCache::reserve(std::int64_t tokens) {
    if (!m_half)
        return;
    m_newKeys = AlignedBuffer<float>(static_cast<std::size_t>(tokens * m_width));
    m_newValues = AlignedBuffer<float>(static_cast<std::size_t>(tokens * m_width));
}

float* KvCache::newKeys(std::int64_t layer, std::int64_t position) noexcept {
    return m_half ? m_newKeys.data() : reinterpret_cast<float*>(m_keys.data() + at(layer, position, 0));
}

float* KvCache::newValues(std::int64_t layer, std::int64_t position) noexcept {
    return m_half ? m_newValues.data() : reinterpret_cast<float*>(m_values.data() + at(layer, position, 0));
}

void KvCache::commit(const KernelSet& set, std::int64_t layer, std::int64_t position, std::int64_t tokens) noexcept {
    if (!m_half)
        return;
    set.halfCache.round(m_newKeys.data(), tokens * m_width, m_keys.data() + at(layer, position, 0));
    set.halfCache.round(m_newValues.data(), tokens * m_width, m_values.data() + at(layer, position, 0));
}

void KvCache::scores(const KernelSet& set, std::int64_t layer, std::int64_t first, std::int64_t count, std::int64_t column,
                     std::int64_t dim, const float* q, std::int64_t inputs, float* scores, std::int64_t stride) const noexcept {
    const std::uint8_t* keys = m_keys.data() + at(layer, first, column);
    if (m_half)
        set.halfCache.scores(keys, 2 * m_width, count, q, dim, inputs, dim, scores, stride);
    else
        set.floatProduct(reinterpret_cast<const float*>(keys), m_width, count, q, dim, inputs, dim, scores, stride);
}

void KvCache::mix(const KernelSet& set, std::int64_t layer, std::int64_t first, std::int64_t count, std::int64_t column,
                  std::int64_t cols, const float* weights, std::int64_t inputs, std::int64_t stride, float* out,
                  std::int64_t outStride) const noexcept {
    const std::uint8_t* values = m_values.data() + at(layer, first, column);
    if (m_half) {
        set.halfCache.mix(weights, stride, inputs, values, 2 * m_width, count, cols, out, outStride);
        return;
    }
    for (std::int64_t i = 0; i < inputs; ++i)
        set.weightedSum(weights + i * stride, reinterpret_cast<const float*>(values), m_width, count, cols, out + i * outStride);
}

} // namespace trilobit
