// Recipes made from a single wish: an encoding, or a named preset.
#pragma once

#include "core/base/result.h"
#include "core/encodings/encodingregistry.h"
#include "core/model/model.h"
#include "core/quant/recipe.h"

#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct Preset {
    std::string name;
    std::string summary;
    Recipe recipe;
};
/// In the order a person should see them.
const std::vector<Preset>& presets();

/// `encoding` with `method` on every matrix that `pattern` names. With an empty pattern: on all matrices when the encoding
/// has 8 bits per weight or more; below that on the matrices of the blocks, and embedding and output become Q8_0 if they
/// are wider than that now (they hurt most and are read once per token). Errors: Usage for an unknown encoding.
Result<Recipe> recipeForEncoding(const Model& model, const EncodingRegistry& encodings, const Choice& choice,
                                 std::string_view pattern);

} // namespace trilobit
