// Rng: a small seeded generator (SplitMix64) with the same sequence on every platform and standard library.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace trilobit {

class Rng {
public:
    explicit Rng(std::uint64_t seed) noexcept : m_state(seed) {}

    std::uint64_t next() noexcept {
        std::uint64_t z = (m_state += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    /// Uniform in [0, 1), 53 bits.
    double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }
    /// Uniform in [0, bound), bound > 0; the bias is below bound / 2^64.
    std::uint64_t below(std::uint64_t bound) noexcept {
        return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
    }
    /// Standard normal by Box-Muller (one of the pair; the other is dropped to keep the state one word).
    double normal() noexcept {
        const double u = 1.0 - uniform();
        return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * uniform());
    }

private:
    __extension__ using Wide = unsigned __int128;
    std::uint64_t m_state;
};

} // namespace trilobit
