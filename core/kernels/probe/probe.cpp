#include "core/kernels/probe/probe.h"

#include "core/base/alignedbuffer.h"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace trilobit {

namespace {

using Clock = std::chrono::steady_clock;

template <class Probe>
struct Chosen {
    const char* name;
    Probe probe;
};

Chosen<kernels::FmaProbe> chooseFmaProbe() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return {"avx512", kernels::avx512::fmaProbe()};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return {"avx2", kernels::avx2::fmaProbe()};
#endif
    return {"base", kernels::scalar::fmaProbe()};
}

kernels::ReadProbe chooseReadProbe() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return kernels::avx512::readProbe();
    if (__builtin_cpu_supports("avx2"))
        return kernels::avx2::readProbe();
#endif
    return kernels::scalar::readProbe();
}

Chosen<kernels::Int8Probe> chooseInt8Probe() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    if (wide && __builtin_cpu_supports("avx512vnni"))
        return {"avx512-vnni", kernels::avx512vnni::int8Probe()};
    if (wide)
        return {"avx512", kernels::avx512::int8Probe()};
    if (__builtin_cpu_supports("avxvnni"))
        return {"avx-vnni", kernels::avxvnni::int8Probe()};
    if (__builtin_cpu_supports("avx2"))
        return {"avx2", kernels::avx2::int8Probe()};
#elif defined(__aarch64__) && defined(__linux__)
    if (getauxval(AT_HWCAP) & HWCAP_ASIMDDP)
        return {"neon-dotprod", kernels::neondotprod::int8Probe()};
    return {"neon", kernels::neon::int8Probe()};
#endif
    return {"base", kernels::scalar::int8Probe()};
}

/// Runs work(thread) -> units on all threads until `seconds` are over; units per second of all together.
template <class Work>
double ratePerSecond(int threads, double seconds, Work work) {
    double total = 0, longest = 0;
#pragma omp parallel num_threads(threads) reduction(+ : total) reduction(max : longest)
    {
        const int me = omp_get_thread_num();
        (void)work(me); // warms caches and clocks up
#pragma omp barrier
        const auto start = Clock::now();
        double elapsed = 0;
        do {
            total += work(me);
            elapsed = std::chrono::duration<double>(Clock::now() - start).count();
        } while (elapsed < seconds);
        longest = elapsed;
    }
    return longest > 0 ? total / longest : 0;
}

} // namespace

const char* fmaProbeName() noexcept { return chooseFmaProbe().name; }
const char* int8ProbeName() noexcept { return chooseInt8Probe().name; }

double measureFmaRate(int threads, double seconds) {
    const kernels::FmaProbe probe = chooseFmaProbe().probe;
    constexpr std::int64_t kRounds = 200'000;
    return ratePerSecond(threads, seconds, [&](int) {
        volatile float keep = probe.loop(kRounds);
        (void)keep;
        return probe.flopsPerRound * static_cast<double>(kRounds);
    });
}

double measureInt8Rate(int threads, double seconds) {
    const kernels::Int8Probe probe = chooseInt8Probe().probe;
    constexpr std::int64_t kRounds = 200'000;
    return ratePerSecond(threads, seconds, [&](int) {
        volatile std::int32_t keep = probe.loop(kRounds);
        (void)keep;
        return probe.operationsPerRound * static_cast<double>(kRounds);
    });
}

double measureReadRate(int threads, std::uint64_t bytes, double seconds) {
    const auto words = static_cast<std::size_t>(std::max<std::uint64_t>(bytes, 4096) / 8);
    std::vector<AlignedBuffer<std::uint64_t>> buffers;
    for (int i = 0; i < threads; ++i)
        buffers.emplace_back(words);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int i = 0; i < threads; ++i) // touched by the thread that reads it
        std::memset(buffers[static_cast<std::size_t>(i)].data(), 1, words * 8);
    const kernels::ReadProbe probe = chooseReadProbe();
    return ratePerSecond(threads, seconds, [&](int me) {
        volatile std::uint64_t keep = probe(buffers[static_cast<std::size_t>(me)].data(), static_cast<std::int64_t>(words));
        (void)keep;
        return static_cast<double>(words * 8);
    });
}

} // namespace trilobit
