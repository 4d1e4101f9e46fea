// Recipe: ordered rules that say which method and encoding each tensor gets.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/pluginapi/paramspec.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// What one tensor gets. An empty encoding means "keep as it is".
struct Choice {
    std::string method;   ///< "rtn", "absmean", "hqq"
    std::string encoding; ///< "Q4_0", "TQ2_0", "affine-g64-b4"
    ParamValues params;
    bool keeps() const noexcept { return encoding.empty(); }
    bool operator==(const Choice&) const = default;
};

/// `pattern` is a glob over GGUF tensor names (core/base/glob.h).
struct Rule {
    std::string pattern;
    Choice choice;
    bool operator==(const Rule&) const = default;
};

/// JSON: {"trilobit_recipe": 1, "name": ..., "seed": 0, "rules": [{"tensors": "blk.*.ffn_*", "method": "hqq",
/// "encoding": "Q4_1", "params": {...}}]}; a rule with "keep": true keeps. Later rules win over earlier ones.
/// Only quantizable tensors are ever touched (matrices of blocks, embedding, output).
struct Recipe {
    std::string name;
    std::uint64_t seed = 0;
    std::vector<Rule> rules;

    /// The choice of the last rule that matches; keeps when none does.
    const Choice& choiceFor(std::string_view tensorName) const;
    Json toJson() const;
    /// Errors: Format naming the field and what was expected; unknown fields are an error.
    static Result<Recipe> fromJson(const Json& json);
    /// SHA-256 of the canonical JSON without the name: the same rules give the same hash.
    std::string hash() const;
    bool operator==(const Recipe&) const = default;
};

Json paramsToJson(const ParamValues& params);
Result<ParamValues> paramsFromJson(const Json& json);

} // namespace trilobit
