// Steering: what a person may say to long work while it runs, beyond cancelling it.
#pragma once

#include "core/base/runcontrol.h"

#include <string>

namespace trilobit {

/// Work that can wait or show something of itself looks for this behind its RunControl (steeringOf) and asks between steps.
/// Both calls may come from any thread.
class SteeredControl : public RunControl {
public:
    /// True: wait until it is false again, or the work is cancelled.
    virtual bool isPaused() const noexcept { return false; }
    /// What the person would like to see, in the work's own words (training: a tensor's name). Given once, then empty.
    virtual std::string takeRequest() { return {}; }
};

/// Null when nobody steers.
inline SteeredControl* steeringOf(RunControl& control) { return dynamic_cast<SteeredControl*>(&control); }

} // namespace trilobit
