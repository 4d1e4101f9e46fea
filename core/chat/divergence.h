// Where two answers part.
#pragma once

#include "core/tokenizer/tokenizer.h"

#include <cstddef>
#include <optional>
#include <span>

namespace trilobit {

/// Index of the first token at which the answers differ, as far as that is known: while an answer is not ended, it may
/// still agree with the longer one. `endedA`/`endedB`: the model itself ended there (not a limit, not the person).
inline std::optional<std::size_t> firstDifference(std::span<const TokenId> a, bool endedA, std::span<const TokenId> b,
                                                  bool endedB) noexcept {
    const std::size_t common = a.size() < b.size() ? a.size() : b.size();
    for (std::size_t i = 0; i < common; ++i)
        if (a[i] != b[i])
            return i;
    if ((a.size() > common && endedB) || (b.size() > common && endedA))
        return common;
    return std::nullopt;
}

} // namespace trilobit
