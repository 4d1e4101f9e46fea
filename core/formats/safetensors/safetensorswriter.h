// safetensors writer: one file through a temporary one, tensors in the order given.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

struct SafetensorsTensorOut {
    std::string name;
    std::string dtype;                 ///< "F32", "F16", "BF16", "U8", "I32", "F64", ...
    std::vector<std::int64_t> shape;   ///< outermost first
    std::span<const std::byte> bytes;  ///< the whole tensor; must outlive the call
};

/// `metadata`: "__metadata__", texts only. Progress in bytes. Nothing takes the final name before all is on disk.
/// Errors: Io, Cancelled; Internal when a tensor's bytes do not fit its shape or a name comes twice.
Result<void> writeSafetensors(const std::string& path, const std::vector<SafetensorsTensorOut>& tensors,
                              const std::vector<std::pair<std::string, std::string>>& metadata, RunControl& control);

} // namespace trilobit
