// Tile sizes of the table-lookup kernels of bitnet.cpp: they decide in which order the codes of TL1 and TL2 stand.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace trilobit {

/// A kernel works on tiles of `rows` x `cols` weights, in strips of `strip` rows. All are positive.
struct TableTiles {
    std::int64_t rows = 0, cols = 0, strip = 0;
    bool operator==(const TableTiles&) const = default;
};

/// "TL1-160-64-32" with `stem` "TL1": rows, columns, strip. Nothing for any other text.
std::optional<TableTiles> parseTableLookupId(std::string_view id, std::string_view stem);

namespace encodings {

struct ShapeTiles {
    std::int64_t rows = 0, cols = 0; ///< of the matrix
    TableTiles tiles;
};

/// The tiles that `table` has for a shape, or nothing.
std::optional<TableTiles> tilesFor(std::span<const ShapeTiles> table, std::int64_t rows, std::int64_t cols) noexcept;

/// "TL1" or "TL1-160-64-32".
std::string tableLookupId(std::string_view stem, const std::optional<TableTiles>& tiles);

} // namespace encodings

} // namespace trilobit
