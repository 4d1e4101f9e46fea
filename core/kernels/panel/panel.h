// Panels: matrices repacked at load so that the lanes of a register are rows. ISA files include this header, ops.h and the
// product templates, nothing else of ours.
#pragma once

#include <cstdint>

namespace trilobit::kernels {

// A panel holds sixteen rows, and a cell four consecutive columns of one row: a register of 64 bytes is the same four columns
// of all sixteen rows, so one broadcast of four activations serves them all and no sum is ever taken across lanes. Rows beyond
// the last one are zeros.
constexpr std::int64_t kPanelRows = 16;
constexpr std::int64_t kCell = 4;
constexpr std::int64_t kCellBytes = kPanelRows * kCell; ///< of byte codes

constexpr std::int64_t panelsOf(std::int64_t rows) noexcept { return (rows + kPanelRows - 1) / kPanelRows; }

// --- ternary -------------------------------------------------------------------------------------------------------------
// Two bits: a step is 16 columns in 64 bytes; bits 2f and 2f + 1 of byte 4r + j hold the code (trit + 1) of row r, column
// 16 s + 4 f + j. Base 3: a step is 20 columns in 64 bytes; byte 4r + j holds ceil(v * 256 / 243) - 128 as int8 with
// v = sum over f of code_f * 3^(4 - f), code_f of column 20 s + 4 f + j. Missing columns have code 1.
// Lookup: see below. Base 3 and lookup need one scale for the whole matrix.
enum class TernaryForm {
    TwoBits, ///< 2 bits a weight
    Base3,   ///< 1.6
    Lookup,  ///< 1.67: three weights are a place in a table of sums that the activations make
};
constexpr std::int64_t kStepBytes = 64;
constexpr std::int64_t kStepCols = 16;
constexpr std::int64_t kBase3StepCols = 20;
/// Columns that share one scale when a matrix has block scales, and between two sums of activations.
constexpr std::int64_t kScaleCols = 256;

constexpr std::int64_t ternarySteps(std::int64_t cols) noexcept { return (cols + kStepCols - 1) / kStepCols; }
constexpr std::int64_t base3Steps(std::int64_t cols) noexcept { return (cols + kBase3StepCols - 1) / kBase3StepCols; }
constexpr std::int64_t scaleBlocks(std::int64_t cols) noexcept { return (cols + kScaleCols - 1) / kScaleCols; }
/// int8 activations of one token: room for whole steps of every form.
constexpr std::int64_t paddedCols(std::int64_t cols) noexcept { return (cols + 24 + 319) / 320 * 320; }

// Lookup: trits t0, t1, t2 of columns 3 j .. 3 j + 2 are n = 9 t0 + 3 t1 + t2. A block is 24 columns of 64 rows in 320 bytes: 64
// bytes with the signs (bit 7 - j is set where n of triple j is negative), then for every two triples 64 bytes with |n| <= 13 of
// the first in the low four bits and of the second in the high ones. Byte b < 32 belongs to row 8 (b % 16 / 4) + 4 (b / 16) +
// b % 4, byte 32 + b to the row 32 further. Four panels of 64 rows stand together (fewer at the end), chunk after chunk of 18
// blocks, so that 256 rows use a part of the tables while it is in the nearest cache and the codes are still read in a row.
constexpr std::int64_t kLookupRows = 64, kLookupCols = 24, kLookupTriples = 8, kLookupBlockBytes = 320;
constexpr std::int64_t kLookupPanels = 4, kLookupChunk = 18;
constexpr std::int64_t lookupPanels(std::int64_t rows) noexcept { return (rows + kLookupRows - 1) / kLookupRows; }
constexpr std::int64_t lookupBlocks(std::int64_t cols) noexcept { return (cols + kLookupCols - 1) / kLookupCols; }
/// Where block `block` of panel `panel` (of 64 rows) stands.
constexpr std::int64_t lookupOffset(std::int64_t rows, std::int64_t cols, std::int64_t panel, std::int64_t block) noexcept {
    const std::int64_t blocks = lookupBlocks(cols), first = panel / kLookupPanels * kLookupPanels;
    const std::int64_t together = lookupPanels(rows) - first < kLookupPanels ? lookupPanels(rows) - first : kLookupPanels;
    const std::int64_t begin = block / kLookupChunk * kLookupChunk;
    const std::int64_t length = blocks - begin < kLookupChunk ? blocks - begin : kLookupChunk;
    return (first * blocks + begin * together + (panel - first) * length + block - begin) * kLookupBlockBytes;
}
/// Of the 64 bytes that belong to rows 0 .. 63.
constexpr std::int64_t lookupByte(std::int64_t row) noexcept {
    return row / 32 * 32 + row / 4 % 2 * 16 + row % 32 / 8 * 4 + row % 4;
}
/// Trit f (0, 1, 2) of n = 9 t0 + 3 t1 + t2.
constexpr int tripleTrit(int n, int f) noexcept {
    for (int i = 2;; --i) { // the last one is what is left to the nearest multiple of three
        const int t = (n + 28) % 3 - 1;
        if (i == f)
            return t;
        n = (n - t) / 3;
    }
}
/// The trit of one row (of 64) and column (of 24) of a block.
constexpr int lookupTrit(const std::uint8_t* block, std::int64_t row, int col) noexcept {
    const int j = col / 3, byte = static_cast<int>(lookupByte(row));
    const int size = (block[64 + j / 2 * 64 + byte] >> (j % 2 * 4)) & 15;
    return tripleTrit((block[byte] >> (7 - j)) & 1 ? -size : size, col % 3);
}
/// A table is 16 sums a0 t0 + a1 t1 + a2 t2, by |n|, as 32 h + l with -16 <= l < 16: sixteen bytes l, then sixteen bytes h.
constexpr std::int64_t kTableBytes = 32;
constexpr std::int64_t tableBytes(std::int64_t cols) noexcept { return lookupBlocks(cols) * kLookupTriples * kTableBytes; }
/// A negative sum is taken as the complement of both bytes, which is this much too small.
constexpr std::int32_t kComplementError = 33;

struct TernaryPanels {
    TernaryForm form;
    const std::uint8_t* codes;   ///< panel p at p * steps * 64 (lookup: lookupOffset), 64-byte aligned
    std::int64_t rows, cols;
    std::int64_t steps;          ///< of a panel; lookup: blocks
    const float* scales;         ///< one value, or [panel][scaleBlocks][16]
    const std::int32_t* codeSums; ///< base 3: per row (16 to a panel) the sum of its codes, padding included; lookup: per row
                                  ///< (64 to a panel) kComplementError times the number of its negative triples
    bool oneScale;
};
constexpr std::int64_t ternarySteps(TernaryForm form, std::int64_t cols) noexcept {
    return form == TernaryForm::Lookup ? lookupBlocks(cols) : form == TernaryForm::Base3 ? base3Steps(cols) : ternarySteps(cols);
}
constexpr std::int64_t ternaryBytes(TernaryForm form, std::int64_t rows, std::int64_t cols) noexcept {
    return form == TernaryForm::Lookup ? lookupPanels(rows) * lookupBlocks(cols) * kLookupBlockBytes
                                       : panelsOf(rows) * ternarySteps(form, cols) * kStepBytes;
}
/// Sums that go with them.
constexpr std::int64_t ternaryCodeSums(TernaryForm form, std::int64_t rows) noexcept {
    return form == TernaryForm::Lookup ? lookupPanels(rows) * kLookupRows : form == TernaryForm::Base3 ? panelsOf(rows) * kPanelRows : 0;
}

/// int8 activations per token, q = round(x * r).
struct TokenInput {
    const std::int8_t* q;          ///< [tokens] at qStride, zeros beyond the last column
    std::int64_t qStride;
    const float* r;                ///< [tokens]
    const std::int32_t* sums;      ///< [tokens]
    const std::int32_t* blockSums; ///< [tokens, scaleBlocks]
    std::int64_t tokens;
    const std::uint8_t* tables = nullptr; ///< [tokens, tableBytes]: for the lookup form and at most kDirectTokens tokens
};
constexpr std::int64_t kDirectTokens = 3; ///< up to here codes are unpacked in registers, again for every tile of tokens

/// y[t * yStride + row] for rows [16 first, min(16 (first + panels), rows)), in the lookup form first a multiple of four: one
/// scale m: float(sum of trit * q) / r * m;
/// block scales m_b: (fused multiply-adds over b, in order, of float(sum_b) * m_b) / r. Integer sums are exact; the same bits
/// from every instruction set. scratch: kPanelScratch floats per token. At most kTernaryMaxCols columns.
using TernaryPanelProduct = void (*)(const TernaryPanels& w, std::int64_t first, std::int64_t panels, const TokenInput& x,
                                     float* y, std::int64_t yStride, float* scratch) noexcept;
constexpr std::int64_t kTernaryMaxCols = 32000 * 256; ///< |sum| <= 2 * 128 * cols stays below 2^31
constexpr std::int64_t kPanelGroup = 4; ///< panels that many tokens are multiplied with together
constexpr std::int64_t kPanelScratch = kPanelGroup * kPanelRows;

// --- codes with a scale per block ----------------------------------------------------------------------------------------
// Blocks of 32 columns with a scale (and, for some, a minimum) per row and block or half block; activations are int8 with a
// scale per 32 columns. Codes and scales are two streams. Half precision scales are kept as they were in the file.
enum class BlockForm {
    Nibbles,       ///< Q4_0: 4-bit codes - 8, f16 scale per block
    NibblesMin,    ///< Q4_1: 4-bit codes, f16 scale and minimum per block
    NibblesSuper,  ///< Q4_K: 4-bit codes, per 256 columns f16 scale and minimum, per block 8-bit factors of both
    SixBits,       ///< Q6_K: 6-bit codes - 32, per 256 columns f16 scale, per 16 columns int8 factors
    Bytes,         ///< Q8_0; Q5_0 and IQ4_NL with their values written out: int8 codes, f16 scale per block
};
constexpr std::int64_t kBlockCols = 32;
constexpr std::int64_t kSuperCols = 256;

// Codes of one panel and block. Nibbles: byte 64 i + 4 r + j (i < 4): low 4 bits are column 4 i + j, high ones 16 + 4 i + j.
// SixBits: the same for the low 4 bits, then 128 bytes: bits 2f, 2f + 1 of byte 64 h + 4 r + j are the high bits of column
// 4 (4 h + f) + j. Bytes: byte 64 g + 4 r + j is column 4 g + j.
constexpr std::int64_t blockCodeBytes(BlockForm form) noexcept {
    return form == BlockForm::Bytes ? 512 : form == BlockForm::SixBits ? 384 : 256;
}
// Scales of one panel per `blockScaleBlocks` blocks: Nibbles, Bytes: 16 f16. NibblesMin: 16 f16 scales, 16 f16 minima.
// NibblesSuper: 16 f16 d, 16 f16 dmin, then per block 16 uint8 factors of d and 16 of dmin; value = d f c - dmin g.
// SixBits: 16 f16 d, then per block 2 x 16 int8 factors.
constexpr std::int64_t blockScaleBlocks(BlockForm form) noexcept {
    return form == BlockForm::NibblesSuper || form == BlockForm::SixBits ? 8 : 1;
}
constexpr std::int64_t blockScaleBytes(BlockForm form) noexcept {
    switch (form) {
    case BlockForm::NibblesMin: return 64;
    case BlockForm::NibblesSuper: return 64 + 8 * 32;
    case BlockForm::SixBits: return 32 + 8 * 32;
    default: return 32;
    }
}

struct BlockPanels {
    BlockForm form;
    const std::uint8_t* codes;  ///< panel p at p * blocks * blockCodeBytes, 64-byte aligned
    const std::uint8_t* scales; ///< panel p at p * blocks / blockScaleBlocks * blockScaleBytes
    std::int64_t blocks;        ///< of 32 columns
};

struct BlockInput {
    const std::int8_t* q;          ///< [tokens, 32 * blocks], -127 .. 127
    const float* d;                ///< [tokens, blocks]: x is about d * q
    const std::int32_t* halfSums;  ///< [tokens, 2 * blocks]: of q over 16 columns
    std::int64_t tokens;
};

/// y[t * yStride + row] as above. Every (half) block: s = exact sum of code * q, then y = fma(float(s), scale * d, y) with
/// the bias taken from s as an integer; forms with a minimum then y = fma(minimum, d * float(sum of q), y). Scales of a super
/// block are float(d) * factor first. The same bits from every instruction set. scratch: kPanelScratch floats per token.
using BlockPanelProduct = void (*)(const BlockPanels& w, std::int64_t first, std::int64_t panels, std::int64_t rows,
                                   const BlockInput& x, float* y, std::int64_t yStride, float* scratch) noexcept;

/// int8 activations per token: r = 127 / max(max|x|, 1e-5), q = clamp(round(x * r), -128, 127), half to even. q has
/// paddedCols(cols) values, zero beyond cols; blockSums one sum per kScaleCols. Returns r, NaN when an x is not finite.
using QuantizeToken = float (*)(const float* x, std::int64_t cols, std::int8_t* q, std::int32_t* blockSums) noexcept;
/// int8 activations per block of 32: d = max|x| / 127, q = round(x / d) as x * (127 / max|x|), half to even; d is NaN and q 0
/// where an x is not finite. cols: whole blocks.
using QuantizeBlocks = void (*)(const float* x, std::int64_t cols, std::int8_t* q, float* d, std::int32_t* halfSums) noexcept;
/// tableBytes(cols) for the lookup form from int8 activations with zeros up to paddedCols(cols). Null in a set that needs none.
using MakeTables = void (*)(const std::int8_t* q, std::int64_t cols, std::uint8_t* tables) noexcept;

struct PanelOps {
    TernaryPanelProduct ternary;
    BlockPanelProduct blocks;
};
struct RoundingOps {
    QuantizeToken token;
    QuantizeBlocks blocks;
    MakeTables tables;
};

namespace scalar {
extern const PanelOps kPanelOps;
extern const RoundingOps kRoundingOps;
} // namespace scalar
namespace avx2 {
extern const PanelOps kPanelOps;
extern const RoundingOps kRoundingOps;
} // namespace avx2
namespace neon {
extern const PanelOps kPanelOps;
extern const RoundingOps kRoundingOps;
} // namespace neon
namespace neondotprod {
extern const PanelOps kPanelOps;
}
namespace avxvnni {
extern const PanelOps kPanelOps;
}
namespace avx512vnni {
extern const PanelOps kPanelOps;
}

/// The lookup form of one architecture's plainest set, which the products of its other sets go through.
/// lookupSums: sums[64 * panels] for panels [first, first + panels) of 64 rows, at most four that stand together: of trit * q.
/// unpackLookup: `blocks` blocks of one chunk as codes 0, 1, 2 in cells: those of the four panels of sixteen rows at
/// bytes + p * stride.
#define TRILOBIT_DECLARE_LOOKUP(isa)                                                                                   \
    namespace isa {                                                                                                    \
    void makeTables(const std::int8_t* q, std::int64_t cols, std::uint8_t* tables) noexcept;                           \
    void lookupSums(const TernaryPanels& w, std::int64_t first, std::int64_t panels, const std::uint8_t* tables,       \
                    std::int32_t* sums) noexcept;                                                                      \
    void unpackLookup(const std::uint8_t* codes, std::int64_t blocks, std::uint8_t* bytes,                             \
                      std::int64_t stride) noexcept;                                                                   \
    }

TRILOBIT_DECLARE_LOOKUP(avx2)
TRILOBIT_DECLARE_LOOKUP(neon)
#undef TRILOBIT_DECLARE_LOOKUP

} // namespace trilobit::kernels
