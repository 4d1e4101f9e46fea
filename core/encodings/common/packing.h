// What pack() of every encoding asks about group codes: are they whole, and which scale and zero hold for a stored
// group.
#pragma once

#include "core/base/result.h"
#include "core/pluginapi/grid.h"

#include <cstdint>
#include <string>

namespace trilobit::encodings {

/// Why codes cannot be stored, small enough to be carried out of a parallel loop.
struct PackFault {
    enum class Kind {
        None,
        MixedGroups,    ///< groups of the codes that share a stored group differ in scale or zero
        ScaleNotFinite, ///< value: the scale
        ScaleNotStored, ///< value: the scale
        ZeroNotStored,  ///< value: the zero
        ZeroNotWhole,   ///< value: the distance between the zeros
        CodeRange       ///< value: the code as it would be stored
    } kind = Kind::None;
    std::int64_t col = 0;
    double value = 0;

    explicit operator bool() const noexcept { return kind != Kind::None; }
};

/// One sentence: which property fails, where, and what `info` could store instead.
Error packError(const PackFault& fault, std::int64_t row, const EncodingInfo& info);

/// Whether the arrays have the sizes that rows, cols and groupSize promise. Errors: Internal.
Result<void> checkCodes(const GroupCodes& codes);

/// Scale and zero that hold for all codes of one stored group.
struct GroupValue {
    float scale = 0, zero = 0;
    bool blank = true; ///< so far only codes equal to the zero were seen: any scale would do
};

/// Merges columns [col, col + length) of `row` into `value` (start: a default one, `first` true). Several groups of the
/// codes may share a stored group when their zeros are equal and their scales are, too, except those of groups that
/// hold only zero weights. codes passed checkCodes.
PackFault mergeGroup(const GroupCodes& codes, std::int64_t row, std::int64_t col, std::int64_t length, bool first,
                     GroupValue& value) noexcept;

bool isStorable(float value, ParameterType type) noexcept;

/// The whole distance from the zero of the codes to the fixed zero of `grid`; a fault when it is not whole.
PackFault zeroShift(float zero, const Grid& grid, int& shift) noexcept;

} // namespace trilobit::encodings
