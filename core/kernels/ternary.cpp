#include "core/kernels/ternary.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace trilobit::kernels {

namespace {

/// Round half to even for |v| <= 2^22: adding 1.5 * 2^23 leaves no bits below the units.
inline float roundHalfEven(float v) noexcept {
    constexpr float kMagic = 12582912.0f;
    return (v + kMagic) - kMagic;
}

} // namespace

bool packTernaryBlock(const float* values, std::int64_t count, std::uint8_t* block, float& scale) noexcept {
    float s = 0;
    for (std::int64_t i = 0; i < count && s == 0; ++i)
        s = std::fabs(values[i]);
    if (!std::isfinite(s))
        return false;
    std::int8_t trits[kTernaryBlock];
    for (std::int64_t i = 0; i < count; ++i) {
        const float v = values[i];
        if (v != 0 && v != s && v != -s) // NaN fails too
            return false;
        trits[i] = static_cast<std::int8_t>(v == 0 ? 0 : v > 0 ? 1 : -1);
    }
    packTrits(trits, count, block);
    scale = s;
    return true;
}

void packTrits(const std::int8_t* trits, std::int64_t count, std::uint8_t* block) noexcept {
    std::memset(block, 0x55, kTernaryBlockBytes); // code 1, a zero, everywhere
    for (std::int64_t i = 0; i < count; ++i) {
        const int shift = static_cast<int>(2 * (i / 64));
        const int code = trits[i] + 1;
        block[i % 64] = static_cast<std::uint8_t>((block[i % 64] & ~(3 << shift)) | (code << shift));
    }
}

void decodeTernaryRow(const std::uint8_t* row, std::int64_t cols, const float* scales, std::int64_t scaleStride,
                      float* out) noexcept {
    for (std::int64_t b = 0; b * kTernaryBlock < cols; ++b) {
        const std::uint8_t* block = row + b * kTernaryBlockBytes;
        const float scale = scales[b * scaleStride];
        for (std::int64_t f = 0; f < 4; ++f) {
            const std::int64_t begin = b * kTernaryBlock + 64 * f;
            const std::int64_t n = cols - begin < 64 ? cols - begin : 64;
            for (std::int64_t p = 0; p < n; ++p)
                out[begin + p] = static_cast<float>(((block[p] >> (2 * f)) & 3) - 1) * scale;
        }
    }
}

float quantizeToken(const float* x, std::int64_t cols, std::int8_t* q, std::int32_t* blockSums) noexcept {
    // The bits of |x| order like the numbers, infinity and NaN on top.
    std::uint32_t top = 0;
    for (std::int64_t i = 0; i < cols; ++i) {
        std::uint32_t bits;
        std::memcpy(&bits, x + i, sizeof bits);
        bits &= 0x7FFFFFFFu;
        top = bits > top ? bits : top;
    }
    const std::int64_t blocks = ternaryBlocks(cols);
    std::memset(q, 0, static_cast<std::size_t>(blocks * kTernaryBlock));
    std::memset(blockSums, 0, static_cast<std::size_t>(blocks) * sizeof(std::int32_t));
    if (top >= 0x7F800000u)
        return std::numeric_limits<float>::quiet_NaN();
    float largest;
    std::memcpy(&largest, &top, sizeof largest);
    const float r = 127.0f / (largest > 1e-5f ? largest : 1e-5f);
    for (std::int64_t b = 0; b < blocks; ++b) {
        const std::int64_t begin = b * kTernaryBlock;
        const std::int64_t end = begin + kTernaryBlock < cols ? begin + kTernaryBlock : cols;
        std::int32_t sum = 0;
        for (std::int64_t i = begin; i < end; ++i) {
            float v = roundHalfEven(x[i] * r);
            v = v < -128.0f ? -128.0f : v > 127.0f ? 127.0f : v;
            const int code = static_cast<int>(v);
            q[i] = static_cast<std::int8_t>(code);
            sum += code;
        }
        blockSums[b] = sum;
    }
    return r;
}

} // namespace trilobit::kernels
