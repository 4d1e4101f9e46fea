// F32: every weight as an IEEE single, as it was trained or computed.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 4 bytes per weight, any row length. Encode keeps every bit, NaN included.
std::shared_ptr<const Encoding> makeF32();

} // namespace trilobit
