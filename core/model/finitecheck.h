// Weights that are not finite numbers: found before a file is written and again in what was written.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/encodings/encoding.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace trilobit {

struct NonFinite {
    std::int64_t row = 0, col = 0;
    float value = 0;          ///< NaN or an infinity
    std::int64_t block = 0;   ///< of the encoding, counted in the row
};

/// The first weight in row order that decodes to NaN or an infinity, or nothing. All threads work; memory is a few
/// megabytes. `done(bytes)`, if given, is told about each stretch of `bytes` that will not be read again.
/// Errors: Cancelled, OutOfMemory.
Result<std::optional<NonFinite>> findNonFinite(const Encoding& encoding, std::span<const std::byte> bytes,
                                               std::int64_t rows, std::int64_t cols, const RunControl& control,
                                               const std::function<void(std::span<const std::byte>)>& done = {});

/// "holds NaN at row 3, column 7 (block 0 of Q8_0)".
std::string nonFiniteText(const NonFinite& found, const EncodingInfo& info);

} // namespace trilobit
