// What the panel products need of 256-bit registers, but for the integer dot products; the sum of sixteen lanes.
#pragma once

#include "core/kernels/registers.h"

#include <cstdint>

namespace trilobit::kernels {

// Every file that includes this has its own: compiled for another instruction set it must not stand in for this one.
namespace {

struct Registers256 {
    static constexpr int kRows = 8, kHalves = 2;
    static constexpr bool kBothSigned = false;
    using Codes = __m256i;
    using Ints = __m256i;
    using Floats = __m256;

    static Codes load(const std::uint8_t* p) noexcept { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
    static void storeCodes(std::uint8_t* p, Codes v) noexcept { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }
    static Codes codes(int byte) noexcept { return _mm256_set1_epi8(static_cast<char>(byte)); }
    /// Four activations in every cell. Straight from memory: g++ otherwise goes through a general register.
    static Codes activations(const std::int8_t* p) noexcept {
#if defined(TRILOBIT_EMULATED_REGISTERS)
        std::int32_t four;
        __builtin_memcpy(&four, p, sizeof four);
        return _mm256_set1_epi32(four);
#else
        __m256i v;
        asm volatile("vpbroadcastd %1, %0" : "=x"(v) : "m"(*reinterpret_cast<const std::int8_t(*)[4]>(p)));
        return v;
#endif
    }
    static Codes both(Codes a, Codes b) noexcept { return _mm256_and_si256(a, b); }
    static Codes either(Codes a, Codes b) noexcept { return _mm256_or_si256(a, b); }
    static Codes flip(Codes a, Codes b) noexcept { return _mm256_xor_si256(a, b); }
    template <int N>
    static Codes shiftRight(Codes a) noexcept { return _mm256_srli_epi16(a, N); }
    template <int N>
    static Codes shiftLeft(Codes a) noexcept { return _mm256_slli_epi16(a, N); }
    static Codes addBytes(Codes a, Codes b) noexcept { return _mm256_add_epi8(a, b); }
    static Codes negateBytes(Codes a) noexcept { return _mm256_sub_epi8(_mm256_setzero_si256(), a); }
    /// 0, -1, -2 for the leading base-3 digit of v + 128.
    static Codes base3Digit(Codes v) noexcept {
        return _mm256_add_epi8(_mm256_cmpgt_epi8(v, _mm256_set1_epi8(-43)), _mm256_cmpgt_epi8(v, _mm256_set1_epi8(42)));
    }
    static void prefetch(const std::uint8_t* p) noexcept { _mm_prefetch(reinterpret_cast<const char*>(p) + kAhead, _MM_HINT_T0); }

    static Ints ints(std::int32_t v) noexcept { return _mm256_set1_epi32(v); }
    static Ints loadInts(const std::int32_t* p) noexcept { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
    static Ints loadIntBits(const float* p) noexcept { return _mm256_castps_si256(_mm256_loadu_ps(p)); }
    static void storeIntBits(float* p, Ints v) noexcept { _mm256_storeu_ps(p, _mm256_castsi256_ps(v)); }
    static Ints add(Ints a, Ints b) noexcept { return _mm256_add_epi32(a, b); }
    static Ints sub(Ints a, Ints b) noexcept { return _mm256_sub_epi32(a, b); }
    template <int N>
    static Ints shiftLeftInts(Ints a) noexcept { return _mm256_slli_epi32(a, N); }
    static Ints bytes(const std::uint8_t* p) noexcept {
        return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
    }
    static Ints signedBytes(const std::uint8_t* p) noexcept {
        return _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
    }

    static Floats floats(float v) noexcept { return _mm256_set1_ps(v); }
    static Floats loadFloats(const float* p) noexcept { return _mm256_loadu_ps(p); }
    static Floats halves(const std::uint8_t* p) noexcept {
        return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    }
    static void store(float* p, Floats v) noexcept { _mm256_storeu_ps(p, v); }
    static Floats toFloats(Ints v) noexcept { return _mm256_cvtepi32_ps(v); }
    static Floats sub(Floats a, Floats b) noexcept { return _mm256_sub_ps(a, b); }
    static Floats mul(Floats a, Floats b) noexcept { return _mm256_mul_ps(a, b); }
    static Floats div(Floats a, Floats b) noexcept { return _mm256_div_ps(a, b); }
    static Floats fma(Floats a, Floats b, Floats c) noexcept { return _mm256_fmadd_ps(a, b, c); }

    static constexpr int kAhead = 2048; ///< bytes that are asked for early: past the page the hardware follows
};

/// Eight and eight lanes to four: the first two of the additions of ops.h.
inline __m128 fold(__m256 low, __m256 high) noexcept {
    const __m256 eight = _mm256_add_ps(low, high);
    return _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
}

/// Sixteen lanes to one as ops.h says it.
inline float reduce(__m256 low, __m256 high) noexcept {
    const __m128 four = fold(low, high), two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

} // namespace

} // namespace trilobit::kernels
