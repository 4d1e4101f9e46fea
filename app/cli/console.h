// Console: progress on stderr and cancel by Ctrl+C.
#pragma once

#include "core/base/log.h"
#include "core/base/runcontrol.h"

#include <chrono>
#include <string>
#include <string_view>

namespace trilobit {

/// Progress goes to stderr only when that is a terminal; Ctrl+C asks once, a second time ends the program.
class Console : public RunControl {
public:
    explicit Console(bool quiet);
    ~Console() override;
    bool isCancelled() const noexcept override;
    void progress(double done, double total, std::string_view what) override;
    /// Ends the progress line before other output.
    void clear();
    /// Forgets a Ctrl+C (between two turns of a chat).
    static void resetCancel();

private:
    bool m_show;
    bool m_lineOpen = false;
    std::chrono::steady_clock::time_point m_start, m_last;
    std::string m_what;
};

LogSink consoleLog();

} // namespace trilobit
