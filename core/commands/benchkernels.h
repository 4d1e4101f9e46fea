// bench --kernels: from arguments to a result, and from that to text.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/commands/workspace.h"

#include <string>

namespace trilobit {

/// Members of the result: kernel_set, shape, batch_tokens, probe, int8_probe, kernel_bench (one entry per number of threads).
/// Errors: as benchKernels; Usage for arguments that are no shape or out of range.
Result<Json> benchKernelsVerb(Workspace& workspace, const Json& args, int threads, int repetitions, RunControl& control);
std::string benchKernelsText(const Json& result);

} // namespace trilobit
