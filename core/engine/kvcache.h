// KvCache: the keys and values of one sequence, as float32 or half precision.
#pragma once

#include "core/base/alignedbuffer.h"
#include "core/kernels/kernelset.h"

#include <cstdint>

namespace trilobit {

class KvCache {
public:
    KvCache() = default;
    /// Room for `context` rows of `width` values per layer. May throw std::bad_alloc.
    KvCache(std::int64_t layers, std::int64_t context, std::int64_t width, bool half);

    bool isHalf() const noexcept { return m_half; }
    std::uint64_t bytes() const noexcept { return m_keys.size() + m_values.size(); }

    /// Makes room to write rows of `tokens` tokens at once. May throw std::bad_alloc.
    void reserve(std::int64_t tokens);
    // Where rows from `position` on are written, [tokens, width]; they are in the cache after commit().
    float* newKeys(std::int64_t layer, std::int64_t position) noexcept;
    float* newValues(std::int64_t layer, std::int64_t position) noexcept;
    void commit(const KernelSet& set, std::int64_t layer, std::int64_t position, std::int64_t tokens) noexcept;

    /// scores[i * stride + j] = q_i . key_j for `count` rows from `first` on, columns [column, column + dim), and `inputs`
    /// vectors q of `dim` values.
    void scores(const KernelSet& set, std::int64_t layer, std::int64_t first, std::int64_t count, std::int64_t column,
                std::int64_t dim, const float* q, std::int64_t inputs, float* scores, std::int64_t stride) const noexcept;
    /// out[i * outStride + c] = sum over j of weights[i * stride + j] * value_j[column + c], in the order of j.
    void mix(const KernelSet& set, std::int64_t layer, std::int64_t first, std::int64_t count, std::int64_t column,
             std::int64_t cols, const float* weights, std::int64_t inputs, std::int64_t stride, float* out,
             std::int64_t outStride) const noexcept;

private:
    std::size_t at(std::int64_t layer, std::int64_t row, std::int64_t column) const noexcept {
        return static_cast<std::size_t>(((layer * m_context + row) * m_width + column) * (m_half ? 2 : 4));
    }

    std::int64_t m_context = 0, m_width = 0;
    bool m_half = false;
    AlignedBuffer<std::uint8_t> m_keys, m_values; ///< [layers, context, width]
    AlignedBuffer<float> m_newKeys, m_newValues;  ///< half precision only: rows before they are rounded
};

} // namespace trilobit
