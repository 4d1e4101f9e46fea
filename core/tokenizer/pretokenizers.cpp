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
// Cased letters. As code points: several of these characters would not survive Unicode normalization of this file.
const std::string kDeepSeekLatin =
    "\\s?[A-Za-z\\x{B5}\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{1BA}\\x{1BC}-\\x{1BF}\\x{1C4}-\\x{293}"
    "\\x{295}-\\x{2AF}\\x{370}-\\x{373}\\x{376}\\x{377}\\x{37B}-\\x{37D}\\x{37F}\\x{386}"
    "\\x{388}-\\x{38A}\\x{38C}\\x{38E}-\\x{3A1}\\x{3A3}-\\x{3F5}\\x{3F7}-\\x{481}\\x{48A}-\\x{52F}"
    "\\x{531}-\\x{556}\\x{10A0}-\\x{10C5}\\x{13A0}-\\x{13F5}\\x{13F8}-\\x{13FD}\\x{1C90}-\\x{1CBA}"
    "\\x{1CBD}-\\x{1CBF}\\x{1D00}-\\x{1D2B}\\x{1D6B}-\\x{1D77}\\x{1D79}-\\x{1D9A}\\x{1E00}-\\x{1F15}"
    "\\x{1F18}-\\x{1F1D}\\x{1F20}-\\x{1F45}\\x{1F48}-\\x{1F4D}\\x{1F50}-\\x{1F57}\\x{1F59}\\x{1F5B}"
    "\\x{1F5D}\\x{1F5F}-\\x{1F7D}\\x{1F80}-\\x{1FB4}\\x{1FB6}-\\x{1FBC}\\x{1FBE}\\x{1FC2}-\\x{1FC4}"
    "\\x{1FC6}-\\x{1FCC}\\x{1FD0}-\\x{1FD3}\\x{1FD6}-\\x{1FDB}\\x{1FE0}-\\x{1FEC}\\x{1FF2}-\\x{1FF4}"
    "\\x{1FF6}-\\x{1FFC}\\x{2102}\\x{2107}\\x{210A}-\\x{2113}\\x{2115}\\x{2119}-\\x{211D}\\x{2124}"
    "\\x{2126}\\x{2128}\\x{212A}-\\x{212D}\\x{212F}-\\x{2134}\\x{2139}\\x{213C}-\\x{213F}"
    "\\x{2145}-\\x{2149}\\x{214E}\\x{2183}\\x{2184}\\x{2C00}-\\x{2C7B}\\x{2C7E}-\\x{2CE4}"
    "\\x{2CEB}-\\x{2CEE}\\x{2CF2}\\x{2CF3}\\x{A640}-\\x{A66D}\\x{A680}-\\x{A69B}\\x{A722}-\\x{A76F}"
    "\\x{A771}-\\x{A787}\\x{A78B}-\\x{A78E}\\x{AB70}-\\x{ABBF}\\x{FB00}-\\x{FB06}\\x{FB13}-\\x{FB17}"
    "\\x{FF21}-\\x{FF3A}\\x{FF41}-\\x{FF5A}\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}"
    "\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}"
    "\\x{1E900}-\\x{1E943}]+";
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
    for (const char* name :
         {"gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "exaone4", "gigachat", "mellum", "granite-docling"})
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
    table["deepseek-llm"] = {
        {R"([\r\n])", kDeepSeekLatin, R"(\s?[!-/:-~！-／：-～‘-‟　-。]+)", R"((?<!\s)\s++$)", kCjk, R"(\p{N}+)"}};
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
