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

/// Tensor data from memory that outlives the call.
std::function<Result<void>(const std::function<Result<void>(std::span<const std::byte>)>&, RunControl&)>
produceBytes(std::span<const std::byte> bytes);

} // namespace trilobit
