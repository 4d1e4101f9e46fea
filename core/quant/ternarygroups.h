// Ternary codes between encodings whose scales stand for different numbers of weights.
#pragma once

#include "core/base/result.h"
#include "core/pluginapi/grid.h"

#include <cstdint>

namespace trilobit {

/// Gives `codes` (as `source` unpacked them) the groups and the zero of `target`; no value changes. A group of zeros that
/// has no scale of its own in the source gets the scale 0, as every encoder would give it; a whole group keeps its scale
/// even then. Errors: Unsupported when weights that would share a scale have different ones, saying which and where;
/// `firstRow` is added to the rows in messages.
Result<void> regroupTernary(GroupCodes& codes, const EncodingInfo& source, const EncodingInfo& target,
                            std::int64_t firstRow);

} // namespace trilobit
