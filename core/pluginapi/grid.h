// Grid, EncodingInfo and GroupCodes: the neutral ground between methods (which values) and encodings (which bytes).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trilobit {

/// Which values an encoding can hold.
enum class GridKind {
    Float,  ///< every weight on its own: F32, F16, BF16
    Linear, ///< w = scale * (code - zero), one scale (and perhaps one zero) per group
    Nested, ///< scales of sub-blocks are themselves quantized (K-quants); only the encoding's own encoder fits it
    Levels, ///< codes name the entries of a fixed uneven list (IQ4_NL, NF4); only the encoding's own encoder fits it
};

/// How a group's parameter is stored; a method must round to this before it chooses codes.
enum class ParameterType { None, F16, F32 };

constexpr std::int64_t kGroupIsTensor = 0; ///< Grid::groupSize: one group for the whole tensor
constexpr std::int64_t kGroupIsRow = -1;   ///< Grid::groupSize: one group per row

struct Grid {
    GridKind kind = GridKind::Float;
    std::int64_t groupSize = kGroupIsTensor; ///< consecutive weights of one row, kGroupIsTensor or kGroupIsRow
    int codeMin = 0;                         ///< smallest stored code, inclusive
    int codeMax = 0;                         ///< largest stored code, inclusive
    bool freeZero = false;                   ///< a zero point (or minimum) is stored per group
    double fixedZero = 0;                    ///< the zero when it is not free (Q4_0: 8, TQ2_0: 1, Q8_0: 0)
    ParameterType scaleType = ParameterType::None;
    ParameterType zeroType = ParameterType::None;
    bool zeroIsMinimum = false;              ///< stored as minimum m = -scale * zero (Q4_1), not as zero
    int levels() const noexcept { return codeMax - codeMin + 1; }
};

struct EncodingInfo {
    std::string id;                  ///< "Q4_0", "TQ2_0", "I2_S", "affine-g64-b4"; stored in recipes and files, never renamed
    std::string title;               ///< a few words for a person
    std::string help;                ///< one or two sentences that teach
    std::int64_t blockSize = 1;      ///< weights per block; a row length must be a multiple of it
    std::int64_t bytesPerBlock = 0;  ///< 0 when the size is not a multiple of blocks (I2_S)
    double bitsPerWeight = 0;        ///< scales included, for a large tensor
    Grid grid;
    int ggmlType = -1;               ///< tensor type id in GGUF files, or -1 when GGUF has none
    bool runsInStockLlamaCpp = false;
    std::string fallback = "F16"; ///< id of the encoding to try when a row length does not fit; empty: none
};

/// A quantized tensor as codes and group parameters: w = scale * (code - zero).
/// Groups run along rows; a row has ceil(cols / groupSize) groups, the last may be short.
struct GroupCodes {
    std::int64_t rows = 0;
    std::int64_t cols = 0;
    std::int64_t groupSize = 0;      ///< > 0 here: rows * cols for one group per tensor, cols for one per row
    std::vector<std::int16_t> codes; ///< [rows * cols], row-major
    std::vector<float> scale;        ///< one per group, groups in row-major order (a single one for a whole tensor)
    std::vector<float> zero;         ///< the same shape as `scale`, in code units

    bool wholeTensor() const noexcept { return scale.size() == 1 && groupSize >= rows * cols; }
    std::int64_t groupsPerRow() const noexcept { return wholeTensor() ? 0 : (cols + groupSize - 1) / groupSize; }
    std::size_t groupOf(std::int64_t row, std::int64_t col) const noexcept {
        return wholeTensor() ? 0 : static_cast<std::size_t>(row * groupsPerRow() + col / groupSize);
    }
};

} // namespace trilobit
