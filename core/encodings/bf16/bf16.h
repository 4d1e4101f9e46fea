// BF16: every weight as the upper half of an IEEE single.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 2 bytes per weight, any row length. Encode rounds to nearest, ties to even; a finite weight that would become
/// infinite is refused, infinities and NaN themselves are kept.
std::shared_ptr<const Encoding> makeBf16();

} // namespace trilobit
