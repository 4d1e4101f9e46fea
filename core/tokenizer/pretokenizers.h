// The named pre-tokenizers of GGUF files: which expressions cut the text before BPE merges, and what goes with them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct PreTokenizer {
    std::vector<std::string> expressions;
    bool ignoreMerges = false; ///< a whole word that is a token is taken as it is
    bool addBos = false;       ///< default when the file does not say
};

/// Null for a name that is not known; `name` as in tokenizer.ggml.pre.
const PreTokenizer* findPreTokenizer(std::string_view name);
/// A name whose pre-tokenizer does the same as these expressions from a tokenizer.json; empty when there is none.
std::string nameOfExpressions(const std::vector<std::string>& expressions, bool ignoreMerges);
/// The expression of GPT-2, which tokenizer.json files imply by "ByteLevel" with "use_regex".
const std::string& gpt2Expression();

} // namespace trilobit
