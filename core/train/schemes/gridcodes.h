// The codes of a matrix on its scheme's grid.
#pragma once

#include "core/train/schemes/linearscheme.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace trilobit {

/// codes[out * in], 0 to levels - 1: round(What / scale + zero) with each weight's group.
template <class Code>
void gridCodes(const SchemeGrid& grid, std::int64_t out, std::int64_t in, std::span<const float> what,
               std::vector<Code>& codes) {
    codes.resize(what.size());
    const std::int64_t perRow = grid.group > 0 ? (in + grid.group - 1) / grid.group : 0;
    for (std::int64_t r = 0; r < out; ++r)
        for (std::int64_t c = 0; c < in; ++c) {
            const auto g = static_cast<std::size_t>(perRow > 0 ? r * perRow + c / grid.group : 0);
            const auto at = static_cast<std::size_t>(r * in + c);
            const double code = std::nearbyint(static_cast<double>(what[at]) / grid.scale[g] + grid.zero[g]);
            codes[at] = static_cast<Code>(std::clamp(code, 0.0, static_cast<double>(grid.levels - 1)));
        }
}

} // namespace trilobit
