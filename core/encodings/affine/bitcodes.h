// Codes of 1 to 8 bits, packed from the least significant bit of the first byte up.
#pragma once

#include <cstdint>

namespace trilobit::encodings {

class BitWriter {
public:
    BitWriter(std::uint8_t* out, int bits) noexcept : m_out(out), m_bits(bits) {}
    void put(unsigned code) noexcept {
        m_pending |= code << m_count;
        for (m_count += m_bits; m_count >= 8; m_count -= 8, m_pending >>= 8)
            *m_out++ = static_cast<std::uint8_t>(m_pending);
    }
    /// Writes the bits that do not fill a byte, with zeros above.
    void finish() noexcept {
        if (m_count > 0)
            *m_out++ = static_cast<std::uint8_t>(m_pending);
        m_count = 0;
    }

private:
    std::uint8_t* m_out;
    int m_bits;
    int m_count = 0;
    unsigned m_pending = 0;
};

/// Code number `index`; touches only bytes that hold its bits.
inline unsigned bitCode(const std::uint8_t* in, std::int64_t index, int bits) noexcept {
    const std::int64_t at = index * bits;
    const int offset = static_cast<int>(at % 8);
    const std::uint8_t* byte = in + at / 8;
    const unsigned upper = offset + bits > 8 ? static_cast<unsigned>(byte[1]) << 8 : 0u;
    return ((byte[0] | upper) >> offset) & ((1u << bits) - 1u);
}

/// out[i] = (code i - zero) * scale for `count` codes.
using BitDecoder = void (*)(const std::uint8_t* in, std::int64_t count, float scale, float zero, float* out);
BitDecoder bitDecoder(int bits) noexcept;

} // namespace trilobit::encodings
