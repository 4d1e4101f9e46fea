// Hashes that say what a tensor holds, whatever its file is called.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/base/sha256.h"
#include "core/model/model.h"

#include <cstddef>
#include <span>
#include <string>

namespace trilobit {

/// Adds the encoding's id. Encodings with a parameter outside of the bytes (a packed matrix with its scale in another
/// tensor) decode the same bytes to other values; their scales and zeros, or else the values, are added too.
Result<void> addEncodingTo(Sha256& hash, const Tensor& tensor);

/// SHA-256 over the SHA-256 of every 4 MiB of `bytes`: the same for any number of threads, of which it uses all. Errors:
/// Cancelled, OutOfMemory.
Result<std::string> piecewiseHash(std::span<const std::byte> bytes, RunControl& control);

/// Shape, encoding and bytes, without the name. Reads the tensor once. Errors: as piecewiseHash.
Result<std::string> tensorHash(const Tensor& tensor, RunControl& control);

} // namespace trilobit
