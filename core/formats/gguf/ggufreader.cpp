#include "core/formats/gguf/ggufreader.h"

#include "core/tensor/shape.h"

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstring>
#include <new>
#include <string_view>
#include <unordered_set>

namespace trilobit {

namespace {

static_assert(std::endian::native == std::endian::little, "GGUF is little-endian and read in place");

constexpr std::uint64_t kMaxEntries = 65'536;
constexpr std::uint64_t kMaxTensors = 100'000;
constexpr std::uint64_t kMaxNameBytes = 255;
constexpr std::uint64_t kMaxKeyBytes = 65'535;
constexpr std::uint64_t kMaxAlignment = 1u << 20;
/// Heap that keys and values may take: several times the largest vocabulary, little enough to be harmless in a file
/// that claims more. Widened numbers and string objects take up to eight times their bytes in the file.
constexpr std::uint64_t kMaxMetadataBytes = 56u << 20;
constexpr std::uint64_t kSetNodeBytes = 64; ///< one entry of a hash set, roughly

class GgufParser {
public:
    explicit GgufParser(std::shared_ptr<const MappedFile> file) : m_bytes(file->bytes()), m_path(file->path()) {
        m_out.file = std::move(file);
    }

    Result<GgufFile> parse() {
        TRILOBIT_CHECK(header());
        for (std::uint64_t i = 0; i < m_entryCount; ++i)
            TRILOBIT_CHECK(entry());
        TRILOBIT_CHECK(alignment());
        TRILOBIT_CHECK(spend(m_tensorCount * (sizeof(GgufTensor) + 2 * kSetNodeBytes), "tensor count"));
        m_out.tensors.reserve(static_cast<std::size_t>(m_tensorCount));
        for (std::uint64_t i = 0; i < m_tensorCount; ++i)
            TRILOBIT_CHECK(tensorInfo());
        TRILOBIT_CHECK(placeTensors());
        return std::move(m_out);
    }

private:
    std::uint64_t remaining() const { return m_bytes.size() - m_position; }

    Error formatError(std::string message, std::string_view field) const { return errorAt(m_position, message, field); }
    Error errorAt(std::uint64_t offset, std::string message, std::string_view field) const {
        return Error{ErrorCode::Format, std::move(message), m_path, std::string(field), offset};
    }

    template <class T>
    Result<T> number(std::string_view field) {
        if (remaining() < sizeof(T))
            return formatError("the file ends here, expected " + std::to_string(sizeof(T)) + " more bytes", field);
        T value;
        std::memcpy(&value, m_bytes.data() + m_position, sizeof value);
        m_position += sizeof value;
        return value;
    }

    /// The characters stay in the mapping.
    Result<std::string_view> text(std::string_view field, std::uint64_t maxBytes) {
        const std::uint64_t start = m_position;
        TRILOBIT_TRY(const std::uint64_t length, number<std::uint64_t>(field));
        if (length > remaining())
            return errorAt(start, "a text of " + std::to_string(length) + " bytes does not fit in the "
                                      + std::to_string(remaining()) + " bytes left", field);
        if (length > maxBytes)
            return errorAt(start, "a text of " + std::to_string(length) + " bytes, expected at most "
                                      + std::to_string(maxBytes), field);
        const std::string_view view(reinterpret_cast<const char*>(m_bytes.data() + m_position),
                                    static_cast<std::size_t>(length));
        m_position += length;
        return view;
    }

    Result<void> spend(std::uint64_t bytes, std::string_view field) {
        m_spent += bytes;
        if (m_spent > kMaxMetadataBytes)
            return formatError("keys and values need more than " + std::to_string(kMaxMetadataBytes >> 20)
                                   + " MiB of memory", field);
        return {};
    }

    Result<std::string> ownedText(std::string_view field) {
        TRILOBIT_TRY(const std::string_view view, text(field, kMaxMetadataBytes));
        TRILOBIT_CHECK(spend(view.size() + 32, field));
        return std::string(view);
    }

    Result<void> header() {
        if (m_bytes.size() < 8 || std::memcmp(m_bytes.data(), "GGUF", 4) != 0)
            return errorAt(0, "is not a GGUF file: expected it to start with \"GGUF\" and a version", "magic");
        m_position = 4;
        TRILOBIT_TRY(m_out.version, number<std::uint32_t>("version"));
        if (m_out.version == 0x02000000u || m_out.version == 0x03000000u)
            return errorAt(4, "is a big-endian GGUF file, expected little-endian", "version");
        if (m_out.version != 2 && m_out.version != 3)
            return errorAt(4, "is " + std::to_string(m_out.version) + ", expected 2 or 3", "version");
        TRILOBIT_TRY(m_tensorCount, number<std::uint64_t>("tensor count"));
        if (m_tensorCount > std::min(kMaxTensors, remaining() / 24))
            return errorAt(8, std::to_string(m_tensorCount) + " tensors do not fit in this file, expected at most "
                                  + std::to_string(std::min(kMaxTensors, remaining() / 24)), "tensor count");
        TRILOBIT_TRY(m_entryCount, number<std::uint64_t>("key count"));
        if (m_entryCount > std::min(kMaxEntries, remaining() / 13))
            return errorAt(16, std::to_string(m_entryCount) + " keys do not fit in this file, expected at most "
                                   + std::to_string(std::min(kMaxEntries, remaining() / 13)), "key count");
        return {};
    }

    Result<void> entry() {
        const std::uint64_t start = m_position;
        TRILOBIT_TRY(const std::string_view key, text("key", kMaxKeyBytes));
        if (key.empty())
            return errorAt(start, "is empty, expected a name", "key");
        if (!m_keys.insert(key).second)
            return errorAt(start, "appears twice, expected once", key);
        TRILOBIT_CHECK(spend(key.size() + sizeof(Metadata::Entry) * 3 + sizeof m_out.keyOffsets.front() * 2 + kSetNodeBytes, key));
        m_out.keyOffsets.emplace_back(key, start);
        TRILOBIT_TRY(const std::uint32_t type, number<std::uint32_t>(key));
        TRILOBIT_TRY(MetaValue value, type == static_cast<std::uint32_t>(MetaType::Array) ? array(key)
                                                                                          : scalar(key, type));
        m_out.metadata.append(std::string(key), std::move(value));
        return {};
    }

    template <class Stored, class Wide>
    Result<MetaValue> scalarOf(std::string_view key, MetaType type) {
        TRILOBIT_TRY(const Stored value, number<Stored>(key));
        return MetaValue{type, {}, static_cast<Wide>(value)};
    }

    Result<MetaValue> scalar(std::string_view key, std::uint32_t rawType) {
        const MetaType type = static_cast<MetaType>(rawType);
        switch (type) {
        case MetaType::U8: return scalarOf<std::uint8_t, std::uint64_t>(key, type);
        case MetaType::U16: return scalarOf<std::uint16_t, std::uint64_t>(key, type);
        case MetaType::U32: return scalarOf<std::uint32_t, std::uint64_t>(key, type);
        case MetaType::U64: return scalarOf<std::uint64_t, std::uint64_t>(key, type);
        case MetaType::I8: return scalarOf<std::int8_t, std::int64_t>(key, type);
        case MetaType::I16: return scalarOf<std::int16_t, std::int64_t>(key, type);
        case MetaType::I32: return scalarOf<std::int32_t, std::int64_t>(key, type);
        case MetaType::I64: return scalarOf<std::int64_t, std::int64_t>(key, type);
        case MetaType::F32: return scalarOf<float, double>(key, type);
        case MetaType::F64: return scalarOf<double, double>(key, type);
        case MetaType::Bool: {
            TRILOBIT_TRY(const std::uint8_t value, number<std::uint8_t>(key));
            if (value > 1)
                return errorAt(m_position - 1, "is " + std::to_string(value) + ", expected 0 or 1", key);
            return MetaValue::boolean(value == 1);
        }
        case MetaType::String: {
            TRILOBIT_TRY(std::string value, ownedText(key));
            return MetaValue::string(std::move(value));
        }
        case MetaType::Array: break;
        }
        return errorAt(m_position - 4, "has value type " + std::to_string(rawType) + ", expected 0 to 12", key);
    }

    Result<MetaValue> array(std::string_view key) {
        const std::uint64_t start = m_position;
        TRILOBIT_TRY(const std::uint32_t rawType, number<std::uint32_t>(key));
        TRILOBIT_TRY(const std::uint64_t count, number<std::uint64_t>(key));
        const MetaType type = static_cast<MetaType>(rawType);
        switch (type) {
        case MetaType::U8: return arrayOf<std::uint8_t, std::uint64_t>(key, type, count);
        case MetaType::U16: return arrayOf<std::uint16_t, std::uint64_t>(key, type, count);
        case MetaType::U32: return arrayOf<std::uint32_t, std::uint64_t>(key, type, count);
        case MetaType::U64: return arrayOf<std::uint64_t, std::uint64_t>(key, type, count);
        case MetaType::I8: return arrayOf<std::int8_t, std::int64_t>(key, type, count);
        case MetaType::I16: return arrayOf<std::int16_t, std::int64_t>(key, type, count);
        case MetaType::I32: return arrayOf<std::int32_t, std::int64_t>(key, type, count);
        case MetaType::I64: return arrayOf<std::int64_t, std::int64_t>(key, type, count);
        case MetaType::F32: return arrayOf<float, double>(key, type, count);
        case MetaType::F64: return arrayOf<double, double>(key, type, count);
        case MetaType::Bool: return boolArray(key, count);
        case MetaType::String: return stringArray(key, count);
        case MetaType::Array: return errorAt(start, "is an array of arrays, expected one level", key);
        }
        return errorAt(start, "has element type " + std::to_string(rawType) + ", expected 0 to 12", key);
    }

    /// Before anything of that size is allocated.
    Result<void> checkCount(std::string_view key, std::uint64_t count, std::uint64_t bytesEach, std::uint64_t heapEach) {
        if (count > remaining() / bytesEach)
            return formatError("an array of " + std::to_string(count) + " elements does not fit in the "
                                   + std::to_string(remaining()) + " bytes left", key);
        if (count > kMaxMetadataBytes / heapEach)
            return formatError("an array of " + std::to_string(count) + " elements is too long, expected at most "
                                   + std::to_string(kMaxMetadataBytes / heapEach), key);
        return spend(count * heapEach, key);
    }

    template <class Stored, class Wide>
    Result<MetaValue> arrayOf(std::string_view key, MetaType type, std::uint64_t count) {
        TRILOBIT_CHECK(checkCount(key, count, sizeof(Stored), sizeof(Wide)));
        std::vector<Wide> values(static_cast<std::size_t>(count));
        const std::byte* source = m_bytes.data() + m_position;
        for (std::size_t i = 0; i < values.size(); ++i) {
            Stored value;
            std::memcpy(&value, source + i * sizeof(Stored), sizeof value);
            values[i] = static_cast<Wide>(value);
        }
        m_position += count * sizeof(Stored);
        return MetaValue{MetaType::Array, type, std::move(values)};
    }

    Result<MetaValue> boolArray(std::string_view key, std::uint64_t count) {
        TRILOBIT_CHECK(checkCount(key, count, 1, 1));
        std::vector<std::uint8_t> values(static_cast<std::size_t>(count));
        if (count > 0)
            std::memcpy(values.data(), m_bytes.data() + m_position, values.size());
        if (std::any_of(values.begin(), values.end(), [](std::uint8_t v) { return v > 1; }))
            return formatError("holds a truth value that is neither 0 nor 1, expected one of them", key);
        m_position += count;
        return MetaValue{MetaType::Array, MetaType::Bool, std::move(values)};
    }

    Result<MetaValue> stringArray(std::string_view key, std::uint64_t count) {
        TRILOBIT_CHECK(checkCount(key, count, sizeof(std::uint64_t), sizeof(std::string)));
        std::vector<std::string> values;
        values.reserve(static_cast<std::size_t>(count));
        for (std::uint64_t i = 0; i < count; ++i) {
            TRILOBIT_TRY(const std::string_view view, text(key, kMaxMetadataBytes));
            // Short strings live in the object itself, the others in a heap block with some overhead.
            if (view.size() > 15)
                TRILOBIT_CHECK(spend(view.size() + 17, key));
            values.emplace_back(view);
        }
        return MetaValue::strings(std::move(values));
    }

    Result<void> alignment() {
        const MetaValue* value = m_out.metadata.find("general.alignment");
        if (!value)
            return {};
        const std::int64_t alignment = m_out.metadata.toInt("general.alignment", 0);
        if (alignment < 8 || static_cast<std::uint64_t>(alignment) > kMaxAlignment
            || !std::has_single_bit(static_cast<std::uint64_t>(alignment)))
            return located(Error{ErrorCode::Format, "is " + std::to_string(alignment)
                                 + ", expected a power of two between 8 and " + std::to_string(kMaxAlignment), m_path,
                                 "general.alignment"}, m_out);
        m_out.alignment = static_cast<std::uint64_t>(alignment);
        return {};
    }

    Result<void> tensorInfo() {
        const std::uint64_t start = m_position;
        TRILOBIT_TRY(const std::string_view name, text("tensor name", kMaxNameBytes));
        if (name.empty())
            return errorAt(start, "is empty, expected a name", "tensor name");
        if (!m_names.insert(name).second)
            return errorAt(start, "appears twice, expected once", name);
        TRILOBIT_CHECK(spend(name.size(), "tensor name"));
        GgufTensor tensor;
        tensor.name = name;
        tensor.infoOffset = start;
        TRILOBIT_CHECK(dimensions(name, tensor.ne));
        TRILOBIT_TRY(tensor.type, number<std::int32_t>(name));
        TRILOBIT_TRY(tensor.offset, number<std::uint64_t>(name));
        if (tensor.offset % m_out.alignment != 0)
            return errorAt(m_position - 8, "data offset " + std::to_string(tensor.offset) + " is not a multiple of "
                                               + std::to_string(m_out.alignment) + ", expected one", name);
        m_out.tensors.push_back(std::move(tensor));
        return {};
    }

    Result<void> dimensions(std::string_view name, std::vector<std::int64_t>& ne) {
        TRILOBIT_TRY(const std::uint32_t count, number<std::uint32_t>(name));
        if (count < 1 || count > 4)
            return errorAt(m_position - 4, "has " + std::to_string(count) + " dimensions, expected 1 to 4", name);
        std::int64_t product = 1;
        ne.reserve(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            TRILOBIT_TRY(const std::int64_t size, number<std::int64_t>(name));
            if (size < 1 || __builtin_mul_overflow(product, size, &product))
                return errorAt(m_position - 8, "dimension " + std::to_string(i) + " is " + std::to_string(size)
                                                   + ", expected at least 1 and a product below 2^63", name);
            ne.push_back(size);
        }
        return {};
    }

    /// Where each tensor's bytes are; a tensor may use them up to the start of the next one.
    Result<void> placeTensors() {
        // The position is inside the mapping and the alignment small: no overflow.
        m_out.dataOffset = *checkedAlignUp(m_position, m_out.alignment);
        const std::uint64_t size = m_bytes.size();
        std::vector<std::uint64_t> starts;
        starts.reserve(m_out.tensors.size() + 1);
        for (GgufTensor& tensor : m_out.tensors) {
            const auto place = checkedAdd(m_out.dataOffset, tensor.offset);
            if (!place || *place >= size)
                return errorAt(tensor.infoOffset, "its data starts " + std::to_string(tensor.offset) + " bytes into the data section, beyond the end "
                                                  "of the file; expected less than " + std::to_string(size - std::min(size, m_out.dataOffset)),
                               tensor.name);
            tensor.fileOffset = *place;
            starts.push_back(*place);
        }
        starts.push_back(size);
        std::sort(starts.begin(), starts.end());
        for (GgufTensor& tensor : m_out.tensors) {
            // Two tensors at one place both get nothing.
            const auto here = std::lower_bound(starts.begin(), starts.end(), tensor.fileOffset);
            const std::uint64_t end = *(here + 1);
            tensor.rest = m_bytes.subspan(static_cast<std::size_t>(tensor.fileOffset),
                                          static_cast<std::size_t>(end - tensor.fileOffset));
        }
        return {};
    }

    GgufFile m_out;
    std::span<const std::byte> m_bytes;
    std::string m_path;
    std::uint64_t m_position = 0;
    std::uint64_t m_tensorCount = 0, m_entryCount = 0;
    std::uint64_t m_spent = 0;
    std::unordered_set<std::string_view> m_keys, m_names; ///< point into the mapping
};

} // namespace

Result<GgufFile> readGguf(const std::string& path) {
    TRILOBIT_TRY(std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    try {
        return GgufParser(std::move(file)).parse();
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory for its header", path};
    }
}

Error located(Error error, const GgufFile& file) {
    if (error.offset || (!error.file.empty() && error.file != file.file->path()))
        return error;
    for (const auto& [key, offset] : file.keyOffsets)
        if (key == error.field)
            error.offset = offset;
    for (const GgufTensor& tensor : file.tensors)
        if (tensor.name == error.field)
            error.offset = tensor.infoOffset;
    if (error.offset)
        error.file = file.file->path();
    return error;
}

} // namespace trilobit
