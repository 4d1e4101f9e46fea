// Row order of q and k: rotary pairs as halves of a head (Hugging Face) to adjacent rows (GGUF llama).
#pragma once

#include "core/base/result.h"
#include "core/model/model.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trilobit {

/// Which row of the source comes at each place, for heads of `headDim` rows of which the first `ropeDim` rotate.
/// Interleaved row 2i is half row i, row 2i + 1 is half row i + ropeDim / 2. rows is a multiple of headDim.
std::vector<std::int64_t> interleavedRowOrder(std::int64_t rows, std::int64_t headDim, std::int64_t ropeDim);

/// The tensor's bytes with its rows in another order, values untouched. Errors: Unsupported when the encoding neither
/// stores rows one after the other nor gives its codes away; OutOfMemory.
Result<std::vector<std::byte>> reorderRows(const Tensor& tensor, const std::vector<std::int64_t>& order);

} // namespace trilobit
