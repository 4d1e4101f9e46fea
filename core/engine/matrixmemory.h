// MatrixMemory: the repacked matrices of one engine side by side in large blocks, so that small ones lie in huge pages too.
#pragma once

#include "core/base/alignedbuffer.h"

#include <cstdint>
#include <memory>

namespace trilobit {

/// Bytes that keep the block alive which they are part of.
class MatrixBytes {
public:
    MatrixBytes() = default;

    std::uint8_t* data() noexcept { return m_data.get(); }
    const std::uint8_t* data() const noexcept { return m_data.get(); }
    std::size_t size() const noexcept { return m_size; }

private:
    friend class MatrixMemory;
    MatrixBytes(std::shared_ptr<std::uint8_t> data, std::size_t size) : m_data(std::move(data)), m_size(size) {}

    std::shared_ptr<std::uint8_t> m_data;
    std::size_t m_size = 0;
};

/// One thread at a time.
class MatrixMemory {
public:
    /// Uninitialised, 64-byte aligned. May throw std::bad_alloc.
    MatrixBytes take(std::size_t bytes);
    /// The same for a matrix on its own.
    static MatrixBytes alone(std::size_t bytes);
    /// Undoes the last take(), for a matrix that does not need the memory after all.
    void giveBack(MatrixBytes bytes) noexcept;

private:
    using Block = AlignedBuffer<std::uint8_t>;
    std::shared_ptr<Block> m_block;
    std::size_t m_used = 0;
};

} // namespace trilobit
