#include "core/encodings/affine/bitcodes.h"

#include "core/encodings/common/vectorize.h"

#include <cstring>

namespace trilobit::encodings {

namespace {

/// Spreads eight packed codes over the eight bytes of a word.
template <int kBits>
inline std::uint64_t spread(std::uint64_t packed) noexcept {
    // Halves, quarters, single codes: each step moves the upper part of every field to the middle of its room.
    constexpr std::uint64_t kFour = (1ull << (4 * kBits)) - 1, kTwo = (1ull << (2 * kBits)) - 1;
    constexpr std::uint64_t kOne = (1ull << kBits) - 1;
    packed = (packed & kFour) | ((packed >> (4 * kBits)) << 32);
    packed =
        (packed & (kTwo * 0x0000000100000001ull)) | (((packed >> (2 * kBits)) & (kTwo * 0x0000000100000001ull)) << 16);
    return (packed & (kOne * 0x0001000100010001ull)) | (((packed >> kBits) & (kOne * 0x0001000100010001ull)) << 8);
}

/// Eight codes fill a whole number of bytes, whatever their width. Bytes first, floats after: that loop vectorizes
/// well.
template <int kBits>
inline void decodeEights(const std::uint8_t* __restrict in, std::int64_t eights, float scale, float zero,
                         float* __restrict out) noexcept {
    constexpr int kBatch = 8; // eights at once
    std::uint8_t codes[8 * kBatch];
    const auto load = [&](const std::uint8_t* from, int slot) {
        std::uint64_t packed = 0;
        for (int b = 0; b < kBits; ++b) // not memcpy: an odd size would go through memory
            packed |= static_cast<std::uint64_t>(from[b]) << (8 * b);
        packed = spread<kBits>(packed);
        std::memcpy(codes + 8 * slot, &packed, sizeof packed);
    };
    for (; eights >= kBatch; eights -= kBatch, in += kBatch * kBits, out += 8 * kBatch) {
        for (int e = 0; e < kBatch; ++e)
            load(in + e * kBits, e);
        for (int i = 0; i < 8 * kBatch; ++i)
            out[i] = (static_cast<float>(codes[i]) - zero) * scale;
    }
    for (; eights > 0; --eights, in += kBits, out += 8) {
        load(in, 0);
        for (int i = 0; i < 8; ++i)
            out[i] = (static_cast<float>(codes[i]) - zero) * scale;
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
