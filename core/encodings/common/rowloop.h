// parallelRows: a loop over rows on all threads that knows the first bad row and when it was cancelled.
#pragma once

#include "core/base/runcontrol.h"

#include <atomic>
#include <cstdint>

namespace trilobit::encodings {

struct RowLoopEnd {
    bool cancelled = false;
    std::int64_t badRow = -1; ///< the smallest row whose work said false, or -1; the same for any number of threads
};

/// Calls work(row) -> bool, noexcept, for every row in [0, rows); rows above a known bad one may be left out.
template <class Work>
RowLoopEnd parallelRows(std::int64_t rows, std::int64_t cols, const RunControl* control, const Work& work) {
    constexpr std::int64_t kWorthThreads = 1 << 14; // weights; below, waking the other threads costs more
    std::atomic<bool> cancelled{false};
    std::atomic<std::int64_t> badRow{rows};
#pragma omp parallel for schedule(dynamic, 4) if (rows > 1 && rows * cols >= kWorthThreads)
    for (std::int64_t row = 0; row < rows; ++row) {
        if (cancelled.load(std::memory_order_relaxed) || row > badRow.load(std::memory_order_relaxed))
            continue;
        if (control && control->isCancelled()) {
            cancelled = true;
            continue;
        }
        if (work(row))
            continue;
        std::int64_t known = badRow.load();
        while (row < known && !badRow.compare_exchange_weak(known, row)) {
        }
    }
    const std::int64_t bad = badRow.load();
    return {cancelled.load(), bad < rows ? bad : -1};
}

} // namespace trilobit::encodings
