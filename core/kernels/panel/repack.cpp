#include "core/kernels/panel/repack.h"

#include <algorithm>
#include <cstring>

namespace trilobit::kernels {

namespace {

// --- block encodings -----------------------------------------------------------------------------------------------------

/// Sixteen bytes whose low halves are columns 0..15 of a block and whose high halves are 16..31.
void putNibbles(const std::uint8_t* bytes, std::int64_t r, std::uint8_t* codes) noexcept {
    for (int i = 0; i < 4; ++i)
        std::memcpy(codes + 64 * i + 4 * r, bytes + 4 * i, 4);
}

void putHalf(const std::uint8_t* half, std::int64_t r, std::uint8_t* scales) noexcept { std::memcpy(scales + 2 * r, half, 2); }

void packQ4_0(const std::uint8_t* block, std::int64_t r, std::uint8_t* codes, std::uint8_t* scales) noexcept {
    putHalf(block, r, scales);
    putNibbles(block + 2, r, codes);
}

void packQ4_1(const std::uint8_t* block, std::int64_t r, std::uint8_t* codes, std::uint8_t* scales) noexcept {
    putHalf(block, r, scales);
    putHalf(block + 2, r, scales + 32);
    putNibbles(block + 4, r, codes);
}

void packQ8_0(const std::uint8_t* block, std::int64_t r, std::uint8_t* codes, std::uint8_t* scales) noexcept {
    putHalf(block, r, scales);
    for (int g = 0; g < 8; ++g)
        std::memcpy(codes + 64 * g + 4 * r, block + 2 + 4 * g, 4);
}

void putBytes(const std::int8_t (&values)[32], std::int64_t r, std::uint8_t* codes) noexcept {
    for (int g = 0; g < 8; ++g)
        std::memcpy(codes + 64 * g + 4 * r, values + 4 * g, 4);
}

void packQ5_0(const std::uint8_t* block, std::int64_t r, std::uint8_t* codes, std::uint8_t* scales) noexcept {
    putHalf(block, r, scales);
    std::int8_t values[32];
    for (int k = 0; k < 32; ++k) {
        const int low = (block[6 + k % 16] >> (k / 16 * 4)) & 15, high = (block[2 + k / 8] >> (k % 8)) & 1;
        values[k] = static_cast<std::int8_t>((low | high << 4) - 16);
    }
    putBytes(values, r, codes);
}

void packIQ4_NL(const std::uint8_t* block, std::int64_t r, std::uint8_t* codes, std::uint8_t* scales) noexcept {
    constexpr std::int8_t kLevels[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    putHalf(block, r, scales);
    std::int8_t values[32];
    for (int k = 0; k < 32; ++k)
        values[k] = kLevels[(block[2 + k % 16] >> (k / 16 * 4)) & 15];
    putBytes(values, r, codes);
}

void packQ4_K(const std::uint8_t* block, std::int64_t r, std::uint8_t* codes, std::uint8_t* scales) noexcept {
    putHalf(block, r, scales);
    putHalf(block + 2, r, scales + 32);
    const std::uint8_t* six = block + 4; // eight pairs of six bits
    const std::uint8_t* nibbles = block + 16;
    for (int b = 0; b < 8; ++b) {
        std::uint8_t* factors = scales + 64 + 32 * b;
        if (b < 4) {
            factors[r] = six[b] & 63;
            factors[16 + r] = six[b + 4] & 63;
        } else {
            factors[r] = static_cast<std::uint8_t>((six[b + 4] & 15) | (six[b - 4] >> 6 << 4));
            factors[16 + r] = static_cast<std::uint8_t>((six[b + 4] >> 4) | (six[b] >> 6 << 4));
        }
        // Blocks 2 c and 2 c + 1 are the low and high halves of 32 bytes.
        const std::uint8_t* from = nibbles + b / 2 * 32;
        const int shift = b % 2 * 4;
        std::uint8_t pairs[16];
        for (int k = 0; k < 16; ++k)
            pairs[k] = static_cast<std::uint8_t>(((from[k] >> shift) & 15) | ((from[k + 16] >> shift) & 15) << 4);
        putNibbles(pairs, r, codes + 256 * b);
    }
}

void packQ6_K(const std::uint8_t* block, std::int64_t r, std::uint8_t* codes, std::uint8_t* scales) noexcept {
    const std::uint8_t* factors = block + 192;
    putHalf(block + 208, r, scales);
    for (int b = 0; b < 8; ++b) {
        // Half n of the super block: four blocks share 64 bytes of low bits and 32 of high ones.
        const int n = b / 4, quarter = b % 4;
        const std::uint8_t* low = block + 64 * n + (quarter % 2) * 32;
        const std::uint8_t* high = block + 128 + 32 * n;
        std::uint8_t code[32];
        for (int k = 0; k < 32; ++k)
            code[k] = static_cast<std::uint8_t>(((low[k] >> (quarter / 2 * 4)) & 15) | ((high[k] >> (2 * quarter)) & 3) << 4);
        std::uint8_t pairs[16];
        for (int k = 0; k < 16; ++k)
            pairs[k] = static_cast<std::uint8_t>((code[k] & 15) | (code[k + 16] & 15) << 4);
        std::uint8_t* out = codes + 384 * b;
        putNibbles(pairs, r, out);
        for (int h = 0; h < 2; ++h)
            for (int j = 0; j < 4; ++j) {
                int bits = 0;
                for (int f = 0; f < 4; ++f)
                    bits |= code[4 * (4 * h + f) + j] >> 4 << (2 * f);
                out[256 + 64 * h + 4 * r + j] = static_cast<std::uint8_t>(bits);
            }
        scales[32 + 32 * b + r] = factors[2 * b];
        scales[32 + 32 * b + 16 + r] = factors[2 * b + 1];
    }
}

constexpr BlockRepack kRepacks[] = {
    {"Q4_0", BlockForm::Nibbles, 32, 18, packQ4_0},        {"Q4_1", BlockForm::NibblesMin, 32, 20, packQ4_1},
    {"Q8_0", BlockForm::Bytes, 32, 34, packQ8_0},          {"Q5_0", BlockForm::Bytes, 32, 22, packQ5_0},
    {"IQ4_NL", BlockForm::Bytes, 32, 18, packIQ4_NL},      {"Q4_K", BlockForm::NibblesSuper, 256, 144, packQ4_K},
    {"Q6_K", BlockForm::SixBits, 256, 210, packQ6_K},
};

// --- ternary -------------------------------------------------------------------------------------------------------------

int codeAt(const TernaryPanels& w, std::int64_t row, std::int64_t col) noexcept {
    if (w.form == TernaryForm::Lookup)
        return lookupTrit(w.codes + lookupOffset(w.rows, w.cols, row / kLookupRows, col / kLookupCols), row % kLookupRows,
                          static_cast<int>(col % kLookupCols))
               + 1;
    const std::int64_t stepCols = w.form == TernaryForm::Base3 ? kBase3StepCols : kStepCols;
    const std::int64_t in = col % stepCols;
    const int byte = w.codes[(row / kPanelRows * w.steps + col / stepCols) * kStepBytes + 4 * (row % kPanelRows) + in % 4];
    const int field = static_cast<int>(in / 4);
    if (w.form == TernaryForm::TwoBits)
        return (byte >> (2 * field)) & 3;
    int v = byte ^ 0x80;
    for (int f = 0; f < field; ++f)
        v = v * 3 & 255;
    return v * 3 >> 8;
}

} // namespace

namespace {

void packStepPanel(const std::int8_t* trits, std::int64_t stride, std::int64_t cols, bool base3, std::uint8_t* panel,
                   std::int32_t* codeSums) noexcept {
    const std::int64_t stepCols = base3 ? kBase3StepCols : kStepCols;
    const std::int64_t steps = base3 ? base3Steps(cols) : ternarySteps(cols);
    for (std::int64_t r = 0; r < kPanelRows; ++r) {
        std::int32_t sum = 0;
        for (std::int64_t s = 0; s < steps; ++s) {
            std::uint8_t codes[kBase3StepCols];
            const std::int64_t begin = s * stepCols, n = std::clamp<std::int64_t>(cols - begin, 0, stepCols);
            for (std::int64_t i = 0; i < n; ++i)
                codes[i] = static_cast<std::uint8_t>(trits[r * stride + begin + i] + 1);
            for (std::int64_t i = n; i < stepCols; ++i)
                codes[i] = 1;
            std::uint8_t* out = panel + s * kStepBytes + 4 * r;
            for (int j = 0; j < 4; ++j) {
                if (base3) {
                    int v = 0;
                    for (int f = 0; f < 5; ++f)
                        v = 3 * v + codes[4 * f + j], sum += codes[4 * f + j];
                    out[j] = static_cast<std::uint8_t>(((v * 256 + 242) / 243) ^ 0x80);
                } else {
                    out[j] = static_cast<std::uint8_t>(codes[j] | codes[4 + j] << 2 | codes[8 + j] << 4 | codes[12 + j] << 6);
                }
            }
        }
        if (codeSums)
            codeSums[r] = sum;
    }
}

void packLookupPanel(const std::int8_t* trits, std::int64_t stride, std::int64_t rows, std::int64_t cols, std::int64_t panel,
                     std::uint8_t* codes, std::int32_t* codeSums) noexcept {
    std::int32_t negatives[kLookupRows] = {};
    for (std::int64_t b = 0; b < lookupBlocks(cols); ++b) {
        std::uint8_t* block = codes + lookupOffset(rows, cols, panel, b);
        std::memset(block, 0, kLookupBlockBytes);
        const std::int64_t left = std::min(kLookupCols, cols - b * kLookupCols);
        for (std::int64_t r = 0; r < kLookupRows; ++r) {
            std::int8_t t[kLookupCols] = {};
            std::memcpy(t, trits + r * stride + b * kLookupCols, static_cast<std::size_t>(left));
            const std::int64_t byte = lookupByte(r);
            for (int j = 0; j < kLookupTriples; ++j) {
                const int n = 9 * t[3 * j] + 3 * t[3 * j + 1] + t[3 * j + 2];
                block[byte] = static_cast<std::uint8_t>(block[byte] | (n < 0) << (7 - j));
                block[64 + j / 2 * 64 + byte] =
                    static_cast<std::uint8_t>(block[64 + j / 2 * 64 + byte] | (n < 0 ? -n : n) << (j % 2 * 4));
                negatives[r] += n < 0;
            }
        }
    }
    for (std::int64_t r = 0; r < kLookupRows; ++r)
        codeSums[r] = kComplementError * negatives[r];
}

} // namespace

void packTernary(TernaryForm form, const std::int8_t* trits, std::int64_t stride, std::int64_t rows, std::int64_t cols,
                 std::int64_t group, std::uint8_t* codes, std::int32_t* codeSums) noexcept {
    if (form == TernaryForm::Lookup) {
        packLookupPanel(trits, stride, rows, cols, group, codes, codeSums + group * kLookupRows);
        return;
    }
    const bool base3 = form == TernaryForm::Base3;
    for (std::int64_t p = 0; p < kPanelGroup && group * kPanelGroup + p < panelsOf(rows); ++p) {
        const std::int64_t panel = group * kPanelGroup + p;
        packStepPanel(trits + p * kPanelRows * stride, stride, cols, base3, codes + panel * ternarySteps(form, cols) * kStepBytes,
                      base3 ? codeSums + panel * kPanelRows : nullptr);
    }
}

void ternaryRow(const TernaryPanels& w, std::int64_t row, std::int8_t* trits) noexcept {
    for (std::int64_t c = 0; c < w.cols; ++c)
        trits[c] = static_cast<std::int8_t>(codeAt(w, row, c) - 1);
}

void decodeTernaryPanels(const TernaryPanels& w, std::int64_t row, float* out) noexcept {
    const float* scales =
        w.oneScale ? w.scales : w.scales + row / kPanelRows * scaleBlocks(w.cols) * kPanelRows + row % kPanelRows;
    for (std::int64_t c = 0; c < w.cols; ++c)
        out[c] = static_cast<float>(codeAt(w, row, c) - 1) * scales[w.oneScale ? 0 : c / kScaleCols * kPanelRows];
}

std::span<const BlockRepack> blockRepacks() noexcept { return kRepacks; }

const BlockRepack* findBlockRepack(std::string_view encoding) noexcept {
    for (const BlockRepack& repack : kRepacks)
        if (encoding == repack.encoding)
            return &repack;
    return nullptr;
}

void packBlockPanel(const BlockRepack& repack, const std::uint8_t* matrix, std::int64_t rows, std::int64_t cols,
                    std::int64_t panel, std::uint8_t* codes, std::uint8_t* scales) noexcept {
    const std::int64_t blocks = cols / repack.cols, codeBytes = repack.cols / kBlockCols * blockCodeBytes(repack.form);
    const std::int64_t scaleBytes = repack.cols / kBlockCols / blockScaleBlocks(repack.form) * blockScaleBytes(repack.form);
    const std::int64_t first = panel * kPanelRows, count = std::min(kPanelRows, rows - first);
    if (count < kPanelRows) {
        std::memset(codes, 0, static_cast<std::size_t>(blocks * codeBytes));
        std::memset(scales, 0, static_cast<std::size_t>(blocks * scaleBytes));
    }
    for (std::int64_t b = 0; b < blocks; ++b)
        for (std::int64_t r = 0; r < count; ++r)
            repack.pack(matrix + ((first + r) * blocks + b) * repack.bytes, r, codes + b * codeBytes, scales + b * scaleBytes);
}

} // namespace trilobit::kernels
