// What Q4_0 and Q4_1 share: 32 codes in 16 bytes, and the mean square of a row.
#pragma once

#include <cstdint>

namespace trilobit::encodings {

constexpr int kNibbleBlock = 32;

/// Byte i: code i in the low nibble, code i + 16 in the high one. Codes are 0..15.
template <class Code>
void storeNibbles(const Code* codes, std::uint8_t* out) noexcept {
    for (int i = 0; i < kNibbleBlock / 2; ++i)
        out[i] = static_cast<std::uint8_t>(codes[i] | (codes[i + kNibbleBlock / 2] << 4));
}

inline void loadNibbles(const std::uint8_t* in, std::int16_t* codes) noexcept {
    for (int i = 0; i < kNibbleBlock / 2; ++i) {
        codes[i] = in[i] & 15;
        codes[i + kNibbleBlock / 2] = in[i] >> 4;
    }
}

/// Summed in single precision in column order, as the reference does.
inline float meanSquare(const float* x, std::int64_t count) noexcept {
    float sum = 0;
    for (std::int64_t i = 0; i < count; ++i)
        sum += x[i] * x[i];
    return sum / static_cast<float>(count);
}

} // namespace trilobit::encodings
