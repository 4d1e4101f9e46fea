#include "core/model/modelwriter.h"

#include "core/formats/gguf/ggufwriter.h"
#include "core/model/architecture.h"
#include "core/model/roperows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace trilobit {

namespace {

constexpr int kF32 = 0, kF16 = 1, kI8 = 24, kBf16 = 30, kI2s = 36;
constexpr std::string_view kPacked = "hf-bitnet";

/// general.file_type by ggml tensor type: the number that stands for "mostly this".
std::optional<std::uint32_t> fileTypeOf(int ggmlType) {
    static const std::map<int, std::uint32_t> kTypes = {
        {kF32, 0}, {kF16, 1}, {2, 2},   {3, 3},   {8, 7},     {6, 8},      {7, 9},    {10, 10},
        {11, 12},  {12, 15},  {13, 17}, {14, 18}, {16, 19},   {17, 20},    {18, 23},  {19, 24},
        {20, 25},  {21, 26},  {22, 28}, {23, 30}, {29, 31},   {kBf16, 32}, {34, 36},  {35, 37},
        {39, 38},  {40, 39},  {41, 40}, {42, 41}, {kI2s, 40}, {134, 136},  {135, 137}};
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
    enum class Kind { AsIs, RowOrder, Floats, TernaryI2s, OwnBytes } kind = Kind::AsIs;
    int type = kF32;
    bool rowOrder = false;
    std::uint64_t sizeBytes = 0;
    std::shared_ptr<const Encoding> i2s; ///< TernaryI2s
};

/// What the weights of a norm lack compared with a GGUF file.
float normOffset(const Model& model, const Tensor& tensor) {
    return tensor.role == TensorRole::Norm ? static_cast<float>(model.config().normOffset) : 0.0f;
}

Form formOf(const Model& model, const Tensor& tensor, const EncodingRegistry& encodings) {
    Form form;
    form.rowOrder = needsRowOrder(model, tensor);
    form.type = tensor.encoding->info().ggmlType;
    form.sizeBytes = tensor.bytes.size();
    const auto asFloats = [&] {
        form.kind = Form::Kind::Floats;
        form.type = kF32;
        form.sizeBytes = static_cast<std::uint64_t>(tensor.count()) * 4;
    };
    if (tensor.dimensions == 1 && (form.type != kF32 || form.rowOrder || normOffset(model, tensor) != 0)) {
        asFloats(); // readers of GGUF want norms and biases in F32; widening loses nothing
    } else if (tensor.encoding->info().id == kPacked) {
        form.i2s = encodings.findByGgmlType(kI2s);
        const auto size = form.i2s ? form.i2s->sizeBytes(tensor.rows, tensor.cols)
                                   : Result<std::uint64_t>(fail(ErrorCode::Unsupported, "no I2_S"));
        if (!size) {
            asFloats();
        } else {
            form.kind = Form::Kind::TernaryI2s;
            form.type = kI2s;
            form.sizeBytes = *size;
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

/// Packed ternary digits of a Hugging Face folder as I2_S: the same digits and the same float scale.
Result<void> putTernary(const Model& model, const Tensor& tensor, const Form& form, const Put& put) {
    TRILOBIT_TRY(const GroupCodes codes, tensor.encoding->unpack(tensor.bytes, tensor.rows, tensor.cols));
    std::vector<std::byte> bytes(static_cast<std::size_t>(form.sizeBytes));
    TRILOBIT_CHECK(form.i2s->pack(codes, bytes));
    if (!form.rowOrder)
        return put(bytes);
    Tensor packed = tensor;
    packed.encoding = form.i2s;
    packed.bytes = bytes;
    TRILOBIT_TRY(const std::vector<std::byte> ordered, reorderRows(packed, rowOrder(model, tensor)));
    return put(ordered);
}

Result<void> putTensor(const Model& model, const Tensor& tensor, const Form& form, const Put& put,
                       RunControl& control) {
    switch (form.kind) {
    case Form::Kind::Floats: return putFloats(model, tensor, form.rowOrder, put, control);
    case Form::Kind::TernaryI2s: return putTernary(model, tensor, form, put);
    case Form::Kind::AsIs:
    case Form::Kind::RowOrder:
    case Form::Kind::OwnBytes: break;
    }
    if (!form.rowOrder)
        return put(tensor.bytes);
    TRILOBIT_TRY(const std::vector<std::byte> ordered, reorderRows(tensor, rowOrder(model, tensor)));
    return put(ordered);
}

/// Llama 3's stretched rotation as the divisor of each frequency, which is how GGUF files carry it.
std::vector<float> llama3Factors(const ModelConfig& config) {
    std::vector<float> factors;
    const RopeScaling& s = config.ropeScaling;
    const double original = static_cast<double>(s.originalContext);
    for (std::int64_t i = 0; i < config.ropeDim / 2; ++i) {
        const double exponent = 2.0 * static_cast<double>(i) / static_cast<double>(config.ropeDim);
        const double wavelength = 2 * std::numbers::pi * std::pow(config.ropeBase, exponent);
        double factor = 1;
        if (wavelength > original / s.lowFreqFactor) {
            factor = s.factor;
        } else if (wavelength >= original / s.highFreqFactor) {
            const double smooth = (original / wavelength - s.lowFreqFactor) / (s.highFreqFactor - s.lowFreqFactor);
            factor = 1 / ((1 - smooth) / s.factor + smooth);
        }
        factors.push_back(static_cast<float>(factor));
    }
    return factors;
}

/// The ggml type that most weights of matrices have.
int majorityType(const std::vector<const Tensor*>& tensors, const std::vector<Form>& forms) {
    std::map<int, std::int64_t> weights;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (tensors[i]->dimensions == 2)
            weights[forms[i].kind == Form::Kind::OwnBytes ? -1 : forms[i].type] += tensors[i]->count();
    const auto most = std::max_element(weights.begin(), weights.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == weights.end() ? -1 : most->first;
}

void setOwnKeys(const Model& model, const std::vector<const Tensor*>& tensors, const std::vector<Form>& forms,
                Metadata& metadata) {
    std::vector<std::string> own;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (forms[i].kind == Form::Kind::OwnBytes)
            own.push_back(tensors[i]->name + "|" + tensors[i]->encoding->info().id + "|"
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

Metadata fileMetadata(const Model& model, const std::vector<const Tensor*>& tensors, const std::vector<Form>& forms) {
    Metadata metadata = model.metadata();
    if (const auto type = fileTypeOf(majorityType(tensors, forms)))
        metadata.set("general.file_type", MetaValue::u32(*type));
    else
        metadata.remove("general.file_type");
    const auto quantized = [](const Tensor* t) { return t->encoding->info().grid.kind != GridKind::Float; };
    if (std::any_of(tensors.begin(), tensors.end(), quantized)) // version of the block layouts
        metadata.set("general.quantization_version", MetaValue::u32(2));
    setOwnKeys(model, tensors, forms, metadata);
    return metadata;
}

GgufTensorOut describeTensor(const Model& model, const Tensor& tensor, const Form& form) {
    GgufTensorOut out;
    out.name = tensor.name;
    out.type = form.type;
    out.sizeBytes = form.sizeBytes;
    if (form.kind == Form::Kind::OwnBytes)
        out.ne = {static_cast<std::int64_t>(form.sizeBytes)};
    else if (tensor.dimensions == 1)
        out.ne = {tensor.cols};
    else if (tensor.stack > 1)
        out.ne = {tensor.cols, tensor.rows / tensor.stack, tensor.stack};
    else
        out.ne = {tensor.cols, tensor.rows};
    out.produce = [&model, &tensor, form](const Put& put, RunControl& control) {
        return putTensor(model, tensor, form, put, control);
    };
    return out;
}

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

namespace {

/// A tensor that config.json has as numbers and GGUF as a tensor.
struct Factors {
    std::string name;
    std::vector<float> values;
};

std::vector<Factors> factorTensors(const Model& model) {
    const ModelConfig& c = model.config();
    std::vector<Factors> out;
    if (c.ropeScaling.kind == RopeScaling::Kind::Llama3 && c.ropeFreqFactors.empty())
        out.push_back({"rope_freqs.weight", llama3Factors(c)});
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

Result<GgufTensorOut> describeStack(const Model& model, const Stack& stack, const std::vector<const Tensor*>& tensors,
                                    const std::vector<Form>& forms) {
    const Tensor& first = *tensors[stack.parts.front()];
    const Form form = forms[stack.parts.front()];
    GgufTensorOut out{stack.name, {first.cols, first.rows, static_cast<std::int64_t>(stack.parts.size())}, form.type, 0, {}};
    std::vector<std::pair<const Tensor*, Form>> parts;
    for (const std::size_t i : stack.parts) {
        const bool fits = forms[i].type == form.type && forms[i].kind != Form::Kind::OwnBytes
                          && (forms[i].kind == Form::Kind::Floats || tensors[i]->encoding->info().bytesPerBlock > 0);
        if (!fits)
            return Error{ErrorCode::Unsupported, "is stored as " + tensors[i]->encoding->info().id + ", the first expert as "
                         + first.encoding->info().id + "; a GGUF file stacks experts that are stored alike, row by row", {},
                         tensors[i]->name};
        out.sizeBytes += forms[i].sizeBytes;
        parts.emplace_back(tensors[i], forms[i]);
    }
    out.produce = [&model, parts](const Put& put, RunControl& control) -> Result<void> {
        for (const auto& [tensor, its] : parts)
            TRILOBIT_CHECK(putTensor(model, *tensor, its, put, control));
        return {};
    };
    return out;
}

} // namespace

Result<void> writeModelGguf(const Model& model, const std::string& path, RunControl& control) {
    const EncodingRegistry encodings = EncodingRegistry::builtin();
    std::vector<const Tensor*> tensors;
    std::vector<Form> forms;
    std::vector<GgufTensorOut> out;
    const std::vector<Factors> factors = factorTensors(model);
    for (const Factors& f : factors)
        out.push_back({f.name, {static_cast<std::int64_t>(f.values.size())}, kF32, f.values.size() * 4,
                       produceBytes(std::as_bytes(std::span(f.values)))});
    std::vector<Stack> stacks;
    std::map<std::string, std::size_t> stackNumbers;
    for (const Tensor& tensor : model.tensors()) {
        const Form form = formOf(model, tensor, encodings);
        tensors.push_back(&tensor);
        forms.push_back(form);
        const std::string stack = stackName(model, tensor);
        if (stack.empty()) {
            out.push_back(describeTensor(model, tensor, form));
            continue;
        }
        const auto [at, fresh] = stackNumbers.try_emplace(stack, stacks.size());
        if (fresh)
            stacks.push_back({stack, std::vector<std::size_t>(static_cast<std::size_t>(model.config().experts.count))});
        stacks[at->second].parts[static_cast<std::size_t>(tensor.expert)] = tensors.size() - 1;
    }
    for (const Stack& stack : stacks) {
        auto described = describeStack(model, stack, tensors, forms);
        if (!described)
            return located(std::move(described).error(), path);
        out.push_back(*std::move(described));
    }
    auto written = writeGguf(path, fileMetadata(model, tensors, forms), out, control);
    if (!written)
        return located(std::move(written).error(), path);
    return {};
}

} // namespace trilobit
