// TernaryWholeEncoding: base of the layouts that hold a matrix of ternary codes and, behind them, one float scale.
#pragma once

#include "core/encodings/encoding.h"

#include <cstdint>

namespace trilobit::encodings {

/// What follows the codes: the scale and 28 bytes of padding.
constexpr std::uint64_t kTernaryWholeTail = 32;

class TernaryWholeEncoding : public Encoding {
public:
    const EncodingInfo& info() const final { return m_info; }
    Result<std::uint64_t> sizeBytes(std::int64_t rows, std::int64_t cols) const final;
    void decodeRows(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols, std::int64_t rowBegin,
                    std::int64_t rowCount, float* out) const final;
    /// Weights must be -s, 0 or s already.
    Result<void> encode(MatrixView weight, std::span<const float> importance, std::span<std::byte> out,
                        RunControl& control) const final;
    Result<void> pack(const GroupCodes& codes, std::span<std::byte> out) const final;
    Result<GroupCodes> unpack(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols) const final;

protected:
    explicit TernaryWholeEncoding(EncodingInfo info) : m_info(std::move(info)) {}

    /// Bytes of the codes, a multiple of 4; the scale follows. rows * cols does not overflow; neither is negative.
    /// Errors: Unsupported.
    virtual Result<std::uint64_t> codeBytes(std::int64_t rows, std::int64_t cols) const = 0;
    /// The codes of one row, [cols].
    virtual void loadRow(const std::uint8_t* in, std::int64_t rows, std::int64_t cols, std::int64_t row,
                         std::int16_t* codes) const noexcept = 0;
    /// Adds the codes of one row, each 0, 1 or 2, to bytes that were zero before the first row.
    virtual void storeRow(const std::int16_t* codes, std::int64_t rows, std::int64_t cols, std::int64_t row,
                          std::uint8_t* out) const noexcept = 0;

private:
    EncodingInfo m_info;
};

} // namespace trilobit::encodings
