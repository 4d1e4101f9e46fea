// RunControl: how a long computation reports progress and learns that it was cancelled.
#pragma once

#include <string_view>

namespace trilobit {

/// Handed down by reference. Long functions ask isCancelled() between blocks (at least every 50 ms of work) and
/// return ErrorCode::Cancelled. Both calls may come from any thread, but progress() from one thread at a time.
class RunControl {
public:
    virtual ~RunControl() = default;
    virtual bool isCancelled() const noexcept { return false; }
    /// `done` of `total` units (bytes, tokens, rows; total > 0), and a few words on what is being done.
    virtual void progress(double done, double total, std::string_view what) { (void)done, (void)total, (void)what; }
};

} // namespace trilobit
