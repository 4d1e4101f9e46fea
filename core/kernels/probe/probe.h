// Probe: what this machine can do at most, measured: fused multiply-adds, products of bytes and memory reads.
#pragma once

#include <cstdint>

namespace trilobit {

/// Floating-point operations per second (a fused multiply-add counts two) of independent float32 multiply-adds in
/// registers, in the widest form this CPU has, on `threads` threads at once; over about `seconds`.
double measureFmaRate(int threads, double seconds);
/// "avx512", "avx2" or "base".
const char* fmaProbeName() noexcept;
/// Operations per second (a multiply-add counts two) of byte products that are added up in registers, in the fastest form this CPU
/// has: to int32 where it has dot products, else to int16.
double measureInt8Rate(int threads, double seconds);
/// "avx512-vnni", "avx2", "neon-dotprod", "base", ...
const char* int8ProbeName() noexcept;
/// Bytes per second read from a buffer of `bytes` per thread (choose it far larger than the caches), a few rows at a time as
/// products read them.
double measureReadRate(int threads, std::uint64_t bytes, double seconds);

namespace kernels {

/// Runs `rounds` rounds of multiply-adds; returns a value that keeps the work alive.
struct FmaProbe {
    float (*loop)(std::int64_t rounds) noexcept;
    double flopsPerRound;
};
/// The same with products of bytes.
struct Int8Probe {
    std::int32_t (*loop)(std::int64_t rounds) noexcept;
    double operationsPerRound;
};
/// Reads all words; returns their sum.
using ReadProbe = std::uint64_t (*)(const std::uint64_t* p, std::int64_t words) noexcept;
namespace scalar {
FmaProbe fmaProbe() noexcept;
Int8Probe int8Probe() noexcept;
ReadProbe readProbe() noexcept;
}
namespace avx2 {
FmaProbe fmaProbe() noexcept;
Int8Probe int8Probe() noexcept;
ReadProbe readProbe() noexcept;
}
namespace avx512 {
FmaProbe fmaProbe() noexcept;
Int8Probe int8Probe() noexcept;
ReadProbe readProbe() noexcept;
}
namespace avxvnni {
Int8Probe int8Probe() noexcept;
}
namespace avx512vnni {
Int8Probe int8Probe() noexcept;
}
namespace neon {
Int8Probe int8Probe() noexcept;
}
namespace neondotprod {
Int8Probe int8Probe() noexcept;
}

} // namespace kernels
} // namespace trilobit
