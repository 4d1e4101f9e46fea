// Panel products with AVX-512 and VNNI: the sixteen rows of a panel are one register.
#include "core/kernels/panel/panel.h"
#include "core/kernels/registers.h"

namespace trilobit::kernels::avx512vnni {

namespace {

struct V {
    static constexpr int kRows = 16, kHalves = 1, kTile = 12, kBlockTile = 6, kSignedBias = 128, kCellsOf63 = 8;
    static constexpr bool kBothSigned = false;
    using Codes = __m512i;
    using Sums = __m512i; ///< int32
    using Ints = __m512i;
    using Floats = __m512;

    static Codes load(const std::uint8_t* p) noexcept { return _mm512_loadu_si512(p); }
    static void storeCodes(std::uint8_t* p, Codes v) noexcept { _mm512_storeu_si512(p, v); }
    static Codes codes(int byte) noexcept { return _mm512_set1_epi8(static_cast<char>(byte)); }
    /// Four activations in every cell. Straight from memory: g++ otherwise goes through a general register.
    static Codes activations(const std::int8_t* p) noexcept {
#if defined(TRILOBIT_EMULATED_REGISTERS)
        std::int32_t four;
        __builtin_memcpy(&four, p, sizeof four);
        return _mm512_set1_epi32(four);
#else
        __m512i v;
        asm volatile("vpbroadcastd %1, %0" : "=v"(v) : "m"(*reinterpret_cast<const std::int8_t(*)[4]>(p)));
        return v;
#endif
    }
    static Codes both(Codes a, Codes b) noexcept { return _mm512_and_si512(a, b); }
    static Codes either(Codes a, Codes b) noexcept { return _mm512_or_si512(a, b); }
    static Codes flip(Codes a, Codes b) noexcept { return _mm512_xor_si512(a, b); }
    template <int N>
    static Codes shiftRight(Codes a) noexcept { return _mm512_srli_epi16(a, N); }
    template <int N>
    static Codes shiftLeft(Codes a) noexcept { return _mm512_slli_epi16(a, N); }
    static Codes addBytes(Codes a, Codes b) noexcept { return _mm512_add_epi8(a, b); }
    static Codes negateBytes(Codes a) noexcept { return _mm512_sub_epi8(_mm512_setzero_si512(), a); }
    /// 0, -1, -2 for the leading base-3 digit of v + 128.
    static Codes base3Digit(Codes v) noexcept {
        const __m512i low = _mm512_movm_epi8(_mm512_cmpgt_epi8_mask(v, _mm512_set1_epi8(-43)));
        return _mm512_mask_add_epi8(low, _mm512_cmpgt_epi8_mask(v, _mm512_set1_epi8(42)), low, _mm512_set1_epi8(-1));
    }
    static void prefetch(const std::uint8_t* p) noexcept { _mm_prefetch(reinterpret_cast<const char*>(p) + kAhead, _MM_HINT_T0); }

    static Sums none() noexcept { return _mm512_setzero_si512(); }
    static Sums dot(Sums sum, Codes u, Codes s) noexcept { return _mm512_dpbusd_epi32(sum, u, s); }
    static Ints widen(Sums sum) noexcept { return sum; }
    /// (w + 128) * s: the bias is taken off afterwards.
    static Ints dotSigned(Ints sum, Codes w, Codes s) noexcept {
        return _mm512_dpbusd_epi32(sum, _mm512_xor_si512(w, _mm512_set1_epi8(-128)), s);
    }

    static Ints ints(std::int32_t v) noexcept { return _mm512_set1_epi32(v); }
    static Ints loadInts(const std::int32_t* p) noexcept { return _mm512_loadu_si512(p); }
    static Ints loadIntBits(const float* p) noexcept { return _mm512_loadu_si512(p); }
    static void storeIntBits(float* p, Ints v) noexcept { _mm512_storeu_si512(p, v); }
    static Ints add(Ints a, Ints b) noexcept { return _mm512_add_epi32(a, b); }
    static Ints sub(Ints a, Ints b) noexcept { return _mm512_sub_epi32(a, b); }
    template <int N>
    static Ints shiftLeftInts(Ints a) noexcept { return _mm512_slli_epi32(a, N); }
    static Ints bytes(const std::uint8_t* p) noexcept {
        return _mm512_and_si512(signedBytes(p), _mm512_set1_epi32(255));
    }
    static Ints signedBytes(const std::uint8_t* p) noexcept {
        return _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    }

    static Floats floats(float v) noexcept { return _mm512_set1_ps(v); }
    static Floats loadFloats(const float* p) noexcept { return _mm512_loadu_ps(p); }
    static Floats halves(const std::uint8_t* p) noexcept {
        return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    static void store(float* p, Floats v) noexcept { _mm512_storeu_ps(p, v); }
    static Floats toFloats(Ints v) noexcept { return _mm512_cvtepi32_ps(v); }
    static Floats sub(Floats a, Floats b) noexcept { return _mm512_sub_ps(a, b); }
    static Floats mul(Floats a, Floats b) noexcept { return _mm512_mul_ps(a, b); }
    static Floats div(Floats a, Floats b) noexcept { return _mm512_div_ps(a, b); }
    static Floats fma(Floats a, Floats b, Floats c) noexcept { return _mm512_fmadd_ps(a, b, c); }

    static constexpr int kAhead = 1024; ///< bytes that are asked for early: past the page the hardware follows
};

namespace lookup = avx2;
#include "core/kernels/panel/panelproducts.inc"

} // namespace

extern const PanelOps kPanelOps{ternaryProduct, blockProduct};

} // namespace trilobit::kernels::avx512vnni
