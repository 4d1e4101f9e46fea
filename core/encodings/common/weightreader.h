// WeightReader: how an encoding fills in a StoredWeight.
#pragma once

#include "core/encodings/storedweight.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace trilobit::encodings {

/// Reads fields of one weight and notes where they were. Offsets are bytes from the start of the block entered last.
class WeightReader {
public:
    /// `tensor`: its first byte; `rowByte`: where the weight's row begins; `row`, `cols`: of the weight.
    WeightReader(const std::uint8_t* tensor, std::uint64_t rowByte, std::int64_t row, std::int64_t cols) noexcept
        : m_tensor(tensor), m_rowByte(rowByte), m_rowElement(row * cols), m_cols(cols) {}

    /// Enters the block of column `col`, blocks being `bytes` long for `weights` weights and starting `header` bytes
    /// after the row does. A last block may be short. Returns the number of the weight in it.
    int enterBlock(std::int64_t col, std::int64_t weights, std::int64_t bytes, std::int64_t header = 0);
    /// The same for any other arrangement: bytes and elements from the start of the tensor.
    void placeBlock(std::uint64_t byte, std::uint64_t bytes, std::int64_t firstElement, std::int64_t elements);
    /// The block has fewer bytes than its siblings.
    void shortenBlock(std::uint64_t bytes) { m_out.blockBytes = bytes; }

    struct Bits {
        std::int64_t offset;
        int low = 0, count = 8;
    };
    /// A number of at most 64 bits, the first of `bits` being the lowest. `isSigned`: two's complement.
    std::int64_t number(FieldRole role, std::string name, std::initializer_list<Bits> bits, bool isSigned = false);
    /// The stored integer of the weight.
    int code(std::initializer_list<Bits> bits, bool isSigned = false);
    float half(FieldRole role, std::string name, std::int64_t offset);
    float single(FieldRole role, std::string name, std::int64_t offset);
    /// The byte at `offset` holds several codes; this weight's is `code`. Returns it.
    int packedCode(std::int64_t offset, int code, std::string type);
    /// A number that stands outside the tensor.
    void outside(FieldRole role, std::string name, double value, std::string type);
    /// A float of its own: sign, exponent and mantissa of `bytes` bytes, exponent of `exponentBits`.
    void floatParts(int bytes, int exponentBits);
    std::uint8_t byteAt(std::int64_t offset) const {
        return m_tensor[m_out.blockByte + static_cast<std::uint64_t>(offset)];
    }

    /// w = scale * (level - zero).
    void linear(float value, double scale, double zero, std::string formula);
    /// w = scale * level - minimum.
    void withMinimum(float value, double scale, double minimum, std::string formula);
    /// w = scale * level, the code naming the level.
    void levels(float value, double scale, double level, std::string formula);
    void plain(float value, std::string formula);

    StoredWeight take() { return std::move(m_out); }

private:
    StoredField& add(FieldRole role, std::string name, std::initializer_list<Bits> bits);

    const std::uint8_t* m_tensor;
    std::uint64_t m_rowByte;
    std::int64_t m_rowElement, m_cols;
    StoredWeight m_out;
};

} // namespace trilobit::encodings
