// Walks over the groups of a matrix.
#pragma once

#include <algorithm>
#include <cstdint>

namespace trilobit {

/// Calls body(group index, first weight, count) for every group of `group` inputs of a row; rows are divided among
/// threads, so a body may write what belongs to its group.
template <class Body>
void forGroups(std::int64_t out, std::int64_t in, std::int64_t group, int threads, Body body) {
    const std::int64_t perRow = (in + group - 1) / group;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < out; ++r)
        for (std::int64_t g = 0; g < perRow; ++g)
            body(r * perRow + g, r * in + g * group, std::min(group, in - g * group));
}

} // namespace trilobit
