// Named presets and the meaning of a bare --encoding.
#include "core/commands/presets.h"

namespace trilobit {

namespace {

constexpr const char* kOutside = "{token_embd,output}.weight"; // embedding and output matrix
constexpr double kWideBits = 8;

Preset make(std::string name, std::string summary, std::vector<Rule> rules) {
    Recipe recipe;
    recipe.name = name;
    recipe.rules = std::move(rules);
    return {std::move(name), std::move(summary), std::move(recipe)};
}

} // namespace

const std::vector<Preset>& presets() {
    static const Choice kQ8{"rtn", "Q8_0", {}};
    static const Choice kQ6{"rtn", "Q6_K", {}}; // Q8_0 where rows are no multiple of 256
    static const std::vector<Preset> all{
        make("q8_0", "8 bits everywhere: hardly a difference", {{"*", kQ8}}),
        make("q6_k", "6.6 bits, embedding and output at 8", {{"blk.*", {"rtn", "Q6_K", {}}}, {kOutside, kQ8}}),
        make("q5_k", "5.5 bits, embedding and output at 6.6", {{"blk.*", {"rtn", "Q5_K", {}}}, {kOutside, kQ6}}),
        make("q4_k", "4.5 bits in K-quants, embedding and output at 6.6: what 4-bit files mostly are",
             {{"blk.*", {"rtn", "Q4_K", {}}}, {kOutside, kQ6}}),
        make("hqq-q4_1", "HQQ chooses the codes of a Q4_1 file that stock llama.cpp runs",
             {{"blk.*", {"hqq", "Q4_1", {}}}, {kOutside, kQ8}}),
        make("q4_0", "4.5 bits by plain rounding", {{"blk.*", {"rtn", "Q4_0", {}}}, {kOutside, kQ8}}),
        make("hqq-g64-b4", "HQQ on groups of 64 with 4 bits (Trilobit runs it; GGUF has no type for it)",
             {{"blk.*", {"hqq", "affine-g64-b4", {}}}, {kOutside, kQ8}}),
        make("ternary-ffn", "1.58 bits for the feed-forward matrices only, the rest at 8",
             {{"*", kQ8}, {"blk.*.ffn_*", {"absmean", "TQ2_0", {}}}}),
        make("ternary-rounded", "three values by plain rounding, as quantizers do it: what happens without training",
             {{"blk.*", {"rtn", "TQ2_0", {}}}, {kOutside, kQ8}}),
        make("ternary", "1.58 bits in every block: for models trained for it; others talk nonsense",
             {{"blk.*", {"absmean", "TQ2_0", {}}}, {kOutside, kQ8}}),
    };
    return all;
}

Result<Recipe> recipeForEncoding(const Model& model, const EncodingRegistry& encodings, const Choice& choice,
                                 std::string_view pattern) {
    TRILOBIT_TRY(const std::shared_ptr<const Encoding> encoding, encodings.find(choice.encoding));
    Recipe recipe;
    Choice exact = choice;
    exact.encoding = encoding->info().id;
    recipe.name = exact.method + " " + exact.encoding;
    if (!pattern.empty()) {
        recipe.rules.push_back({std::string(pattern), exact});
        return recipe;
    }
    if (encoding->info().bitsPerWeight >= kWideBits) {
        recipe.rules.push_back({"*", exact});
        return recipe;
    }
    recipe.rules.push_back({"blk.*", exact});
    for (const Tensor& tensor : model.tensors())
        if ((tensor.role == TensorRole::Embedding || tensor.role == TensorRole::Output)
            && tensor.encoding->info().bitsPerWeight > 8.5)
            recipe.rules.push_back({tensor.name, {"rtn", "Q8_0", {}}});
    return recipe;
}

} // namespace trilobit
