// The lookup form with NEON: three ternary weights are a place in a table of sixteen sums, and one lookup takes 16 rows.
#include "core/kernels/panel/panel.h"

#include <arm_neon.h>

namespace trilobit::kernels::neon {

namespace {

constexpr int kAhead = 1024;            ///< bytes that are asked for early
constexpr std::int64_t kBlocksOf16 = 9; ///< an int16 takes that many blocks: 9 * 8 * (3 * 128 + 33) < 2^15

/// Register i of a block's 64 bytes belongs to four times four rows: these, and 8, 16 and 24 further.
constexpr std::int64_t firstRow(int i) noexcept { return i / 2 * 32 + i % 2 * 4; }
static_assert(lookupByte(firstRow(3) + 8) == 3 * 16 + 4 && lookupByte(firstRow(2) + 24) == 2 * 16 + 12);

/// Adds the sums of 64 rows over `blocks` blocks of one chunk, [register][four rows].
void addBlocks(const std::uint8_t* codes, std::int64_t blocks, const std::uint8_t* tables, int32x4_t (&sums)[4][4]) noexcept {
    const uint8x16_t nibble = vdupq_n_u8(15);
    for (std::int64_t begin = 0; begin < blocks; begin += kBlocksOf16) {
        const std::int64_t end = begin + kBlocksOf16 < blocks ? begin + kBlocksOf16 : blocks;
        int16x8_t parts[4][2];
        for (auto& part : parts)
            part[0] = part[1] = vdupq_n_s16(0);
        for (std::int64_t b = begin; b < end; ++b) {
            const std::uint8_t* at = codes + b * kLookupBlockBytes;
            const std::uint8_t* sumsOf = tables + b * kLookupTriples * kTableBytes;
            for (int i = 0; i < kLookupBlockBytes; i += 64)
                __builtin_prefetch(at + kAhead + i);
            int8x16_t signs[4], low[4], high[4]; // a byte takes eight l (-16 .. 15) and eight h (-13 .. 12)
            for (int i = 0; i < 4; ++i) {
                signs[i] = vreinterpretq_s8_u8(vld1q_u8(at + 16 * i));
                low[i] = high[i] = vdupq_n_s8(0);
            }
#pragma GCC unroll 4
            for (int k = 0; k < 4; ++k)
#pragma GCC unroll 2
                for (int second = 0; second < 2; ++second) {
                    const int8x16_t l = vreinterpretq_s8_u8(vld1q_u8(sumsOf + (2 * k + second) * kTableBytes));
                    const int8x16_t h = vreinterpretq_s8_u8(vld1q_u8(sumsOf + (2 * k + second) * kTableBytes + 16));
#pragma GCC unroll 4
                    for (int i = 0; i < 4; ++i) {
                        const uint8x16_t pair = vld1q_u8(at + 64 + 64 * k + 16 * i);
                        const uint8x16_t place = second ? vshrq_n_u8(pair, 4) : vandq_u8(pair, nibble);
                        const int8x16_t negative = vshrq_n_s8(signs[i], 7);
                        signs[i] = vaddq_s8(signs[i], signs[i]);
                        low[i] = vaddq_s8(low[i], veorq_s8(vqtbl1q_s8(l, place), negative));
                        high[i] = vaddq_s8(high[i], veorq_s8(vqtbl1q_s8(h, place), negative));
                    }
                }
            const int8x16_t thirtyTwo = vdupq_n_s8(32);
            for (int i = 0; i < 4; ++i) {
                parts[i][0] = vmlal_s8(vaddw_s8(parts[i][0], vget_low_s8(low[i])), vget_low_s8(high[i]), vget_low_s8(thirtyTwo));
                parts[i][1] = vmlal_high_s8(vaddw_high_s8(parts[i][1], low[i]), high[i], thirtyTwo);
            }
        }
        for (int i = 0; i < 4; ++i)
            for (int h = 0; h < 2; ++h) {
                sums[i][2 * h] = vaddw_s16(sums[i][2 * h], vget_low_s16(parts[i][h]));
                sums[i][2 * h + 1] = vaddw_high_s16(sums[i][2 * h + 1], parts[i][h]);
            }
    }
}

/// Trit f of every |n|.
int8x16_t tritTable(int f) noexcept {
    std::int8_t trits[16] = {};
    for (int n = 0; n <= 13; ++n)
        trits[n] = static_cast<std::int8_t>(tripleTrit(n, f));
    return vld1q_s8(trits);
}

} // namespace

void makeTables(const std::int8_t* q, std::int64_t cols, std::uint8_t* tables) noexcept {
    const int8x16_t trits[3] = {tritTable(0), tritTable(1), tritTable(2)};
    for (std::int64_t j = 0; j < lookupBlocks(cols) * kLookupTriples; ++j) {
        int8x8_t low[2], high[2];
        for (int half = 0; half < 2; ++half) {
            int16x8_t sum = vdupq_n_s16(0);
            for (int f = 0; f < 3; ++f)
                sum = vmlal_s8(sum, half ? vget_high_s8(trits[f]) : vget_low_s8(trits[f]), vdup_n_s8(q[3 * j + f]));
            const int16x8_t top = vrshrq_n_s16(sum, 5); // (sum + 16) / 32, downwards
            high[half] = vmovn_s16(top);
            low[half] = vmovn_s16(vsubq_s16(sum, vshlq_n_s16(top, 5)));
        }
        vst1q_u8(tables + j * kTableBytes, vreinterpretq_u8_s8(vcombine_s8(low[0], low[1])));
        vst1q_u8(tables + j * kTableBytes + 16, vreinterpretq_u8_s8(vcombine_s8(high[0], high[1])));
    }
}

void lookupSums(const TernaryPanels& w, std::int64_t first, std::int64_t panels, const std::uint8_t* tables,
                std::int32_t* sums) noexcept {
    int32x4_t all[kLookupPanels][4][4];
    for (auto& panel : all)
        for (auto& part : panel)
            for (int32x4_t& four : part)
                four = vdupq_n_s32(0);
    for (std::int64_t begin = 0; begin < w.steps; begin += kLookupChunk) {
        const std::int64_t blocks = w.steps - begin < kLookupChunk ? w.steps - begin : kLookupChunk;
        for (std::int64_t p = 0; p < panels; ++p)
            addBlocks(w.codes + lookupOffset(w.rows, w.cols, first + p, begin), blocks,
                      tables + begin * kLookupTriples * kTableBytes, all[p]);
    }
    for (std::int64_t p = 0; p < panels; ++p)
        for (int i = 0; i < 4; ++i)
            for (int k = 0; k < 4; ++k) {
                const std::int64_t row = firstRow(i) + 8 * k;
                vst1q_s32(sums + p * kLookupRows + row,
                          vaddq_s32(all[p][i][k], vld1q_s32(w.codeSums + (first + p) * kLookupRows + row)));
            }
}

void unpackLookup(const std::uint8_t* codes, std::int64_t blocks, std::uint8_t* bytes, std::int64_t stride) noexcept {
    const int8x16_t trits[3] = {tritTable(0), tritTable(1), tritTable(2)}, one = vdupq_n_s8(1);
    for (std::int64_t b = 0; b < blocks; ++b)
        for (int i = 0; i < 4; ++i) {
            const std::uint8_t* at = codes + b * kLookupBlockBytes + 16 * i;
            int8x16_t signs = vreinterpretq_s8_u8(vld1q_u8(at));
            int8x16_t columns[kLookupCols];
            for (int j = 0; j < kLookupTriples; ++j) {
                const uint8x16_t pair = vld1q_u8(at + 64 + 64 * (j / 2));
                const uint8x16_t place = j % 2 ? vshrq_n_u8(pair, 4) : vandq_u8(pair, vdupq_n_u8(15));
                const int8x16_t negative = vshrq_n_s8(signs, 7), more = vsubq_s8(one, negative);
                for (int f = 0; f < 3; ++f) // 1 + t, or the complement -t - 1 and 2 more
                    columns[3 * j + f] = vaddq_s8(veorq_s8(vqtbl1q_s8(trits[f], place), negative), more);
                signs = vaddq_s8(signs, signs);
            }
            for (int g = 0; g < kLookupCols / kCell; ++g) {
                const int8x16_t* c = columns + 4 * g;
                const int16x8_t ab[2] = {vreinterpretq_s16_s8(vzip1q_s8(c[0], c[1])), vreinterpretq_s16_s8(vzip2q_s8(c[0], c[1]))};
                const int16x8_t cd[2] = {vreinterpretq_s16_s8(vzip1q_s8(c[2], c[3])), vreinterpretq_s16_s8(vzip2q_s8(c[2], c[3]))};
                for (int k = 0; k < 4; ++k) {
                    const std::int64_t row = firstRow(i) + 8 * k;
                    const int16x8_t four = k % 2 ? vzip2q_s16(ab[k / 2], cd[k / 2]) : vzip1q_s16(ab[k / 2], cd[k / 2]);
                    std::uint8_t* out = bytes + row / kPanelRows * stride + (b * (kLookupCols / kCell) + g) * kCellBytes;
                    vst1q_u8(out + row % kPanelRows * kCell, vreinterpretq_u8_s16(four));
                }
            }
        }
}

} // namespace trilobit::kernels::neon
