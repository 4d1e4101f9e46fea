// F64: IEEE binary64, little-endian.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// Decoding rounds to single precision, halves to even; what is too large becomes infinity. Encoding is exact.
std::shared_ptr<const Encoding> makeF64();

} // namespace trilobit
