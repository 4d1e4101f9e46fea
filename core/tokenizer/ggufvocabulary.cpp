// The tokenizer.ggml.* keys of GGUF files, read and written.
#include "core/tokenizer/endofgeneration.h"
#include "core/tokenizer/pretokenizers.h"
#include "core/tokenizer/tokenizerfiles.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <limits>

namespace trilobit {

namespace {

Error broken(const char* key, std::string message) { return Error{ErrorCode::Format, std::move(message), {}, key}; }

/// Any array of numbers, element by element through `use(index, value)`; false when the key is no such array.
template <class Use>
bool forEachNumber(const MetaValue* value, Use&& use) {
    if (!value)
        return false;
    const auto walk = [&](const auto& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            use(i, static_cast<double>(row[i]));
        return true;
    };
    if (const auto* row = std::get_if<std::vector<std::uint64_t>>(&value->value))
        return walk(*row);
    if (const auto* row = std::get_if<std::vector<std::int64_t>>(&value->value))
        return walk(*row);
    if (const auto* row = std::get_if<std::vector<double>>(&value->value))
        return walk(*row);
    return false;
}

TokenId readId(const Metadata& metadata, std::string_view key, TokenId fallback) {
    const std::int64_t id = metadata.toInt(key, fallback);
    return id >= 0 && id <= std::numeric_limits<TokenId>::max() ? static_cast<TokenId>(id) : kNoToken;
}

/// Files name tokens outside the vocabulary for these two without harm.
TokenId readOptionalId(const Metadata& metadata, std::string_view key, std::size_t count) {
    const TokenId id = readId(metadata, key, kNoToken);
    return id != kNoToken && static_cast<std::size_t>(id) < count ? id : kNoToken;
}

Result<void> readTypes(const Metadata& metadata, std::size_t tokens, TokenizerData& data) {
    data.types.assign(tokens, TokenType::Normal);
    std::size_t count = 0;
    const bool there = forEachNumber(metadata.find("tokenizer.ggml.token_type"), [&](std::size_t i, double type) {
        ++count;
        if (i < data.types.size() && type >= 0 && type <= 6)
            data.types[i] = static_cast<TokenType>(static_cast<int>(type));
    });
    if (there && count != tokens)
        return broken("tokenizer.ggml.token_type", "there are " + std::to_string(count) + " token types, expected one for each of the "
                                                       + std::to_string(tokens) + " tokens");
    return {};
}

void readScores(const Metadata& metadata, TokenizerData& data) {
    forEachNumber(metadata.find("tokenizer.ggml.scores"),
                  [&](std::size_t, double score) { data.scores.push_back(score); });
}

/// Phi-3's special tokens swallow the white space after them; its GGUF files do not say so.
void applyModelQuirks(const Metadata& metadata, TokenizerData& data) {
    std::string name = metadata.toString("general.name");
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (name.find("phi-3") == std::string::npos && name.find("phi3") == std::string::npos)
        return;
    for (std::size_t i = 0; i < data.tokens.size(); ++i) {
        const bool special = data.types[i] == TokenType::Control || data.types[i] == TokenType::UserDefined
                             || data.types[i] == TokenType::Unknown;
        const std::string& text = data.tokens[i];
        if (special && text != "<unk>" && text != "<s>" && text != "<|endoftext|>")
            data.stripRight.push_back(static_cast<TokenId>(i));
    }
}

/// Files mark the start of words, whatever the original vocabulary did, and leave the rest of the rules to the reader.
void readBertSteps(TokenizerData& data) {
    data.wordStart = "\xE2\x96\x81";
    using Kind = TextStep::Kind;
    for (const Kind kind : {Kind::Clean, Kind::CjkApart, Kind::Nfd, Kind::StripMarks, Kind::Lowercase})
        data.normalizers.push_back({kind, {}, {}});
}

void readUnigramSteps(const Metadata& metadata, TokenizerData& data) {
    std::string map;
    if (const MetaValue* value = metadata.find("tokenizer.ggml.precompiled_charsmap")) {
        if (const auto* bytes = std::get_if<std::vector<std::uint64_t>>(&value->value))
            map.assign(bytes->begin(), bytes->end());
        else if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&value->value))
            map.assign(numbers->begin(), numbers->end());
    }
    if (!map.empty())
        data.normalizers.push_back({TextStep::Kind::CharsMap, std::move(map), {}});
    data.mergeSpaces = metadata.toBool("tokenizer.ggml.remove_extra_whitespaces", false);
}

} // namespace

Result<TokenizerData> tokenizerDataFromGguf(const Metadata& metadata) {
    const std::string model = metadata.toString("tokenizer.ggml.model");
    TokenizerData data;
    if (model == "llama")
        data.kind = TokenizerKind::SentencePiece;
    else if (model == "gpt2")
        data.kind = TokenizerKind::ByteLevelBpe;
    else if (model == "t5")
        data.kind = TokenizerKind::Unigram;
    else if (model == "bert")
        data.kind = TokenizerKind::WordPiece;
    else if (model.empty())
        return broken("tokenizer.ggml.model", "is missing, but a tokenizer needs it");
    else
        return Error{ErrorCode::Unsupported,
                     "tokenizers of the kind \"" + utf8Sanitized(model.substr(0, 80))
                         + "\" are not supported, only \"llama\", \"gpt2\", \"t5\" and \"bert\"",
                     {},
                     "tokenizer.ggml.model"};
    const bool bpe = data.kind == TokenizerKind::ByteLevelBpe;
    const bool bert = data.kind == TokenizerKind::WordPiece;

    const std::vector<std::string>* tokens = metadata.strings("tokenizer.ggml.tokens");
    if (!tokens || tokens->empty())
        return broken("tokenizer.ggml.tokens", "is missing, but a tokenizer needs it");
    TRILOBIT_CHECK(readTypes(metadata, tokens->size(), data)); // before anything large is copied
    data.tokens = *tokens;
    const PreTokenizer* known = nullptr;
    if (bpe) {
        const std::vector<std::string>* merges = metadata.strings("tokenizer.ggml.merges");
        if (!merges)
            return broken("tokenizer.ggml.merges", "is missing, but byte-level BPE needs it");
        data.merges = *merges;
        data.preTokenizer = metadata.toString("tokenizer.ggml.pre", "default");
        known = findPreTokenizer(data.preTokenizer);
        data.ignoreMerges = known && known->ignoreMerges;
    } else if (bert) {
        readBertSteps(data);
    } else {
        readScores(metadata, data);
    }
    if (data.kind == TokenizerKind::Unigram)
        readUnigramSteps(metadata, data);

    data.bos = readId(metadata, bert ? "tokenizer.ggml.cls_token_id" : "tokenizer.ggml.bos_token_id",
                      bpe ? kNoToken : bert ? 101 : 1);
    data.eos = readId(metadata, bert ? "tokenizer.ggml.seperator_token_id" : "tokenizer.ggml.eos_token_id",
                      bpe ? kNoToken : bert ? 102 : 2);
    data.unknown = readId(metadata, "tokenizer.ggml.unknown_token_id", bpe ? kNoToken : bert ? 100 : 0);
    data.padding = readOptionalId(metadata, "tokenizer.ggml.padding_token_id", data.tokens.size());
    data.separator = readOptionalId(metadata, "tokenizer.ggml.seperator_token_id", data.tokens.size());
    data.addBos = metadata.toBool("tokenizer.ggml.add_bos_token", bpe ? known && known->addBos : true);
    data.addEos = metadata.toBool("tokenizer.ggml.add_eos_token", bert);
    data.addSpacePrefix = !bpe && !bert && metadata.toBool("tokenizer.ggml.add_space_prefix", true);
    data.chatTemplate = metadata.toString("tokenizer.chat_template");
    addEnd(data, metadata.toInt("tokenizer.ggml.eot_token_id", kNoToken));
    addEnd(data, metadata.toInt("tokenizer.ggml.eom_token_id", kNoToken));
    addWellKnownEnds(data);
    applyModelQuirks(metadata, data);
    return data;
}

void tokenizerDataToGguf(const TokenizerData& data, Metadata& metadata) {
    const bool bpe = data.kind == TokenizerKind::ByteLevelBpe;
    const char* model = bpe                                      ? "gpt2"
                        : data.kind == TokenizerKind::Unigram   ? "t5"
                        : data.kind == TokenizerKind::WordPiece ? "bert"
                                                                : "llama";
    metadata.set("tokenizer.ggml.model", MetaValue::string(model));
    const std::string pre = bpe ? data.preTokenizer : "default";
    if (!pre.empty())
        metadata.set("tokenizer.ggml.pre", MetaValue::string(pre));
    metadata.set("tokenizer.ggml.tokens", MetaValue::strings(data.tokens));
    if (!data.scores.empty())
        metadata.set("tokenizer.ggml.scores", MetaValue::f32s({data.scores.begin(), data.scores.end()}));
    std::vector<std::int64_t> types;
    for (const TokenType type : data.types)
        types.push_back(static_cast<std::int64_t>(type));
    metadata.set("tokenizer.ggml.token_type", MetaValue::i32s(std::move(types)));
    if (bpe)
        metadata.set("tokenizer.ggml.merges", MetaValue::strings(data.merges));
    const auto setId = [&](const char* key, TokenId id) {
        if (id != kNoToken)
            metadata.set(key, MetaValue::u32(static_cast<std::uint32_t>(id)));
    };
    setId("tokenizer.ggml.bos_token_id", data.bos);
    setId("tokenizer.ggml.eos_token_id", data.eos);
    setId("tokenizer.ggml.unknown_token_id", data.unknown);
    setId("tokenizer.ggml.padding_token_id", data.padding);
    setId("tokenizer.ggml.seperator_token_id", data.separator);
    // Ends that no reader knows by their name need a key of their own; there are two.
    TokenizerData named;
    named.tokens = data.tokens;
    named.types = data.types;
    named.eos = data.eos;
    addWellKnownEnds(named);
    std::vector<TokenId> others;
    for (const TokenId id : data.endOfGeneration)
        if (std::find(named.endOfGeneration.begin(), named.endOfGeneration.end(), id) == named.endOfGeneration.end())
            others.push_back(id);
    setId("tokenizer.ggml.eot_token_id", others.empty() ? kNoToken : others[0]);
    setId("tokenizer.ggml.eom_token_id", others.size() < 2 ? kNoToken : others[1]);
    metadata.set("tokenizer.ggml.add_bos_token", MetaValue::boolean(data.addBos));
    metadata.set("tokenizer.ggml.add_eos_token", MetaValue::boolean(data.addEos));
    if (data.kind == TokenizerKind::Unigram) {
        metadata.set("tokenizer.ggml.remove_extra_whitespaces", MetaValue::boolean(data.mergeSpaces));
        for (const TextStep& step : data.normalizers)
            if (step.kind == TextStep::Kind::CharsMap) {
                std::vector<std::uint64_t> bytes;
                for (const char c : step.pattern)
                    bytes.push_back(static_cast<unsigned char>(c));
                metadata.set("tokenizer.ggml.precompiled_charsmap",
                             MetaValue{MetaType::Array, MetaType::U8, std::move(bytes)});
            }
    }
    metadata.set("tokenizer.ggml.add_space_prefix", MetaValue::boolean(!bpe && data.addSpacePrefix));
    if (!data.chatTemplate.empty())
        metadata.set("tokenizer.chat_template", MetaValue::string(data.chatTemplate));
}

} // namespace trilobit
