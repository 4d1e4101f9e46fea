// Parser: a template's source to its statements.
#pragma once

#include "core/base/result.h"
#include "core/template/ast.h"

#include <string_view>

namespace trilobit::tmpl {

/// Errors: Format and Unsupported (nested too deeply), naming line and column.
Result<Block> parseTemplate(std::string_view source);

} // namespace trilobit::tmpl
