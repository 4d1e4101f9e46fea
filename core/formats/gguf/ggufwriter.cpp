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

/// Bytes of tensor data over all parts.
struct Written {
    double done = 0, total = 0;
};

Result<void> writeTensor(SafeFile& file, const GgufTensorOut& tensor, Written& written, RunControl& control) {
    const std::uint64_t start = file.position();
    const auto put = [&](std::span<const std::byte> bytes) -> Result<void> {
        while (!bytes.empty()) {
            if (control.isCancelled())
                return cancelledError();
            const std::span<const std::byte> piece = bytes.first(std::min(bytes.size(), kPieceBytes));
            if (piece.size() > tensor.sizeBytes - (file.position() - start))
                return Error{ErrorCode::Internal, "more bytes came than were announced", {}, tensor.name};
            TRILOBIT_CHECK(file.write(piece));
            written.done += static_cast<double>(piece.size());
            control.progress(written.done, written.total, "writing");
            bytes = bytes.subspan(piece.size());
        }
        return {};
    };
    TRILOBIT_CHECK(tensor.produce(put, control));
    if (file.position() - start != tensor.sizeBytes)
        return Error{ErrorCode::Internal, "fewer bytes came than were announced", {}, tensor.name};
    return {};
}

/// Everything is in the temporary file; the final name is not taken yet.
Result<std::unique_ptr<SafeFile>> writePart(const std::string& path, const Metadata& metadata,
                                            const std::vector<GgufTensorOut>& tensors, Written& written,
                                            RunControl& control) {
    TRILOBIT_TRY(const Layout layout, layOut(metadata, tensors));
    removeAbandonedOf(path);
    TRILOBIT_TRY(std::unique_ptr<SafeFile> file, SafeFile::create(path));
    TRILOBIT_CHECK(file->write(layout.header));
    TRILOBIT_CHECK(padTo(*file, layout.alignment));
    for (const GgufTensorOut& tensor : tensors) {
        if (control.isCancelled())
            return cancelledError();
        TRILOBIT_CHECK(writeTensor(*file, tensor, written, control));
        TRILOBIT_CHECK(padTo(*file, layout.alignment));
    }
    if (control.isCancelled())
        return cancelledError();
    TRILOBIT_CHECK(file->flush());
    return file;
}

std::vector<std::vector<GgufTensorOut>> divide(const std::vector<GgufTensorOut>& tensors, std::uint64_t maxBytes) {
    std::vector<std::vector<GgufTensorOut>> parts(1);
    std::uint64_t bytes = 0;
    for (const GgufTensorOut& tensor : tensors) {
        const auto sum = checkedAdd(bytes, tensor.sizeBytes);
        if (maxBytes > 0 && !parts.back().empty() && (!sum || *sum > maxBytes)) {
            parts.emplace_back();
            bytes = 0;
        }
        parts.back().push_back(tensor);
        bytes += tensor.sizeBytes;
    }
    return parts;
}

/// "x.gguf", 2, 3: "x-00002-of-00003.gguf".
std::string partPath(const std::string& path, std::size_t number, std::size_t count) {
    const std::string stem = path.ends_with(".gguf") ? path.substr(0, path.size() - 5) : path;
    const auto padded = [](std::size_t n) {
        const std::string digits = std::to_string(n);
        return std::string(5 - std::min<std::size_t>(5, digits.size()), '0') + digits;
    };
    return stem + "-" + padded(number) + "-of-" + padded(count) + ".gguf";
}

Metadata partMetadata(const Metadata& metadata, std::size_t part, std::size_t parts, std::size_t tensors) {
    Metadata out;
    if (part == 0)
        out = metadata;
    else if (const MetaValue* alignment = metadata.find("general.alignment"))
        out.set("general.alignment", *alignment);
    out.set("split.no", MetaValue{MetaType::U16, {}, static_cast<std::uint64_t>(part)});
    out.set("split.count", MetaValue{MetaType::U16, {}, static_cast<std::uint64_t>(parts)});
    out.set("split.tensors.count", MetaValue::i32(static_cast<std::int32_t>(tensors)));
    return out;
}

} // namespace

Result<std::vector<std::string>> writeGgufParts(const std::string& path, const Metadata& metadata,
                                                const std::vector<GgufTensorOut>& tensors,
                                                const GgufPartOptions& options, RunControl& control) {
    TRILOBIT_CHECK(checkTensors(tensors));
    const auto parts = divide(tensors, options.maxPartBytes);
    if (parts.size() > 65535)
        return Error{ErrorCode::Format, "a model in " + std::to_string(parts.size()) + " parts, expected at most 65535",
                     path};
    Written written;
    for (const GgufTensorOut& tensor : tensors)
        written.total += static_cast<double>(tensor.sizeBytes);
    std::vector<std::unique_ptr<SafeFile>> files;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool whole = parts.size() == 1;
        names.push_back(whole ? path : partPath(path, i + 1, parts.size()));
        TRILOBIT_TRY(std::unique_ptr<SafeFile> file,
                     writePart(names.back(), whole ? metadata : partMetadata(metadata, i, parts.size(), tensors.size()),
                               parts[i], written, control));
        if (options.verify)
            TRILOBIT_CHECK(options.verify(i, file->temporaryPath()));
        files.push_back(std::move(file));
    }
    for (const auto& file : files)
        TRILOBIT_CHECK(file->commit());
    return names;
}

Result<void> writeGguf(const std::string& path, const Metadata& metadata, const std::vector<GgufTensorOut>& tensors,
                       RunControl& control) {
    TRILOBIT_CHECK(writeGgufParts(path, metadata, tensors, {}, control));
    return {};
}

std::function<Result<void>(const std::function<Result<void>(std::span<const std::byte>)>&, RunControl&)>
produceBytes(std::span<const std::byte> bytes) {
    return [bytes](const std::function<Result<void>(std::span<const std::byte>)>& put, RunControl&) {
        return put(bytes);
    };
}

} // namespace trilobit
