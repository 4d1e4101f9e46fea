#include "core/train/exporting/modelparts.h"

#include "core/base/half.h"
#include "core/model/architecture.h"
#include "core/train/schemes/gridcodes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>

namespace trilobit {

namespace {

using Bytes = std::shared_ptr<AlignedBuffer<std::byte>>;

Result<Bytes> allocate(std::uint64_t count) {
    try {
        return std::make_shared<AlignedBuffer<std::byte>>(static_cast<std::size_t>(count));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for " + std::to_string(count) + " bytes of weights");
    }
}

double storedScale(double scale, ParameterType type) {
    return type == ParameterType::F16 ? static_cast<double>(halfToFloat(floatToHalf(static_cast<float>(scale))))
                                      : static_cast<double>(static_cast<float>(scale));
}

/// Codes of `what` on `grid`, scales rounded as `target` stores them.
GroupCodes codesOf(const SchemeGrid& grid, const Grid& target, std::int64_t out, std::int64_t in,
                   const std::vector<float>& what) {
    GroupCodes codes;
    codes.rows = out;
    codes.cols = in;
    codes.groupSize = grid.group > 0 ? grid.group : out * in;
    gridCodes(grid, out, in, what, codes.codes);
    for (std::size_t g = 0; g < grid.scale.size(); ++g) {
        codes.scale.push_back(static_cast<float>(storedScale(grid.scale[g], target.scaleType)));
        codes.zero.push_back(static_cast<float>(target.freeZero ? storedScale(grid.zero[g], target.zeroType) : grid.zero[g]));
    }
    return codes;
}

class Exporter {
public:
    Exporter(const TrainDecoder<float>& decoder, const EncodingRegistry& encodings, const TrainedExport& options,
             RunControl& control)
        : m_decoder(decoder), m_encodings(encodings), m_options(options), m_control(control) {
        for (const LayerSlots& layer : decoder.layout().layers)
            for (const LinearSlot* slot : layer.matrices())
                m_slots[slot->weight] = slot;
    }

    Result<std::vector<Tensor>> tensors() {
        std::vector<Tensor> out;
        const Architecture* architecture = findArchitecture(m_decoder.config().architecture);
        if (!architecture)
            return fail(ErrorCode::Unsupported, "the architecture \"" + m_decoder.config().architecture + "\" is not known");
        for (std::size_t i = 0; i < m_decoder.layout().list.size(); ++i) {
            const ParameterInfo& info = m_decoder.layout().list[i];
            if (m_control.isCancelled())
                return cancelledError();
            const auto match = matchTensor(*architecture, info.name, Naming::HuggingFace);
            if (!match && isExtra(i))
                continue; // scales and adapters live in their matrix
            if (!match)
                return fail(ErrorCode::Unsupported, info.name + " has no place in the architecture " + m_decoder.config().architecture);
            std::vector<std::int64_t> ne{info.cols};
            if (match->spec->rows != Extent::One)
                ne.push_back(info.rows);
            TRILOBIT_TRY(Tensor tensor, placeTensor(*match, info.name, ne, m_decoder.config()));
            auto made = fill(tensor, i);
            if (!made)
                return located(std::move(made).error(), {}, info.name);
            out.push_back(std::move(tensor));
        }
        return out;
    }

private:
    bool isExtra(std::size_t index) const {
        return std::any_of(m_slots.begin(), m_slots.end(), [index](const auto& entry) {
            const auto& extras = entry.second->extras;
            return std::find(extras.begin(), extras.end(), index) != extras.end();
        });
    }

    Result<void> fill(Tensor& tensor, std::size_t index) {
        const auto slot = m_slots.find(index);
        const std::span<const float> values = m_decoder.parameter(index);
        if (slot == m_slots.end() || m_options.form == TrainedForm::Latent || !m_decoder.scheme().changesWeight())
            return storeFloats(tensor, values);
        const LinearSlot& s = *slot->second;
        const std::vector<const float*> extras = m_decoder.extrasOf(s);
        std::vector<float> what(values.size());
        m_decoder.scheme().weight(s.out, s.in, values.data(), extras.data(), what.data(), m_decoder.threads());
        const auto grid = m_decoder.scheme().grid(s.out, s.in, values.data(), extras.data(), m_decoder.threads());
        return grid ? storeCodes(tensor, *grid, what) : storeFloats(tensor, what);
    }

    Result<void> storeFloats(Tensor& tensor, std::span<const float> values) {
        TRILOBIT_TRY(tensor.encoding, m_encodings.find(tensor.dimensions == 1 ? "F32" : m_options.floatEncoding));
        TRILOBIT_TRY(const std::uint64_t size, tensor.encoding->sizeBytes(tensor.rows, tensor.cols));
        TRILOBIT_TRY(const Bytes bytes, allocate(size));
        MatrixView view;
        view.data = values.data();
        view.rows = tensor.rows;
        view.cols = tensor.cols;
        TRILOBIT_CHECK(tensor.encoding->encode(view, {}, {bytes->data(), bytes->size()}, m_control));
        keep(tensor, bytes);
        return {};
    }

    Result<void> storeCodes(Tensor& tensor, const SchemeGrid& grid, const std::vector<float>& what) {
        const std::vector<std::string> wishes = encodingWishes(grid, tensor.cols, m_options.ternaryEncoding);
        Error first;
        for (std::size_t i = 0; i < wishes.size(); ++i) {
            const auto stored = storeAs(tensor, wishes[i], grid, what);
            if (stored)
                return {};
            if (i == 0)
                first = stored.error();
            if (stored.error().code != ErrorCode::Unsupported)
                return stored.error();
        }
        return first;
    }

    Result<void> storeAs(Tensor& tensor, const std::string& id, const SchemeGrid& grid, const std::vector<float>& what) {
        TRILOBIT_TRY(const auto encoding, m_encodings.find(id));
        TRILOBIT_TRY(const std::uint64_t size, encoding->sizeBytes(tensor.rows, tensor.cols));
        TRILOBIT_TRY(const Bytes bytes, allocate(size));
        const GroupCodes codes = codesOf(grid, encoding->info().grid, tensor.rows, tensor.cols, what);
        TRILOBIT_CHECK(encoding->pack(codes, {bytes->data(), bytes->size()}));
        tensor.encoding = encoding;
        keep(tensor, bytes);
        return {};
    }

    static void keep(Tensor& tensor, const Bytes& bytes) {
        tensor.bytes = {bytes->data(), bytes->size()};
        tensor.owner = bytes;
    }

    const TrainDecoder<float>& m_decoder;
    const EncodingRegistry& m_encodings;
    const TrainedExport& m_options;
    RunControl& m_control;
    std::map<std::size_t, const LinearSlot*> m_slots;
};

} // namespace

std::string ggufNameOf(const ModelConfig& config, std::string_view parameterName) {
    const Architecture* architecture = findArchitecture(config.architecture);
    const auto match = architecture ? matchTensor(*architecture, parameterName, Naming::HuggingFace) : std::nullopt;
    return match ? tensorName(match->spec->name, match->layer) : std::string();
}

Result<std::shared_ptr<const Model>> exportTrained(const TrainDecoder<float>& decoder, const Metadata& metadata,
                                                   std::shared_ptr<const Tokenizer> tokenizer,
                                                   const EncodingRegistry& encodings, const TrainedExport& options,
                                                   RunControl& control) {
    Model::Parts parts;
    parts.container = "memory";
    parts.config = decoder.config();
    parts.config.ternarization = WeightTernarization::None;
    if (options.form == TrainedForm::Deployed && decoder.scheme().changesInput())
        parts.config.activationQuant = ActivationQuant::Int8PerToken; // part of what was trained
    parts.metadata = metadata;
    if (!options.name.empty()) {
        parts.config.name = options.name;
        parts.metadata.set("general.name", MetaValue::string(options.name));
    }
    if (!options.description.empty())
        parts.metadata.set("general.description", MetaValue::string(options.description));
    parts.tokenizer = std::move(tokenizer);
    if (!parts.tokenizer)
        parts.tokenizerNote = "The model was trained on token numbers only.";
    TRILOBIT_TRY(parts.tensors, Exporter(decoder, encodings, options, control).tensors());
    return std::make_shared<const Model>(std::move(parts));
}

std::vector<std::string> encodingWishes(const SchemeGrid& grid, std::int64_t cols, const std::string& ternaryEncoding) {
    int bits = 1;
    while ((1 << bits) < grid.levels)
        ++bits;
    const std::int64_t group = grid.group > 0 ? std::min(grid.group, cols) : std::min<std::int64_t>(cols, 64);
    std::vector<std::string> wishes;
    if (grid.levels == 3 && grid.group == 0)
        wishes = {ternaryEncoding, "I2_S"};
    wishes.push_back("affine-g" + std::to_string(group) + "-b" + std::to_string(bits));
    return wishes;
}

Result<void> importWeights(const Model& model, TrainDecoder<float>& decoder, RunControl& control) {
    for (std::size_t i = 0; i < decoder.layout().list.size(); ++i) {
        const ParameterInfo& info = decoder.layout().list[i];
        const std::string name = ggufNameOf(decoder.config(), info.name);
        if (name.empty())
            continue; // a scheme's extra
        const Tensor* tensor = model.find(name);
        if (!tensor)
            return Error{ErrorCode::Unsupported, "the model has no such tensor, but training needs it", model.path(), name};
        if (tensor->count() != static_cast<std::int64_t>(info.count()))
            return Error{ErrorCode::Format, "has " + std::to_string(tensor->count()) + " weights; expected "
                         + std::to_string(info.count()), model.path(), name};
        TRILOBIT_TRY(std::vector<float> values, decodeTensor(*tensor, control));
        // Some files keep the scale of a matrix in a tensor of its own.
        if (const Tensor* scale = name.ends_with(".weight") ? model.find(name.substr(0, name.size() - 6) + "scale") : nullptr;
            scale && scale->count() == 1) {
            TRILOBIT_TRY(const std::vector<float> factor, decodeTensor(*scale, control));
            for (float& value : values)
                value *= factor.front();
        }
        std::copy(values.begin(), values.end(), decoder.parameter(i).begin());
    }
    return {};
}

} // namespace trilobit
