// tokenizer.json and tokenizer_config.json of byte-level BPE vocabularies.
#include "core/tokenizer/pretokenizers.h"
#include "core/tokenizer/tokenizerfiles.h"

#include <algorithm>

namespace trilobit {

namespace {

Json byteLevel() {
    return Json::object({{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", false}});
}

Json preTokenizer(const std::vector<std::string>& expressions) {
    Json steps = Json::array();
    for (const std::string& expression : expressions)
        steps.push(Json::object({{"type", "Split"},
                                 {"pattern", Json::object({{"Regex", expression}})},
                                 {"behavior", "Isolated"},
                                 {"invert", false}}));
    steps.push(byteLevel());
    return Json::object({{"type", "Sequence"}, {"pretokenizers", std::move(steps)}});
}

/// Writes BOS before and EOS after the text, as the vocabulary asks for.
Json postProcessor(const TokenizerData& data) {
    const auto special = [&](TokenId id, int type) {
        return Json::object({{"SpecialToken", Json::object({{"id", data.tokens[static_cast<std::size_t>(id)]}, {"type_id", type}})}});
    };
    Json single = Json::array(), pair = Json::array(), tokens = Json::object();
    const auto mention = [&](TokenId id) {
        const std::string& name = data.tokens[static_cast<std::size_t>(id)];
        tokens.set(name, Json::object({{"id", name},
                                       {"ids", Json(Json::Array{Json(id)})},
                                       {"tokens", Json(Json::Array{Json(name)})}}));
    };
    const bool bos = data.addBos && data.bos >= 0, eos = data.addEos && data.eos >= 0;
    for (int part = 0; part < 2; ++part) {
        const Json text = Json::object({{"Sequence", Json::object({{"id", part == 0 ? "A" : "B"}, {"type_id", part}})}});
        for (Json* list : {&single, &pair}) {
            if (list == &single && part == 1)
                continue;
            if (bos)
                list->push(special(data.bos, part));
            list->push(text);
            if (eos)
                list->push(special(data.eos, part));
        }
    }
    if (bos)
        mention(data.bos);
    if (eos)
        mention(data.eos);
    return Json::object({{"type", "TemplateProcessing"},
                         {"single", std::move(single)},
                         {"pair", std::move(pair)},
                         {"special_tokens", std::move(tokens)}});
}

bool contains(const std::vector<TokenId>& ids, std::size_t id) {
    return std::find(ids.begin(), ids.end(), static_cast<TokenId>(id)) != ids.end();
}

} // namespace

Json generationConfigToJson(const TokenizerData& data) {
    Json out = Json::object();
    if (data.bos != kNoToken)
        out.set("bos_token_id", data.bos);
    Json ends = Json::array();
    if (data.eos != kNoToken)
        ends.push(data.eos);
    for (const TokenId id : data.endOfGeneration)
        ends.push(id);
    if (!ends.items().empty())
        out.set("eos_token_id", ends.items().size() == 1 ? ends.items().front() : ends);
    if (data.padding != kNoToken)
        out.set("pad_token_id", data.padding);
    return out;
}

Result<Json> tokenizerDataToJson(const TokenizerData& data) {
    if (data.kind != TokenizerKind::ByteLevelBpe)
        return fail(ErrorCode::Unsupported, "only byte-level BPE vocabularies are written as tokenizer.json");
    const std::vector<TextStep> composed{{TextStep::Kind::Nfc, {}, {}}};
    if (!data.normalizers.empty() && data.normalizers != composed)
        return fail(ErrorCode::Unsupported, "a vocabulary that rewrites its text by more than NFC is not written");
    std::vector<std::string> expressions = data.preTokenizerRegexes;
    if (expressions.empty()) {
        const PreTokenizer* known = findPreTokenizer(data.preTokenizer);
        if (!known)
            return fail(ErrorCode::Unsupported, "the pre-tokenizer \"" + data.preTokenizer + "\" is not known");
        expressions = known->expressions;
    }
    Json added = Json::array(), vocabulary = Json::object(), merges = Json::array();
    Json::Object entries;
    for (std::size_t i = 0; i < data.tokens.size(); ++i) {
        const TokenType type = i < data.types.size() ? data.types[i] : TokenType::Normal;
        if (type == TokenType::Control || type == TokenType::UserDefined)
            added.push(Json::object({{"id", i},
                                     {"content", data.tokens[i]},
                                     {"single_word", false},
                                     {"lstrip", contains(data.stripLeft, i)},
                                     {"rstrip", contains(data.stripRight, i)},
                                     {"normalized", false},
                                     {"special", type == TokenType::Control}}));
        else
            entries.emplace_back(data.tokens[i], Json(i));
    }
    vocabulary = Json(std::move(entries));
    for (const std::string& merge : data.merges)
        merges.push(merge);
    return Json::object({{"version", "1.0"},
                         {"truncation", Json()},
                         {"padding", Json()},
                         {"added_tokens", std::move(added)},
                         {"normalizer", data.normalizers.empty() ? Json() : Json::object({{"type", "NFC"}})},
                         {"pre_tokenizer", preTokenizer(expressions)},
                         {"post_processor", data.addBos || data.addEos ? postProcessor(data) : byteLevel()},
                         {"decoder", byteLevel()},
                         {"model", Json::object({{"type", "BPE"},
                                                 {"dropout", Json()},
                                                 {"unk_token", Json()},
                                                 {"continuing_subword_prefix", Json()},
                                                 {"end_of_word_suffix", Json()},
                                                 {"fuse_unk", false},
                                                 {"byte_fallback", false},
                                                 {"ignore_merges", data.ignoreMerges},
                                                 {"vocab", std::move(vocabulary)},
                                                 {"merges", std::move(merges)}})}});
}

Json tokenizerConfigToJson(const TokenizerData& data) {
    // By this class programs find out which of the vocabulary's files to read.
    const char* kind = data.kind == TokenizerKind::SentencePiece ? "LlamaTokenizer" : "PreTrainedTokenizerFast";
    Json out = Json::object({{"tokenizer_class", kind}, {"clean_up_tokenization_spaces", false}});
    const auto name = [&](const char* key, TokenId id) {
        if (id >= 0 && static_cast<std::size_t>(id) < data.tokens.size())
            out.set(key, data.tokens[static_cast<std::size_t>(id)]);
    };
    name("bos_token", data.bos);
    name("eos_token", data.eos);
    name("pad_token", data.padding);
    name("unk_token", data.unknown);
    out.set("add_bos_token", data.addBos);
    out.set("add_eos_token", data.addEos);
    if (!data.chatTemplate.empty())
        out.set("chat_template", data.chatTemplate);
    return out;
}

} // namespace trilobit
