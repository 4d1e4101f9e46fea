// RowEncoding: base of the encodings whose rows are stored one after the other, each the same number of bytes.
#pragma once

#include "core/encodings/encoding.h"
#include "core/encodings/storedweight.h"

#include <cstdint>
#include <optional>

namespace trilobit::encodings {

class WeightReader;

class RowEncoding : public Encoding, public WeightLayout {
public:
    const EncodingInfo& info() const final { return m_info; }
    Result<std::uint64_t> sizeBytes(std::int64_t rows, std::int64_t cols) const final;
    void decodeRows(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols, std::int64_t rowBegin,
                    std::int64_t rowCount, float* out) const final;
    Result<void> encode(MatrixView weight, std::span<const float> importance, std::span<std::byte> out,
                        RunControl& control) const final;
    StoredWeight describeWeight(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols,
                                std::int64_t row, std::int64_t col) const final;

protected:
    explicit RowEncoding(EncodingInfo info) : m_info(std::move(info)) {}

    /// Bytes of a row, `cols` being a multiple of the block; nothing on overflow.
    virtual std::optional<std::uint64_t> rowBytes(std::int64_t cols) const noexcept;
    virtual void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept = 0;
    /// Where the weight in column `col` lies; `in` is at the start of its row.
    virtual void readWeight(WeightReader& in, std::int64_t cols, std::int64_t col) const = 0;
    /// `importance` [cols] or null. The row passed firstBadColumn.
    virtual void encodeRow(const float* weight, std::int64_t cols, const float* importance,
                           std::uint8_t* out) const noexcept = 0;
    /// The first weight this encoding must refuse, or -1. Here: the first that is not finite.
    virtual std::int64_t firstBadColumn(const float* weight, std::int64_t cols) const noexcept;
    /// Why `value` was refused, to be put after "the weight V at row R, column C ".
    virtual std::string refusal() const { return "is not a finite number"; }

private:
    EncodingInfo m_info;
};

/// The precondition of encode: `importance` empty or [cols], finite and not negative. Errors: Internal, Unsupported.
Result<void> checkImportance(std::span<const float> importance, std::int64_t cols);
/// "the weight 1e+06 at row 3, column 7 ".
std::string weightText(MatrixView weight, std::int64_t row, std::int64_t col);
/// Errors: Internal, when `actual` is not `expected`.
Result<void> checkBufferSize(std::uint64_t actual, std::uint64_t expected);

} // namespace trilobit::encodings
