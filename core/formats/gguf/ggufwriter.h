// GGUF v3 writer: temporary file, fsync, rename; tensors are streamed one by one.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/formats/metadata.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

struct GgufTensorOut {
    std::string name;
    std::vector<std::int64_t> ne;   ///< ne[0] innermost
    int type = 0;                   ///< ggml type id
    std::uint64_t sizeBytes = 0;
    /// Hands over the bytes when they are needed, exactly sizeBytes in one or more pieces, in order.
    std::function<Result<void>(const std::function<Result<void>(std::span<const std::byte>)>& put, RunControl&)> produce;
};

/// Writes `path` whole or not at all. Progress in bytes. Errors: Io, Cancelled, Format (a name of 64 bytes or more, more
/// than 4 dimensions, duplicate names), Internal when a producer hands over another size. Alignment: general.alignment of
/// the metadata, 32 when it is absent.
Result<void> writeGguf(const std::string& path, const Metadata& metadata, const std::vector<GgufTensorOut>& tensors,
                       RunControl& control);

struct GgufPartOptions {
    /// Where tensor data grows beyond this a new part begins; 0: one file. A larger tensor gets a part of its own.
    std::uint64_t maxPartBytes = 0;
    /// Called with each finished file (number from 0, path) before any of them takes its final name; an error leaves
    /// nothing behind.
    std::function<Result<void>(std::size_t part, const std::string& path)> verify;
};

/// The same as one file or, when the data does not fit one part, as several named ...-00001-of-00003.gguf: all keys in the
/// first, in all of them split.no, split.count and split.tensors.count. Returns the final paths in order. Errors: as
/// writeGguf; those of verify; Format for more than 65535 parts.
Result<std::vector<std::string>> writeGgufParts(const std::string& path, const Metadata& metadata,
                                                const std::vector<GgufTensorOut>& tensors,
                                                const GgufPartOptions& options, RunControl& control);

/// Tensor data from memory that outlives the call.
std::function<Result<void>(const std::function<Result<void>(std::span<const std::byte>)>&, RunControl&)>
produceBytes(std::span<const std::byte> bytes);

} // namespace trilobit
