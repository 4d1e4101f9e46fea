// Glob patterns for tensor names: '*' any run, '?' one character, '[a-z]' one of a set, '{a,b}' either.
#pragma once

#include "core/base/result.h"

#include <string_view>

namespace trilobit {

/// True when the whole of `text` matches. Linear memory, time O(pattern * text) per brace alternative.
bool globMatch(std::string_view pattern, std::string_view text);
/// Errors: Usage, for an unclosed '[' or '{', nested braces, more than 256 alternatives or 512 characters.
Result<void> globCheck(std::string_view pattern);

} // namespace trilobit
