#include "core/kernels/probe/probe.h"

#include "core/base/alignedbuffer.h"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

namespace trilobit {

namespace {

using Clock = std::chrono::steady_clock;

struct Chosen {
    const char* name;
    kernels::FmaProbe probe;
};

Chosen chooseProbe() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return {"avx512", kernels::avx512::fmaProbe()};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return {"avx2", kernels::avx2::fmaProbe()};
#endif
    return {"base", kernels::scalar::fmaProbe()};
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

const char* fmaProbeName() noexcept { return chooseProbe().name; }

double measureFmaRate(int threads, double seconds) {
    const kernels::FmaProbe probe = chooseProbe().probe;
    constexpr std::int64_t kRounds = 200'000;
    return ratePerSecond(threads, seconds, [&](int) {
        volatile float keep = probe.loop(kRounds);
        (void)keep;
        return probe.flopsPerRound * static_cast<double>(kRounds);
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
    return ratePerSecond(threads, seconds, [&](int me) {
        const std::uint64_t* p = buffers[static_cast<std::size_t>(me)].data();
        std::uint64_t s[8] = {};
        std::size_t i = 0;
        for (; i + 8 <= words; i += 8)
            for (std::size_t k = 0; k < 8; ++k)
                s[k] += p[i + k];
        volatile std::uint64_t keep = s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7];
        (void)keep;
        return static_cast<double>(words * 8);
    });
}

} // namespace trilobit
