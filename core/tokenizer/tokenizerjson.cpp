#include "core/tokenizer/tokenizerjson.h"

#include "core/base/utf8.h"
#include "core/tokenizer/pretokenizers.h"
#include "core/tokenizer/tokenizerjsonsteps.h"

#include <algorithm>
#include <unordered_map>

namespace trilobit {

namespace {

Error broken(const char* field, std::string message) { return Error{ErrorCode::Format, std::move(message), {}, field}; }
Error unsupported(const char* field, std::string message) {
    return Error{ErrorCode::Unsupported, std::move(message), {}, field};
}

std::string quoted(std::string_view text) { return '"' + utf8Sanitized(text.substr(0, 80)) + '"'; }

/// The steps of a "Sequence", or the one step itself.
std::vector<const Json*> steps(const Json& part, std::string_view listKey) {
    std::vector<const Json*> result;
    if (part["type"].toString() == "Sequence") {
        for (const Json& step : part[listKey].items())
            result.push_back(&step);
    } else if (part.isObject()) {
        result.push_back(&part);
    }
    return result;
}

/// An expression that matches `text` as it stands.
std::string literally(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!plain)
            out += '\\';
        out += c;
    }
    return out;
}

Result<void> readSplit(const Json& step, TokenizerData& data) {
    const std::string& behavior = step["behavior"].toString();
    const bool inverted = step["invert"].toBool();
    if (!(behavior == "Isolated" && !inverted) && !(behavior == "Removed" && inverted))
        return unsupported("pre_tokenizer", "a Split with the behavior " + quoted(behavior) + " is not supported");
    const Json& pattern = step["pattern"];
    if (pattern["Regex"].isString())
        data.preTokenizerRegexes.push_back(pattern["Regex"].toString());
    else if (pattern["String"].isString())
        data.preTokenizerRegexes.push_back(literally(pattern["String"].toString()));
    else
        return broken("pre_tokenizer", "a Split has neither a Regex nor a String, expected one of them");
    return {};
}

Result<void> readPreTokenizer(const Json& part, TokenizerData& data) {
    bool byteLevel = false;
    for (const Json* step : steps(part, "pretokenizers")) {
        const std::string& type = (*step)["type"].toString();
        if (type == "Split") {
            TRILOBIT_CHECK(readSplit(*step, data));
        } else if (type == "Digits") {
            data.preTokenizerRegexes.push_back((*step)["individual_digits"].toBool() ? R"(\p{N})" : R"(\p{N}+)");
        } else if (type == "Punctuation") {
            const std::string behavior = (*step)["behavior"].toString("Isolated");
            if (behavior != "Contiguous" && behavior != "Isolated")
                return unsupported("pre_tokenizer",
                                   "Punctuation with the behavior " + quoted(behavior) + " is not supported");
            data.preTokenizerRegexes.push_back(std::string(R"([\p{P}\$\+<=>\^~\|`])")
                                               + (behavior == "Contiguous" ? "+" : ""));
        } else if (type == "ByteLevel") {
            byteLevel = true;
            if ((*step)["add_prefix_space"].toBool())
                return unsupported("pre_tokenizer", "a ByteLevel that adds a space before the text is not supported");
            if ((*step)["use_regex"].toBool(true))
                data.preTokenizerRegexes.push_back(gpt2Expression());
        } else {
            return unsupported("pre_tokenizer", "the pre-tokenizer " + quoted(type) + " is not supported");
        }
    }
    if (!byteLevel)
        return unsupported("pre_tokenizer", "only byte-level BPE is supported here, and there is no ByteLevel step");
    if (data.preTokenizerRegexes.empty())
        data.preTokenizerRegexes.push_back(R"([\s\S]+)"); // the whole text is one word
    data.preTokenizer = nameOfExpressions(data.preTokenizerRegexes, data.ignoreMerges);
    return {};
}

Result<void> place(TokenizerData& data, std::size_t limit, const std::string& text, const Json& idValue,
                   TokenType type) {
    const std::int64_t id = idValue.toInt(-1);
    if (id < 0 || static_cast<std::uint64_t>(id) >= limit)
        return broken("model.vocab",
                      "the token " + quoted(text) + " has the id " + idValue.dump().substr(0, 40) + ", expected one from 0 to "
                          + std::to_string(limit - 1));
    const auto at = static_cast<std::size_t>(id);
    if (data.tokens.size() <= at) {
        data.tokens.resize(at + 1);
        data.types.resize(at + 1, TokenType::Unused);
    }
    data.tokens[at] = text;
    data.types[at] = type;
    return {};
}

Result<void> readTokens(const Json& root, TokenizerData& data) {
    const Json::Object& vocab = root["model"]["vocab"].members();
    const Json::Array& added = root["added_tokens"].items();
    if (vocab.empty() && data.tokens.empty())
        return broken("model.vocab", "is missing, expected tokens and their ids");
    // Ids may have gaps, but not so many that a small file asks for much memory.
    const std::size_t limit = 2 * (std::max(vocab.size(), data.tokens.size()) + added.size()) + 65536;
    for (const auto& [text, id] : vocab)
        TRILOBIT_CHECK(place(data, limit, text, id, TokenType::Normal));
    for (const Json& token : added) {
        const bool special = token["special"].toBool();
        TRILOBIT_CHECK(place(data, limit, token["content"].toString(), token["id"],
                             special ? TokenType::Control : TokenType::UserDefined));
        const auto id = static_cast<TokenId>(token["id"].toInt());
        if (token["lstrip"].toBool())
            data.stripLeft.push_back(id);
        if (token["rstrip"].toBool())
            data.stripRight.push_back(id);
    }
    return {};
}

Result<void> readMerges(const Json& merges, TokenizerData& data) {
    data.merges.reserve(merges.items().size());
    for (const Json& merge : merges.items()) {
        if (merge.isString())
            data.merges.push_back(merge.toString());
        else if (merge.items().size() == 2 && merge.items()[0].isString() && merge.items()[1].isString())
            data.merges.push_back(merge.items()[0].toString() + ' ' + merge.items()[1].toString());
        else
            return broken("model.merges", "merge " + std::to_string(data.merges.size()) + " is not a text, expected two tokens");
    }
    return {};
}

TokenId idOf(const TokenizerData& data, std::string_view text) {
    const auto it = std::find(data.tokens.begin(), data.tokens.end(), text);
    return text.empty() || it == data.tokens.end() ? kNoToken : static_cast<TokenId>(it - data.tokens.begin());
}

/// A "▁" before the text: a Prepend normalizer or a Metaspace pre-tokenizer that asks for it.
bool prependsSpace(const Json& root) {
    for (const Json* step : steps(root["normalizer"], "normalizers"))
        if ((*step)["type"].toString() == "Prepend")
            return true;
    for (const Json* step : steps(root["pre_tokenizer"], "pretokenizers"))
        if ((*step)["type"].toString() == "Metaspace")
            return (*step)["prepend_scheme"].toString("always") != "never" && (*step)["add_prefix_space"].toBool(true);
    return false;
}

/// The merges of a converted file are in the order of the scores, so a token's first merge gives its rank back.
void scoresFromMerges(TokenizerData& data) {
    constexpr double kNeverJoined = -1e9;
    data.scores.assign(data.tokens.size(), kNeverJoined);
    std::unordered_map<std::string_view, std::size_t> index;
    for (std::size_t i = 0; i < data.tokens.size(); ++i)
        index[data.tokens[i]] = i;
    std::string joint;
    for (std::size_t rank = 0; rank < data.merges.size(); ++rank) {
        const std::string_view merge = data.merges[rank];
        const std::size_t space = merge.find(' ', 1);
        if (space == std::string_view::npos)
            continue;
        joint.assign(merge.substr(0, space)).append(merge.substr(space + 1));
        const auto it = index.find(joint);
        if (it != index.end() && data.scores[it->second] == kNeverJoined)
            data.scores[it->second] = -static_cast<double>(rank);
    }
    data.merges.clear();
}

void markByteTokens(TokenizerData& data) {
    for (std::size_t i = 0; i < data.tokens.size(); ++i) {
        const std::string& text = data.tokens[i];
        if (text.size() == 6 && text.starts_with("<0x") && text.back() == '>' && data.types[i] == TokenType::Normal)
            data.types[i] = TokenType::Byte;
    }
}

Result<void> readBpe(const Json& root, TokenizerData& data) {
    const Json& model = root["model"];
    if (!model["continuing_subword_prefix"].toString().empty() || !model["end_of_word_suffix"].toString().empty())
        return unsupported("model", "BPE with marks inside words is not supported");
    const bool converted = isConvertedSentencePiece(root);
    data.kind = converted ? TokenizerKind::SentencePiece : TokenizerKind::ByteLevelBpe;
    data.ignoreMerges = model["ignore_merges"].toBool();
    data.addSpacePrefix = converted && prependsSpace(root);
    TRILOBIT_CHECK(readTokens(root, data));
    TRILOBIT_CHECK(readMerges(model["merges"], data));
    data.unknown = idOf(data, model["unk_token"].toString());
    if (!converted) {
        TRILOBIT_CHECK(readPreTokenizer(root["pre_tokenizer"], data));
        TRILOBIT_TRY(data.normalizers, readJsonNormalizers(root["normalizer"]));
        return {};
    }
    scoresFromMerges(data);
    markByteTokens(data);
    if (data.unknown != kNoToken)
        data.types[static_cast<std::size_t>(data.unknown)] = TokenType::Unknown;
    return {};
}

Result<void> readUnigram(const Json& root, TokenizerData& data) {
    data.kind = TokenizerKind::Unigram;
    TRILOBIT_CHECK(readUnigramVocabulary(root["model"], data));
    TRILOBIT_CHECK(readTokens(root, data));
    data.scores.resize(data.tokens.size(), 0.0f);
    if (data.unknown != kNoToken)
        data.types[static_cast<std::size_t>(data.unknown)] = TokenType::Unknown;
    if (root["model"]["byte_fallback"].toBool())
        markByteTokens(data);
    TRILOBIT_CHECK(readUnigramPreTokenizer(root["pre_tokenizer"], data));
    TRILOBIT_TRY(data.normalizers, readJsonNormalizers(root["normalizer"]));
    if (data.addSpacePrefix && !data.splitAtSpaces) { // unlike SentencePiece: not where there is a space already
        data.addSpacePrefix = false;
        data.normalizers.push_back({TextStep::Kind::Prepend, " ", " "});
    }
    return {};
}

Result<void> readWordPiece(const Json& root, TokenizerData& data) {
    data.kind = TokenizerKind::WordPiece;
    data.addSpacePrefix = false;
    data.wordRest = root["model"]["continuing_subword_prefix"].toString("##");
    TRILOBIT_CHECK(readTokens(root, data));
    data.unknown = idOf(data, root["model"]["unk_token"].toString("[UNK]"));
    TRILOBIT_CHECK(checkWordPiecePreTokenizer(root["pre_tokenizer"]));
    TRILOBIT_TRY(data.normalizers, readJsonNormalizers(root["normalizer"]));
    return {};
}

} // namespace

bool isConvertedSentencePiece(const Json& root) {
    return root["model"]["byte_fallback"].toBool() && root["model"]["type"].toString("BPE") == "BPE";
}

Result<TokenizerData> tokenizerDataFromJson(const Json& root) {
    const Json& model = root["model"];
    // Files from before the field existed are BPE when they have merges.
    const std::string type = model["type"].toString(model["merges"].isArray() ? "BPE" : "");
    if (type != "Unigram" && type != "WordPiece" && (type != "BPE" || !model["merges"].isArray()))
        return unsupported("model.type", "tokenizers of the kind " + quoted(type)
                                             + " are not supported, only BPE, Unigram and WordPiece");
    TokenizerData data;
    if (type == "Unigram") {
        TRILOBIT_CHECK(readUnigram(root, data));
    } else if (type == "WordPiece") {
        TRILOBIT_CHECK(readWordPiece(root, data));
    } else {
        TRILOBIT_CHECK(readBpe(root, data));
    }
    // A template post-processor writes special tokens around the text: the first is BOS, the last EOS.
    for (const Json* step : steps(root["post_processor"], "processors")) {
        if ((*step)["type"].toString() != "TemplateProcessing")
            continue;
        const Json::Array& single = (*step)["single"].items();
        if (!single.empty() && single.front().contains("SpecialToken")) {
            data.bos = idOf(data, single.front()["SpecialToken"]["id"].toString());
            data.addBos = data.bos != kNoToken;
        }
        if (single.size() > 1 && single.back().contains("SpecialToken")) {
            data.eos = idOf(data, single.back()["SpecialToken"]["id"].toString());
            data.addEos = data.eos != kNoToken;
        }
    }
    return data;
}

} // namespace trilobit
