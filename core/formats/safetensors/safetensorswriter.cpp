#include "core/formats/safetensors/safetensorswriter.h"

#include "core/base/safefile.h"

#include <algorithm>
#include <bit>
#include <set>

namespace trilobit {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian and written as it lies in memory");

constexpr std::size_t kPiece = std::size_t{8} << 20; // between two looks at the cancel flag

std::size_t bytesOf(std::string_view dtype) {
    if (dtype == "F64" || dtype == "I64" || dtype == "U64")
        return 8;
    if (dtype == "F32" || dtype == "I32" || dtype == "U32")
        return 4;
    return dtype == "F16" || dtype == "BF16" || dtype == "I16" || dtype == "U16" ? 2 : 1;
}

} // namespace

Result<void> writeSafetensors(const std::string& path, const std::vector<SafetensorsTensorOut>& tensors,
                              const std::vector<std::pair<std::string, std::string>>& metadata, RunControl& control) {
    Json header = Json::object();
    if (!metadata.empty()) {
        Json meta = Json::object();
        for (const auto& [key, value] : metadata)
            meta.set(key, value);
        header.set("__metadata__", std::move(meta));
    }
    std::uint64_t offset = 0;
    std::set<std::string_view> names;
    for (const SafetensorsTensorOut& tensor : tensors) {
        std::uint64_t count = 1;
        Json shape = Json::array();
        for (const std::int64_t n : tensor.shape) {
            count *= static_cast<std::uint64_t>(n);
            shape.push(n);
        }
        if (count * bytesOf(tensor.dtype) != tensor.bytes.size() || !names.insert(tensor.name).second)
            return Error{ErrorCode::Internal, "cannot be written: its bytes do not fit its shape, or it comes twice", path,
                         tensor.name};
        const std::uint64_t end = offset + tensor.bytes.size();
        header.set(tensor.name, Json::object({{"dtype", tensor.dtype},
                                              {"shape", std::move(shape)},
                                              {"data_offsets", Json(Json::Array{Json(offset), Json(end)})}}));
        offset = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' '); // data starts on a multiple of 8
    removeAbandonedOf(path);
    TRILOBIT_TRY(const auto file, SafeFile::create(path));
    const std::uint64_t length = text.size();
    TRILOBIT_CHECK(file->write(std::as_bytes(std::span(&length, 1))));
    TRILOBIT_CHECK(file->write(text));
    std::uint64_t done = 0;
    for (const SafetensorsTensorOut& tensor : tensors)
        for (std::size_t begin = 0; begin < tensor.bytes.size(); begin += kPiece) {
            if (control.isCancelled())
                return cancelledError();
            const std::size_t count = std::min(kPiece, tensor.bytes.size() - begin);
            TRILOBIT_CHECK(file->write(tensor.bytes.subspan(begin, count)));
            done += count;
            control.progress(static_cast<double>(done), static_cast<double>(std::max<std::uint64_t>(offset, 1)), "writing");
        }
    return file->commit();
}

} // namespace trilobit
