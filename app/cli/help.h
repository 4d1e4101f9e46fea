// Help texts made from the command specs.
#pragma once

#include "core/commands/command.h"

#include <string>

namespace trilobit {

std::string generalHelp();
std::string commandHelp(const CommandSpec& spec);

} // namespace trilobit
