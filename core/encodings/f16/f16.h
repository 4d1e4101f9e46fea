// F16: every weight as an IEEE half.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// 2 bytes per weight, any row length. Encode rounds to nearest, ties to even; a finite weight that would become
/// infinite (65520 and above) is refused, infinities and NaN themselves are kept.
std::shared_ptr<const Encoding> makeF16();

} // namespace trilobit
