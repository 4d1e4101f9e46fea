// Sums over a whole matrix that do not depend on the number of threads.
#pragma once

#include <cstdint>
#include <vector>

namespace trilobit {

/// Sum over i < count of term(i), in blocks of 4096 that are added in order.
template <class Real, class Term>
Real blockSum(std::int64_t count, int threads, Term term) {
    constexpr std::int64_t kBlock = 4096;
    const std::int64_t blocks = (count + kBlock - 1) / kBlock;
    std::vector<Real> partial(static_cast<std::size_t>(blocks));
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t b = 0; b < blocks; ++b) {
        Real sum = 0;
        for (std::int64_t i = b * kBlock; i < count && i < (b + 1) * kBlock; ++i)
            sum += term(i);
        partial[static_cast<std::size_t>(b)] = sum;
    }
    Real total = 0;
    for (const Real sum : partial)
        total += sum;
    return total;
}

} // namespace trilobit
