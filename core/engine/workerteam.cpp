#include "core/engine/workerteam.h"

#include <exception>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace trilobit {

namespace {

constexpr std::uint32_t kOpen = 1, kInside = 2, kInsideMask = 0xFFFE, kJob = 1u << 16;
// The pause between two products of a token is some microseconds, waking a sleeper takes fifty: worth waiting awake that long,
// but not much longer.
constexpr int kSpins = 2000;

inline void relax() noexcept {
#if defined(__x86_64__)
    _mm_pause();
#endif
}

/// Waits until `ready(state)`: awake for a moment, then asleep.
template <class Ready>
std::uint32_t waitFor(const std::atomic<std::uint32_t>& state, Ready ready) noexcept {
    std::uint32_t seen = state.load(std::memory_order_acquire);
    for (int i = 0; i < kSpins && !ready(seen); ++i) {
        relax();
        seen = state.load(std::memory_order_acquire);
    }
    while (!ready(seen)) {
        state.wait(seen, std::memory_order_acquire);
        seen = state.load(std::memory_order_acquire);
    }
    return seen;
}

} // namespace

WorkerTeam::~WorkerTeam() {
    m_quit = true;
    m_state.fetch_add(kJob, std::memory_order_release); // a change that wakes the sleepers
    m_state.notify_all();
    for (std::thread& worker : m_workers)
        worker.join();
}

void WorkerTeam::start() {
    try {
        m_workers.reserve(static_cast<std::size_t>(m_threads - 1));
        while (static_cast<int>(m_workers.size()) < m_threads - 1)
            m_workers.emplace_back(&WorkerTeam::work, this, static_cast<int>(m_workers.size()) + 1);
    } catch (const std::exception&) {
        // The system gives no more threads: those that exist, at least the caller, do the work.
        m_threads = static_cast<int>(m_workers.size()) + 1;
    }
}

void WorkerTeam::runAll(std::int64_t count, Function function, void* context) {
    if (m_threads > 1 && count > 1 && m_workers.empty())
        start();
    m_function = function;
    m_context = context;
    m_count = count;
    m_next.store(0, std::memory_order_relaxed);
    if (m_workers.empty() || count <= 1) {
        takeTasks(0);
        return;
    }
    const std::uint32_t job = (m_state.load(std::memory_order_relaxed) & ~(kJob - 1)) + kJob;
    m_state.store(job | kOpen, std::memory_order_release);
    m_state.notify_all();
    takeTasks(0);
    // From here on nobody new may come in; those inside still finish their tasks.
    m_state.fetch_and(~kOpen, std::memory_order_acq_rel);
    waitFor(m_state, [](std::uint32_t state) { return (state & kInsideMask) == 0; });
}

void WorkerTeam::takeTasks(int worker) noexcept {
    for (std::int64_t i; (i = m_next.fetch_add(1, std::memory_order_relaxed)) < m_count;)
        m_function(m_context, i, worker);
}

void WorkerTeam::work(int worker) noexcept {
    std::uint32_t lastJob = 0;
    while (true) {
        std::uint32_t seen = waitFor(m_state, [&](std::uint32_t state) {
            return m_quit.load(std::memory_order_relaxed) || ((state & kOpen) && state / kJob != lastJob);
        });
        if (m_quit)
            return;
        // Going in only succeeds while this very job is open, so its data stays until this worker is out again.
        if (!m_state.compare_exchange_strong(seen, seen + kInside, std::memory_order_acq_rel))
            continue;
        lastJob = seen / kJob;
        takeTasks(worker);
        const std::uint32_t before = m_state.fetch_sub(kInside, std::memory_order_acq_rel);
        if ((before & (kInsideMask | kOpen)) == kInside) // the last one out of a closed job
            m_state.notify_all();
    }
}

} // namespace trilobit
