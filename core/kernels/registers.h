// The compiler's register intrinsics, or an emulation of them so that a test can run products this CPU has no registers for.
#pragma once

#if defined(TRILOBIT_EMULATED_REGISTERS)
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>
#include <simde/x86/f16c.h>
#include <simde/x86/fma.h>
#define _mm256_dpbusd_avx_epi32 simde_mm256_dpbusd_epi32
// What the emulation lacks.
inline __m512i trilobitWidenBytes(__m128i bytes) {
    signed char from[16];
    int to[16];
    __builtin_memcpy(from, &bytes, sizeof from);
    for (int i = 0; i < 16; ++i)
        to[i] = from[i];
    return simde_mm512_loadu_si512(to);
}
inline __m512 trilobitWidenHalves(__m256i halves) {
    float to[16];
    simde_mm256_storeu_ps(to, simde_mm256_cvtph_ps(simde_mm256_castsi256_si128(halves)));
    simde_mm256_storeu_ps(to + 8, simde_mm256_cvtph_ps(simde_mm256_extracti128_si256(halves, 1)));
    return simde_mm512_loadu_ps(to);
}
inline __m512 trilobitToFloats(__m512i ints) {
    int from[16];
    float to[16];
    __builtin_memcpy(from, &ints, sizeof from);
    for (int i = 0; i < 16; ++i)
        to[i] = static_cast<float>(from[i]);
    return simde_mm512_loadu_ps(to);
}
#define _mm512_cvtepi32_ps trilobitToFloats
#define _mm512_cvtepi8_epi32 trilobitWidenBytes
#define _mm512_cvtph_ps trilobitWidenHalves
#else
#include <immintrin.h>
#endif
