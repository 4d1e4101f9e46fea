#include "core/formats/gguf/ggufwriter.h"

#include "core/base/safefile.h"
#include "core/tensor/shape.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <unordered_set>

namespace trilobit {

namespace {

static_assert(std::endian::native == std::endian::little, "GGUF is little-endian and written as memory has it");

constexpr std::size_t kMaxNameBytes = 63;
constexpr std::size_t kPieceBytes = 4u << 20; ///< between two looks at RunControl

class HeaderBuilder {
public:
    template <class T>
    void number(T value) {
        m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void text(std::string_view value) {
        number<std::uint64_t>(value.size());
        m_bytes.append(value);
    }
    const std::string& bytes() const { return m_bytes; }

private:
    std::string m_bytes;
};

/// One number in the type that the file gives it; `wide` was widened from that type, so nothing is lost.
template <class Wide>
void putNumber(HeaderBuilder& out, MetaType type, Wide wide) {
    switch (type) {
    case MetaType::U8: out.number(static_cast<std::uint8_t>(wide)); break;
    case MetaType::I8: out.number(static_cast<std::int8_t>(wide)); break;
    case MetaType::U16: out.number(static_cast<std::uint16_t>(wide)); break;
    case MetaType::I16: out.number(static_cast<std::int16_t>(wide)); break;
    case MetaType::U32: out.number(static_cast<std::uint32_t>(wide)); break;
    case MetaType::I32: out.number(static_cast<std::int32_t>(wide)); break;
    case MetaType::F32: out.number(static_cast<float>(wide)); break;
    case MetaType::Bool: out.number(static_cast<std::uint8_t>(wide != Wide{})); break;
    case MetaType::U64: out.number(static_cast<std::uint64_t>(wide)); break;
    case MetaType::I64: out.number(static_cast<std::int64_t>(wide)); break;
    case MetaType::F64: out.number(static_cast<double>(wide)); break;
    case MetaType::String:
    case MetaType::Array: break;
    }
}

/// The variant alternative that belongs to a type, so that no value is written under a type it does not have.
enum class Kind { Unsigned, Signed, Float, Bool, String };

Kind kindOf(MetaType type) {
    switch (type) {
    case MetaType::I8:
    case MetaType::I16:
    case MetaType::I32:
    case MetaType::I64: return Kind::Signed;
    case MetaType::F32:
    case MetaType::F64: return Kind::Float;
    case MetaType::Bool: return Kind::Bool;
    case MetaType::String: return Kind::String;
    default: return Kind::Unsigned;
    }
}

template <class T>
Kind kindOfValue() {
    if constexpr (std::is_same_v<T, std::string>)
        return Kind::String;
    else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::uint8_t>)
        return Kind::Bool;
    else if constexpr (std::is_floating_point_v<T>)
        return Kind::Float;
    else
        return std::is_signed_v<T> ? Kind::Signed : Kind::Unsigned;
}

template <class T>
void putOne(HeaderBuilder& out, MetaType type, const T& value) {
    if constexpr (std::is_same_v<T, std::string>)
        out.text(value);
    else
        putNumber(out, type, value);
}

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

Result<void> putValue(HeaderBuilder& out, const std::string& key, const MetaValue& value) {
    const bool isArray = value.type == MetaType::Array;
    return std::visit(
        [&](const auto& held) -> Result<void> {
            using Held = std::decay_t<decltype(held)>;
            const Error mismatch{ErrorCode::Internal, "its value does not have the type it claims", {}, key};
            out.number(static_cast<std::uint32_t>(value.type));
            if constexpr (IsVector<Held>::value) {
                if (!isArray || kindOf(value.elementType) != kindOfValue<typename Held::value_type>())
                    return mismatch;
                out.number(static_cast<std::uint32_t>(value.elementType));
                out.number<std::uint64_t>(held.size());
                for (const auto& element : held)
                    putOne(out, value.elementType, element);
            } else {
                if (isArray || kindOf(value.type) != kindOfValue<Held>())
                    return mismatch;
                putOne(out, value.type, held);
            }
            return {};
        },
        value.value);
}

Result<void> checkTensors(const std::vector<GgufTensorOut>& tensors) {
    std::unordered_set<std::string_view> names;
    for (const GgufTensorOut& tensor : tensors) {
        const auto error = [&](const char* message) { return Error{ErrorCode::Format, message, {}, tensor.name}; };
        if (tensor.name.empty() || tensor.name.size() > kMaxNameBytes)
            return error("a tensor name in a GGUF file has 1 to 63 bytes");
        if (!names.insert(tensor.name).second)
            return error("two tensors have this name");
        if (tensor.ne.empty() || tensor.ne.size() > 4)
            return error("a tensor in a GGUF file has 1 to 4 dimensions");
        if (std::any_of(tensor.ne.begin(), tensor.ne.end(), [](std::int64_t n) { return n < 1; }))
            return error("a dimension is below 1");
    }
    return {};
}

Result<std::uint64_t> alignmentOf(const Metadata& metadata) {
    const std::int64_t alignment = metadata.toInt("general.alignment", 32);
    if (alignment < 8 || alignment > (1 << 20) || !std::has_single_bit(static_cast<std::uint64_t>(alignment)))
        return Error{ErrorCode::Format, "expected a power of two between 8 and 1048576", {}, "general.alignment"};
    return static_cast<std::uint64_t>(alignment);
}

struct Layout {
    std::string header;
    std::uint64_t alignment = 32;
    std::uint64_t dataBytes = 0; ///< padding included
};

Result<Layout> layOut(const Metadata& metadata, const std::vector<GgufTensorOut>& tensors) {
    Layout layout;
    TRILOBIT_TRY(layout.alignment, alignmentOf(metadata));
    HeaderBuilder out;
    out.number(std::uint32_t{0x46554747}); // "GGUF"
    out.number(std::uint32_t{3});
    out.number<std::uint64_t>(tensors.size());
    out.number<std::uint64_t>(metadata.entries().size());
    for (const auto& [key, value] : metadata.entries()) {
        out.text(key);
        TRILOBIT_CHECK(putValue(out, key, value));
    }
    for (const GgufTensorOut& tensor : tensors) {
        out.text(tensor.name);
        out.number(static_cast<std::uint32_t>(tensor.ne.size()));
        for (const std::int64_t n : tensor.ne)
            out.number(n);
        out.number(static_cast<std::int32_t>(tensor.type));
        out.number(layout.dataBytes);
        const auto end = checkedAdd(layout.dataBytes, tensor.sizeBytes);
        const auto padded = end ? checkedAlignUp(*end, layout.alignment) : std::nullopt;
        if (!padded)
            return Error{ErrorCode::Format, "the file would be larger than 2^64 bytes", {}, tensor.name};
        layout.dataBytes = *padded;
    }
    layout.header = out.bytes();
    return layout;
}

Result<void> padTo(SafeFile& file, std::uint64_t alignment) {
    return file.writeZeros(*checkedAlignUp(file.position(), alignment) - file.position());
}

Result<void> writeTensor(SafeFile& file, const GgufTensorOut& tensor, std::uint64_t dataStart, double dataBytes,
                         RunControl& control) {
    const std::uint64_t start = file.position();
    const auto put = [&](std::span<const std::byte> bytes) -> Result<void> {
        while (!bytes.empty()) {
            if (control.isCancelled())
                return cancelledError();
            const std::span<const std::byte> piece = bytes.first(std::min(bytes.size(), kPieceBytes));
            if (piece.size() > tensor.sizeBytes - (file.position() - start))
                return Error{ErrorCode::Internal, "more bytes came than were announced", {}, tensor.name};
            TRILOBIT_CHECK(file.write(piece));
            control.progress(static_cast<double>(file.position() - dataStart), dataBytes, "writing");
            bytes = bytes.subspan(piece.size());
        }
        return {};
    };
    TRILOBIT_CHECK(tensor.produce(put, control));
    if (file.position() - start != tensor.sizeBytes)
        return Error{ErrorCode::Internal, "fewer bytes came than were announced", {}, tensor.name};
    return {};
}

} // namespace

Result<void> writeGguf(const std::string& path, const Metadata& metadata, const std::vector<GgufTensorOut>& tensors,
                       RunControl& control) {
    TRILOBIT_CHECK(checkTensors(tensors));
    TRILOBIT_TRY(const Layout layout, layOut(metadata, tensors));
    TRILOBIT_TRY(const std::unique_ptr<SafeFile> file, SafeFile::create(path));
    TRILOBIT_CHECK(file->write(layout.header));
    TRILOBIT_CHECK(padTo(*file, layout.alignment));
    const std::uint64_t dataStart = file->position();
    for (const GgufTensorOut& tensor : tensors) {
        if (control.isCancelled())
            return cancelledError();
        TRILOBIT_CHECK(writeTensor(*file, tensor, dataStart, static_cast<double>(layout.dataBytes), control));
        TRILOBIT_CHECK(padTo(*file, layout.alignment));
    }
    if (control.isCancelled())
        return cancelledError();
    return file->commit();
}

std::function<Result<void>(const std::function<Result<void>(std::span<const std::byte>)>&, RunControl&)>
produceBytes(std::span<const std::byte> bytes) {
    return [bytes](const std::function<Result<void>(std::span<const std::byte>)>& put, RunControl&) {
        return put(bytes);
    };
}

} // namespace trilobit
