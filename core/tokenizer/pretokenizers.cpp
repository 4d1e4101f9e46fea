#include "core/tokenizer/pretokenizers.h"

#include <map>

namespace trilobit {

namespace {

// As published in the tokenizer.json files of the models.
const std::string kGpt2 = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
const std::string kLlama3 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
const std::string kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
const std::string kTekken =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
const std::string kGpt4o =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
const std::string kDeepSeek3Words =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
const std::string kDeepSeekLatin =
    "\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-"
    "ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-"
    "𐳲𑢠-𑣟𞤀-𞥃]+";
const std::string kCjk = "[一-龥ࠀ-一가-퟿]+";
const std::string kBloom = " ?[^(\\s|.,!?…。，、।۔،)]+";

using Table = std::map<std::string, PreTokenizer, std::less<>>;

Table makeTable() {
    const PreTokenizer gpt2{{kGpt2}};
    const PreTokenizer digits{{R"(\p{N})", kGpt2}}; // every digit alone
    const PreTokenizer qwen2{{kQwen2}};
    const PreTokenizer llama3{{kLlama3}, true, true};
    const PreTokenizer likeLlama3{{kLlama3}};
    Table table;
    for (const char* name : {"llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "midm-2.0", "lfm2"})
        table[name] = llama3;
    for (const char* name : {"dbrx", "smaug-bpe", "glm4", "chatglm-bpe"})
        table[name] = likeLlama3;
    for (const char* name : {"gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "exaone4", "gigachat", "mellum",
                             "granite-docling"})
        table[name] = gpt2;
    for (const char* name : {"smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"})
        table[name] = digits;
    for (const char* name : {"qwen2", "stablelm2", "deepseek-r1-qwen", "megrez", "hunyuan", "grok-2"})
        table[name] = qwen2;
    for (const char* name : {"gpt-4o", "llama4"})
        table[name] = {{kGpt4o}};
    for (const char* name : {"bloom", "poro-chat", "gpt3-finnish"})
        table[name] = {{kBloom}};
    table["viking"] = {{kBloom, R"(\p{N})"}};
    table["tekken"] = {{kTekken}, true, true};
    table["falcon"] = {{R"([\p{P}\$\+<=>\^~\|`]+)", kGpt2, "[0-9][0-9][0-9]"}};
    table["default"] = {{R"([\p{P}\$\+<=>\^\~\|]+)", kGpt2, R"(\p{N}+)", "[0-9][0-9][0-9]"}};
    // White space at the end is looked for only where a run of it begins: the same matches in linear time.
    table["deepseek-llm"] = {{R"([\r\n])", kDeepSeekLatin, R"(\s?[!-/:-~！-／：-～‘-‟　-。]+)", R"((?<!\s)\s++$)", kCjk,
                              R"(\p{N}+)"}};
    table["deepseek-coder"] = {{R"([\r\n])", R"(\s?\p{L}+)", R"(\s?\p{P}+)", kCjk, R"(\p{N})"}};
    for (const char* name : {"deepseek-v3", "hunyuan-dense"})
        table[name] = {{R"(\p{N}{1,3})", "[一-龥぀-ゟ゠-ヿ]+", kDeepSeek3Words}};
    return table;
}

const Table& table() {
    static const Table kTable = makeTable();
    return kTable;
}

} // namespace

const PreTokenizer* findPreTokenizer(std::string_view name) {
    const auto it = table().find(name);
    return it == table().end() ? nullptr : &it->second;
}

std::string nameOfExpressions(const std::vector<std::string>& expressions, bool ignoreMerges) {
    // The most widely known name first where several do the same.
    for (const char* name : {"llama-bpe", "gpt-2", "smollm", "qwen2", "dbrx", "tekken", "gpt-4o", "falcon",
                             "deepseek-coder", "deepseek-v3", "bloom", "viking"}) {
        const PreTokenizer* known = findPreTokenizer(name);
        if (known && known->expressions == expressions && known->ignoreMerges == ignoreMerges)
            return name;
    }
    return {};
}

const std::string& gpt2Expression() { return kGpt2; }

} // namespace trilobit
