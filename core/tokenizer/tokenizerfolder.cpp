// Tokenizers from HF folders and from any single file.
#include "core/tokenizer/tokenizerfiles.h"
#include "core/tokenizer/tokenizerjson.h"

#include "core/base/jsonfile.h"
#include "core/base/mappedfile.h"
#include "core/formats/gguf/ggufreader.h"

#include <filesystem>

namespace trilobit {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxVocabularyBytes = 128u << 20;
constexpr std::size_t kMaxSettingsBytes = 16u << 20;

bool isFile(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
}

Error inFile(Error error, const fs::path& path) {
    if (error.file.empty())
        error.file = path.string();
    return error;
}

Result<Json> readJson(const fs::path& path, std::size_t maxBytes) {
    // The largest vocabularies in use take 50 MiB as values, of a file of 33.
    return readJsonFile(path.string(), maxBytes, true, std::size_t{44} << 20);
}

/// Null when the file is not there.
Result<Json> readOptionalJson(const fs::path& path) {
    if (!isFile(path))
        return Json();
    return readJson(path, kMaxSettingsBytes);
}

Result<void> applySettingsBeside(const fs::path& folder, TokenizerData& data) {
    TokenizerSettings settings;
    TRILOBIT_TRY(settings.tokenizerConfig, readOptionalJson(folder / "tokenizer_config.json"));
    TRILOBIT_TRY(settings.specialTokensMap, readOptionalJson(folder / "special_tokens_map.json"));
    TRILOBIT_TRY(settings.generationConfig, readOptionalJson(folder / "generation_config.json"));
    if (isFile(folder / "chat_template.jinja")) {
        TRILOBIT_TRY(settings.chatTemplateFile, readFile((folder / "chat_template.jinja").string(), kMaxSettingsBytes));
    }
    Result<void> applied = applyTokenizerSettings(settings, data);
    if (!applied)
        return inFile(applied.error(), folder / "tokenizer_config.json");
    return {};
}

Result<TokenizerData> fromJsonFile(const fs::path& path) {
    TRILOBIT_TRY(const Json root, readJson(path, kMaxVocabularyBytes));
    const fs::path model = path.parent_path() / "tokenizer.model";
    Result<TokenizerData> data = isConvertedSentencePiece(root) && isFile(model)
                                     ? tokenizerDataFromSentencePiece(model.string()) // has the scores themselves
                                     : tokenizerDataFromJson(root);
    if (!data)
        return inFile(data.error(), path);
    TRILOBIT_CHECK(applySettingsBeside(path.parent_path(), *data));
    return data;
}

Result<TokenizerData> fromAnyFile(const std::string& path) {
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    const std::string_view head(reinterpret_cast<const char*>(file->bytes().data()),
                                std::min<std::size_t>(file->bytes().size(), 64));
    if (head.starts_with("GGUF")) {
        TRILOBIT_TRY(const GgufFile gguf, readGguf(path));
        Result<TokenizerData> data = tokenizerDataFromGguf(gguf.metadata);
        if (!data)
            return inFile(located(std::move(data).error(), gguf), path);
        return data;
    }
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    if ((first != std::string_view::npos && head[first] == '{') || path.ends_with(".json"))
        return fromJsonFile(path);
    return tokenizerDataFromSentencePiece(path);
}

} // namespace

Result<TokenizerData> tokenizerDataFromFolder(const std::string& folder) {
    const fs::path path(folder);
    if (isFile(path / "tokenizer.json"))
        return fromJsonFile(path / "tokenizer.json");
    if (!isFile(path / "tokenizer.model"))
        return Error{ErrorCode::Format, "is missing, and so is tokenizer.model; expected one of them", folder, "tokenizer.json"};
    TRILOBIT_TRY(TokenizerData data, tokenizerDataFromSentencePiece((path / "tokenizer.model").string()));
    TRILOBIT_CHECK(applySettingsBeside(path, data));
    return data;
}

Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::string& path) {
    std::error_code error;
    TRILOBIT_TRY(TokenizerData data, fs::is_directory(path, error) ? tokenizerDataFromFolder(path) : fromAnyFile(path));
    Result<std::shared_ptr<const Tokenizer>> tokenizer = makeTokenizer(std::move(data));
    if (!tokenizer)
        return located(std::move(tokenizer).error(), path, "vocabulary");
    return tokenizer;
}

} // namespace trilobit
