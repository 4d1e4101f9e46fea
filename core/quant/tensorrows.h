// Reading a tensor's values in pieces, with all threads and without holding the whole tensor.
#pragma once

#include "core/base/alignedbuffer.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/encodings/encoding.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace trilobit {

/// Where encoded values lie: what Tensor says, without the model around it.
struct EncodedMatrix {
    const Encoding* encoding = nullptr;
    std::span<const std::byte> bytes; ///< encoding->sizeBytes(rows, cols)
    std::int64_t rows = 0, cols = 0;
};

/// Below this many weights one thread is faster than waking the others, above all on a busy machine.
constexpr std::int64_t kWorthThreads = std::int64_t{1} << 18;

/// `count` zeros. Errors: OutOfMemory.
Result<std::vector<float>> allocateFloats(std::uint64_t count);
/// `count` floats that nobody has touched yet: for a gigabyte, zeroing alone would hold up a cancel. Errors: OutOfMemory.
Result<AlignedBuffer<float>> uninitializedFloats(std::uint64_t count);

/// Decodes rows [begin, begin + count) into out [count * cols]; all threads work. Errors: Cancelled.
Result<void> decodeRowsParallel(const EncodedMatrix& matrix, std::int64_t begin, std::int64_t count, float* out,
                                const RunControl& control);

/// Calls visit(values, rowBegin) for pieces of whole rows, in order, each of about four megabytes of floats.
/// Errors: Cancelled, OutOfMemory, or what visit returns.
Result<void> forEachPiece(const EncodedMatrix& matrix, const RunControl& control,
                          const std::function<Result<void>(std::span<const float>, std::int64_t)>& visit);

} // namespace trilobit
