// Normalizers and pre-tokenizers of tokenizer.json files, and the unigram and WordPiece vocabularies that go with them.
#include "core/tokenizer/tokenizerjsonsteps.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace trilobit {

namespace {

using Kind = TextStep::Kind;

Error unsupported(const char* field, std::string message) {
    return Error{ErrorCode::Unsupported, std::move(message), {}, field};
}
Error broken(const char* field, std::string message) { return Error{ErrorCode::Format, std::move(message), {}, field}; }

std::string quoted(std::string_view text) { return '"' + utf8Sanitized(text.substr(0, 80)) + '"'; }

constexpr int kMaxDepth = 8;       ///< sequences of sequences
constexpr std::size_t kMaxSteps = 64;

Result<std::string> fromBase64(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                          : c >= 'a' && c <= 'z' ? c - 'a' + 26
                          : c >= '0' && c <= '9' ? c - '0' + 52
                          : c == '+'             ? 62
                          : c == '/'             ? 63
                                                 : -1;
        if (c == '=')
            break;
        if (value < 0)
            return broken("precompiled_charsmap", "is not base64, expected only its 64 characters");
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        if ((count += 6) >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xFF);
        }
    }
    return out;
}

Result<void> readReplace(const Json& step, std::vector<TextStep>& out) {
    const Json& pattern = step["pattern"];
    if (pattern["String"].isString())
        out.push_back({Kind::Replace, pattern["String"].toString(), step["content"].toString()});
    else if (pattern["Regex"].isString())
        out.push_back({Kind::ReplaceExpression, pattern["Regex"].toString(), step["content"].toString()});
    else
        return broken("normalizer", "a Replace has neither a String nor a Regex, expected one of them");
    return {};
}

void readBert(const Json& step, std::vector<TextStep>& out) {
    const auto add = [&](Kind kind) { out.push_back({kind, {}, {}}); };
    const bool lowercase = step["lowercase"].toBool(true);
    if (step["clean_text"].toBool(true))
        add(Kind::Clean);
    if (step["handle_chinese_chars"].toBool(true))
        add(Kind::CjkApart);
    if (step["strip_accents"].toBool(lowercase)) {
        add(Kind::Nfd);
        add(Kind::StripMarks);
    }
    if (lowercase)
        add(Kind::Lowercase);
}

Result<void> readStep(const Json& step, std::vector<TextStep>& out, int depth) {
    static const std::pair<std::string_view, Kind> kPlain[] = {
        {"NFC", Kind::Nfc},   {"NFD", Kind::Nfd},   {"NFKC", Kind::Nfkc},
        {"NFKD", Kind::Nfkd}, {"Lowercase", Kind::Lowercase}, {"StripAccents", Kind::StripMarks}};
    if (!step.isObject())
        return {};
    if (depth > kMaxDepth || out.size() > kMaxSteps)
        return broken("normalizer", "has more than " + std::to_string(kMaxSteps) + " steps or is nested too deep, expected fewer");
    const std::string& type = step["type"].toString();
    for (const auto& [name, kind] : kPlain)
        if (type == name) {
            out.push_back({kind, {}, {}});
            return {};
        }
    if (type == "Sequence") {
        for (const Json& inner : step["normalizers"].items())
            TRILOBIT_CHECK(readStep(inner, out, depth + 1));
        return {};
    }
    if (type == "Replace")
        return readReplace(step, out);
    if (type == "Prepend") {
        out.push_back({Kind::Prepend, {}, step["prepend"].toString()});
        return {};
    }
    if (type == "Strip") {
        if (step["strip_left"].toBool(true))
            out.push_back({Kind::StripLeft, {}, {}});
        if (step["strip_right"].toBool(true))
            out.push_back({Kind::StripRight, {}, {}});
        return {};
    }
    if (type == "BertNormalizer") {
        readBert(step, out);
        return {};
    }
    if (type == "Precompiled") {
        TRILOBIT_TRY(std::string map, fromBase64(step["precompiled_charsmap"].toString()));
        if (!map.empty())
            out.push_back({Kind::CharsMap, std::move(map), {}});
        return {};
    }
    return unsupported("normalizer", "the normalizer " + quoted(type) + " is not supported");
}

/// The steps of a "Sequence", or the one step itself.
std::vector<const Json*> preTokenizers(const Json& part) {
    std::vector<const Json*> result;
    if (part["type"].toString() == "Sequence") {
        for (const Json& step : part["pretokenizers"].items())
            result.push_back(&step);
    } else if (part.isObject()) {
        result.push_back(&part);
    }
    return result;
}

} // namespace

Result<std::vector<TextStep>> readJsonNormalizers(const Json& part) {
    std::vector<TextStep> out;
    TRILOBIT_CHECK(readStep(part, out, 0));
    return out;
}

Result<void> readUnigramVocabulary(const Json& model, TokenizerData& data) {
    const Json::Array& vocabulary = model["vocab"].items();
    if (vocabulary.empty())
        return broken("model.vocab", "is missing, expected pieces and their scores");
    for (const Json& entry : vocabulary) {
        const Json::Array& pair = entry.items();
        if (pair.size() != 2 || !pair[0].isString() || !pair[1].isNumber())
            return broken("model.vocab", "entry " + std::to_string(data.tokens.size()) + " is no such pair, expected a piece and its score");
        data.tokens.push_back(pair[0].toString());
        data.scores.push_back(pair[1].toDouble());
        data.types.push_back(TokenType::Normal);
    }
    const std::int64_t unknown = model["unk_id"].toInt(-1);
    if (unknown >= static_cast<std::int64_t>(data.tokens.size()))
        return broken("model.unk_id", "lies outside of the vocabulary, expected less than " + std::to_string(data.tokens.size()));
    if (unknown >= 0) {
        data.unknown = static_cast<TokenId>(unknown);
        data.types[static_cast<std::size_t>(unknown)] = TokenType::Unknown;
    }
    return {};
}

Result<void> readUnigramPreTokenizer(const Json& part, TokenizerData& data) {
    data.addSpacePrefix = false;
    bool metaspace = false;
    for (const Json* step : preTokenizers(part)) {
        const std::string& type = (*step)["type"].toString();
        if (type == "WhitespaceSplit") {
            data.splitAtSpaces = true;
        } else if (type == "Metaspace") {
            metaspace = true;
            const std::string scheme = (*step)["prepend_scheme"].toString("always");
            if ((*step)["replacement"].toString("\xE2\x96\x81") != "\xE2\x96\x81")
                return unsupported("pre_tokenizer", "a Metaspace with another mark than U+2581 is not supported");
            data.addSpacePrefix = scheme != "never" && (*step)["add_prefix_space"].toBool(true);
            if ((*step)["split"].toBool(true))
                data.wordStart = "\xE2\x96\x81";
        } else {
            return unsupported("pre_tokenizer", "the pre-tokenizer " + quoted(type)
                                                    + " is not supported for unigram vocabularies");
        }
    }
    if (!metaspace)
        return unsupported("pre_tokenizer", "a unigram vocabulary without a Metaspace step is not supported");
    return {};
}

Result<void> checkWordPiecePreTokenizer(const Json& part) {
    if (part["type"].toString() != "BertPreTokenizer")
        return unsupported("pre_tokenizer", "a WordPiece vocabulary with the pre-tokenizer "
                                                + quoted(part["type"].toString()) + " is not supported");
    return {};
}

} // namespace trilobit
