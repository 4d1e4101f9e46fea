// Encoding: how a tensor's values are stored, with exact decode and reference encode.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/pluginapi/grid.h"
#include "core/tensor/matrixview.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace trilobit {

/// Immutable; every call may come from any thread. A tensor is [rows, cols], row-major; 1-D tensors are one row.
class Encoding {
public:
    virtual ~Encoding() = default;
    virtual const EncodingInfo& info() const = 0;

    /// Bytes of a whole tensor. Errors: Unsupported, saying why this shape cannot be stored ("rows of 576 are not a
    /// multiple of 256"); Format when the size overflows. rows, cols >= 0.
    virtual Result<std::uint64_t> sizeBytes(std::int64_t rows, std::int64_t cols) const = 0;

    /// Decodes rows [rowBegin, rowBegin + rowCount) into out [rowCount * cols]. `tensor` holds exactly
    /// sizeBytes(rows, cols); the shape was accepted by sizeBytes. Exact: the same bits on every machine, for any bytes.
    virtual void decodeRows(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols,
                            std::int64_t rowBegin, std::int64_t rowCount, float* out) const = 0;

    /// The reference encoder (ggml's where ggml has the type): plain rounding of `weight`, any finite values.
    /// `importance` [cols] or empty. out: sizeBytes(rows, cols). Errors: Cancelled, Unsupported.
    virtual Result<void> encode(MatrixView weight, std::span<const float> importance, std::span<std::byte> out,
                                RunControl& control) const = 0;
    /// Whether encode() looks at importance.
    virtual bool usesImportance() const { return false; }

    /// Stores codes exactly. Errors: Unsupported when they do not fit this grid without loss, saying which property
    /// fails (code range, group size, zero, scale not representable). Never rounds anything.
    virtual Result<void> pack(const GroupCodes& codes, std::span<std::byte> out) const;

    /// The stored codes and parameters of a Linear grid. Errors: Unsupported for other grids.
    virtual Result<GroupCodes> unpack(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols) const;
};

} // namespace trilobit
