// Dates for templates: strftime of an ISO time, in English whatever the locale.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace trilobit::tmpl {

/// `iso`: "2025-03-14T15:09:26", also with a space or without the time; empty: this machine's local time.
/// Errors: Format (not such a time, a directive that is not known).
Result<std::string> strftimeAt(std::string_view iso, std::string_view format);

} // namespace trilobit::tmpl
