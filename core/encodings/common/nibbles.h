// What Q4_0 and Q4_1 share: 32 codes in 16 bytes, and the mean square of a row.
#pragma once

#include <cstdint>
#include <cstring>

namespace trilobit::encodings {

constexpr int kNibbleBlock = 32;

/// Byte i: code i in the low nibble, code i + 16 in the high one. Codes are 0..15.
template <class Code>
void storeNibbles(const Code* codes, std::uint8_t* out) noexcept {
    for (int i = 0; i < kNibbleBlock / 2; ++i)
        out[i] = static_cast<std::uint8_t>(codes[i] | (codes[i + kNibbleBlock / 2] << 4));
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
