#include "core/encodings/common/packing.h"

#include "core/base/half.h"
#include "core/tensor/shape.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace trilobit::encodings {

namespace {

std::string numberText(double value) {
    char text[32];
    // Scales and zeros are floats; their shortest form is what a person typed or another tool printed.
    const auto end = std::to_chars(text, text + sizeof text, static_cast<float>(value)).ptr;
    return {text, end};
}

/// NaN is itself here: the right complaint about it comes later.
bool sameNumber(float a, float b) noexcept { return a == b || (std::isnan(a) && std::isnan(b)); }

const char* typeText(ParameterType type) { return type == ParameterType::F16 ? "binary16" : "binary32"; }

} // namespace

Error packError(const PackFault& fault, std::int64_t row, const EncodingInfo& info) {
    const Grid& grid = info.grid;
    const std::string where = "at row " + std::to_string(row) + ", column " + std::to_string(fault.col) + " ";
    const std::string value = numberText(fault.value);
    std::string text;
    switch (fault.kind) {
    case PackFault::Kind::MixedGroups:
        text = "the groups " + where + "differ in scale or zero, and " + info.id + " stores one of each for "
               + (grid.groupSize == kGroupIsTensor ? std::string("the whole tensor")
                                                   : std::to_string(grid.groupSize) + " weights");
        break;
    case PackFault::Kind::ScaleNotFinite: text = "the scale " + value + " " + where + "is not a finite number"; break;
    case PackFault::Kind::ScaleNotStored:
        text = "the scale " + value + " " + where + "is not a " + typeText(grid.scaleType) + " number, which " + info.id
               + " stores";
        break;
    case PackFault::Kind::ZeroNotStored:
        text = "the zero " + value + " " + where + (grid.zeroIsMinimum ? "gives a minimum that is not a " : "is not a ")
               + typeText(grid.zeroType) + " number, which " + info.id + " stores";
        break;
    case PackFault::Kind::ZeroNotWhole:
        text = "the zero " + where + "is " + value + " codes away from " + numberText(grid.fixedZero)
               + ", the fixed zero of " + info.id + ", expected a whole number";
        break;
    case PackFault::Kind::CodeRange:
        text = "the code " + where + "would be stored as " + value + ", and " + info.id + " holds "
               + std::to_string(grid.codeMin) + " to " + std::to_string(grid.codeMax);
        break;
    case PackFault::Kind::None: text = "the codes fit"; break;
    }
    return fail(ErrorCode::Unsupported, std::move(text));
}

Result<void> checkCodes(const GroupCodes& codes) {
    const auto inconsistent = [&](const std::string& what) {
        return fail(ErrorCode::Internal, "the group codes do not fit together: " + what);
    };
    if (codes.rows < 0 || codes.cols < 0)
        return inconsistent("a negative number of rows or columns");
    const auto count = checkedMul(static_cast<std::uint64_t>(codes.rows), static_cast<std::uint64_t>(codes.cols));
    if (!count || codes.codes.size() != *count)
        return inconsistent(std::to_string(codes.codes.size()) + " codes for " + std::to_string(codes.rows) + " x "
                            + std::to_string(codes.cols));
    if (codes.scale.size() != codes.zero.size())
        return inconsistent(std::to_string(codes.scale.size()) + " scales and " + std::to_string(codes.zero.size())
                            + " zeros");
    if (*count == 0)
        return {};
    if (codes.groupSize <= 0)
        return inconsistent("groups of " + std::to_string(codes.groupSize));
    if (codes.wholeTensor())
        return {};
    // Not groupsPerRow(): its sum could overflow for a hostile group size.
    const std::int64_t perRow = codes.cols / codes.groupSize + (codes.cols % codes.groupSize != 0);
    const auto groups = checkedMul(static_cast<std::uint64_t>(codes.rows), static_cast<std::uint64_t>(perRow));
    if (!groups || codes.scale.size() != *groups)
        return inconsistent(std::to_string(codes.scale.size()) + " scales for groups of "
                            + std::to_string(codes.groupSize));
    return {};
}

PackFault mergeGroup(const GroupCodes& codes, std::int64_t row, std::int64_t col, std::int64_t length, bool first,
                     GroupValue& value) noexcept {
    const bool whole = codes.wholeTensor();
    const std::int64_t step = whole ? codes.cols : std::min(codes.groupSize, codes.cols);
    const std::int64_t perRow = codes.cols / step + (codes.cols % step != 0);
    const std::int64_t end = col + length;
    while (col < end) {
        const std::int64_t next = std::min(end, (col / step + 1) * step);
        const auto group = whole ? 0 : static_cast<std::size_t>(row * perRow + col / step);
        const float scale = codes.scale[group], zero = codes.zero[group];
        const std::int16_t* begin = codes.codes.data() + row * codes.cols + col;
        if (first) {
            value = {scale, zero, true};
            first = false;
        }
        if (!sameNumber(value.zero, zero))
            return {PackFault::Kind::MixedGroups, col, 0};
        const bool same = sameNumber(value.scale, scale);
        if (!same || value.blank) {
            const bool blank = std::all_of(begin, begin + (next - col),
                                           [&](std::int16_t code) { return static_cast<float>(code) == zero; });
            if (!same && !blank && !value.blank)
                return {PackFault::Kind::MixedGroups, col, 0};
            if (!blank)
                value = {scale, zero, false};
        }
        col = next;
    }
    return {};
}

bool isStorable(float value, ParameterType type) noexcept {
    return type != ParameterType::F16 || halfToFloat(floatToHalf(value)) == value;
}

PackFault zeroShift(float zero, const Grid& grid, int& shift) noexcept {
    const double distance = grid.fixedZero - static_cast<double>(zero);
    // Beyond this no 16-bit code could come back into any grid.
    if (!(std::fabs(distance) <= 65536.0) || std::floor(distance) != distance)
        return {PackFault::Kind::ZeroNotWhole, 0, distance};
    shift = static_cast<int>(distance);
    return {};
}

} // namespace trilobit::encodings
