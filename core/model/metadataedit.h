// Keys of a model that a person changes while converting it.
#pragma once

#include "core/base/result.h"
#include "core/model/model.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace trilobit {

/// "general.name=My model": sets one key. A key that is there keeps its type; for a new one the value decides (true,
/// false, a whole number, a number, else text), or a type in front of it does: "u32:5", "f32:0.5", "str:12", "bool:true".
/// An empty value ("general.url=") is empty text; "-general.url" takes the key away. Errors: Usage for text without "=",
/// values that do not fit the type, arrays, and keys that the writer itself keeps (split.*, trilobit.*).
Result<void> editMetadata(Metadata& metadata, const std::string& edit);

/// The same model with edited keys, its configuration read anew from them. Errors: those of editMetadata; Usage or Format
/// when the model cannot be read with them.
Result<std::shared_ptr<const Model>> withMetadata(std::shared_ptr<const Model> model, std::span<const std::string> edits);

} // namespace trilobit
