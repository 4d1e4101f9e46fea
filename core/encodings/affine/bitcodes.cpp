#include "core/encodings/affine/bitcodes.h"

#include "core/encodings/common/vectorize.h"

#include <cstring>

namespace trilobit::encodings {

namespace {

/// Eight codes fill a whole number of bytes, whatever their width.
template <int kBits>
inline void decodeEights(const std::uint8_t* __restrict in, std::int64_t eights, float scale, float zero,
                         float* __restrict out) noexcept {
    constexpr unsigned kMask = (1u << kBits) - 1u;
    for (std::int64_t e = 0; e < eights; ++e, in += kBits, out += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, in, kBits);
        // Halves of 32 bits: four codes of up to 8 bits each; vector units shift 32-bit lanes by different amounts.
        const auto low = static_cast<std::uint32_t>(word), high = static_cast<std::uint32_t>(word >> (4 * kBits));
        for (int i = 0; i < 4; ++i)
            out[i] = (static_cast<float>(static_cast<int>((low >> (kBits * i)) & kMask)) - zero) * scale;
        for (int i = 0; i < 4; ++i)
            out[4 + i] = (static_cast<float>(static_cast<int>((high >> (kBits * i)) & kMask)) - zero) * scale;
    }
}

template <int kBits>
inline void decodeTail(const std::uint8_t* in, std::int64_t begin, std::int64_t count, float scale, float zero,
                       float* out) noexcept {
    for (std::int64_t i = begin; i < count; ++i)
        out[i] = (static_cast<float>(static_cast<int>(bitCode(in, i, kBits))) - zero) * scale;
}

// A template cannot be compiled for two targets at once, so every width gets a function of its own.
#define TRILOBIT_BIT_DECODER(bits)                                                                                     \
    TRILOBIT_VECTOR_CLONES void decode##bits(const std::uint8_t* in, std::int64_t count, float scale, float zero,      \
                                             float* out) {                                                             \
        decodeEights<bits>(in, count / 8, scale, zero, out);                                                           \
        decodeTail<bits>(in, count / 8 * 8, count, scale, zero, out);                                                  \
    }
TRILOBIT_BIT_DECODER(1)
TRILOBIT_BIT_DECODER(2)
TRILOBIT_BIT_DECODER(3)
TRILOBIT_BIT_DECODER(4)
TRILOBIT_BIT_DECODER(5)
TRILOBIT_BIT_DECODER(6)
TRILOBIT_BIT_DECODER(7)
TRILOBIT_BIT_DECODER(8)
#undef TRILOBIT_BIT_DECODER

} // namespace

BitDecoder bitDecoder(int bits) noexcept {
    static constexpr BitDecoder kDecoders[] = {decode1, decode2, decode3, decode4, decode5, decode6, decode7, decode8};
    return kDecoders[bits - 1];
}

} // namespace trilobit::encodings
