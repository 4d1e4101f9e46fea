// Probe: what this machine can do at most, measured: fused multiply-adds and memory reads.
#pragma once

#include <cstdint>

namespace trilobit {

/// Floating-point operations per second (a fused multiply-add counts two) of independent float32 multiply-adds in
/// registers, in the widest form this CPU has, on `threads` threads at once; over about `seconds`.
double measureFmaRate(int threads, double seconds);
/// "avx512", "avx2" or "base".
const char* fmaProbeName() noexcept;
/// Bytes per second read in order from a buffer of `bytes` per thread (choose it far larger than the caches).
double measureReadRate(int threads, std::uint64_t bytes, double seconds);

namespace kernels {

/// Runs `rounds` rounds of multiply-adds; returns a value that keeps the work alive.
struct FmaProbe {
    float (*loop)(std::int64_t rounds) noexcept;
    double flopsPerRound;
};
namespace scalar {
FmaProbe fmaProbe() noexcept;
}
namespace avx2 {
FmaProbe fmaProbe() noexcept;
}
namespace avx512 {
FmaProbe fmaProbe() noexcept;
}

} // namespace kernels
} // namespace trilobit
