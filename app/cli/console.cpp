#include "app/cli/console.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace trilobit {

namespace {

std::atomic<int> interrupts{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch it");

void onInterrupt(int) {
    if (interrupts.fetch_add(1) > 0)
        std::_Exit(130);
}

} // namespace

Console::Console(bool quiet) : m_show(!quiet && ::isatty(2)) {
    std::signal(SIGINT, onInterrupt);
    std::signal(SIGTERM, onInterrupt);
}

Console::~Console() { clear(); }

bool Console::isCancelled() const noexcept { return interrupts.load(std::memory_order_relaxed) > 0; }

void Console::resetCancel() { interrupts = 0; }

void Console::progress(double done, double total, std::string_view what) {
    if (!m_show)
        return;
    const auto now = std::chrono::steady_clock::now();
    if (what != m_what) {
        m_what = what;
        if (!m_lineOpen)
            m_start = now;
    } else if (now - m_last < std::chrono::milliseconds(100)) {
        return;
    }
    m_last = now;
    const double share = total > 0 ? done / total : 0;
    const double elapsed = std::chrono::duration<double>(now - m_start).count();
    std::string line = "\r\x1b[K" + std::to_string(static_cast<int>(share * 100)) + " % " + m_what;
    if (share > 0.02 && elapsed > 1)
        line += ", " + std::to_string(static_cast<int>(elapsed * (1 - share) / share) + 1) + " s left";
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
    m_lineOpen = true;
}

void Console::clear() {
    if (m_lineOpen)
        std::fputs("\r\x1b[K", stderr);
    m_lineOpen = false;
}

LogSink consoleLog() {
    return [](LogLevel level, std::string_view text) {
        if (level < LogLevel::Warning)
            return;
        std::fprintf(stderr, "%s: %.*s\n", level == LogLevel::Error ? "error" : "warning", static_cast<int>(text.size()),
                     text.data());
    };
}

} // namespace trilobit
