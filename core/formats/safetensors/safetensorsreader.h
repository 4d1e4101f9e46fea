// safetensors reader: one file or an HF folder with a sharded index; memory-mapped, every size checked.
#pragma once

#include "core/base/json.h"
#include "core/base/mappedfile.h"
#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

struct SafetensorsTensor {
    std::string name;
    std::string dtype;               ///< as in the file: "F32", "BF16", "U8", ...
    std::vector<std::int64_t> shape; ///< outermost first, as in the file; may be empty (scalar)
    std::span<const std::byte> bytes;
    std::uint64_t fileOffset = 0;
    std::size_t shard = 0;           ///< index in SafetensorsFile::files
};

struct SafetensorsFile {
    std::vector<std::shared_ptr<const MappedFile>> files;
    std::vector<SafetensorsTensor> tensors; ///< by file, then by offset
    std::vector<Json::Member> metadata;     ///< "__metadata__" of the first file
};

/// One .safetensors file. Errors: Io; Format naming file, field, offset and what was expected.
Result<SafetensorsFile> readSafetensors(const std::string& path);
/// All shards of `folder`: model.safetensors, or those listed in model.safetensors.index.json (names must stay inside
/// the folder; every tensor of the index must exist in its shard).
Result<SafetensorsFile> readSafetensorsFolder(const std::string& folder);

} // namespace trilobit
