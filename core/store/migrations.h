// The SQL that leads from each schema of the store to the next.
#pragma once

#include <string_view>
#include <vector>

namespace trilobit {

/// Entry i leads from schema i to i + 1; the size is the newest schema this program knows. An empty line ends a statement.
const std::vector<std::string_view>& storeMigrations();

} // namespace trilobit
