// tokenizer_config.json, special_tokens_map.json, generation_config.json and chat_template.jinja.
#include "core/tokenizer/endofgeneration.h"
#include "core/tokenizer/tokenizerjson.h"

#include <algorithm>
#include <charconv>

namespace trilobit {

namespace {

/// "<s>" or {"content": "<s>", ...}
const std::string& tokenText(const Json& value) {
    return value.isObject() ? value["content"].toString() : value.toString();
}

TokenId idOf(const TokenizerData& data, const std::string& text) {
    const auto it = std::find(data.tokens.begin(), data.tokens.end(), text);
    return text.empty() || it == data.tokens.end() ? kNoToken : static_cast<TokenId>(it - data.tokens.begin());
}

void takeNamed(const Json& settings, TokenizerData& data) {
    const auto take = [&](const char* key, TokenId& id) {
        if (const TokenId found = idOf(data, tokenText(settings[key])); found != kNoToken)
            id = found;
    };
    take("bos_token", data.bos);
    take("eos_token", data.eos);
    take("unk_token", data.unknown);
    take("pad_token", data.padding);
    take("sep_token", data.separator);
}

/// added_tokens_decoder: {"32000": {"content": ..., "special": ...}}; fills in what the vocabulary file lacks.
Result<void> takeAddedTokens(const Json& added, TokenizerData& data) {
    const std::size_t limit = data.tokens.size() + 2 * added.members().size() + 1024;
    for (const auto& [key, token] : added.members()) {
        std::size_t id = 0;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
        if (error != std::errc() || end != key.data() + key.size() || id >= limit)
            return Error{ErrorCode::Format,
                         "the added token \"" + key.substr(0, 80) + "\" has an id that does not fit the vocabulary, expected less than "
                             + std::to_string(limit),
                         {},
                         "added_tokens_decoder"};
        if (id >= data.tokens.size()) {
            data.tokens.resize(id + 1);
            data.types.resize(id + 1, TokenType::Unused);
            if (data.kind == TokenizerKind::SentencePiece)
                data.scores.resize(id + 1, -1000.0f);
        }
        if (!data.tokens[id].empty() && data.types[id] != TokenType::Unused)
            continue;
        data.tokens[id] = token["content"].toString();
        data.types[id] = token["special"].toBool() ? TokenType::Control : TokenType::UserDefined;
        if (token["lstrip"].toBool())
            data.stripLeft.push_back(static_cast<TokenId>(id));
        if (token["rstrip"].toBool())
            data.stripRight.push_back(static_cast<TokenId>(id));
    }
    return {};
}

/// A string, or a list of {"name", "template"} of which "default" is meant for plain chats.
std::string chatTemplate(const Json& value) {
    if (value.isString())
        return value.toString();
    for (const Json& entry : value.items())
        if (entry["name"].toString() == "default")
            return entry["template"].toString();
    return value.items().empty() ? std::string() : value.items().front()["template"].toString();
}

} // namespace

Result<void> applyTokenizerSettings(const TokenizerSettings& settings, TokenizerData& data) {
    const Json& config = settings.tokenizerConfig;
    TRILOBIT_CHECK(takeAddedTokens(config["added_tokens_decoder"], data));
    takeNamed(settings.specialTokensMap, data);
    takeNamed(config, data);
    data.addBos = config["add_bos_token"].toBool(data.addBos);
    data.addEos = config["add_eos_token"].toBool(data.addEos);
    data.chatTemplate =
        settings.chatTemplateFile.empty() ? chatTemplate(config["chat_template"]) : settings.chatTemplateFile;

    const Json& ends = settings.generationConfig["eos_token_id"];
    const auto addConfigured = [&](const Json& value) {
        const std::int64_t id = value.toInt(kNoToken);
        if (data.eos == kNoToken && id >= 0 && id < static_cast<std::int64_t>(data.tokens.size()))
            data.eos = static_cast<TokenId>(id);
        addEnd(data, id);
    };
    if (ends.isArray())
        for (const Json& id : ends.items())
            addConfigured(id);
    else
        addConfigured(ends);
    addWellKnownEnds(data);
    return {};
}

} // namespace trilobit
