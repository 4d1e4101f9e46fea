#include "core/encodings/common/weightreader.h"

#include "core/base/half.h"

#include <algorithm>
#include <bit>

namespace trilobit::encodings {

int WeightReader::enterBlock(std::int64_t col, std::int64_t weights, std::int64_t bytes, std::int64_t header) {
    const std::int64_t block = col / weights;
    placeBlock(m_rowByte + static_cast<std::uint64_t>(header + block * bytes), static_cast<std::uint64_t>(bytes),
               m_rowElement + block * weights, std::min(weights, m_cols - block * weights));
    return static_cast<int>(col % weights);
}

void WeightReader::placeBlock(std::uint64_t byte, std::uint64_t bytes, std::int64_t firstElement,
                              std::int64_t elements) {
    m_out.blockByte = byte;
    m_out.blockBytes = bytes;
    m_out.firstElement = firstElement;
    m_out.blockElements = elements;
}

StoredField& WeightReader::add(FieldRole role, std::string name, std::initializer_list<Bits> bits) {
    StoredField field;
    field.role = role;
    field.name = std::move(name);
    int at = 0;
    for (const Bits& part : bits) {
        const std::uint64_t byte = m_out.blockByte + static_cast<std::uint64_t>(part.offset);
        field.bits.push_back({byte, part.low, part.count});
        const unsigned mask = (1u << part.count) - 1u;
        field.raw |= static_cast<std::uint64_t>((m_tensor[byte] >> part.low) & mask) << at;
        at += part.count;
    }
    field.type = std::to_string(at) + "-bit number";
    m_out.fields.push_back(std::move(field));
    return m_out.fields.back();
}

std::int64_t WeightReader::number(FieldRole role, std::string name, std::initializer_list<Bits> bits, bool isSigned) {
    StoredField& field = add(role, std::move(name), bits);
    auto value = static_cast<std::int64_t>(field.raw);
    if (isSigned) {
        int width = 0;
        for (const Bits& part : bits)
            width += part.count;
        if (width < 64 && ((field.raw >> (width - 1)) & 1u) != 0)
            value -= std::int64_t{1} << width;
        field.type = "signed " + field.type;
    }
    field.value = static_cast<double>(value);
    return value;
}

int WeightReader::code(std::initializer_list<Bits> bits, bool isSigned) {
    m_out.code = static_cast<int>(number(FieldRole::Code, "q", bits, isSigned));
    return *m_out.code;
}

float WeightReader::half(FieldRole role, std::string name, std::int64_t offset) {
    StoredField& field = add(role, std::move(name), {{offset}, {offset + 1}});
    const float value = halfToFloat(static_cast<std::uint16_t>(field.raw));
    field.type = "binary16";
    field.value = static_cast<double>(value);
    return value;
}

float WeightReader::single(FieldRole role, std::string name, std::int64_t offset) {
    StoredField& field = add(role, std::move(name), {{offset}, {offset + 1}, {offset + 2}, {offset + 3}});
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(field.raw));
    field.type = "binary32";
    field.value = static_cast<double>(value);
    return value;
}

int WeightReader::packedCode(std::int64_t offset, int code, std::string type) {
    StoredField& field = add(FieldRole::Code, "q", {{offset}});
    field.type = std::move(type);
    field.value = code;
    m_out.code = code;
    return code;
}

void WeightReader::outside(FieldRole role, std::string name, double value, std::string type) {
    StoredField& field = add(role, std::move(name), {});
    field.type = std::move(type);
    field.value = value;
}

void WeightReader::floatParts(int bytes, int exponentBits) {
    const int mantissaBits = 8 * bytes - 1 - exponentBits;
    const int whole = mantissaBits / 8, rest = mantissaBits % 8; // of the mantissa: whole bytes, bits of the next one
    StoredField& mantissa = add(FieldRole::Mantissa, "mantissa", {});
    const auto take = [this](StoredField& field, int byte, int low, int count) {
        int at = 0;
        for (const StoredBits& part : field.bits)
            at += part.count;
        field.bits.push_back({m_out.blockByte + static_cast<std::uint64_t>(byte), low, count});
        field.raw |= static_cast<std::uint64_t>((byteAt(byte) >> low) & ((1 << count) - 1)) << at;
        field.type = std::to_string(at + count) + "-bit number";
        field.value = static_cast<double>(field.raw);
    };
    for (int byte = 0; byte < whole; ++byte)
        take(mantissa, byte, 0, 8);
    if (rest > 0)
        take(mantissa, whole, 0, rest);
    StoredField& exponent = add(FieldRole::Exponent, "exponent", {});
    if (whole < bytes - 1)
        take(exponent, whole, rest, 8 - rest);
    take(exponent, bytes - 1, whole == bytes - 1 ? rest : 0, whole == bytes - 1 ? 7 - rest : 7);
    StoredField& sign = add(FieldRole::Sign, "sign", {});
    take(sign, bytes - 1, 7, 1);
}

void WeightReader::linear(float value, double scale, double zero, std::string formula) {
    plain(value, std::move(formula));
    m_out.scale = scale;
    m_out.zero = zero;
    m_out.level = m_out.code;
}

void WeightReader::withMinimum(float value, double scale, double minimum, std::string formula) {
    plain(value, std::move(formula));
    m_out.scale = scale;
    m_out.minimum = minimum;
    m_out.level = m_out.code;
}

void WeightReader::levels(float value, double scale, double level, std::string formula) {
    plain(value, std::move(formula));
    m_out.scale = scale;
    m_out.level = level;
}

void WeightReader::plain(float value, std::string formula) {
    m_out.value = value;
    m_out.formula = std::move(formula);
}

} // namespace trilobit::encodings
