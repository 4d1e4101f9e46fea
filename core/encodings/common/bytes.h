// Reading and writing stored fields: little-endian, at any address.
#pragma once

#include "core/base/half.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace trilobit::encodings {

static_assert(std::endian::native == std::endian::little, "the stored formats are little-endian and read in place");

inline std::uint16_t loadU16(const std::uint8_t* p) noexcept {
    std::uint16_t value;
    std::memcpy(&value, p, sizeof value);
    return value;
}
inline void storeU16(std::uint8_t* p, std::uint16_t value) noexcept { std::memcpy(p, &value, sizeof value); }

inline float loadHalf(const std::uint8_t* p) noexcept { return halfToFloat(loadU16(p)); }
inline void storeHalf(std::uint8_t* p, float value) noexcept { storeU16(p, floatToHalf(value)); }

inline float loadFloat(const std::uint8_t* p) noexcept {
    float value;
    std::memcpy(&value, p, sizeof value);
    return value;
}
inline void storeFloat(std::uint8_t* p, float value) noexcept { std::memcpy(p, &value, sizeof value); }

inline const std::uint8_t* bytePointer(std::span<const std::byte> bytes) noexcept {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}
inline std::uint8_t* bytePointer(std::span<std::byte> bytes) noexcept {
    return reinterpret_cast<std::uint8_t*>(bytes.data());
}

} // namespace trilobit::encodings
