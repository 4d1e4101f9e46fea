// Affine groups: G consecutive weights of a row share a binary16 scale and a binary16 zero point, codes have B bits.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>
#include <optional>
#include <string_view>

namespace trilobit {

struct AffineShape {
    int groupSize = 64; ///< 1..65536
    int bits = 4;       ///< 1..8
};

/// "affine-g64-b4" and the like, case-insensitive, numbers in range and without leading zeros; nothing for other texts.
std::optional<AffineShape> parseAffineId(std::string_view id);

/// Layout (stable: files hold it). A row is its groups one after the other, the last one may be short; any row length.
/// A group of n weights: scale (binary16), zero (binary16), then ceil(n B / 8) bytes of codes, code i in bits i B .. i
/// B + B - 1 counted from the least significant bit of the first byte; unused bits are zero. w = (code - zero) * scale,
/// both steps rounded to single precision. The zero is in code units, need not be whole and need not lie within the
/// codes.
///
/// Encode: round to nearest over the range of the group. scale = half((max - min) / (2^B - 1)), zero = half(-min /
/// scale), code = round(w / scale + zero), halves to even, within 0..2^B - 1. Where that cannot be stored:
/// - all weights equal: scale = half(|w|) and codes one off the zero, so that the group decodes to half(w);
/// - a scale that binary16 rounds to zero: the smallest one, 2^-24;
/// - a zero beyond 2048, where binary16 no longer holds every whole number (a narrow range far from zero): the scale
///   becomes max|w| / 2048, which still keeps the precision of binary16;
/// - scales and zeros beyond 65504 become 65504.
/// Importance is ignored.
std::shared_ptr<const Encoding> makeAffine(AffineShape shape);

} // namespace trilobit
