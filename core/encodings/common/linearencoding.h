// LinearEncoding: base of the row encodings whose groups are w = scale * (code - zero); brings pack and unpack.
#pragma once

#include "core/encodings/common/packing.h"
#include "core/encodings/common/rowencoding.h"

namespace trilobit::encodings {

class LinearEncoding : public RowEncoding {
public:
    Result<void> pack(const GroupCodes& codes, std::span<std::byte> out) const final;
    Result<GroupCodes> unpack(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols) const final;

protected:
    /// The grid's groupSize is positive and the largest a stored group can be.
    explicit LinearEncoding(EncodingInfo info) : RowEncoding(std::move(info)) {}

    /// Writes group number `group` of the row at `row`: `length` codes within the grid, plus `shift` already added by
    /// the caller; scale and parameter (the zero, or the minimum where the grid says so) are storable.
    virtual void storeGroup(std::uint8_t* row, std::int64_t group, int length, const std::int16_t* codes, float scale,
                            float parameter) const noexcept = 0;
    /// Reads it back. Without a free zero `parameter` stays untouched.
    virtual void loadGroup(const std::uint8_t* row, std::int64_t group, int length, std::int16_t* codes, float& scale,
                           float& parameter) const noexcept = 0;

private:
    PackFault packGroup(const GroupCodes& codes, std::int64_t row, std::int64_t group, std::uint8_t* out,
                        std::int16_t* scratch) const noexcept;
    PackFault packRow(const GroupCodes& codes, std::int64_t row, std::uint8_t* out) const noexcept;
    void unpackRow(const std::uint8_t* row, std::int64_t index, GroupCodes& codes) const noexcept;
};

} // namespace trilobit::encodings
