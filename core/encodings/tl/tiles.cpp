#include "core/encodings/tl/tiles.h"

#include <algorithm>
#include <charconv>
#include <cctype>

namespace trilobit {

namespace {

constexpr std::int64_t kMaxTile = 65536;

} // namespace

std::optional<TableTiles> parseTableLookupId(std::string_view id, std::string_view stem) {
    const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
    if (id.size() <= stem.size() || !std::equal(stem.begin(), stem.end(), id.begin(), same))
        return std::nullopt;
    id.remove_prefix(stem.size());
    TableTiles tiles;
    for (std::int64_t* value : {&tiles.rows, &tiles.cols, &tiles.strip}) {
        if (id.size() < 2 || id[0] != '-' || id[1] < '1' || id[1] > '9')
            return std::nullopt;
        const auto parsed = std::from_chars(id.data() + 1, id.data() + id.size(), *value);
        if (parsed.ec != std::errc() || *value > kMaxTile)
            return std::nullopt;
        id.remove_prefix(static_cast<std::size_t>(parsed.ptr - id.data()));
    }
    return id.empty() ? std::optional(tiles) : std::nullopt;
}

namespace encodings {

std::optional<TableTiles> tilesFor(std::span<const ShapeTiles> table, std::int64_t rows, std::int64_t cols) noexcept {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const ShapeTiles& s) { return s.rows == rows && s.cols == cols; });
    return found == table.end() ? std::nullopt : std::optional(found->tiles);
}

std::string tableLookupId(std::string_view stem, const std::optional<TableTiles>& tiles) {
    std::string id(stem);
    if (tiles)
        id += "-" + std::to_string(tiles->rows) + "-" + std::to_string(tiles->cols) + "-"
              + std::to_string(tiles->strip);
    return id;
}

} // namespace encodings

} // namespace trilobit
