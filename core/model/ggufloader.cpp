// Model from GGUF files: one, or all parts of a split one.
#include "core/model/loaders.h"

#include "core/formats/gguf/ggufreader.h"
#include "core/model/typemeanings.h"
#include "core/tokenizer/tokenizerfiles.h"

#include <charconv>
#include <map>
#include <optional>

namespace trilobit {

namespace {

constexpr int kI8 = 24;
constexpr std::int64_t kMaxSplits = 1000;

struct SplitName {
    std::string stem;
    std::int64_t number = 1, count = 1;
};

/// Takes "-00002-of-00005.gguf" off the end of a path.
std::optional<SplitName> parseSplitName(const std::string& path) {
    constexpr std::size_t kTail = 20; // "-00001-of-00005.gguf"
    if (path.size() <= kTail)
        return std::nullopt;
    const std::string_view tail = std::string_view(path).substr(path.size() - kTail);
    if (tail[0] != '-' || tail.substr(6, 4) != "-of-" || tail.substr(15) != ".gguf")
        return std::nullopt;
    SplitName name{path.substr(0, path.size() - kTail)};
    const auto number = [](std::string_view digits, std::int64_t& out) {
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), out);
        return parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size() && out >= 1;
    };
    if (!number(tail.substr(1, 5), name.number) || !number(tail.substr(10, 5), name.count))
        return std::nullopt;
    return name;
}

std::string splitPath(const SplitName& name, std::int64_t number) {
    const auto padded = [](std::int64_t n) {
        const std::string digits = std::to_string(n);
        return std::string(5 - std::min<std::size_t>(5, digits.size()), '0') + digits;
    };
    return name.stem + "-" + padded(number) + "-of-" + padded(name.count) + ".gguf";
}

/// The file itself, or all parts in order when it is one of several.
Result<std::vector<GgufFile>> readParts(const std::string& path) {
    std::vector<GgufFile> files;
    TRILOBIT_TRY(GgufFile opened, readGguf(path));
    const std::int64_t count = opened.metadata.toInt("split.count", 1);
    if (count <= 1) {
        files.push_back(std::move(opened));
        return files;
    }
    const auto name = parseSplitName(path);
    if (count > kMaxSplits || !name || name->count != count)
        return Error{ErrorCode::Format, "is one of " + std::to_string(count)
                     + " parts of a model; expected a name that ends like -00001-of-00005.gguf and says the same", path,
                     "split.count"};
    opened = {}; // it is read again below
    std::size_t tensors = 0;
    for (std::int64_t i = 1; i <= count; ++i) {
        TRILOBIT_TRY(GgufFile part, readGguf(splitPath(*name, i)));
        const std::string partPath = part.file->path();
        if (part.metadata.toInt("split.count", 0) != count || part.metadata.toInt("split.no", -1) != i - 1)
            return located(Error{ErrorCode::Format, "says that it is another part than its name does: part " + std::to_string(part.metadata.toInt("split.no", -1) + 1)
                                 + " of " + std::to_string(part.metadata.toInt("split.count", 0)) + "; expected part "
                                 + std::to_string(i) + " of " + std::to_string(count), partPath, "split.no"},
                           part);
        tensors += part.tensors.size();
        files.push_back(std::move(part));
    }
    const std::int64_t claimed = files.front().metadata.toInt("split.tensors.count", static_cast<std::int64_t>(tensors));
    if (claimed != static_cast<std::int64_t>(tensors))
        return Error{ErrorCode::Format, "says " + std::to_string(claimed) + " tensors, but the parts hold "
                     + std::to_string(tensors), path, "split.tensors.count"};
    return files;
}

/// What "trilobit.encodings" says of a tensor that is stored as plain bytes.
struct OwnEncoding {
    std::shared_ptr<const Encoding> encoding;
    std::int64_t rows = 0, cols = 0;
};
using OwnEncodings = std::map<std::string, OwnEncoding, std::less<>>;

Result<OwnEncodings> readOwnEncodings(const Metadata& metadata, const EncodingRegistry& encodings) {
    OwnEncodings out;
    const std::string key(kEncodingsKey);
    const std::vector<std::string>* entries = metadata.strings(key);
    if (!entries)
        return out;
    for (const std::string& entry : *entries) {
        std::vector<std::string> parts;
        for (std::size_t begin = 0; begin <= entry.size();) {
            const std::size_t end = std::min(entry.find('|', begin), entry.size());
            parts.push_back(entry.substr(begin, end - begin));
            begin = end + 1;
        }
        OwnEncoding own;
        const auto number = [](const std::string& text, std::int64_t& value) {
            const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
            return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && value >= 1;
        };
        if (parts.size() != 4 || !number(parts[2], own.rows) || !number(parts[3], own.cols))
            return Error{ErrorCode::Format, "expected \"tensor|encoding|rows|columns\", found \"" + entry.substr(0, 120)
                         + "\"", {}, key};
        auto encoding = encodings.find(parts[1]);
        if (!encoding)
            return Error{ErrorCode::Unsupported, parts[0] + " is stored as " + parts[1]
                         + ", an encoding that is not at hand; a plugin that brings it is needed", {}, key};
        own.encoding = *std::move(encoding);
        if (!out.emplace(parts[0], std::move(own)).second)
            return Error{ErrorCode::Format, "names the tensor " + parts[0] + " twice", {}, key};
    }
    return out;
}

class GgufModelBuilder {
public:
    GgufModelBuilder(std::vector<GgufFile>& files, const EncodingRegistry& encodings)
        : m_files(files), m_encodings(encodings) {}

    Result<Model::Parts> build(const std::string& path) {
        m_parts.path = path;
        m_parts.container = "gguf";
        m_parts.metadata = std::move(m_files.front().metadata); // a copy would double what a hostile file can ask for
        for (const char* key : {"split.no", "split.count", "split.tensors.count"})
            m_parts.metadata.remove(key);
        TRILOBIT_CHECK(describe());
        m_meanings.emplace(m_files, m_parts.metadata, m_encodings, m_parts.config.isBitNet());
        m_parts.warnings.insert(m_parts.warnings.end(), m_meanings->notes().begin(), m_meanings->notes().end());
        m_parts.metadata.remove(kLayoutKey);
        for (const GgufFile& file : m_files) {
            TRILOBIT_CHECK(addTensors(file));
            m_parts.files.push_back(file.file);
        }
        TRILOBIT_CHECK(completeConfig(*m_architecture, m_parts.tensors, m_parts.config));
        if (m_own.size() != m_ownUsed)
            return Error{ErrorCode::Format, "names tensors that are not in the file, expected only those that are", {},
                         std::string(kEncodingsKey)};
        if (m_parts.metadata.find("tokenizer.ggml.model"))
            setTokenizer(m_parts, readTokenizer());
        else
            m_parts.tokenizerNote = "The file has no vocabulary (tokenizer.ggml.model is missing).";
        return std::move(m_parts);
    }

private:
    Result<void> describe() {
        const GgufTensor* embedding = nullptr;
        std::size_t tensors = 0;
        for (const GgufFile& file : m_files) {
            m_parts.fileBytes += file.file->bytes().size();
            tensors += file.tensors.size();
            for (const GgufTensor& tensor : file.tensors)
                if (tensor.name == "token_embd.weight")
                    embedding = &tensor;
        }
        if (tensors == 0)
            return Error{ErrorCode::Format, m_parts.metadata.find("tokenizer.ggml.model")
                                                ? "holds a vocabulary only and no weights; expected a whole model"
                                                : "holds no tensors; expected a whole model", {}, "tensor count", 8};
        const std::string type = m_parts.metadata.toString("general.type", "model");
        if (type != "model")
            return Error{ErrorCode::Unsupported, "is \"" + type + "\"" + whatItIs(type) + "; expected a model", {}, "general.type"};
        const std::string name = m_parts.metadata.toString("general.architecture");
        if (name.empty())
            return Error{ErrorCode::Format, "is missing, but every model needs it", {}, "general.architecture"};
        m_architecture = findArchitecture(name);
        if (!m_architecture && name == "clip")
            return Error{ErrorCode::Unsupported, "is \"clip\"" + whatItIs("mmproj") + "; expected a model", {}, "general.architecture"};
        if (!m_architecture)
            return Error{ErrorCode::Unsupported, "is \"" + name + "\", which this program does not run yet (it runs "
                         + knownNames() + ")", {}, "general.architecture"};
        // Read before shapes are compared: an own encoding hides the embedding's real shape.
        TRILOBIT_TRY(m_own, readOwnEncodings(m_parts.metadata, m_encodings));
        m_parts.metadata.remove(kEncodingsKey);
        if (!embedding)
            return Error{ErrorCode::Format, "is missing, but the architecture " + name + " needs it", {},
                         "token_embd.weight"};
        const auto own = m_own.find(embedding->name);
        const std::int64_t rows = own != m_own.end() ? own->second.rows
                                                     : (embedding->ne.size() > 1 ? embedding->ne[1] : 0);
        TRILOBIT_TRY(m_parts.config, readConfig(*m_architecture, m_parts.metadata, rows, m_parts.warnings));
        return {};
    }

    Result<TokenizerData> readTokenizer() const {
        auto data = tokenizerDataFromGguf(m_parts.metadata);
        if (data)
            return data;
        Error error = std::move(data).error();
        return located(std::move(error), m_files.front());
    }

    static std::string whatItIs(std::string_view type) {
        if (type == "adapter")
            return ", low-rank additions to another model's weights (LoRA)";
        if (type == "imatrix")
            return ", how much each input channel of a model matters (an importance matrix)";
        if (type == "mmproj" || type == "clip-vision")
            return ", the part of a model that sees or hears";
        return {};
    }
    static std::string knownNames() {
        std::string names;
        for (const Architecture& a : architectures())
            for (const std::string_view name : a.names)
                names += (names.empty() ? "" : ", ") + std::string(name);
        return names;
    }

    Result<void> addTensors(const GgufFile& file) {
        for (const GgufTensor& source : file.tensors) {
            auto added = addTensor(source, file);
            if (!added)
                return located(std::move(added).error(), file.file->path(), source.name);
        }
        return {};
    }

    Result<void> addTensor(const GgufTensor& source, const GgufFile& file) {
        if (m_meanings->isScaleOfAnother(source))
            return {};
        const auto match = matchTensor(*m_architecture, source.name, Naming::Gguf);
        if (!match)
            return unexpectedTensor(source.name, m_parts.config.architecture);
        if (match->spec->need == Need::Ignored)
            return {};
        const auto own = m_own.find(source.name);
        std::vector<std::int64_t> ne = source.ne;
        if (own != m_own.end()) {
            if (source.type != kI8 || source.ne.size() != 1)
                return Error{ErrorCode::Format, "should be plain bytes (I8) according to " + std::string(kEncodingsKey),
                             {}, source.name};
            ne = {own->second.cols, own->second.rows};
        }
        TRILOBIT_TRY(Tensor tensor, placeTensor(*match, source.name, ne, m_parts.config));
        std::shared_ptr<const Encoding> encoding;
        std::span<const std::byte> available = m_meanings->bytesOf(source);
        if (own != m_own.end()) {
            encoding = own->second.encoding;
            available = available.first(std::min(available.size(), static_cast<std::size_t>(source.ne[0])));
            ++m_ownUsed;
        } else {
            TRILOBIT_TRY(encoding, m_meanings->of(source));
        }
        tensor.fileOffset = source.fileOffset;
        TRILOBIT_CHECK(attachBytes(tensor, std::move(encoding), available, file.file));
        m_parts.tensors.push_back(std::move(tensor));
        return {};
    }

    std::vector<GgufFile>& m_files;
    const EncodingRegistry& m_encodings;
    const Architecture* m_architecture = nullptr;
    std::optional<TypeMeanings> m_meanings;
    OwnEncodings m_own;
    std::size_t m_ownUsed = 0;
    Model::Parts m_parts;
};

} // namespace

Result<Model::Parts> loadGgufModel(const std::string& path, const EncodingRegistry& encodings) {
    TRILOBIT_TRY(std::vector<GgufFile> files, readParts(path));
    auto parts = GgufModelBuilder(files, encodings).build(path);
    if (parts)
        return parts;
    Error error = std::move(parts).error();
    for (const GgufFile& file : files)
        error = located(std::move(error), file);
    return error;
}

} // namespace trilobit
