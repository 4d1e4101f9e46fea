// TernaryRowEncoding: base of the encodings whose rows are one scale and then blocks of 64 ternary codes.
#pragma once

#include "core/encodings/common/rowencoding.h"

namespace trilobit::encodings {

constexpr int kTernaryRowBlock = 64;

class TernaryRowEncoding : public RowEncoding {
public:
    Result<void> pack(const GroupCodes& codes, std::span<std::byte> out) const final;
    Result<GroupCodes> unpack(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols) const final;

protected:
    /// Fills in block size and grid. The scale in front of each row has the grid's scaleType.
    TernaryRowEncoding(EncodingInfo info, int blockBytes);

    std::optional<std::uint64_t> rowBytes(std::int64_t cols) const noexcept final;
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept final;
    void readWeight(WeightReader& in, std::int64_t cols, std::int64_t col) const final;
    /// The scale is max|w|; weights below half of it become 0, the others their sign times it.
    void encodeRow(const float* weight, std::int64_t cols, const float* importance,
                   std::uint8_t* out) const noexcept final;

    /// Codes 0, 1, 2 (for -1, 0, +1) of 64 weights.
    virtual void storeBlock(const std::uint8_t* codes, std::uint8_t* out) const noexcept = 0;
    virtual void loadBlock(const std::uint8_t* in, std::uint8_t* codes) const noexcept = 0;
    /// Reads the code of weight `e` of the block that was entered.
    virtual int readCode(WeightReader& in, int e) const = 0;

private:
    int headerBytes() const noexcept { return info().grid.scaleType == ParameterType::F16 ? 2 : 4; }
    float loadScale(const std::uint8_t* row) const noexcept;
    void storeScale(std::uint8_t* row, float scale) const noexcept;

    int m_blockBytes;
};

} // namespace trilobit::encodings
