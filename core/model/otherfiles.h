// What a file or a folder is that is no model: one plain sentence for what people drop on the window, used inside
// core/model only.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <span>
#include <string>

namespace trilobit {

/// A file that is neither GGUF nor safetensors, recognised by its first bytes and its name.
Error explainFile(const std::string& path, std::span<const std::byte> bytes);

/// The file or folder to open instead of a folder that has no config.json with safetensors beside it: its one GGUF model
/// (all parts of a split one count as one), or the one snapshot of a cached repository. Errors: Format, saying what the
/// folder holds and what is missing.
Result<std::string> modelInFolder(const std::string& folder);

} // namespace trilobit
