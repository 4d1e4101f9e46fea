#include "core/engine/matrixmemory.h"

namespace trilobit {

namespace {
// Only what is written to takes memory, so the rest of a last block costs nothing.
constexpr std::size_t kBlockBytes = std::size_t{64} << 20;
constexpr std::size_t kAlignment = 64;
} // namespace

MatrixBytes MatrixMemory::take(std::size_t bytes) {
    if (bytes > kBlockBytes / 4)
        return alone(bytes);
    if (!m_block || bytes > kBlockBytes - m_used) {
        m_block = std::make_shared<Block>(kBlockBytes);
        m_used = 0;
    }
    std::uint8_t* at = m_block->data() + m_used;
    m_used += (bytes + kAlignment - 1) / kAlignment * kAlignment;
    return {std::shared_ptr<std::uint8_t>(m_block, at), bytes};
}

void MatrixMemory::giveBack(MatrixBytes bytes) noexcept {
    if (m_block && bytes.data() >= m_block->data() && bytes.data() < m_block->data() + m_used)
        m_used = static_cast<std::size_t>(bytes.data() - m_block->data());
}

MatrixBytes MatrixMemory::alone(std::size_t bytes) {
    auto block = std::make_shared<Block>(bytes);
    std::uint8_t* at = block->data();
    return {std::shared_ptr<std::uint8_t>(std::move(block), at), bytes};
}

} // namespace trilobit
