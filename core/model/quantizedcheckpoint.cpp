#include "core/model/quantizedcheckpoint.h"

#include "core/base/half.h"
#include "core/encodings/checkpoint/packedmatrix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace trilobit {

namespace {

constexpr std::array<const char*, 3> kSides{"qzeros", "scales", "g_idx"};
constexpr std::array<const char*, 18> kHqqSides{
    "scale",       "zero",        "nbits",         "group_size",   "axis",       "packing",
    "shape",       "view_as_float", "unpack_view_dtype", "quant_scale", "quant_zero", "compute_dtype",
    "offload_meta", "encoded_state_dict", "stores_quant_config", "channel_wise", "optimize",   "round_zero"};

Error unsupported(const char* field, const Json& value, const char* expected) {
    return Error{ErrorCode::Unsupported, "is " + value.dump().substr(0, 60) + ", which this program does not read; expected "
                 + expected, {}, std::string("quantization_config.") + field};
}

std::string_view stemOf(std::string_view name) { return name.substr(0, name.rfind('.')); }
std::string_view lastOf(std::string_view name) { return name.substr(name.rfind('.') + 1); }

Result<std::vector<float>> floatsOf(const SafetensorsTensor& tensor) {
    const bool wide = tensor.dtype == "F32";
    if (!wide && tensor.dtype != "F16" && tensor.dtype != "BF16")
        return Error{ErrorCode::Unsupported, "is stored as " + tensor.dtype + ", expected F16, BF16 or F32", {}, tensor.name};
    std::vector<float> out(tensor.bytes.size() / (wide ? 4 : 2));
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (wide) {
            std::memcpy(&out[i], tensor.bytes.data() + i * 4, 4);
            continue;
        }
        std::uint16_t bits = 0;
        std::memcpy(&bits, tensor.bytes.data() + i * 2, 2);
        out[i] = tensor.dtype == "F16" ? halfToFloat(bits) : bfloat16ToFloat(bits);
    }
    return out;
}

Result<std::vector<std::uint32_t>> wordsOf(const SafetensorsTensor& tensor) {
    if (tensor.dtype != "I32" && tensor.dtype != "U32")
        return Error{ErrorCode::Format, "is stored as " + tensor.dtype + ", expected I32", {}, tensor.name};
    std::vector<std::uint32_t> out(tensor.bytes.size() / 4);
    std::memcpy(out.data(), tensor.bytes.data(), out.size() * 4);
    return out;
}

Result<void> checkShape(const SafetensorsTensor& tensor, std::int64_t first, std::int64_t second) {
    if (tensor.shape == std::vector<std::int64_t>{first, second})
        return {};
    std::string found;
    for (const std::int64_t n : tensor.shape)
        found += (found.empty() ? "" : " x ") + std::to_string(n);
    return Error{ErrorCode::Format, "has the shape " + found + ", expected " + std::to_string(first) + " x "
                 + std::to_string(second), {}, tensor.name};
}

} // namespace

Result<QuantizedCheckpoint> QuantizedCheckpoint::read(const Json& hfConfig, const SafetensorsFile& files) {
    QuantizedCheckpoint out;
    const Json& config = hfConfig["quantization_config"];
    const std::string method = config["quant_method"].toString();
    if (method != "gptq" && method != "awq" && method != "hqq")
        return out;
    out.m_method = method;
    const bool awq = method == "awq";
    out.m_bits = static_cast<int>(config["bits"].toInt(awq ? config["w_bit"].toInt(4) : 4));
    out.m_groupSize = config["group_size"].toInt(awq ? config["q_group_size"].toInt(128) : 128);
    if (out.m_bits < 1 || out.m_bits > 8)
        return unsupported("bits", config["bits"], "1 to 8");
    if (out.m_groupSize == 0 || out.m_groupSize < -1)
        return unsupported("group_size", config["group_size"], "a positive number, or -1 for whole rows");
    if (method == "gptq") {
        const std::string format = config["checkpoint_format"].toString("gptq");
        if (format != "gptq" && format != "gptq_v2")
            return unsupported("checkpoint_format", config["checkpoint_format"], "gptq or gptq_v2");
        if (config["is_marlin_format"].toBool())
            return unsupported("is_marlin_format", config["is_marlin_format"], "false");
        out.m_zeroOffset = format == "gptq" ? 1 : 0;
    } else if (awq) {
        if (const std::string version = config["version"].toString("gemm"); version != "gemm" && version != "GEMM")
            return unsupported("version", config["version"], "gemm");
        if (config["zero_point"].isBool() && !config["zero_point"].toBool())
            return unsupported("zero_point", config["zero_point"], "true");
    }
    for (const SafetensorsTensor& tensor : files.tensors)
        out.m_tensors.emplace(tensor.name, &tensor);
    return out;
}

const SafetensorsTensor* QuantizedCheckpoint::part(std::string_view stem, const char* name) const {
    const auto found = m_tensors.find(std::string(stem) + "." + name);
    return found == m_tensors.end() ? nullptr : found->second;
}

Result<const SafetensorsTensor*> QuantizedCheckpoint::neededPart(std::string_view stem, const char* name) const {
    if (const SafetensorsTensor* found = part(stem, name))
        return found;
    return Error{ErrorCode::Format, "is missing, but the packed matrix needs it", {}, std::string(stem) + "." + name};
}

bool QuantizedCheckpoint::isMatrix(std::string_view name) const {
    return !m_method.empty() && lastOf(name) == (m_method == "hqq" ? "W_q" : "qweight");
}

bool QuantizedCheckpoint::isSideTensor(std::string_view name) const {
    if (m_method.empty())
        return false;
    const auto among = [&](const auto& list) {
        return std::any_of(list.begin(), list.end(), [&](const char* side) { return lastOf(name) == side; });
    };
    return (m_method == "hqq" ? among(kHqqSides) : among(kSides))
           && part(stemOf(name), m_method == "hqq" ? "W_q" : "qweight");
}

std::string QuantizedCheckpoint::weightName(std::string_view name) { return std::string(stemOf(name)) + ".weight"; }

Result<QuantizedCheckpoint::Matrix> QuantizedCheckpoint::matrix(const SafetensorsTensor& codes) const {
    const std::string_view stem = stemOf(codes.name);
    auto made = m_method == "hqq" ? hqq(codes, stem) : gptqOrAwq(codes, stem);
    if (!made && made.error().field.empty())
        return located(std::move(made).error(), {}, codes.name);
    return made;
}

Result<QuantizedCheckpoint::Matrix> QuantizedCheckpoint::gptqOrAwq(const SafetensorsTensor& codes,
                                                                   std::string_view stem) const {
    const bool awq = m_method == "awq";
    if (codes.dtype != "I32" || codes.shape.size() != 2)
        return fail(ErrorCode::Format, "expected a matrix of I32 words");
    if (32 % m_bits != 0 && m_bits != 3)
        return Error{ErrorCode::Unsupported, "is " + std::to_string(m_bits) + ", expected 1, 2, 3, 4 or 8", {}, "quantization_config.bits"};
    PackedMatrix m;
    m.packing = awq ? CheckpointPacking::Awq : CheckpointPacking::Gptq;
    m.bits = m_bits;
    m.rows = awq ? codes.shape[1] * 32 / m_bits : codes.shape[1];
    m.cols = awq ? codes.shape[0] : codes.shape[0] * 32 / m_bits;
    m.groupSize = m_groupSize < 0 ? m.cols : m_groupSize;
    const std::int64_t groups = (m.cols + m.groupSize - 1) / std::max<std::int64_t>(1, m.groupSize);
    TRILOBIT_TRY(const SafetensorsTensor* scales, neededPart(stem, "scales"));
    TRILOBIT_TRY(const SafetensorsTensor* zeros, neededPart(stem, "qzeros"));
    TRILOBIT_CHECK(checkShape(*scales, groups, m.rows));
    TRILOBIT_CHECK(checkShape(*zeros, groups, m.rows * m_bits / 32));
    TRILOBIT_TRY(m.scale, floatsOf(*scales));
    TRILOBIT_TRY(const std::vector<std::uint32_t> words, wordsOf(*zeros));
    const std::int64_t perRow = m.rows * m_bits / 32;
    const unsigned mask = (1u << m_bits) - 1;
    m.zero.resize(m.scale.size());
    for (std::int64_t group = 0; group < groups; ++group)
        for (std::int64_t row = 0; row < m.rows; ++row) {
            std::int64_t at = row * m_bits;
            if (awq) { // the order within a word that the codes have, too
                const std::int64_t inside = row % 8;
                at = (row - inside + (inside % 2 == 0 ? inside / 2 : 4 + inside / 2)) * m_bits;
            }
            const auto index = static_cast<std::size_t>(group * perRow + at / 32);
            std::uint64_t value = words[index];
            if (at % 32 + m_bits > 32)
                value |= static_cast<std::uint64_t>(words[index + 1]) << 32;
            const unsigned stored = static_cast<unsigned>(value >> (at % 32)) & mask;
            m.zero[static_cast<std::size_t>(group * m.rows + row)] =
                static_cast<float>((stored + static_cast<unsigned>(m_zeroOffset)) & mask);
        }
    if (const SafetensorsTensor* order = awq ? nullptr : part(stem, "g_idx")) {
        TRILOBIT_TRY(const std::vector<std::uint32_t> groupOf, wordsOf(*order));
        m.groupOf.assign(groupOf.begin(), groupOf.end());
    }
    Matrix out{nullptr, m.rows, m.cols};
    TRILOBIT_TRY(out.encoding, makePackedMatrix(std::move(m)));
    return out;
}

Result<double> QuantizedCheckpoint::number(std::string_view stem, const char* name, double fallback) const {
    const SafetensorsTensor* tensor = part(stem, name);
    if (!tensor)
        return fallback;
    if (tensor->dtype == "I32" && tensor->bytes.size() == 4) {
        std::int32_t value = 0;
        std::memcpy(&value, tensor->bytes.data(), 4);
        return static_cast<double>(value);
    }
    if (tensor->dtype == "I64" && tensor->bytes.size() == 8) {
        std::int64_t value = 0;
        std::memcpy(&value, tensor->bytes.data(), 8);
        return static_cast<double>(value);
    }
    if (tensor->dtype == "F32" && tensor->bytes.size() == 4) {
        float value = 0;
        std::memcpy(&value, tensor->bytes.data(), 4);
        return static_cast<double>(value);
    }
    if ((tensor->dtype == "U8" || tensor->dtype == "BOOL") && tensor->bytes.size() == 1)
        return static_cast<double>(std::to_integer<int>(tensor->bytes[0]));
    return Error{ErrorCode::Format, "expected one number", {}, tensor->name};
}

Result<QuantizedCheckpoint::Matrix> QuantizedCheckpoint::hqq(const SafetensorsTensor& codes, std::string_view stem) const {
    PackedMatrix m;
    m.packing = CheckpointPacking::Hqq;
    TRILOBIT_TRY(const SafetensorsTensor* shape, neededPart(stem, "shape"));
    if (shape->dtype != "I64" || shape->bytes.size() != 16)
        return Error{ErrorCode::Format, "expected two numbers in I64", {}, shape->name};
    std::memcpy(&m.rows, shape->bytes.data(), 8);
    std::memcpy(&m.cols, shape->bytes.data() + 8, 8);
    TRILOBIT_TRY(const double axis, number(stem, "axis", 1));
    TRILOBIT_TRY(const double bits, number(stem, "nbits", m_bits));
    TRILOBIT_TRY(const double group, number(stem, "group_size", static_cast<double>(m.cols)));
    for (const char* flag : {"quant_scale", "quant_zero"}) {
        TRILOBIT_TRY(const double on, number(stem, flag, 0));
        if (on != 0)
            return Error{ErrorCode::Unsupported, "says that scales or zeros are quantized themselves, which is not read; expected 0", {},
                         std::string(stem) + "." + flag};
    }
    const auto within = [](double value, double top) { return value >= 0 && value <= top && std::floor(value) == value; };
    if (!within(axis, 1) || !within(group, 0x1p40) || group < 1 || !(bits >= 1 && bits <= 8))
        return fail(ErrorCode::Format, "has an axis, a group size or a number of bits that HQQ does not have; expected an axis of 0 or 1, groups of at least one "
                                       "weight and 1 to 8 bits");
    m.hqq.axis = static_cast<int>(axis);
    m.groupSize = static_cast<std::int64_t>(group);
    m.bits = static_cast<int>(std::ceil(bits)); // 1.58 bits lie in two
    TRILOBIT_TRY(const SafetensorsTensor* scale, neededPart(stem, "scale"));
    TRILOBIT_TRY(const SafetensorsTensor* zero, neededPart(stem, "zero"));
    TRILOBIT_TRY(m.scale, floatsOf(*scale));
    TRILOBIT_TRY(m.zero, floatsOf(*zero));
    Matrix out{nullptr, m.rows, m.cols};
    TRILOBIT_TRY(out.encoding, makePackedMatrix(std::move(m)));
    TRILOBIT_TRY(const std::uint64_t size, out.encoding->sizeBytes(out.rows, out.cols));
    if (size != codes.bytes.size())
        return fail(ErrorCode::Format, "has " + std::to_string(codes.bytes.size()) + " bytes of codes, expected "
                                           + std::to_string(size));
    return out;
}

} // namespace trilobit
