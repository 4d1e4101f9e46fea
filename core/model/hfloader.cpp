// Model from a Hugging Face folder: config.json, safetensors, tokenizer files.
#include "core/model/loaders.h"
#include "core/model/quantizedcheckpoint.h"

#include "core/base/alignedbuffer.h"
#include "core/base/half.h"
#include "core/base/jsonfile.h"
#include "core/encodings/hfbitnet/hfbitnet.h"
#include "core/formats/safetensors/safetensorsreader.h"
#include "core/tokenizer/tokenizerfiles.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>

namespace trilobit {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxConfigBytes = 16u << 20;
constexpr std::string_view kScaleSuffix = ".weight_scale";

bool isBlockMatrix(TensorRole role) {
    using enum TensorRole;
    return role == AttnQ || role == AttnK || role == AttnV || role == AttnOut || role == FfnGate || role == FfnUp
           || role == FfnDown;
}

Result<Json> readConfigJson(const std::string& folder) {
    const std::string path = (fs::path(folder) / "config.json").string();
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return Error{ErrorCode::Io, "is missing, but it says what kind of model the tensors are", folder, "config.json"};
    TRILOBIT_TRY(Json config, readJsonFile(path, kMaxConfigBytes));
    if (!config.isObject())
        return Error{ErrorCode::Format, "expected an object", path, "JSON text"};
    return config;
}

Result<SafetensorsFile> readTensors(const std::string& folder, const std::string& file) {
    if (file.empty())
        return readSafetensorsFolder(folder);
    // One part of a sharded model stands for the whole.
    const fs::path index = fs::path(folder) / "model.safetensors.index.json";
    std::error_code ignored;
    if (fs::exists(index, ignored)) {
        TRILOBIT_TRY(const std::string text, readFile(index.string()));
        if (text.find("\"" + file + "\"") != std::string::npos)
            return readSafetensorsFolder(folder);
    }
    if (!fs::exists(index, ignored) && fs::path(file).stem().string().find("-of-") != std::string::npos)
        return Error{ErrorCode::Format, "is missing, but " + file + " is only one part of a model; expected the list of its parts",
                     folder, "model.safetensors.index.json"};
    return readSafetensors((fs::path(folder) / file).string());
}

std::string folderName(const std::string& folder) {
    std::error_code ignored;
    const fs::path absolute = fs::weakly_canonical(folder, ignored);
    const std::string name = absolute.filename().string();
    return name.empty() ? "model" : name;
}

/// The single number of a scale tensor.
Result<float> readScale(const SafetensorsTensor& tensor) {
    const Error error{ErrorCode::Format, "expected one positive number in F32, F16 or BF16", {}, tensor.name};
    float value = 0;
    if (tensor.dtype == "F32" && tensor.bytes.size() == 4) {
        std::memcpy(&value, tensor.bytes.data(), 4);
    } else if ((tensor.dtype == "BF16" || tensor.dtype == "F16") && tensor.bytes.size() == 2) {
        std::uint16_t half = 0;
        std::memcpy(&half, tensor.bytes.data(), 2);
        value = tensor.dtype == "BF16" ? bfloat16ToFloat(half) : halfToFloat(half);
    } else {
        return error;
    }
    if (!std::isfinite(value) || value <= 0)
        return error;
    return value;
}

class HfModelBuilder {
public:
    HfModelBuilder(const SafetensorsFile& files, const Json& config, const EncodingRegistry& encodings)
        : m_files(files), m_json(config), m_encodings(encodings) {}

    Result<Model::Parts> build(const std::string& path, const std::string& folder) {
        m_parts.path = path;
        m_parts.container = "safetensors";
        auto described = describe(folder);
        if (!described)
            return located(std::move(described).error(), (fs::path(folder) / "config.json").string());
        for (const auto& file : m_files.files)
            m_parts.fileBytes += file->bytes().size();
        m_parts.files = m_files.files;
        for (const SafetensorsTensor& tensor : m_files.tensors)
            if (tensor.name.ends_with(kScaleSuffix))
                m_scales.emplace(tensor.name, &tensor);
        for (const SafetensorsTensor& tensor : m_files.tensors) {
            auto added = addTensor(tensor);
            if (!added) {
                Error error = located(std::move(added).error(), m_files.files[tensor.shard]->path(), tensor.name);
                if (!error.offset)
                    error.offset = placeOf(error.field, tensor);
                return error;
            }
        }
        if (!m_scales.empty())
            return Error{ErrorCode::Format, "belongs to no packed matrix, expected one beside it",
                         m_files.files[m_scales.begin()->second->shard]->path(), m_scales.begin()->first,
                         m_scales.begin()->second->fileOffset};
        TRILOBIT_CHECK(completeConfig(*m_architecture, m_parts.tensors, m_parts.config));
        if (m_json["tie_word_embeddings"].isBool() && !m_json["tie_word_embeddings"].toBool()
            && m_parts.config.tiedOutput)
            return Error{ErrorCode::Format, "is missing, and config.json says that it is not the embedding", folder,
                         "lm_head.weight"};
        addTokenizer(folder);
        return std::move(m_parts);
    }

private:
    /// Where the data of the tensor `name` is; that of `other` when there is none of that name.
    std::uint64_t placeOf(const std::string& name, const SafetensorsTensor& other) const {
        for (const SafetensorsTensor& tensor : m_files.tensors)
            if (tensor.name == name && tensor.shard == other.shard)
                return tensor.fileOffset;
        return other.fileOffset;
    }

    Result<void> describe(const std::string& folder) {
        const std::string type = m_json["model_type"].toString();
        if (type.empty())
            return Error{ErrorCode::Format, "is missing or no text, expected a kind of model like \"llama\"", {}, "model_type"};
        m_architecture = findArchitectureForHf(m_json);
        if (!m_architecture)
            return Error{ErrorCode::Unsupported, "is \"" + type + "\", which this program does not run yet (it runs "
                         + knownTypes() + ")", {}, "model_type"};
        TRILOBIT_TRY(m_parts.metadata, metadataFromHf(m_json, *m_architecture, folderName(folder)));
        TRILOBIT_TRY(m_parts.config, readConfig(*m_architecture, m_parts.metadata, m_json["vocab_size"].toInt(),
                                                m_parts.warnings));
        ModelConfig& config = m_parts.config;
        config.rope = RopeKind::SplitHalves;
        config.normOffset = m_architecture->hfNormOffset;
        TRILOBIT_TRY(config.ropeScaling, ropeScalingFromHf(m_json));
        TRILOBIT_CHECK(readRopeFactorsFromHf(m_json, config));
        TRILOBIT_TRY(m_quantization, readHfQuantization(m_json));
        TRILOBIT_TRY(m_checkpoint, QuantizedCheckpoint::read(m_json, m_files));
        // A BitNet model without a word on quantization holds the float weights that its definition ternarizes.
        if (m_quantization.kind == HfQuantization::Kind::None && config.isBitNet())
            m_quantization.kind = HfQuantization::Kind::Online;
        if (m_quantization.kind != HfQuantization::Kind::None)
            config.activationQuant = ActivationQuant::Int8PerToken;
        if (m_quantization.kind == HfQuantization::Kind::Online)
            config.ternarization = WeightTernarization::OnlineAbsmean;
        return {};
    }

    static std::string knownTypes() {
        std::string names;
        for (const Architecture& a : architectures())
            for (const std::string_view type : a.hfModelTypes)
                names += (names.empty() ? "" : ", ") + std::string(type);
        return names;
    }

    Result<void> addTensor(const SafetensorsTensor& source) {
        if (source.name.ends_with(kScaleSuffix) || m_checkpoint.isSideTensor(source.name))
            return {};
        const bool checkpoint = m_checkpoint.isMatrix(source.name);
        const std::string name = checkpoint ? QuantizedCheckpoint::weightName(source.name) : source.name;
        const auto match = matchTensor(*m_architecture, name, Naming::HuggingFace);
        if (!match && (name.find(".lora_A.") != std::string::npos || name.find(".lora_B.") != std::string::npos))
            return Error{ErrorCode::Unsupported, "belongs to a low-rank adapter (LoRA); expected a whole model", {}, source.name};
        if (!match && (name.find("vision") != std::string::npos || name.find("audio") != std::string::npos
                       || name.starts_with("language_model.") || name.starts_with("model.language_model.")))
            return Error{ErrorCode::Unsupported, "belongs to a model that sees or hears as well; expected one of text only", {},
                         source.name};
        if (!match)
            return unexpectedTensor(source.name, m_parts.config.architecture);
        if (match->spec->need == Need::Ignored)
            return {};
        if (match->spec->role == TensorRole::Output && m_json["tie_word_embeddings"].toBool()) {
            m_parts.warnings.push_back("The file has an output matrix, but config.json says that the embedding serves as "
                                       "output; the matrix is left out.");
            return {};
        }
        if (checkpoint)
            return addCheckpointMatrix(source, *match);
        std::vector<std::int64_t> ne(source.shape.rbegin(), source.shape.rend());
        const bool packed = source.dtype == "U8";
        if (packed)
            TRILOBIT_CHECK(unpackedShape(source, *match, ne));
        else if (m_quantization.kind == HfQuantization::Kind::Offline && isBlockMatrix(match->spec->role))
            return Error{ErrorCode::Unsupported, "is " + source.dtype + "; a model quantized offline has packed U8 "
                         "matrices in its blocks", {}, source.name};
        TRILOBIT_TRY(Tensor tensor, placeTensor(*match, source.name, ne, m_parts.config));
        tensor.fileOffset = source.fileOffset;
        TRILOBIT_CHECK(packed ? attachPacked(tensor, source) : attachFloats(tensor, source));
        m_parts.tensors.push_back(std::move(tensor));
        return {};
    }

    /// A matrix of GPTQ, AWQ or HQQ, whose parameters are tensors beside it.
    Result<void> addCheckpointMatrix(const SafetensorsTensor& source, const TensorMatch& match) {
        TRILOBIT_TRY(QuantizedCheckpoint::Matrix matrix, m_checkpoint.matrix(source));
        const std::int64_t ne[] = {matrix.cols, matrix.rows};
        TRILOBIT_TRY(Tensor tensor, placeTensor(match, source.name, ne, m_parts.config));
        tensor.fileOffset = source.fileOffset;
        TRILOBIT_CHECK(attachBytes(tensor, std::move(matrix.encoding), source.bytes, m_files.files[source.shard]));
        m_parts.tensors.push_back(std::move(tensor));
        return {};
    }

    /// Four rows of ternary digits share one row of bytes.
    Result<void> unpackedShape(const SafetensorsTensor& source, const TensorMatch& match,
                               std::vector<std::int64_t>& ne) const {
        if (m_quantization.kind != HfQuantization::Kind::Offline || !isBlockMatrix(match.spec->role))
            return Error{ErrorCode::Unsupported, "is U8, which only stands for the packed matrices of an offline "
                         "quantized BitNet model", {}, source.name};
        const std::int64_t rows = extentOf(match.spec->rows, m_parts.config);
        if (ne.size() != 2 || ne[1] != (rows + 3) / 4)
            return Error{ErrorCode::Format, "expected " + std::to_string((rows + 3) / 4) + " rows of packed bytes for "
                         + std::to_string(rows) + " rows of weights", {}, source.name};
        ne[1] = rows;
        return {};
    }

    Result<void> attachPacked(Tensor& tensor, const SafetensorsTensor& source) {
        const std::string name = source.name.substr(0, source.name.rfind('.')) + std::string(kScaleSuffix);
        const auto found = m_scales.find(name);
        if (found == m_scales.end())
            return Error{ErrorCode::Format, "is missing, but a packed matrix needs its scale", {}, name};
        TRILOBIT_TRY(const float stored, readScale(*found->second));
        m_scales.erase(found);
        const float scale = m_quantization.scaleMultiplies ? stored : 1.0f / stored;
        if (!std::isfinite(scale))
            return Error{ErrorCode::Format, "its inverse is not finite, expected a number that is not tiny", {}, name};
        return attachBytes(tensor, makeHfBitnet(scale), source.bytes, m_files.files[source.shard]);
    }

    Result<void> attachFloats(Tensor& tensor, const SafetensorsTensor& source) const {
        if (source.dtype != "F32" && source.dtype != "F16" && source.dtype != "BF16")
            return Error{ErrorCode::Unsupported, "is stored as " + source.dtype
                         + "; this program reads F32, F16 and BF16 here", {}, source.name};
        TRILOBIT_TRY(std::shared_ptr<const Encoding> encoding, m_encodings.find(source.dtype));
        const std::size_t width = source.dtype == "F32" ? 4 : 2;
        if (reinterpret_cast<std::uintptr_t>(source.bytes.data()) % width == 0)
            return attachBytes(tensor, std::move(encoding), source.bytes, m_files.files[source.shard]);
        // The format allows data at odd places; arithmetic on whole numbers of bytes is worth one copy.
        const auto copy = std::make_shared<AlignedBuffer<std::byte>>(source.bytes.size());
        std::copy(source.bytes.begin(), source.bytes.end(), copy->begin());
        return attachBytes(tensor, std::move(encoding), std::span<const std::byte>(copy->data(), copy->size()), copy);
    }

    void addTokenizer(const std::string& folder) {
        setTokenizer(m_parts, tokenizerDataFromFolder(folder));
        if (!m_parts.tokenizer)
            return;
        // GGUF readers expect one entry per row of the embedding.
        TokenizerData data = m_parts.tokenizer->data();
        for (std::size_t i = data.tokens.size(); i < static_cast<std::size_t>(m_parts.config.vocabSize); ++i) {
            data.tokens.push_back("[PAD" + std::to_string(i) + "]");
            data.types.push_back(TokenType::Unused);
            if (!data.scores.empty())
                data.scores.push_back(-1000.0f);
        }
        tokenizerDataToGguf(data, m_parts.metadata);
    }

    const SafetensorsFile& m_files;
    const Json& m_json;
    const EncodingRegistry& m_encodings;
    const Architecture* m_architecture = nullptr;
    HfQuantization m_quantization;
    QuantizedCheckpoint m_checkpoint;
    std::map<std::string, const SafetensorsTensor*, std::less<>> m_scales; ///< not taken yet
    Model::Parts m_parts;
};

} // namespace

Result<Model::Parts> loadHfModel(const std::string& folder, const std::string& file, const EncodingRegistry& encodings) {
    TRILOBIT_TRY(const Json config, readConfigJson(folder));
    TRILOBIT_TRY(const SafetensorsFile files, readTensors(folder, file));
    const std::string path = file.empty() ? folder : (fs::path(folder) / file).string();
    return HfModelBuilder(files, config, encodings).build(path, folder);
}

} // namespace trilobit
