#include "core/model/modelwriter.h"

#include "core/formats/gguf/ggufreader.h"
#include "core/formats/gguf/ggufwriter.h"
#include "core/model/architecture.h"
#include "core/model/finitecheck.h"
#include "core/model/roperows.h"
#include "core/model/ropescaling.h"
#include "core/model/typemeanings.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <filesystem>
#include <map>

namespace trilobit {

namespace {

constexpr int kF32 = 0, kF16 = 1, kI8 = 24, kBf16 = 30, kI2s = 36, kTl1 = 38, kTl2 = 39;
constexpr std::uint64_t kScaleTail = 32; ///< behind the codes of TL1 and TL2: the scale, a tensor of its own in files
constexpr std::int64_t kPieceWeights = 1 << 22;
constexpr std::size_t kPieceBytes = 16u << 20;
constexpr std::string_view kPacked = "hf-bitnet";

/// general.file_type by ggml tensor type: the number that stands for "mostly this".
std::optional<std::uint32_t> fileTypeOf(int ggmlType) {
    static const std::map<int, std::uint32_t> kTypes = {
        {kF32, 0}, {kF16, 1}, {2, 2},   {3, 3},   {8, 7},     {6, 8},      {7, 9},    {10, 10},
        {11, 12},  {12, 15},  {13, 17}, {14, 18}, {16, 19},   {17, 20},    {18, 23},  {19, 24},
        {20, 25},  {21, 26},  {22, 28}, {23, 30}, {29, 31},   {kBf16, 32}, {34, 36},  {35, 37},
        {39, 38},  {40, 39},  {41, 40}, {42, 41}, {kI2s, 40}, {134, 136},  {135, 137}, {kTl1, 38}, {335, 337}};
    const auto it = kTypes.find(ggmlType);
    return it == kTypes.end() ? std::nullopt : std::optional(it->second);
}

bool needsRowOrder(const Model& model, const Tensor& tensor) {
    const Architecture* architecture = findArchitecture(model.config().architecture);
    const bool differs = architecture && architecture->ggufRope == RopeKind::Interleaved
                         && model.config().rope == RopeKind::SplitHalves;
    if (!differs)
        return false;
    return tensor.role == TensorRole::AttnQ || tensor.role == TensorRole::AttnK
           || (tensor.role == TensorRole::Bias
               && (tensor.name.ends_with(".attn_q.bias") || tensor.name.ends_with(".attn_k.bias")));
}

/// What a tensor becomes in the file.
struct Form {
    enum class Kind { AsIs, RowOrder, Floats, TernaryI2s, Repacked, OwnBytes } kind = Kind::AsIs;
    int type = kF32;
    bool rowOrder = false;
    std::uint64_t sizeBytes = 0;
    std::shared_ptr<const Encoding> stored; ///< how the bytes in the file decode
    std::shared_ptr<const Encoding> target; ///< null: no conversion

    /// bitnet.cpp wants the scale of these as a tensor of its own behind the codes.
    bool hasScaleTensor() const { return type == kTl1 || (type == kTl2 && stored->info().id.starts_with("TL2")); }
};

/// What the weights of a norm lack compared with a GGUF file.
float normOffset(const Model& model, const Tensor& tensor) {
    return tensor.role == TensorRole::Norm ? static_cast<float>(model.config().normOffset) : 0.0f;
}

/// GPTQ, AWQ and HQQ.
bool isCheckpointMatrix(const EncodingInfo& info) {
    return info.ggmlType < 0
           && (info.id.starts_with("GPTQ-") || info.id.starts_with("AWQ-") || info.id.starts_with("HQQ-"));
}

Form formOf(const Model& model, const Tensor& tensor, std::shared_ptr<const Encoding> target,
            const EncodingRegistry& encodings) {
    Form form;
    form.rowOrder = needsRowOrder(model, tensor);
    form.target = target;
    form.stored = target ? target : tensor.encoding;
    form.type = form.stored->info().ggmlType;
    const auto size = form.stored->sizeBytes(tensor.rows, tensor.cols);
    form.sizeBytes = size ? *size : tensor.bytes.size();
    const auto asFloats = [&] {
        form.kind = Form::Kind::Floats;
        form.type = kF32;
        form.sizeBytes = static_cast<std::uint64_t>(tensor.count()) * 4;
        form.stored = encodings.findByGgmlType(kF32);
        form.target = nullptr;
    };
    if (tensor.dimensions == 1 && (form.type != kF32 || form.rowOrder || normOffset(model, tensor) != 0)) {
        asFloats(); // readers of GGUF want norms and biases in F32; widening loses nothing
    } else if (form.stored->info().id == kPacked) {
        const auto i2s = encodings.findByGgmlType(kI2s);
        const auto packed = i2s->sizeBytes(tensor.rows, tensor.cols);
        if (!packed) {
            asFloats();
        } else {
            form.kind = Form::Kind::TernaryI2s;
            form.stored = i2s;
            form.type = kI2s;
            form.sizeBytes = *packed;
        }
    } else if (isCheckpointMatrix(form.stored->info())) {
        // The parameters lie in other tensors of the folder: the same codes as groups of our own, or the values.
        const Grid& grid = form.stored->info().grid;
        std::shared_ptr<const Encoding> affine;
        if (grid.kind == GridKind::Linear && grid.scaleType == ParameterType::F16)
            if (auto found = encodings.find("affine-g" + std::to_string(grid.groupSize) + "-b"
                                            + std::to_string(std::bit_width(static_cast<unsigned>(grid.codeMax)))))
                affine = *std::move(found);
        const auto bytes = affine ? affine->sizeBytes(tensor.rows, tensor.cols)
                                  : Result<std::uint64_t>(fail(ErrorCode::Unsupported, "no groups"));
        if (!bytes) {
            asFloats();
        } else {
            form.kind = Form::Kind::Repacked;
            form.type = kI8;
            form.stored = affine;
            form.sizeBytes = *bytes;
        }
    } else if (form.type < 0) {
        form.kind = Form::Kind::OwnBytes;
        form.type = kI8;
    } else if (form.rowOrder) {
        form.kind = Form::Kind::RowOrder;
    }
    return form;
}

std::vector<std::int64_t> rowOrder(const Model& model, const Tensor& tensor) {
    const std::int64_t rows = tensor.dimensions == 1 ? tensor.cols : tensor.rows;
    return interleavedRowOrder(rows, model.config().headDim, model.config().ropeDim);
}

using Put = std::function<Result<void>(std::span<const std::byte>)>;

Result<void> putFloats(const Model& model, const Tensor& tensor, bool reorder, const Put& put, RunControl& control) {
    const std::vector<std::int64_t> order = reorder ? rowOrder(model, tensor) : std::vector<std::int64_t>();
    if (tensor.dimensions == 1 && reorder) {
        TRILOBIT_TRY(const std::vector<float> values, decodeTensor(tensor, control));
        std::vector<float> ordered(values.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            ordered[i] = values[static_cast<std::size_t>(order[i])];
        return put(std::as_bytes(std::span(ordered)));
    }
    std::vector<float> row(static_cast<std::size_t>(tensor.cols));
    const float offset = normOffset(model, tensor);
    for (std::int64_t r = 0; r < tensor.rows; ++r) {
        const std::int64_t from = reorder ? order[static_cast<std::size_t>(r)] : r;
        tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, from, 1, row.data());
        if (offset != 0)
            for (float& v : row)
                v += offset;
        TRILOBIT_CHECK(put(std::as_bytes(std::span(row))));
    }
    return {};
}

/// The same codes, scales and zeros in another encoding: packed ternary digits of a Hugging Face folder as I2_S, GPTQ, AWQ
/// and HQQ as groups of our own.
Result<void> putRepacked(const Model& model, const Tensor& tensor, const Form& form, const Put& put) {
    TRILOBIT_TRY(const GroupCodes codes, tensor.encoding->unpack(tensor.bytes, tensor.rows, tensor.cols));
    std::vector<std::byte> bytes(static_cast<std::size_t>(form.sizeBytes));
    TRILOBIT_CHECK(form.stored->pack(codes, bytes));
    if (!form.rowOrder)
        return put(bytes);
    Tensor packed = tensor;
    packed.encoding = form.stored;
    packed.bytes = bytes;
    TRILOBIT_TRY(const std::vector<std::byte> ordered, reorderRows(packed, rowOrder(model, tensor)));
    return put(ordered);
}

Result<void> putPlain(const Model& model, const Tensor& tensor, const Form& form, const Put& put, RunControl& control) {
    switch (form.kind) {
    case Form::Kind::Floats: return putFloats(model, tensor, form.rowOrder, put, control);
    case Form::Kind::TernaryI2s:
    case Form::Kind::Repacked: return putRepacked(model, tensor, form, put);
    case Form::Kind::AsIs:
    case Form::Kind::RowOrder:
    case Form::Kind::OwnBytes: break;
    }
    if (form.rowOrder) {
        TRILOBIT_TRY(const std::vector<std::byte> ordered, reorderRows(tensor, rowOrder(model, tensor)));
        return put(ordered);
    }
    for (std::size_t begin = 0; begin < tensor.bytes.size(); begin += kPieceBytes) {
        const auto piece = tensor.bytes.subspan(begin, std::min(kPieceBytes, tensor.bytes.size() - begin));
        TRILOBIT_CHECK(put(piece));
        model.release(piece); // does nothing to bytes that are not the file's
    }
    return {};
}

/// Bytes of a row where rows stand one after the other, each for itself; else 0.
std::uint64_t rowBytes(const Encoding& encoding, std::int64_t cols) {
    const EncodingInfo& info = encoding.info();
    if (info.bytesPerBlock <= 0 || info.blockSize <= 0 || cols % info.blockSize != 0)
        return 0;
    const auto bytes = static_cast<std::uint64_t>(cols / info.blockSize * info.bytesPerBlock);
    const auto one = encoding.sizeBytes(1, cols);
    return one && *one == bytes ? bytes : 0;
}

/// Converts while writing, so that no more than a few rows are held where rows can stand alone.
Result<void> putConverted(const Model& model, const Tensor& tensor, const Form& form, const ModelWriteOptions& options,
                          const Put& put, RunControl& control) {
    const std::uint64_t from = rowBytes(*tensor.encoding, tensor.cols), to = rowBytes(*form.target, tensor.cols);
    if (form.rowOrder || from == 0 || to == 0) {
        TRILOBIT_TRY(const Tensor converted, options.convert(tensor, form.target, 0, control));
        return putPlain(model, converted, form, put, control);
    }
    const std::int64_t step = std::clamp<std::int64_t>(kPieceWeights / std::max<std::int64_t>(1, tensor.cols), 1, tensor.rows);
    for (std::int64_t row = 0; row < tensor.rows; row += step) {
        Tensor rows = tensor;
        rows.rows = std::min(step, tensor.rows - row);
        rows.bytes = tensor.bytes.subspan(static_cast<std::size_t>(row) * from, static_cast<std::size_t>(rows.rows) * from);
        TRILOBIT_TRY(const Tensor converted, options.convert(rows, form.target, row, control));
        TRILOBIT_CHECK(put(converted.bytes));
        model.release(rows.bytes);
    }
    return {};
}

/// Adds what findNonFinite finds to `found`, or refuses.
Result<void> lookAt(const Encoding& encoding, std::span<const std::byte> bytes, std::int64_t rows, std::int64_t cols,
                    const std::string& name, bool keep, const std::function<void(std::span<const std::byte>)>& done,
                    std::vector<std::string>& found, RunControl& control) {
    TRILOBIT_TRY(const auto bad, findNonFinite(encoding, bytes, rows, cols, control, done));
    if (!bad)
        return {};
    const std::string text = nonFiniteText(*bad, encoding.info());
    if (!keep)
        return Error{ErrorCode::Format, text, {}, name};
    if (const std::string line = name + " " + text; std::find(found.begin(), found.end(), line) == found.end())
        found.push_back(line);
    return {};
}

/// Stored as plain bytes, with a key that says what they are.
bool isOwn(const Form& form) { return form.kind == Form::Kind::OwnBytes || form.kind == Form::Kind::Repacked; }

/// The ggml type that most weights of matrices have.
int majorityType(const std::vector<const Tensor*>& tensors, const std::vector<Form>& forms) {
    std::map<int, std::int64_t> weights;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (tensors[i]->dimensions == 2)
            weights[isOwn(forms[i]) ? -1 : forms[i].type] += tensors[i]->count();
    const auto most = std::max_element(weights.begin(), weights.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == weights.end() ? -1 : most->first;
}

/// The layout that the file must name because numbers and sizes do not: one for all tensors, or none. Errors: Unsupported
/// when the tensors have several.
Result<std::string> layoutToName(const std::vector<const Tensor*>& tensors, const std::vector<Form>& forms) {
    std::string first;
    bool unusual = false;
    for (std::size_t i = 0; i < forms.size(); ++i) {
        const std::string& id = forms[i].stored->info().id;
        if (forms[i].type != kI2s && !forms[i].hasScaleTensor())
            continue;
        unusual = unusual || (forms[i].type == kI2s ? id != "I2_S" : id.find('-') != std::string::npos);
        if (first.empty())
            first = id;
        else if (first != id && (unusual || forms[i].type == kI2s))
            return Error{ErrorCode::Unsupported, "is stored as " + id + " beside others as " + first
                         + "; a file can hold one of these layouts only", {}, tensors[i]->name};
    }
    return unusual ? first : std::string();
}

void setOwnKeys(const Model& model, const std::vector<const Tensor*>& tensors, const std::vector<Form>& forms,
                Metadata& metadata) {
    std::vector<std::string> own;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (isOwn(forms[i]))
            own.push_back(tensors[i]->name + "|" + forms[i].stored->info().id + "|"
                          + std::to_string(tensors[i]->rows) + "|" + std::to_string(tensors[i]->cols));
    metadata.remove(kEncodingsKey);
    if (!own.empty())
        metadata.set(kEncodingsKey, MetaValue::strings(std::move(own)));
    const ModelConfig& config = model.config();
    if (config.ternarization == WeightTernarization::OnlineAbsmean)
        metadata.set(kTernarizationKey, MetaValue::string("online-absmean"));
    else
        metadata.remove(kTernarizationKey);
    // Said only where the architecture itself means something else.
    ModelConfig usual;
    usual.architecture = config.architecture;
    const Architecture* architecture = findArchitecture(config.architecture);
    if (architecture && architecture->configure(metadata, usual) && usual.activationQuant == config.activationQuant)
        metadata.remove(kActivationQuantKey);
    else
        metadata.set(kActivationQuantKey, MetaValue::string(config.isBitNet() ? "int8-per-token" : "none"));
}

Result<Metadata> fileMetadata(const Model& model, const std::vector<const Tensor*>& tensors,
                              const std::vector<Form>& forms) {
    Metadata metadata = model.metadata();
    const int majority = majorityType(tensors, forms);
    const bool tl2 = majority == kTl2
                     && std::any_of(forms.begin(), forms.end(), [](const Form& f) { return f.type == kTl2 && f.hasScaleTensor(); });
    if (const auto type = tl2 ? std::optional<std::uint32_t>(39) : fileTypeOf(majority))
        metadata.set("general.file_type", MetaValue::u32(*type));
    else
        metadata.remove("general.file_type");
    const auto quantized = [](const Form& f) { return f.stored->info().grid.kind != GridKind::Float; };
    if (std::any_of(forms.begin(), forms.end(), quantized)) // version of the block layouts
        metadata.set("general.quantization_version", MetaValue::u32(2));
    setOwnKeys(model, tensors, forms, metadata);
    TRILOBIT_TRY(const std::string layout, layoutToName(tensors, forms));
    metadata.remove(kLayoutKey);
    if (!layout.empty())
        metadata.set(kLayoutKey, MetaValue::string(layout));
    return metadata;
}

/// A tensor that config.json has as numbers and GGUF as a tensor.
struct Factors {
    std::string name;
    std::vector<float> values;
};

std::vector<Factors> factorTensors(const Model& model) {
    const ModelConfig& c = model.config();
    std::vector<Factors> out;
    if (c.ropeScaling.kind == RopeScaling::Kind::Llama3 && c.ropeFreqFactors.empty())
        out.push_back({"rope_freqs.weight", llama3Factors(c.ropeScaling, c.ropeBase, c.ropeDim)});
    if (!c.ropeLongFactors.empty() && !model.find("rope_factors_long.weight")) {
        out.push_back({"rope_factors_long.weight", c.ropeLongFactors});
        out.push_back({"rope_factors_short.weight", c.ropeShortFactors});
    }
    return out;
}

/// Experts that stand alone in the model and form a stack in the file.
struct Stack {
    std::string name;
    std::vector<std::size_t> parts; ///< numbers of tensors, by expert
};

std::string stackName(const Model& model, const Tensor& tensor) {
    const Architecture* architecture = findArchitecture(model.config().architecture);
    if (tensor.expert >= 0 && architecture)
        for (const TensorSpec& spec : architecture->tensors)
            if (spec.stack != Extent::One && spec.role == tensor.role)
                return tensorName(spec.name, tensor.layer);
    return {};
}

/// Everything about one writing that the producers of tensors share.
class ModelFileWriter {
public:
    ModelFileWriter(const Model& model, const ModelWriteOptions& options) : m_model(model), m_options(options) {}

    Result<ModelWritten> write(const std::string& path, RunControl& control) {
        if (!m_options.targets.empty() && (m_options.targets.size() != m_model.tensors().size() || !m_options.convert))
            return fail(ErrorCode::Internal, "a target for every tensor and a way there are needed");
        m_factors = factorTensors(m_model);
        for (const Factors& f : m_factors)
            m_out.push_back({f.name, {static_cast<std::int64_t>(f.values.size())}, kF32, f.values.size() * 4,
                             produceBytes(std::as_bytes(std::span(f.values)))});
        std::vector<Stack> stacks;
        std::map<std::string, std::size_t> stackNumbers;
        m_forms.reserve(m_model.tensors().size()); // producers point into it
        for (std::size_t i = 0; i < m_model.tensors().size(); ++i) {
            const Tensor& tensor = m_model.tensors()[i];
            m_tensors.push_back(&tensor);
            m_forms.push_back(formOf(m_model, tensor, m_options.targets.empty() ? nullptr : m_options.targets[i], m_encodings));
            const std::string stack = stackName(m_model, tensor);
            if (stack.empty()) {
                addTensor(tensor, m_forms.back());
                continue;
            }
            const auto [at, fresh] = stackNumbers.try_emplace(stack, stacks.size());
            if (fresh)
                stacks.push_back({stack, std::vector<std::size_t>(static_cast<std::size_t>(m_model.config().experts.count))});
            stacks[at->second].parts[static_cast<std::size_t>(tensor.expert)] = i;
        }
        for (const Stack& stack : stacks)
            TRILOBIT_CHECK(addStack(stack));
        TRILOBIT_TRY(const Metadata metadata, fileMetadata(m_model, m_tensors, m_forms));
        GgufPartOptions parts;
        parts.maxPartBytes = m_options.maxPartBytes;
        parts.verify = [&](std::size_t, const std::string& file) { return verify(file, control); };
        TRILOBIT_TRY(m_written.files, writeGgufParts(path, metadata, m_out, parts, control));
        std::error_code ignored;
        for (const std::string& file : m_written.files)
            m_written.bytes += std::filesystem::file_size(file, ignored);
        return std::move(m_written);
    }

private:
    void addTensor(const Tensor& tensor, const Form& form) {
        GgufTensorOut out;
        out.name = tensor.name;
        out.type = form.type;
        out.sizeBytes = form.sizeBytes - (form.hasScaleTensor() ? kScaleTail : 0);
        if (isOwn(form))
            out.ne = {static_cast<std::int64_t>(form.sizeBytes)};
        else if (tensor.dimensions == 1)
            out.ne = {tensor.cols};
        else if (tensor.stack > 1)
            out.ne = {tensor.cols, tensor.rows / tensor.stack, tensor.stack};
        else
            out.ne = {tensor.cols, tensor.rows};
        const auto scale = std::make_shared<std::array<std::byte, 4>>();
        out.produce = [this, &tensor, &form, scale](const Put& put, RunControl& control) -> Result<void> {
            if (!form.hasScaleTensor())
                return produce(tensor, form, put, control);
            std::vector<std::byte> whole;
            TRILOBIT_CHECK(produce(tensor, form, [&](std::span<const std::byte> bytes) -> Result<void> {
                whole.insert(whole.end(), bytes.begin(), bytes.end());
                return {};
            }, control));
            std::copy_n(whole.end() - kScaleTail, scale->size(), scale->begin());
            return put(std::span(whole).first(whole.size() - kScaleTail));
        };
        m_out.push_back(std::move(out));
        m_stored[tensor.name] = {{&tensor, &form}};
        if (form.hasScaleTensor())
            m_out.push_back({tensor.name + "_scale", {1}, kF32, scale->size(),
                             [scale](const Put& put, RunControl&) { return put(*scale); }});
    }

    /// Experts one after the other in one tensor.
    Result<void> addStack(const Stack& stack) {
        const Tensor& first = *m_tensors[stack.parts.front()];
        const Form& form = m_forms[stack.parts.front()];
        GgufTensorOut out{stack.name, {first.cols, first.rows, static_cast<std::int64_t>(stack.parts.size())}, form.type, 0, {}};
        std::vector<std::pair<const Tensor*, const Form*>> parts;
        for (const std::size_t i : stack.parts) {
            const Form& its = m_forms[i];
            if (its.type != form.type || isOwn(its) || its.hasScaleTensor() || its.stored->info().bytesPerBlock <= 0)
                return Error{ErrorCode::Unsupported, "is stored as " + m_tensors[i]->encoding->info().id + ", the first expert as "
                             + first.encoding->info().id + "; a GGUF file stacks experts that are stored alike, row by row", {},
                             m_tensors[i]->name};
            out.sizeBytes += its.sizeBytes;
            parts.emplace_back(m_tensors[i], &its);
        }
        out.produce = [this, parts](const Put& put, RunControl& control) -> Result<void> {
            for (const auto& [tensor, its] : parts)
                TRILOBIT_CHECK(produce(*tensor, *its, put, control));
            return {};
        };
        m_out.push_back(std::move(out));
        m_stored[stack.name] = std::move(parts);
        return {};
    }

    Result<void> produce(const Tensor& tensor, const Form& form, const Put& put, RunControl& control) {
        const auto done = [&](std::span<const std::byte> bytes) { m_model.release(bytes); };
        TRILOBIT_CHECK(lookAt(*tensor.encoding, tensor.bytes, tensor.rows, tensor.cols, tensor.name,
                              m_options.keepNonFinite, done, m_written.nonFinite, control));
        auto put_ = form.target ? putConverted(m_model, tensor, form, m_options, put, control)
                                : putPlain(m_model, tensor, form, put, control);
        m_model.release(tensor.bytes);
        return put_;
    }

    /// Reads the finished file as any reader would.
    Result<void> verify(const std::string& path, RunControl& control) {
        TRILOBIT_TRY(const GgufFile file, readGguf(path));
        for (const GgufTensor& tensor : file.tensors) {
            const auto expected = m_stored.find(tensor.name);
            if (expected == m_stored.end())
                continue;
            auto bytes = file.file->bytes().subspan(static_cast<std::size_t>(tensor.fileOffset));
            for (const auto& [source, form] : expected->second) {
                if (bytes.size() < form->sizeBytes)
                    return Error{ErrorCode::Internal, "was cut short while writing", path, tensor.name};
                TRILOBIT_CHECK(lookAt(*form->stored, bytes.first(static_cast<std::size_t>(form->sizeBytes)), source->rows,
                                      source->cols, tensor.name, m_options.keepNonFinite,
                                      [&](std::span<const std::byte> part) { file.file->release(part); },
                                      m_written.nonFinite, control));
                bytes = bytes.subspan(static_cast<std::size_t>(form->sizeBytes));
            }
        }
        return {};
    }

    const Model& m_model;
    const ModelWriteOptions& m_options;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();
    std::vector<Factors> m_factors;
    std::vector<const Tensor*> m_tensors;
    std::vector<Form> m_forms;
    std::vector<GgufTensorOut> m_out;
    /// By name in the file; more than one for a stack.
    std::map<std::string, std::vector<std::pair<const Tensor*, const Form*>>, std::less<>> m_stored;
    ModelWritten m_written;
};

} // namespace

std::vector<std::string> stockLlamaCppObstacles(const Model& model) {
    std::vector<std::string> out;
    const ModelConfig& config = model.config();
    const Architecture* architecture = findArchitecture(config.architecture);
    if (!architecture || !architecture->inStockLlamaCpp)
        out.push_back("Stock llama.cpp does not know the architecture \"" + config.architecture + "\".");
    std::map<std::string, std::pair<int, std::string>> foreign;
    for (const Tensor& tensor : model.tensors()) {
        const EncodingInfo& info = tensor.encoding->info();
        if (info.runsInStockLlamaCpp)
            continue;
        auto& entry = foreign[info.id == kPacked ? "I2_S" : info.id];
        if (entry.first++ == 0)
            entry.second = tensor.name;
    }
    for (const auto& [id, entry] : foreign)
        out.push_back(std::to_string(entry.first) + (entry.first == 1 ? " tensor is" : " tensors are") + " stored as " + id
                      + ", which stock llama.cpp does not read (first: " + entry.second + ").");
    if (config.ternarization == WeightTernarization::OnlineAbsmean)
        out.push_back("The weights are rounded to three values while loading; stock llama.cpp would run them unrounded.");
    const std::vector<std::string>* tokens = model.metadata().strings("tokenizer.ggml.tokens");
    if (!tokens)
        out.push_back("The model has no vocabulary.");
    else if (static_cast<std::int64_t>(tokens->size()) != config.vocabSize)
        out.push_back("The vocabulary has " + std::to_string(tokens->size()) + " entries, the embedding "
                      + std::to_string(config.vocabSize) + " rows; stock llama.cpp wants them equal.");
    return out;
}

Result<ModelWritten> writeModelGguf(const Model& model, const std::string& path, const ModelWriteOptions& options,
                                    RunControl& control) {
    auto written = ModelFileWriter(model, options).write(path, control);
    if (!written)
        return located(std::move(written).error(), path);
    return written;
}

Result<void> writeModelGguf(const Model& model, const std::string& path, RunControl& control) {
    TRILOBIT_CHECK(writeModelGguf(model, path, {}, control));
    return {};
}

} // namespace trilobit
