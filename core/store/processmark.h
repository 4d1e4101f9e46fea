// A mark that tells whether the process that wrote it still lives.
#pragma once

#include <string>
#include <string_view>

namespace trilobit {

/// "BOOT-ID/PID-NAMESPACE/PID/START-TIME" of this process. The start time (clock ticks since boot) tells a process from a
/// later one with the same number. Empty where the system has no /proc.
std::string thisProcessMark();

/// False when the process of `mark` cannot be alive any more: the computer was started again since, or the process number
/// is free or belongs to a later process. A mark of another computer or container therefore reads as dead. An empty
/// mark counts as alive, because nothing is known.
bool isProcessAlive(std::string_view mark);

} // namespace trilobit
