// GGUF v2/v3 reader: memory-mapped, every size checked before it is used. Knows the container, not the model.
#pragma once

#include "core/base/mappedfile.h"
#include "core/base/result.h"
#include "core/formats/metadata.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trilobit {

struct GgufTensor {
    std::string name;
    std::vector<std::int64_t> ne;  ///< dimensions as stored: ne[0] = innermost = input features; 1 to 4 of them
    int type = 0;                  ///< ggml type id
    std::uint64_t offset = 0;      ///< from the start of the data section
    std::uint64_t fileOffset = 0;  ///< from the start of the file
    std::uint64_t infoOffset = 0;  ///< where the file names it
    std::span<const std::byte> rest; ///< from the tensor's first byte to where the next tensor (or the file) ends;
                                     ///< the true size follows from type and shape and is checked by the model loader
};

struct GgufFile {
    std::shared_ptr<const MappedFile> file;
    std::uint32_t version = 3;
    std::uint64_t alignment = 32;
    Metadata metadata;
    std::vector<GgufTensor> tensors; ///< in file order
    std::uint64_t dataOffset = 0;
    std::vector<std::pair<std::string_view, std::uint64_t>> keyOffsets; ///< where each key stands; the names are in `file`
};

/// Errors: Io; Format naming file, field, offset and what was expected. Memory is bounded by the file's size.
Result<GgufFile> readGguf(const std::string& path);

/// `error` with the byte of the key or tensor that its field names, where it has no offset yet and `file` has one.
Error located(Error error, const GgufFile& file);

} // namespace trilobit
