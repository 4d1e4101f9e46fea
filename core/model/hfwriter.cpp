#include "core/model/hfwriter.h"

#include "core/base/safefile.h"
#include "core/encodings/hfbitnet/hfbitnet.h"
#include "core/formats/safetensors/safetensorswriter.h"
#include "core/model/architecture.h"
#include "core/model/grouplayouts.h"
#include "core/model/loaders.h"
#include "core/model/hfconfig.h"
#include "core/model/roperows.h"
#include "core/model/ropescaling.h"
#include "core/tokenizer/tokenizerfiles.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <list>
#include <optional>

namespace trilobit {

namespace {

namespace fs = std::filesystem;

bool isFloat(const std::string& id) { return id == "F32" || id == "F16" || id == "BF16"; }

bool isBlockMatrix(TensorRole role) {
    using enum TensorRole;
    return role == AttnQ || role == AttnK || role == AttnV || role == AttnOut || role == FfnGate || role == FfnUp
           || role == FfnDown;
}

/// The codes of a matrix whose values are -s, 0 and s for one s; empty when it is none.
std::optional<GroupCodes> ternaryCodes(const Tensor& tensor) {
    const Grid& grid = tensor.encoding->info().grid;
    if (grid.kind != GridKind::Linear || grid.levels() < 3 || grid.levels() > 4) // Q2_0 has a fourth level, which may be unused
        return std::nullopt;
    auto codes = tensor.encoding->unpack(tensor.bytes, tensor.rows, tensor.cols);
    if (!codes || codes->scale.empty())
        return std::nullopt;
    // Blocks without a single nonzero weight may carry any scale.
    const float scale = *std::max_element(codes->scale.begin(), codes->scale.end());
    for (std::size_t g = 0; g < codes->scale.size(); ++g)
        if ((codes->scale[g] != scale && codes->scale[g] != 0.0f) || codes->zero[g] != codes->zero[0])
            return std::nullopt;
    for (std::int64_t row = 0; row < codes->rows; ++row)
        for (std::int64_t col = 0; col < codes->cols; ++col) {
            const std::size_t group = codes->wholeTensor() ? 0 : codes->groupOf(row, col);
            std::int16_t& code = codes->codes[static_cast<std::size_t>(row * codes->cols + col)];
            if (codes->scale[group] == 0.0f)
                code = static_cast<std::int16_t>(codes->zero[0]);
            if (std::abs(static_cast<float>(code) - codes->zero[0]) > 1.0f)
                return std::nullopt;
        }
    codes->groupSize = codes->rows * codes->cols;
    codes->scale = {scale};
    codes->zero.resize(1);
    return *std::move(codes);
}

/// In config.json as numbers.
bool isRopeFactors(const Tensor& tensor) { return tensor.name.starts_with("rope_f"); }

std::string hfNameOf(const Model& model, const Tensor& tensor) {
    const Architecture* architecture = findArchitecture(model.config().architecture);
    const auto match = architecture ? matchTensor(*architecture, tensor.name, Naming::Gguf) : std::nullopt;
    if (!match)
        return {};
    if (match->spec->stack == Extent::One)
        return tensorName(match->spec->hfName, match->layer, match->expert);
    // Experts of a stack stand one by one in a folder.
    for (const TensorSpec& spec : architecture->tensors)
        if (spec.role == match->spec->role && spec.perExpert())
            return tensorName(spec.hfName, match->layer, std::max(tensor.expert, 0));
    return {};
}

/// GGUF row order back to halves, or nothing where the order is right already.
std::vector<std::int64_t> halvesOrder(const Model& model, const Tensor& tensor) {
    const ModelConfig& c = model.config();
    const bool bias = tensor.name.ends_with(".attn_q.bias") || tensor.name.ends_with(".attn_k.bias");
    if (c.rope != RopeKind::Interleaved || (tensor.role != TensorRole::AttnQ && tensor.role != TensorRole::AttnK && !bias))
        return {};
    const auto forward = interleavedRowOrder(bias ? tensor.cols : tensor.rows, c.headDim, c.ropeDim);
    std::vector<std::int64_t> back(forward.size());
    for (std::size_t i = 0; i < forward.size(); ++i)
        back[static_cast<std::size_t>(forward[i])] = static_cast<std::int64_t>(i);
    return back;
}

std::vector<std::int64_t> shapeOf(const Tensor& tensor) {
    return tensor.dimensions == 1 ? std::vector<std::int64_t>{tensor.cols} : std::vector<std::int64_t>{tensor.rows, tensor.cols};
}

class FolderWriter {
public:
    /// `layout`: of matrices in groups; null when they are ternary digits with one scale or floats.
    FolderWriter(const Model& model, const GroupLayout* layout) : m_model(model), m_layout(layout) {}

    Result<void> addTensors(RunControl& control) {
        for (const Tensor& tensor : m_model.tensors()) {
            if (control.isCancelled())
                return cancelledError();
            if (isRopeFactors(tensor))
                continue;
            if (tensor.stack > 1)
                TRILOBIT_CHECK(addStack(tensor, control));
            else
                TRILOBIT_CHECK(add(tensor, control));
        }
        return {};
    }

    Result<void> write(const std::string& folder, RunControl& control) {
        const auto in = [&](const char* name) { return (fs::path(folder) / name).string(); };
        TRILOBIT_CHECK(writeSafetensors(in("model.safetensors"), m_tensors, {{"format", "pt"}}, control));
        if (m_model.tokenizer())
            TRILOBIT_CHECK(writeTokenizer(m_model.tokenizer()->data(), in));
        return writeFileSafely(in("config.json"), config().dump(1));
    }

private:
    /// `in` makes a path in the folder of a name.
    template <class In>
    static Result<void> writeTokenizer(const TokenizerData& data, const In& in) {
        if (data.kind == TokenizerKind::ByteLevelBpe) {
            TRILOBIT_TRY(const Json tokenizer, tokenizerDataToJson(data));
            TRILOBIT_CHECK(writeFileSafely(in("tokenizer.json"), tokenizer.dump(1)));
        } else if (data.kind != TokenizerKind::WordPiece) { // which no model that writes text has
            TRILOBIT_TRY(const std::string tokenizer, tokenizerDataToSentencePiece(data));
            TRILOBIT_CHECK(writeFileSafely(in("tokenizer.model"), tokenizer));
        }
        TRILOBIT_CHECK(writeFileSafely(in("generation_config.json"), generationConfigToJson(data).dump(1)));
        return writeFileSafely(in("tokenizer_config.json"), tokenizerConfigToJson(data).dump(1));
    }

    /// The keys of a GGUF file that say nothing of tensors or tokens: name, author, licence and the like.
    Json generalKeys() const {
        Json out = Json::object();
        for (const auto& [key, value] : m_model.metadata().entries()) {
            if (!key.starts_with("general.") || isDerivedKey(key))
                continue;
            if (const auto* text = std::get_if<std::string>(&value.value))
                out.set(key, *text);
            else if (const auto* texts = std::get_if<std::vector<std::string>>(&value.value))
                out.set(key, Json(Json::Array(texts->begin(), texts->end())));
            else if (const auto* number = std::get_if<std::uint64_t>(&value.value))
                out.set(key, *number);
            else if (const bool* flag = std::get_if<bool>(&value.value))
                out.set(key, *flag);
        }
        return out;
    }

    /// What a GGUF file's norms hold more than those of such a folder.
    float offsetOf(const Tensor& tensor) const {
        const Architecture* architecture = findArchitecture(m_model.config().architecture);
        if (!architecture || tensor.role != TensorRole::Norm)
            return 0;
        return static_cast<float>(architecture->hfNormOffset - m_model.config().normOffset);
    }

    Result<void> addRow(const std::string& name, const Tensor& tensor, const std::vector<std::int64_t>& order,
                        RunControl& control) {
        TRILOBIT_TRY(const std::vector<float> values, decodeTensor(tensor, control));
        std::vector<std::byte>& stored = m_kept.emplace_back(values.size() * sizeof(float));
        for (std::size_t i = 0; i < values.size(); ++i) {
            const float value = values[order.empty() ? i : static_cast<std::size_t>(order[i])] - offsetOf(tensor);
            std::memcpy(stored.data() + i * sizeof value, &value, sizeof value);
        }
        m_tensors.push_back({name, "F32", {tensor.cols}, stored});
        return {};
    }

    Result<void> addStack(const Tensor& stack, RunControl& control) {
        Tensor expert = stack;
        expert.rows = stack.rows / stack.stack;
        expert.stack = 1;
        TRILOBIT_TRY(const std::uint64_t each, stack.encoding->sizeBytes(expert.rows, stack.cols));
        if (each * static_cast<std::uint64_t>(stack.stack) != stack.bytes.size())
            return Error{ErrorCode::Unsupported, "as " + stack.encoding->info().id + ", its experts cannot be taken apart", {},
                         stack.name};
        for (expert.expert = 0; expert.expert < stack.stack; ++expert.expert) {
            expert.bytes = stack.bytes.subspan(static_cast<std::size_t>(each) * static_cast<std::size_t>(expert.expert),
                                               static_cast<std::size_t>(each));
            TRILOBIT_CHECK(add(expert, control));
        }
        return {};
    }

    Result<void> add(const Tensor& tensor, RunControl& control) {
        const std::string name = hfNameOf(m_model, tensor);
        const auto order = halvesOrder(m_model, tensor);
        if (tensor.dimensions == 1 && (!order.empty() || offsetOf(tensor) != 0))
            return addRow(name, tensor, order, control);
        if (isFloat(tensor.encoding->info().id)) {
            std::span<const std::byte> bytes = tensor.bytes;
            if (!order.empty()) {
                TRILOBIT_TRY(auto sorted, reorderRows(tensor, order));
                bytes = m_kept.emplace_back(std::move(sorted));
            }
            m_tensors.push_back({name, tensor.encoding->info().id, shapeOf(tensor), bytes});
            return {};
        }
        if (m_layout)
            return addGrouped(tensor, name, order);
        auto codes = ternaryCodes(tensor);
        if (!codes)
            return Error{ErrorCode::Unsupported, "is stored as " + tensor.encoding->info().id
                         + ", which such a folder cannot hold without loss", {}, tensor.name};
        if (!order.empty()) {
            const std::vector<std::int16_t> from = codes->codes;
            for (std::size_t r = 0; r < order.size(); ++r)
                std::copy_n(from.begin() + order[r] * tensor.cols, tensor.cols,
                            codes->codes.begin() + static_cast<std::int64_t>(r) * tensor.cols);
        }
        const float scale = codes->scale.front();
        const auto encoding = makeHfBitnet(scale);
        TRILOBIT_TRY(const std::uint64_t size, encoding->sizeBytes(tensor.rows, tensor.cols));
        std::vector<std::byte>& packed = m_kept.emplace_back(static_cast<std::size_t>(size));
        TRILOBIT_CHECK(encoding->pack(*codes, packed));
        std::vector<std::byte>& stored = m_kept.emplace_back(sizeof scale);
        std::copy_n(reinterpret_cast<const std::byte*>(&scale), sizeof scale, stored.begin());
        m_tensors.push_back({name, "U8", {tensor.rows / 4, tensor.cols}, packed});
        m_tensors.push_back({name.substr(0, name.rfind('.')) + ".weight_scale", "F32", {1}, stored});
        m_packed = true;
        return {};
    }

    /// The codes as they lie in the layout; every parameter as it is or not at all.
    Result<void> addGrouped(const Tensor& tensor, const std::string& name, const std::vector<std::int64_t>& order) {
        TRILOBIT_TRY(GroupCodes codes, tensor.encoding->unpack(tensor.bytes, tensor.rows, tensor.cols));
        const int lowest = tensor.encoding->info().grid.codeMin;
        for (std::int16_t& code : codes.codes)
            code = static_cast<std::int16_t>(code - lowest);
        for (float& zero : codes.zero)
            zero -= static_cast<float>(lowest);
        if (!order.empty())
            reorder(codes, order);
        auto packed = m_layout->pack(codes);
        if (!packed)
            return located(std::move(packed).error(), {}, tensor.name);
        const std::string stem = name.substr(0, name.rfind('.') + 1);
        for (SideTensor& side : *packed)
            m_tensors.push_back({stem + side.name, side.dtype, std::move(side.shape), m_kept.emplace_back(std::move(side.bytes))});
        return {};
    }

    static void reorder(GroupCodes& codes, const std::vector<std::int64_t>& order) {
        const GroupCodes from = codes;
        const auto perRow = static_cast<std::ptrdiff_t>(codes.scale.size()) / codes.rows;
        for (std::size_t r = 0; r < order.size(); ++r) {
            const auto to = static_cast<std::ptrdiff_t>(r), at = static_cast<std::ptrdiff_t>(order[r]);
            std::copy_n(from.codes.begin() + at * codes.cols, codes.cols, codes.codes.begin() + to * codes.cols);
            std::copy_n(from.scale.begin() + at * perRow, perRow, codes.scale.begin() + to * perRow);
            std::copy_n(from.zero.begin() + at * perRow, perRow, codes.zero.begin() + to * perRow);
        }
    }

    Json config() const {
        const ModelConfig& c = m_model.config();
        bool biases = false, ffnBiases = false;
        for (const Tensor& tensor : m_model.tensors())
            if (tensor.role == TensorRole::Bias)
                (tensor.name.find(".attn_") != std::string::npos ? biases : ffnBiases) = true;
        Json json = Json::object({{"vocab_size", c.vocabSize},
                                  {"hidden_size", c.hiddenSize},
                                  {"intermediate_size", c.ffnSize},
                                  {"num_hidden_layers", c.layers},
                                  {"num_attention_heads", c.heads},
                                  {"num_key_value_heads", c.kvHeads},
                                  {"head_dim", c.headDim},
                                  {"rms_norm_eps", asWritten(c.rmsEps)},
                                  {"rope_theta", asWritten(c.ropeBase)},
                                  {"max_position_embeddings", c.contextLength},
                                  {"tie_word_embeddings", c.tiedOutput},
                                  {"attention_bias", biases},
                                  {"mlp_bias", ffnBiases}});
        // Said even where there is none: what kinds of models take for granted may lie outside of a small vocabulary.
        json.set("pad_token_id", m_model.tokenizer() && m_model.tokenizer()->data().padding >= 0
                                     ? Json(m_model.tokenizer()->data().padding) : Json());
        if (const Architecture* architecture = findArchitecture(c.architecture); architecture && architecture->toHf)
            architecture->toHf(c, json);
        if (m_model.tokenizer()) {
            const TokenizerData& t = m_model.tokenizer()->data();
            json.set("bos_token_id", t.bos >= 0 ? Json(t.bos) : Json());
            json.set("eos_token_id", t.eos >= 0 ? Json(t.eos) : Json());
        }
        if (const auto scaling = ropeScalingToHf(c); scaling && !scaling->isNull()) {
            json.set("rope_scaling", *scaling);
            if (c.ropeScaling.kind == RopeScaling::Kind::Longrope) // Phi 3 looks for it here
                json.set("original_max_position_embeddings", c.ropeScaling.originalContext);
        }
        json.set("torch_dtype", "float16");
        if (Json general = generalKeys(); !general.members().empty())
            json.set(std::string(kGeneralKeys), std::move(general));
        if (m_layout)
            json.set("quantization_config", m_layout->config());
        if (m_packed)
            json.set("quantization_config",
                     Json::object({{"quant_method", "bitnet"},
                                   {"linear_class", "autobitlinear"},
                                   {"quantization_mode", "offline"},
                                   {"modules_to_not_convert", Json(Json::Array{Json("lm_head")})}}));
        return json;
    }

    const Model& m_model;
    const GroupLayout* m_layout;
    std::vector<SafetensorsTensorOut> m_tensors;
    std::list<std::vector<std::byte>> m_kept; ///< bytes that are not in the model
    bool m_packed = false;
};

/// Whether every quantized matrix is packed as BitNet packs them; so is a model without any.
bool isPlainTernary(const Model& model) {
    return std::all_of(model.tensors().begin(), model.tensors().end(), [](const Tensor& tensor) {
        return !isGrouped(tensor) || (tensor.rows % 4 == 0 && ternaryCodes(tensor));
    });
}

} // namespace

std::vector<std::string> hfFolderObstacles(const Model& model, FolderLayout layout) {
    std::vector<std::string> out;
    const ModelConfig& c = model.config();
    const Architecture* architecture = findArchitecture(c.architecture);
    if (!architecture || !architecture->toHf)
        out.push_back("The architecture \"" + c.architecture + "\" has no Hugging Face form that this program writes.");
    if (const auto scaling = ropeScalingToHf(c); !scaling)
        out.push_back(scaling.error().message);
    std::size_t packed = 0, matrices = 0;
    std::string foreign;
    for (const Tensor& tensor : model.tensors()) {
        if (isBlockMatrix(tensor.role)) {
            ++matrices;
            packed += isGrouped(tensor);
        } else if (!isFloat(tensor.encoding->info().id) && foreign.empty()) {
            foreign = tensor.name + " is stored as " + tensor.encoding->info().id
                      + "; such a folder holds F32, F16 and BF16 outside of its blocks.";
        }
        if (hfNameOf(model, tensor).empty() && !isRopeFactors(tensor) && foreign.empty())
            foreign = tensor.name + " has no Hugging Face name.";
    }
    if (foreign.empty() && packed != 0 && (layout != FolderLayout::Auto || !isPlainTernary(model)))
        if (const auto layouts = groupLayouts(model, layout); !layouts)
            foreign = layouts.error().text()
                      + ". Such a folder holds F32, F16, BF16, ternary matrices with one scale, and groups of codes as GPTQ, AWQ "
                        "or HQQ store them.";
    if (!foreign.empty())
        out.push_back(foreign);
    else if (packed != 0 && packed != matrices)
        out.push_back("Only " + std::to_string(packed) + " of " + std::to_string(matrices)
                      + " block matrices are quantized; such a folder has all of them packed or none.");
    return out;
}

Result<void> writeModelHf(const Model& model, const std::string& folder, RunControl& control, FolderLayout layout) {
    if (const auto obstacles = hfFolderObstacles(model, layout); !obstacles.empty())
        return Error{ErrorCode::Unsupported, obstacles.front(), folder};
    std::error_code error;
    if (fs::exists(fs::path(folder) / "config.json", error))
        return Error{ErrorCode::Usage, "holds a model already; give a new folder", folder};
    const auto write = [&](const GroupLayout* chosen) -> Result<void> {
        FolderWriter writer(model, chosen);
        TRILOBIT_CHECK(writer.addTensors(control));
        fs::create_directories(folder, error);
        if (error)
            return Error{ErrorCode::Io, "cannot be made: " + error.message(), folder};
        return writer.write(folder, control);
    };
    const bool grouped = std::any_of(model.tensors().begin(), model.tensors().end(), isGrouped);
    if (!grouped || (layout == FolderLayout::Auto && isPlainTernary(model)))
        return write(nullptr);
    TRILOBIT_TRY(const auto layouts, groupLayouts(model, layout));
    std::optional<Error> first;
    for (const auto& candidate : layouts) {
        auto written = write(candidate.get());
        if (written || written.error().code != ErrorCode::Unsupported)
            return written;
        if (!first) // the usual layout's reason
            first = std::move(written).error();
    }
    return *first;
}

} // namespace trilobit
