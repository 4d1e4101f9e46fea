// StoredWeight: which bits of a tensor hold one weight, and what they mean.
#pragma once

#include "core/encodings/encoding.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

/// Some bits of one byte: `count` bits from bit `low` up, bit 0 being the least significant.
struct StoredBits {
    std::uint64_t byte = 0; ///< from the start of the tensor
    int low = 0;
    int count = 8;
};

enum class FieldRole { Sign, Exponent, Mantissa, Code, Scale, Zero, Minimum, SubScale, SubMinimum };
/// "code", "scale", "sub-scale", ...: stable words for JSON.
const char* fieldRoleName(FieldRole role) noexcept;

/// One number of the format. Its raw value is made of `bits`, the first ones being the least significant.
struct StoredField {
    FieldRole role = FieldRole::Code;
    std::string name;             ///< as in the formula: "d", "q", "scale[3]"
    std::string type;             ///< "binary16", "4-bit number", "trit 2 of 5 in a byte"
    std::vector<StoredBits> bits; ///< empty when the number is stored outside the tensor
    std::uint64_t raw = 0;
    double value = 0; ///< what raw stands for
};

/// One weight as it is stored. Elements are counted row by row from the start of the tensor.
struct StoredWeight {
    std::uint64_t blockByte = 0, blockBytes = 0;      ///< the block that the weight belongs to, in the tensor's bytes
    std::int64_t firstElement = 0, blockElements = 1; ///< weights of this block
    std::vector<StoredField> fields;                  ///< all that the value depends on, and nothing else
    std::string formula;                              ///< of the field names: "w = d · (q − 8)"
    // w = scale · (level − zero), or scale · level − minimum; what the format does not have is absent.
    std::optional<int> code; ///< the stored integer
    std::optional<double> level, scale, zero, minimum;
    float value = 0; ///< exactly what decodeRows gives
};

/// What an encoding derives from beside Encoding when it can say where its weights lie. Plugins need not.
class WeightLayout {
public:
    virtual ~WeightLayout() = default;
    /// `tensor` holds exactly sizeBytes(rows, cols); 0 <= row < rows, 0 <= col < cols. Any thread.
    virtual StoredWeight describeWeight(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols,
                                        std::int64_t row, std::int64_t col) const = 0;
};

/// Where the weight at (row, col) lies in `tensor` and how its value comes about. Errors: Usage when there is no such
/// weight; Internal when `tensor` has another size than sizeBytes(rows, cols); Unsupported when the encoding does not
/// describe its layout.
Result<StoredWeight> weightAt(const Encoding& encoding, std::span<const std::byte> tensor, std::int64_t rows,
                              std::int64_t cols, std::int64_t row, std::int64_t col);

} // namespace trilobit
