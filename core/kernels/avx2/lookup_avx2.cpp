// The lookup form with AVX2: three ternary weights are a place in a table of sixteen sums, and one shuffle looks 32 rows up.
#include "core/kernels/panel/panel.h"
#include "core/kernels/registers.h"

namespace trilobit::kernels::avx2 {

namespace {

constexpr int kAhead = 2048;          ///< bytes that are asked for early
constexpr std::int64_t kBlocksOf16 = 9; ///< an int16 takes that many blocks: 9 * 8 * (3 * 128 + 33) < 2^15

__m256i load(const std::uint8_t* p) noexcept { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
/// Sixteen bytes in both lanes.
__m256i table(const std::uint8_t* p) noexcept {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}

/// Adds the sums of one triple of 32 rows; `signs` moves on to the next triple. In assembly: g++ otherwise looks everything up
/// first and keeps it on the stack (measured: 50 instead of 88 billion weights a second).
inline void addTriple(__m256i& low, __m256i& high, __m256i& signs, __m256i lowTable, __m256i highTable, __m256i place,
                      __m256i zero) noexcept {
    __m256i l, h, negative;
    asm volatile("vpshufb %[place], %[lowTable], %[l]\n\t"
                 "vpcmpgtb %[signs], %[zero], %[negative]\n\t"
                 "vpshufb %[place], %[highTable], %[h]\n\t"
                 "vpaddb %[signs], %[signs], %[signs]\n\t"
                 "vpxor %[negative], %[l], %[l]\n\t"
                 "vpxor %[negative], %[h], %[h]\n\t"
                 "vpaddb %[l], %[low], %[low]\n\t"
                 "vpaddb %[h], %[high], %[high]"
                 : [low] "+x"(low), [high] "+x"(high), [signs] "+x"(signs), [l] "=&x"(l), [h] "=&x"(h),
                   [negative] "=&x"(negative)
                 : [lowTable] "x"(lowTable), [highTable] "x"(highTable), [place] "x"(place), [zero] "x"(zero));
}

/// Sums of 64 rows over `blocks` blocks are added to `sums`: [half][byte of every four] vectors of the rows 32 half + ...
void addBlocks(const std::uint8_t* codes, std::int64_t blocks, const std::uint8_t* tables, __m256i (&sums)[2][4]) noexcept {
    const __m256i nibble = _mm256_set1_epi8(15), zero = _mm256_setzero_si256();
    // Bytes at even and odd places, times one and times 32.
    const __m256i even1 = _mm256_set1_epi16(1), even32 = _mm256_set1_epi16(32);
    const __m256i odd1 = _mm256_set1_epi16(1 << 8), odd32 = _mm256_set1_epi16(32 << 8);
    for (std::int64_t begin = 0; begin < blocks; begin += kBlocksOf16) {
        const std::int64_t end = begin + kBlocksOf16 < blocks ? begin + kBlocksOf16 : blocks;
        __m256i parts[2][2] = {{zero, zero}, {zero, zero}}; // [half][even, odd]
        for (std::int64_t b = begin; b < end; ++b) {
            const std::uint8_t* at = codes + b * kLookupBlockBytes;
            const std::uint8_t* sumsOf = tables + b * kLookupTriples * kTableBytes;
            for (int i = 0; i < kLookupBlockBytes; i += 64)
                _mm_prefetch(reinterpret_cast<const char*>(at) + kAhead + i, _MM_HINT_T0);
            __m256i signs[2] = {load(at), load(at + 32)};
            // A byte takes eight l (-16 .. 15) and eight h (-13 .. 12).
            __m256i low[2] = {zero, zero}, high[2] = {zero, zero};
#pragma GCC unroll 4
            for (int k = 0; k < 4; ++k) {
                const __m256i pair[2] = {load(at + 64 + 64 * k), load(at + 96 + 64 * k)};
#pragma GCC unroll 2
                for (int second = 0; second < 2; ++second) {
                    const __m256i l = table(sumsOf + (2 * k + second) * kTableBytes);
                    const __m256i h = table(sumsOf + (2 * k + second) * kTableBytes + 16);
                    for (int half = 0; half < 2; ++half) {
                        const __m256i place = _mm256_and_si256(second ? _mm256_srli_epi16(pair[half], 4) : pair[half], nibble);
                        addTriple(low[half], high[half], signs[half], l, h, place, zero);
                    }
                }
            }
            for (int half = 0; half < 2; ++half) {
                const __m256i even = _mm256_add_epi16(_mm256_maddubs_epi16(even1, low[half]), _mm256_maddubs_epi16(even32, high[half]));
                const __m256i odd = _mm256_add_epi16(_mm256_maddubs_epi16(odd1, low[half]), _mm256_maddubs_epi16(odd32, high[half]));
                parts[half][0] = _mm256_add_epi16(parts[half][0], even);
                parts[half][1] = _mm256_add_epi16(parts[half][1], odd);
            }
        }
        for (int half = 0; half < 2; ++half)
            for (int odd = 0; odd < 2; ++odd) {
                const __m256i part = parts[half][odd];
                const __m256i first = _mm256_srai_epi32(_mm256_slli_epi32(part, 16), 16);
                sums[half][odd] = _mm256_add_epi32(sums[half][odd], first);
                sums[half][odd + 2] = _mm256_add_epi32(sums[half][odd + 2], _mm256_srai_epi32(part, 16));
            }
    }
}

/// Rows in order, with what the complements lack.
void storeSums(const __m256i (&sums)[2][4], const std::int32_t* lacking, std::int32_t* out) noexcept {
    const auto put = [&](int row, __m256i v) noexcept {
        const __m256i more = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(lacking + row));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + row), _mm256_add_epi32(v, more));
    };
    for (int half = 0; half < 2; ++half) {
        const __m256i ab = _mm256_unpacklo_epi32(sums[half][0], sums[half][1]), cd = _mm256_unpacklo_epi32(sums[half][2], sums[half][3]);
        const __m256i ef = _mm256_unpackhi_epi32(sums[half][0], sums[half][1]), gh = _mm256_unpackhi_epi32(sums[half][2], sums[half][3]);
        put(32 * half, _mm256_unpacklo_epi64(ab, cd));
        put(32 * half + 8, _mm256_unpackhi_epi64(ab, cd));
        put(32 * half + 16, _mm256_unpacklo_epi64(ef, gh));
        put(32 * half + 24, _mm256_unpackhi_epi64(ef, gh));
    }
}

/// Trit f of every |n|.
__m256i tritTable(int f) noexcept {
    alignas(16) std::uint8_t trits[16] = {};
    for (int n = 0; n <= 13; ++n)
        trits[n] = static_cast<std::uint8_t>(tripleTrit(n, f));
    return table(trits);
}

} // namespace

void makeTables(const std::int8_t* q, std::int64_t cols, std::uint8_t* tables) noexcept {
    const __m256i trits[3] = {_mm256_cvtepi8_epi16(_mm256_castsi256_si128(tritTable(0))),
                              _mm256_cvtepi8_epi16(_mm256_castsi256_si128(tritTable(1))),
                              _mm256_cvtepi8_epi16(_mm256_castsi256_si128(tritTable(2)))};
    for (std::int64_t j = 0; j < lookupBlocks(cols) * kLookupTriples; ++j) {
        __m256i sum = _mm256_mullo_epi16(trits[0], _mm256_set1_epi16(q[3 * j]));
        sum = _mm256_add_epi16(sum, _mm256_mullo_epi16(trits[1], _mm256_set1_epi16(q[3 * j + 1])));
        sum = _mm256_add_epi16(sum, _mm256_mullo_epi16(trits[2], _mm256_set1_epi16(q[3 * j + 2])));
        const __m256i high = _mm256_srai_epi16(_mm256_add_epi16(sum, _mm256_set1_epi16(16)), 5);
        const __m256i low = _mm256_sub_epi16(sum, _mm256_slli_epi16(high, 5));
        const __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xD8);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(tables + j * kTableBytes), both);
    }
}

void lookupSums(const TernaryPanels& w, std::int64_t first, std::int64_t panels, const std::uint8_t* tables,
                std::int32_t* sums) noexcept {
    __m256i all[kLookupPanels][2][4];
    for (std::int64_t p = 0; p < panels; ++p)
        for (int i = 0; i < 8; ++i)
            all[p][i / 4][i % 4] = _mm256_setzero_si256();
    for (std::int64_t begin = 0; begin < w.steps; begin += kLookupChunk) {
        const std::int64_t blocks = w.steps - begin < kLookupChunk ? w.steps - begin : kLookupChunk;
        for (std::int64_t p = 0; p < panels; ++p)
            addBlocks(w.codes + lookupOffset(w.rows, w.cols, first + p, begin), blocks, tables + begin * kLookupTriples * kTableBytes,
                      all[p]);
    }
    for (std::int64_t p = 0; p < panels; ++p)
        storeSums(all[p], w.codeSums + (first + p) * kLookupRows, sums + p * kLookupRows);
}

void unpackLookup(const std::uint8_t* codes, std::int64_t blocks, std::uint8_t* bytes, std::int64_t stride) noexcept {
    const __m256i nibble = _mm256_set1_epi8(15), zero = _mm256_setzero_si256(), one = _mm256_set1_epi8(1);
    const __m256i trits[3] = {tritTable(0), tritTable(1), tritTable(2)};
    for (std::int64_t b = 0; b < blocks; ++b)
        for (int half = 0; half < 2; ++half) {
            const std::uint8_t* at = codes + b * kLookupBlockBytes + 32 * half;
            __m256i signs = load(at);
            __m256i columns[kLookupCols];
            for (int j = 0; j < kLookupTriples; ++j) {
                const __m256i pair = load(at + 64 + 64 * (j / 2));
                const __m256i place = _mm256_and_si256(j % 2 ? _mm256_srli_epi16(pair, 4) : pair, nibble);
                const __m256i negative = _mm256_cmpgt_epi8(zero, signs), more = _mm256_sub_epi8(one, negative);
                for (int f = 0; f < 3; ++f) // 1 + t, or the complement -t - 1 and 2 more
                    columns[3 * j + f] =
                        _mm256_add_epi8(_mm256_xor_si256(_mm256_shuffle_epi8(trits[f], place), negative), more);
                signs = _mm256_add_epi8(signs, signs);
            }
            for (int g = 0; g < kLookupCols / kCell; ++g) {
                const __m256i* c = columns + 4 * g;
                const __m256i ab = _mm256_unpacklo_epi8(c[0], c[1]), cd = _mm256_unpacklo_epi8(c[2], c[3]);
                const __m256i ef = _mm256_unpackhi_epi8(c[0], c[1]), gh = _mm256_unpackhi_epi8(c[2], c[3]);
                const __m256i eights[4] = {_mm256_unpacklo_epi16(ab, cd), _mm256_unpackhi_epi16(ab, cd),
                                           _mm256_unpacklo_epi16(ef, gh), _mm256_unpackhi_epi16(ef, gh)};
                std::uint8_t* out = bytes + 2 * half * stride + (b * (kLookupCols / kCell) + g) * kCellBytes;
                for (int i = 0; i < 4; ++i)
                    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i / 2 * stride + i % 2 * 32), eights[i]);
            }
        }
}

} // namespace trilobit::kernels::avx2
