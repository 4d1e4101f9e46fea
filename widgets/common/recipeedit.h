// Recipe edits: what selecting tensors and choosing for them means in rules.
#pragma once

#include "core/model/model.h"
#include "core/quant/recipe.h"

#include <string>
#include <vector>

namespace trilobit {

/// The fewest patterns (as found by a greedy search) that together match exactly the named ones of the model's quantizable
/// tensors. Names that are not quantizable are left out. "blk.*.ffn_*", "blk.{0,1}.attn_q.weight", ...
std::vector<std::string> patternsFor(const Model& model, const std::vector<std::string>& tensors);

/// `recipe` with `choice` for exactly these tensors. Rules that no longer decide anything on this model are dropped.
Recipe withChoice(const Recipe& recipe, const Model& model, const std::vector<std::string>& tensors,
                  const Choice& choice);

/// `recipe` with one more rule at its end, cleaned in the same way.
Recipe withRule(const Recipe& recipe, const Model& model, const Rule& rule);

/// Names of the quantizable tensors that the pattern matches, in file order.
std::vector<std::string> matchingTensors(const Model& model, const std::string& pattern);

} // namespace trilobit
