// Overflow-safe arithmetic on sizes that come from files.
#pragma once

#include <cstdint>
#include <optional>

namespace trilobit {

/// a * b, or nothing when the product does not fit.
inline std::optional<std::uint64_t> checkedMul(std::uint64_t a, std::uint64_t b) noexcept {
    std::uint64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product))
        return std::nullopt;
    return product;
}

inline std::optional<std::uint64_t> checkedAdd(std::uint64_t a, std::uint64_t b) noexcept {
    std::uint64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        return std::nullopt;
    return sum;
}

/// `value` rounded up to a multiple of `alignment` (a power of two), or nothing on overflow.
inline std::optional<std::uint64_t> checkedAlignUp(std::uint64_t value, std::uint64_t alignment) noexcept {
    const auto sum = checkedAdd(value, alignment - 1);
    if (!sum)
        return std::nullopt;
    return *sum & ~(alignment - 1);
}

} // namespace trilobit
