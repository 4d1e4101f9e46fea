// LogSink: where core sends remarks for a person. Core never prints.
#pragma once

#include <functional>
#include <string_view>

namespace trilobit {

enum class LogLevel { Debug, Info, Warning, Error };

/// May be called from any thread; an empty sink drops everything.
using LogSink = std::function<void(LogLevel, std::string_view)>;

} // namespace trilobit
