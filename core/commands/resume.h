// What goes on with work that was left unfinished.
#pragma once

#include "core/commands/command.h"
#include "core/quant/workfolder.h"

namespace trilobit {

/// The command that finishes `work`: quantize with model, recipe and, if it was to write one, the output file. Folders may
/// come from strangers, so one that asks for anything else, or for an output that is not the one beside it, is refused.
/// Errors: Format.
Result<Command> resumeCommand(const UnfinishedWork& work);

} // namespace trilobit
