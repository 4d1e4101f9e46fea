// WorkerTeam: a few threads that share out the tasks of one product and then wait for the next.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace trilobit {

/// Used instead of OpenMP's teams because those spin while they wait: beside other busy programs each of the hundreds of
/// products per token then lost a time slice. Here the caller never waits for a thread that has not started on a task.
/// One caller at a time. Threads are made by the first run() that can use them.
class WorkerTeam {
public:
    /// `threads` >= 1, the caller included.
    explicit WorkerTeam(int threads) : m_threads(threads) {}
    ~WorkerTeam();
    WorkerTeam(const WorkerTeam&) = delete;
    WorkerTeam& operator=(const WorkerTeam&) = delete;

    int threads() const noexcept { return m_threads; }

    /// Calls task(index, worker) for every index in [0, count), each once, on any of the threads, and returns when all are
    /// done. worker is in [0, threads()) and no two run with the same one. Must not throw.
    template <class Task>
    void run(std::int64_t count, Task&& task) {
        static_assert(noexcept(task(std::int64_t{}, int{})));
        runAll(count, [](void* context, std::int64_t index, int worker) noexcept {
            (*static_cast<std::remove_reference_t<Task>*>(context))(index, worker);
        }, &task);
    }
    /// The same on the calling thread alone: for work too small to share.
    template <class Task>
    void run(std::int64_t count, bool share, Task&& task) {
        if (share)
            return run(count, task);
        for (std::int64_t i = 0; i < count; ++i)
            task(i, 0);
    }

private:
    using Function = void (*)(void* context, std::int64_t index, int worker) noexcept;
    void runAll(std::int64_t count, Function function, void* context);
    void start();
    void work(int worker) noexcept;
    void takeTasks(int worker) noexcept;

    int m_threads;
    std::vector<std::thread> m_workers;
    // The job; written only while it is closed and nobody is inside.
    Function m_function = nullptr;
    void* m_context = nullptr;
    std::int64_t m_count = 0;
    std::atomic<std::int64_t> m_next{0};
    /// Bit 0: open. Bits 1..15: workers inside. Bits 16..31: number of the job.
    std::atomic<std::uint32_t> m_state{0};
    std::atomic<bool> m_quit{false};
};

} // namespace trilobit
