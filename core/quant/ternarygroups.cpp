#include "core/quant/ternarygroups.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace trilobit {

namespace {

std::string numberText(float value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string groupText(std::int64_t size) {
    return size == kGroupIsTensor ? "the whole tensor" : size == kGroupIsRow ? "each row" : "each " + std::to_string(size) + " weights";
}

/// Groups of `size` (or one of the two marks) over a matrix.
struct Groups {
    std::int64_t size, perRow; ///< perRow 0: one for all
    Groups(std::int64_t stored, std::int64_t cols)
        : size(stored == kGroupIsRow ? std::max<std::int64_t>(cols, 1) : stored),
          perRow(stored == kGroupIsTensor ? 0 : (cols + size - 1) / std::max<std::int64_t>(size, 1)) {}
    std::size_t count(std::int64_t rows) const { return static_cast<std::size_t>(perRow == 0 ? 1 : rows * perRow); }
    std::size_t of(std::int64_t row, std::int64_t col) const {
        return perRow == 0 ? 0 : static_cast<std::size_t>(row * perRow + col / size);
    }
    /// First column after `col` in another group.
    std::int64_t next(std::int64_t col, std::int64_t cols) const {
        return perRow == 0 ? cols : std::min(cols, (col / size + 1) * size);
    }
};

struct Scale {
    float value = 0;
    bool used = false;    ///< some weight is not zero
    bool blankSame = true; ///< all groups seen so far are zeros throughout and have the scale `blank`
    float blank = 0;
    bool seen = false;
};

} // namespace

Result<void> regroupTernary(GroupCodes& codes, const EncodingInfo& source, const EncodingInfo& target,
                            std::int64_t firstRow) {
    const double distance = target.grid.fixedZero - source.grid.fixedZero;
    if (std::floor(distance) != distance)
        return fail(ErrorCode::Unsupported, source.id + " has no zero that " + target.id + " could store");
    if (distance != 0)
        for (std::int16_t& code : codes.codes)
            code = static_cast<std::int16_t>(code + distance);
    const auto zero = static_cast<std::int16_t>(target.grid.fixedZero);
    const Groups from(source.grid.groupSize, codes.cols), to(target.grid.groupSize, codes.cols);
    std::vector<std::uint8_t> blank(from.count(codes.rows), 1);
    for (std::int64_t row = 0; row < codes.rows; ++row)
        for (std::int64_t col = 0; col < codes.cols; col = from.next(col, codes.cols)) {
            const auto begin = codes.codes.begin() + row * codes.cols + col;
            if (std::any_of(begin, begin + (from.next(col, codes.cols) - col), [&](std::int16_t c) { return c != zero; }))
                blank[from.of(row, col)] = 0;
        }
    std::vector<Scale> scales(to.count(codes.rows));
    for (std::int64_t row = 0; row < codes.rows; ++row)
        for (std::int64_t col = 0; col < codes.cols;) {
            const std::int64_t end = std::min(from.next(col, codes.cols), to.next(col, codes.cols));
            const std::size_t group = from.of(row, col);
            const float value = codes.scale[group];
            Scale& scale = scales[to.of(row, col)];
            const auto begin = codes.codes.begin() + row * codes.cols + col;
            const bool used = blank[group] == 0
                              && std::any_of(begin, begin + (end - col), [&](std::int16_t c) { return c != zero; });
            if (used && scale.used && scale.value != value)
                return fail(ErrorCode::Unsupported,
                            source.id + " has one scale for " + groupText(source.grid.groupSize) + ", " + target.id + " for "
                                + groupText(target.grid.groupSize) + ": " + numberText(scale.value) + " and "
                                + numberText(value) + " (at row " + std::to_string(firstRow + row) + ", column "
                                + std::to_string(col) + ") do not fit one scale");
            if (used) {
                scale.value = value;
                scale.used = true;
            }
            scale.blankSame = scale.blankSame && blank[group] != 0 && (!scale.seen || scale.blank == value);
            scale.blank = value;
            scale.seen = true;
            col = end;
        }
    codes.groupSize = to.perRow == 0 ? std::max<std::int64_t>(codes.rows * codes.cols, 1) : to.size;
    codes.scale.resize(scales.size());
    for (std::size_t i = 0; i < scales.size(); ++i)
        codes.scale[i] = scales[i].used ? scales[i].value : scales[i].blankSame ? scales[i].blank : 0.0f;
    codes.zero.assign(scales.size(), static_cast<float>(zero));
    return {};
}

} // namespace trilobit
