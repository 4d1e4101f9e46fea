#include "core/formats/safetensors/safetensorsreader.h"

#include "core/tensor/shape.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <new>
#include <utility>

namespace trilobit {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian and read in place");

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000; // the format's own limit
constexpr std::size_t kMaxHeaderValues = 400'000;      // some 30 000 tensors; bounds the memory for a hostile header
constexpr std::size_t kMaxDimensions = 8;

/// Bits per element; the sub-byte types are here so that their sizes can be checked.
constexpr std::array<std::pair<std::string_view, std::uint64_t>, 23> kDtypes{{
    {"BOOL", 8},    {"U8", 8},       {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8},
    {"F8_E5M2FNUZ", 8}, {"F8_E4M3FNUZ", 8}, {"I16", 16}, {"U16", 16},    {"F16", 16},    {"BF16", 16},
    {"I32", 32},    {"U32", 32},     {"F32", 32},        {"F64", 64},    {"I64", 64},    {"U64", 64},
    {"C64", 64},    {"F4", 4},       {"F6_E2M3", 6},     {"F6_E3M2", 6}, {"F4_E2M1", 4},
}};

Error formatError(const std::string& path, std::string message, std::string_view field,
                  std::optional<std::uint64_t> offset = {}) {
    return Error{ErrorCode::Format, std::move(message), path, std::string(field), offset};
}

/// A member that must be a non-negative integer below 2^63.
Result<std::uint64_t> size(const Json& json, const std::string& path, std::string_view field) {
    if (!json.isInteger() || json.toInt(-1) < 0 || json.toUInt() > 0x7FFFFFFFFFFFFFFFull)
        return formatError(path, "expected a size, found " + json.dump().substr(0, 40), field);
    return json.toUInt();
}

Result<std::uint64_t> byteCount(const SafetensorsTensor& tensor, const std::string& path) {
    const auto dtype = std::find_if(kDtypes.begin(), kDtypes.end(),
                                    [&](const auto& entry) { return entry.first == tensor.dtype; });
    if (dtype == kDtypes.end())
        return formatError(path, "has the unknown dtype \"" + tensor.dtype.substr(0, 40) + "\", expected one like F32, F16, BF16 or U8",
                           tensor.name);
    std::optional<std::uint64_t> bits = dtype->second;
    for (const std::int64_t n : tensor.shape)
        bits = bits ? checkedMul(*bits, static_cast<std::uint64_t>(n)) : bits;
    if (!bits)
        return formatError(path, "its shape overflows, expected fewer than 2^64 bits", tensor.name);
    if (*bits % 8 != 0)
        return formatError(path, "its shape does not fill whole bytes of " + tensor.dtype + ", expected a multiple of 8 bits", tensor.name);
    return *bits / 8;
}

struct Placed {
    SafetensorsTensor tensor;
    std::uint64_t begin = 0, end = 0; ///< in the data section
};

Result<Placed> readEntry(const std::string& name, const Json& entry, const std::string& path) {
    if (!entry.isObject() || entry.members().size() != 3)
        return formatError(path, "expected an object with dtype, shape and data_offsets", name);
    Placed placed;
    placed.tensor.name = name;
    if (!entry["dtype"].isString())
        return formatError(path, "has no dtype, expected a text like \"F16\"", name);
    placed.tensor.dtype = entry["dtype"].toString();
    if (!entry["shape"].isArray() || entry["shape"].items().size() > kMaxDimensions)
        return formatError(path, "expected a shape of at most " + std::to_string(kMaxDimensions) + " dimensions", name);
    for (const Json& n : entry["shape"].items()) {
        TRILOBIT_TRY(const std::uint64_t dimension, size(n, path, name));
        placed.tensor.shape.push_back(static_cast<std::int64_t>(dimension));
    }
    const Json::Array& offsets = entry["data_offsets"].items();
    if (offsets.size() != 2)
        return formatError(path, "expected data_offsets of two numbers", name);
    TRILOBIT_TRY(placed.begin, size(offsets[0], path, name));
    TRILOBIT_TRY(placed.end, size(offsets[1], path, name));
    TRILOBIT_TRY(const std::uint64_t bytes, byteCount(placed.tensor, path));
    if (placed.end < placed.begin || placed.end - placed.begin != bytes)
        return formatError(path, "data_offsets " + std::to_string(placed.begin) + " to " + std::to_string(placed.end)
                                     + " do not fit its shape, expected " + std::to_string(bytes) + " bytes", name);
    return placed;
}

Result<std::string_view> headerText(const MappedFile& file) {
    const std::span<const std::byte> bytes = file.bytes();
    if (bytes.size() < 8)
        return formatError(file.path(), "the file has " + std::to_string(bytes.size())
                                            + " bytes, expected at least the 8 of the header's length", "header", 0);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > kMaxHeaderBytes)
        return formatError(file.path(), "claims " + std::to_string(length) + " bytes, expected at most "
                                            + std::to_string(kMaxHeaderBytes) + "; this is no safetensors file",
                           "header", 0);
    if (length > bytes.size() - 8)
        return formatError(file.path(), "claims " + std::to_string(length) + " bytes, but only "
                                            + std::to_string(bytes.size() - 8) + " are there; expected at most so many", "header", 0);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(length));
    if (text.empty() || text.front() != '{')
        return formatError(file.path(), "expected it to start with '{'", "header", 8);
    return text;
}

/// The data must be covered from its first to its last byte, without holes and overlaps.
Result<void> checkTiling(const std::vector<Placed>& placed, std::uint64_t dataBytes, const std::string& path) {
    std::uint64_t end = 0;
    for (const Placed& p : placed) {
        if (p.begin != end)
            return formatError(path, "its data starts at " + std::to_string(p.begin) + " of the data section, expected "
                                         + std::to_string(end) + ": tensors must follow one another", p.tensor.name);
        end = p.end;
    }
    if (end != dataBytes)
        return formatError(path, "the tensors need " + std::to_string(end) + " bytes, but the file has "
                                     + std::to_string(dataBytes) + " after its header; expected as many", "data section");
    return {};
}

/// Where in the file its header speaks of `field`; the start of the data for what is not about one tensor.
Error atHeader(Error error, std::string_view text) {
    if (error.offset)
        return error;
    const std::size_t at = text.find(Json(error.field).dump());
    error.offset = error.field == "data section" ? 8 + text.size() : at == std::string_view::npos ? 8 : 8 + at;
    return error;
}

Result<SafetensorsFile> parse(const std::shared_ptr<const MappedFile>& file, std::string_view text) {
    Json::Limits limits = Json::Limits::forFile(text.size());
    limits.maxDepth = 4;
    limits.maxValues = kMaxHeaderValues;
    auto header = Json::parse(text, limits);
    if (!header)
        return formatError(file->path(), "is not the JSON that was expected: " + header.error().message, "header, " + header.error().field,
                           8 + header.error().offset.value_or(0));
    SafetensorsFile out;
    out.files.push_back(file);
    std::vector<Placed> placed;
    for (const auto& [name, entry] : header->members()) {
        if (name == "__metadata__") {
            out.metadata = entry.members();
            continue;
        }
        TRILOBIT_TRY(Placed p, readEntry(name, entry, file->path()));
        placed.push_back(std::move(p));
    }
    std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    const std::uint64_t dataStart = 8 + text.size();
    TRILOBIT_CHECK(checkTiling(placed, file->bytes().size() - dataStart, file->path()));
    for (Placed& p : placed) {
        p.tensor.fileOffset = dataStart + p.begin;
        p.tensor.bytes = file->bytes().subspan(static_cast<std::size_t>(p.tensor.fileOffset),
                                               static_cast<std::size_t>(p.end - p.begin));
        out.tensors.push_back(std::move(p.tensor));
    }
    return out;
}

} // namespace

Result<SafetensorsFile> readSafetensors(const std::string& path) {
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    try {
        TRILOBIT_TRY(const std::string_view text, headerText(*file));
        auto parsed = parse(file, text);
        if (!parsed)
            return atHeader(std::move(parsed).error(), text);
        return parsed;
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory for its header", path};
    }
}

} // namespace trilobit
