// What the 4- and 5-bit blocks of 32 share: low nibbles in 16 bytes, fifth bits in four, the mean square of a row.
#pragma once

#include <cstdint>
#include <cstring>

namespace trilobit::encodings {

constexpr int kNibbleBlock = 32;

/// Byte i: the low four bits of code i, above them those of code i + 16.
template <class Code>
void storeNibbles(const Code* codes, std::uint8_t* out) noexcept {
    for (int i = 0; i < kNibbleBlock / 2; ++i)
        out[i] = static_cast<std::uint8_t>((codes[i] & 15) | ((codes[i + kNibbleBlock / 2] & 15) << 4));
}

/// Bit i of four little-endian bytes: bit 4 of code i.
template <class Code>
void storeFifthBits(const Code* codes, std::uint8_t* out) noexcept {
    std::uint32_t bits = 0;
    for (int i = 0; i < kNibbleBlock; ++i)
        bits |= static_cast<std::uint32_t>((codes[i] >> 4) & 1) << i;
    std::memcpy(out, &bits, sizeof bits);
}

/// Adds the fifth bits to codes that have their lower four.
template <class Code>
void addFifthBits(const std::uint8_t* in, Code* codes) noexcept {
    std::uint32_t bits;
    std::memcpy(&bits, in, sizeof bits);
    for (int i = 0; i < kNibbleBlock; ++i)
        codes[i] = static_cast<Code>(codes[i] | static_cast<Code>(((bits >> i) & 1u) << 4));
}

/// The way back, eight bytes at a time: loops of 16 steps are unrolled before anybody thinks of vectors.
inline void loadNibbles(const std::uint8_t* in, std::uint8_t* codes) noexcept {
    constexpr std::uint64_t kLow = 0x0F0F0F0F0F0F0F0Full;
    for (int i = 0; i < kNibbleBlock / 2; i += 8) {
        std::uint64_t word;
        std::memcpy(&word, in + i, sizeof word);
        const std::uint64_t low = word & kLow, high = (word >> 4) & kLow;
        std::memcpy(codes + i, &low, sizeof low);
        std::memcpy(codes + kNibbleBlock / 2 + i, &high, sizeof high);
    }
}

inline void loadNibbles(const std::uint8_t* in, std::int16_t* codes) noexcept {
    std::uint8_t bytes[kNibbleBlock];
    loadNibbles(in, bytes);
    for (int i = 0; i < kNibbleBlock; ++i)
        codes[i] = bytes[i];
}

/// Summed in single precision in column order, as the reference does.
inline float meanSquare(const float* x, std::int64_t count) noexcept {
    float sum = 0;
    for (std::int64_t i = 0; i < count; ++i)
        sum += x[i] * x[i];
    return sum / static_cast<float>(count);
}

} // namespace trilobit::encodings
