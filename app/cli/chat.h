// chat: a conversation on the terminal.
#pragma once

#include "app/cli/console.h"
#include "core/base/result.h"
#include "core/commands/workspace.h"

#include <string>
#include <vector>

namespace trilobit {

/// argv: MODEL [--system TEXT] [--temp T] [--top-k K] [--top-p P] [--min-p M] [--repeat-penalty R] [--seed S] [-n N]
/// [--ctx N]. Reads lines until end of input; "/reset" starts over, "/quit" ends.
Result<void> runChat(Workspace& workspace, const std::vector<std::string>& argv, Console& console);

} // namespace trilobit
