#include "core/model/grouplayouts.h"

#include "core/encodings/checkpoint/packedmatrix.h"

#include <algorithm>
#include <optional>
#include <span>

namespace trilobit {

namespace {

/// Bits and group size of a matrix; HQQ matrices of one folder may differ, the others may not.
struct GroupShape {
    int bits = 0;
    std::int64_t groupSize = 0;
    bool operator==(const GroupShape&) const = default;
};

template <class T>
SideTensor side(const char* name, const char* dtype, std::vector<std::int64_t> shape, const std::vector<T>& values) {
    const auto bytes = std::as_bytes(std::span(values));
    return {name, dtype, std::move(shape), {bytes.begin(), bytes.end()}};
}

class GptqLayout final : public GroupLayout {
public:
    explicit GptqLayout(GroupShape shape) : m_shape(shape) {}

    Result<std::vector<SideTensor>> pack(const GroupCodes& codes) const override {
        TRILOBIT_TRY(const GptqTensors packed, packGptq(codes, m_shape.bits, m_shape.groupSize));
        const std::int64_t groups = codes.cols / m_shape.groupSize, perWord = 32 / m_shape.bits;
        return std::vector{side("qweight", "I32", {codes.cols / perWord, codes.rows}, packed.qweight),
                           side("qzeros", "I32", {groups, codes.rows / perWord}, packed.qzeros),
                           side("scales", "F16", {groups, codes.rows}, packed.scales),
                           side("g_idx", "I32", {codes.cols}, packed.groupOf)};
    }
    Json config() const override {
        return Json::object({{"quant_method", "gptq"},
                             {"bits", m_shape.bits},
                             {"group_size", m_shape.groupSize},
                             {"desc_act", false},
                             {"sym", false},
                             {"checkpoint_format", "gptq"}});
    }
    static std::string refusal(const Tensor& tensor, const GroupShape& shape) {
        if (shape.bits != 2 && shape.bits != 4 && shape.bits != 8)
            return "is written with 2, 4 or 8 bits";
        const std::int64_t perWord = 32 / shape.bits;
        return tensor.rows % perWord == 0 && tensor.cols % perWord == 0
                   ? "" : "needs rows and columns in multiples of " + std::to_string(perWord);
    }

private:
    GroupShape m_shape;
};

class AwqLayout final : public GroupLayout {
public:
    explicit AwqLayout(GroupShape shape) : m_shape(shape) {}

    Result<std::vector<SideTensor>> pack(const GroupCodes& codes) const override {
        TRILOBIT_TRY(const AwqTensors packed, packAwq(codes, m_shape.groupSize));
        const std::int64_t groups = codes.cols / m_shape.groupSize;
        return std::vector{side("qweight", "I32", {codes.cols, codes.rows / 8}, packed.qweight),
                           side("qzeros", "I32", {groups, codes.rows / 8}, packed.qzeros),
                           side("scales", "F16", {groups, codes.rows}, packed.scales)};
    }
    Json config() const override {
        return Json::object({{"quant_method", "awq"},
                             {"bits", 4},
                             {"group_size", m_shape.groupSize},
                             {"zero_point", true},
                             {"version", "gemm"},
                             {"modules_to_not_convert", Json()}});
    }
    static std::string refusal(const Tensor& tensor, const GroupShape& shape) {
        if (shape.bits != 4)
            return "is written with 4 bits";
        return tensor.rows % 8 == 0 ? "" : "needs rows in multiples of 8";
    }

private:
    GroupShape m_shape;
};

/// Each matrix says its own bits and group size, so they may differ.
class HqqFolderLayout final : public GroupLayout {
public:
    explicit HqqFolderLayout(GroupShape usual) : m_usual(usual) {}

    Result<std::vector<SideTensor>> pack(const GroupCodes& codes) const override {
        std::int16_t top = 0;
        for (const std::int16_t code : codes.codes)
            top = std::max(top, code);
        return packWith(codes, std::max(bitsFor(top + 1), m_usual.groupSize == codes.groupSize ? m_usual.bits : 1));
    }
    Json config() const override {
        return Json::object(
            {{"quant_method", "hqq"},
             {"quant_config",
              Json::object({{"weight_quant_params", Json::object({{"nbits", m_usual.bits},
                                                                  {"channel_wise", true},
                                                                  {"group_size", m_usual.groupSize},
                                                                  {"optimize", false},
                                                                  {"round_zero", false},
                                                                  {"axis", 1},
                                                                  {"view_as_float", false}})},
                            {"scale_quant_params", Json()},
                            {"zero_quant_params", Json()},
                            {"offload_meta", false}})},
             {"skip_modules", Json(Json::Array{Json("lm_head")})}});
    }
    static int bitsFor(int levels) {
        return levels <= 2 ? 1 : levels <= 4 ? 2 : levels <= 8 ? 3 : levels <= 16 ? 4 : 8;
    }
    static std::string refusal(const Tensor& tensor, const GroupShape& shape) {
        const std::int64_t groups = tensor.rows * (tensor.cols / shape.groupSize), parts = shape.bits == 3 ? 1 : 8 / shape.bits;
        return groups % parts == 0 ? "" : "needs groups in multiples of " + std::to_string(parts);
    }

private:
    static Result<std::vector<SideTensor>> packWith(const GroupCodes& codes, int bits) {
        TRILOBIT_TRY(HqqTensors packed, packHqq(codes, bits));
        const std::int64_t groups = static_cast<std::int64_t>(packed.groups);
        const auto flag = [](const char* name, bool on) {
            return side(name, "U8", {}, std::vector<std::uint8_t>{static_cast<std::uint8_t>(on)});
        };
        const auto number = [](const char* name, std::int64_t value) {
            return side(name, "I32", {}, std::vector<std::int32_t>{static_cast<std::int32_t>(value)});
        };
        const auto text = [](const char* name, const std::string& value) {
            return side(name, "U8", {static_cast<std::int64_t>(value.size())}, std::vector<char>(value.begin(), value.end()));
        };
        const bool half = !packed.halfScale.empty();
        std::vector<SideTensor> out;
        out.push_back({"W_q", bits == 3 ? "I32" : "U8", {packed.height, packed.width}, std::move(packed.codes)});
        if (half) {
            out.push_back(side("scale", "F16", {groups, 1}, packed.halfScale));
            out.push_back(side("zero", "F16", {groups, 1}, packed.halfZero));
        } else {
            out.push_back(side("scale", "F32", {groups, 1}, packed.scale));
            out.push_back(side("zero", "F32", {groups, 1}, packed.zero));
        }
        out.push_back(number("nbits", bits));
        out.push_back(number("group_size", packed.width));
        out.push_back(number("axis", 1));
        out.push_back(side("shape", "I64", {2}, std::vector<std::int64_t>{codes.rows, codes.cols}));
        out.push_back(text("packing", std::to_string(bits) + (bits == 3 ? "bit_32" : "bit_u8")));
        out.push_back(text("unpack_view_dtype", bits == 3 ? "torch.int32" : "torch.uint8"));
        out.push_back(text("compute_dtype", half ? "torch.float16" : "torch.float32"));
        for (const char* name : {"view_as_float", "quant_scale", "quant_zero", "offload_meta", "optimize", "round_zero"})
            out.push_back(flag(name, false));
        for (const char* name : {"channel_wise", "encoded_state_dict", "stores_quant_config"})
            out.push_back(flag(name, true));
        return out;
    }

    GroupShape m_usual;
};

std::optional<GroupShape> shapeOf(const Tensor& tensor) {
    const Grid& grid = tensor.encoding->info().grid;
    if (grid.kind != GridKind::Linear || grid.levels() > 256 || grid.groupSize == kGroupIsTensor)
        return std::nullopt;
    const std::int64_t group = grid.groupSize == kGroupIsRow ? tensor.cols : grid.groupSize;
    if (group < 1 || tensor.cols % group != 0)
        return std::nullopt;
    return GroupShape{grid.levels() <= 4 ? 2 : grid.levels() <= 16 ? 4 : 8, group};
}

std::string shapeText(const GroupShape& shape) {
    return std::to_string(shape.bits) + " bits in groups of " + std::to_string(shape.groupSize);
}

struct LayoutSpec {
    FolderLayout id;
    const char* name;
    bool oneShape;
    std::string (*refusal)(const Tensor&, const GroupShape&);
    std::unique_ptr<const GroupLayout> (*make)(GroupShape);
};

template <class Layout>
std::unique_ptr<const GroupLayout> make(GroupShape shape) {
    return std::make_unique<const Layout>(shape);
}

/// In the order in which they are tried: what most programs read comes first.
constexpr LayoutSpec kLayouts[] = {
    {FolderLayout::Gptq, "GPTQ", true, GptqLayout::refusal, make<GptqLayout>},
    {FolderLayout::Awq, "AWQ", true, AwqLayout::refusal, make<AwqLayout>},
    {FolderLayout::Hqq, "HQQ", false, HqqFolderLayout::refusal, make<HqqFolderLayout>},
};

Result<std::unique_ptr<const GroupLayout>> makeLayout(const LayoutSpec& spec, const Model& model) {
    std::optional<GroupShape> common;
    for (const Tensor& tensor : model.tensors()) {
        if (!isGrouped(tensor))
            continue;
        const auto refuse = [&](const std::string& why) {
            return Error{ErrorCode::Unsupported, "is stored as " + tensor.encoding->info().id + "; the " + spec.name + " layout "
                         + why, {}, tensor.name};
        };
        auto shape = shapeOf(tensor);
        if (!shape)
            return refuse("holds whole groups of at most 256 levels along rows");
        if (spec.id == FolderLayout::Hqq)
            shape->bits = HqqFolderLayout::bitsFor(tensor.encoding->info().grid.levels());
        if (const std::string why = spec.refusal(tensor, *shape); !why.empty())
            return refuse(why);
        if (common && spec.oneShape && *common != *shape)
            return refuse("has one number of bits and one group size for all, not " + shapeText(*common) + " and "
                          + shapeText(*shape));
        if (!common)
            common = shape;
    }
    if (!common)
        return fail(ErrorCode::Unsupported, std::string("The model has no matrix of groups of codes for the ") + spec.name + " layout.");
    return spec.make(*common);
}

} // namespace

bool isGrouped(const Tensor& tensor) {
    using enum TensorRole;
    const std::string& id = tensor.encoding->info().id;
    const bool matrix = tensor.role == AttnQ || tensor.role == AttnK || tensor.role == AttnV || tensor.role == AttnOut
                        || tensor.role == FfnGate || tensor.role == FfnUp || tensor.role == FfnDown;
    return matrix && id != "F32" && id != "F16" && id != "BF16";
}

Result<std::vector<std::unique_ptr<const GroupLayout>>> groupLayouts(const Model& model, FolderLayout wanted) {
    std::vector<std::unique_ptr<const GroupLayout>> out;
    std::optional<Error> first;
    for (const LayoutSpec& spec : kLayouts) {
        if (wanted != FolderLayout::Auto && wanted != spec.id)
            continue;
        auto layout = makeLayout(spec, model);
        if (layout)
            out.push_back(*std::move(layout));
        else if (!first)
            first = std::move(layout).error();
    }
    if (out.empty())
        return *first;
    return out;
}

} // namespace trilobit
