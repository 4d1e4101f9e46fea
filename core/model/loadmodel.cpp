// loadModel: finds out what a path is and hands it to the right loader.
#include "core/model/loaders.h"
#include "core/model/otherfiles.h"

#include "core/base/mappedfile.h"

#include <cstring>
#include <filesystem>
#include <new>

namespace trilobit {

Result<void> attachBytes(Tensor& tensor, std::shared_ptr<const Encoding> encoding,
                         std::span<const std::byte> available, std::shared_ptr<const void> owner) {
    const auto size = encoding->sizeBytes(tensor.rows, tensor.cols);
    if (!size)
        return Error{ErrorCode::Format, "cannot be stored as " + encoding->info().id + ": " + size.error().message, {},
                     tensor.sourceName};
    if (*size > available.size())
        return Error{ErrorCode::Format, "needs " + std::to_string(*size) + " bytes as " + encoding->info().id
                     + ", but the next tensor or the end of the file comes after " + std::to_string(available.size()),
                     {}, tensor.sourceName};
    tensor.encoding = std::move(encoding);
    tensor.bytes = available.first(static_cast<std::size_t>(*size));
    tensor.owner = std::move(owner);
    return {};
}

Error unexpectedTensor(const std::string& name, const std::string& architecture) {
    return Error{ErrorCode::Unsupported, "has no place in the graph of the architecture " + architecture
                 + ", expected only tensors that it is made of", {}, name};
}

void setTokenizer(Model::Parts& parts, Result<TokenizerData> data) {
    if (!data) {
        parts.tokenizerNote = data.error().text();
        return;
    }
    auto tokenizer = makeTokenizer(*std::move(data));
    if (!tokenizer) {
        parts.tokenizerNote = tokenizer.error().text();
        return;
    }
    parts.tokenizer = *std::move(tokenizer);
    const std::int64_t entries = parts.tokenizer->vocabSize();
    if (entries > parts.config.vocabSize)
        parts.warnings.push_back("The tokenizer has " + std::to_string(entries) + " entries, but the model knows only "
                                 + std::to_string(parts.config.vocabSize) + " of them.");
}

namespace {

namespace fs = std::filesystem;

bool isHfFolder(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(folder / "config.json", ignored)
           && (fs::exists(folder / "model.safetensors", ignored) || fs::exists(folder / "model.safetensors.index.json", ignored));
}

Result<Model::Parts> load(const std::string& path, const EncodingRegistry& encodings) {
    std::error_code ignored;
    const fs::path place(path);
    if (fs::is_directory(place, ignored)) {
        if (isHfFolder(place))
            return loadHfModel(path, {}, encodings);
        TRILOBIT_TRY(const std::string inside, modelInFolder(path));
        if (fs::is_directory(inside, ignored) && !isHfFolder(inside)) { // a snapshot that holds a GGUF file
            TRILOBIT_TRY(const std::string file, modelInFolder(inside));
            return loadGgufModel(file, encodings);
        }
        return fs::is_directory(inside, ignored) ? loadHfModel(inside, {}, encodings) : loadGgufModel(inside, encodings);
    }
    const std::string fileName = place.filename().string();
    const std::string folder = place.has_parent_path() ? place.parent_path().string() : ".";
    if (fileName == "config.json" || fileName == "model.safetensors.index.json")
        return loadHfModel(folder, {}, encodings);
    if (place.extension() == ".safetensors") {
        TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path)); // before what lies beside it
        if (file->bytes().empty() || file->bytes().size() < 8)
            return explainFile(path, file->bytes());
        if (fileName.starts_with("adapter_model") && !fs::exists(fs::path(folder) / "config.json", ignored))
            return Error{ErrorCode::Format, "is a low-rank adapter (LoRA), not a whole model; expected the model that it belongs to",
                         path, "file", 0};
        return loadHfModel(folder, fileName, encodings);
    }
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    if (file->bytes().size() >= 4 && std::memcmp(file->bytes().data(), "GGUF", 4) == 0)
        return loadGgufModel(path, encodings);
    return explainFile(path, file->bytes());
}

} // namespace

Result<std::shared_ptr<const Model>> loadModel(const std::string& path, const EncodingRegistry& encodings) {
    try {
        auto parts = load(path, encodings);
        if (!parts)
            return located(std::move(parts).error(), path);
        return std::make_shared<const Model>(*std::move(parts));
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory to open it", path};
    }
}

} // namespace trilobit
