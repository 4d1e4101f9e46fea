// A JSON file read from its mapping, within limits that fit its size.
#pragma once

#include "core/base/json.h"

#include <cstddef>
#include <string>

namespace trilobit {

/// Errors: Io; Format naming file, place in the tree, byte and what was expected, also when the file is larger than
/// `maxBytes`. `joinPairs` as in Json::Limits; `freeBytes`: of memory for any file,
/// whatever its size.
Result<Json> readJsonFile(const std::string& path, std::size_t maxBytes, bool joinPairs = false,
                          std::size_t freeBytes = std::size_t{32} << 20);

} // namespace trilobit
