#include "core/encodings/common/ternaryrow.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/packing.h"
#include "core/encodings/common/rounding.h"
#include "core/encodings/common/rowloop.h"
#include "core/encodings/common/weightreader.h"
#include "core/tensor/shape.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace trilobit::encodings {

namespace {

constexpr int kZero = 1;

EncodingInfo completed(EncodingInfo info, int blockBytes) {
    info.blockSize = kTernaryRowBlock;
    info.bitsPerWeight = 8.0 * blockBytes / kTernaryRowBlock;
    info.grid.kind = GridKind::Linear;
    info.grid.groupSize = kGroupIsRow;
    info.grid.codeMin = 0;
    info.grid.codeMax = 2;
    info.grid.fixedZero = kZero;
    return info;
}

struct RowValue {
    float scale = 0;
    int shift = 0; ///< to be added to the codes
};

/// Whether the row has one storable scale and ternary codes.
PackFault checkRow(const GroupCodes& codes, std::int64_t row, const Grid& grid, RowValue& out) noexcept {
    GroupValue value;
    if (const PackFault fault = mergeGroup(codes, row, 0, codes.cols, true, value))
        return fault;
    if (!std::isfinite(value.scale))
        return {PackFault::Kind::ScaleNotFinite, 0, static_cast<double>(value.scale)};
    if (!isStorable(value.scale, grid.scaleType))
        return {PackFault::Kind::ScaleNotStored, 0, static_cast<double>(value.scale)};
    out.scale = value.scale;
    if (const PackFault fault = zeroShift(value.zero, grid, out.shift))
        return fault;
    const std::int16_t* begin = codes.codes.data() + row * codes.cols;
    for (std::int64_t c = 0; c < codes.cols; ++c) {
        const int code = begin[c] + out.shift;
        if (code < grid.codeMin || code > grid.codeMax)
            return {PackFault::Kind::CodeRange, c, static_cast<double>(code)};
    }
    return {};
}

} // namespace

TernaryRowEncoding::TernaryRowEncoding(EncodingInfo info, int blockBytes)
    : RowEncoding(completed(std::move(info), blockBytes)), m_blockBytes(blockBytes) {}

std::optional<std::uint64_t> TernaryRowEncoding::rowBytes(std::int64_t cols) const noexcept {
    const auto blocks =
        checkedMul(static_cast<std::uint64_t>(cols / kTernaryRowBlock), static_cast<std::uint64_t>(m_blockBytes));
    // Fewer bytes than half the weights: the header cannot make that overflow.
    return blocks ? std::optional(*blocks + static_cast<std::uint64_t>(headerBytes())) : std::nullopt;
}

float TernaryRowEncoding::loadScale(const std::uint8_t* row) const noexcept {
    return info().grid.scaleType == ParameterType::F16 ? loadHalf(row) : loadFloat(row);
}

void TernaryRowEncoding::storeScale(std::uint8_t* row, float scale) const noexcept {
    if (info().grid.scaleType == ParameterType::F16)
        storeHalf(row, withinHalf(scale));
    else
        storeFloat(row, scale);
}

void TernaryRowEncoding::readWeight(WeightReader& in, std::int64_t, std::int64_t col) const {
    in.enterBlock(0, 1, headerBytes());
    const float scale = info().grid.scaleType == ParameterType::F16 ? in.half(FieldRole::Scale, "scale", 0)
                                                                    : in.single(FieldRole::Scale, "scale", 0);
    const int q = readCode(in, in.enterBlock(col, kTernaryRowBlock, m_blockBytes, headerBytes()));
    in.linear(scale * static_cast<float>(q - kZero), static_cast<double>(scale), kZero, "w = scale · (q − 1)");
}

void TernaryRowEncoding::decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept {
    const float scale = loadScale(row);
    row += headerBytes();
    for (std::int64_t c = 0; c < cols; c += kTernaryRowBlock, row += m_blockBytes) {
        std::uint8_t codes[kTernaryRowBlock];
        loadBlock(row, codes);
        for (const std::uint8_t code : codes)
            *out++ = scale * static_cast<float>(code - kZero);
    }
}

void TernaryRowEncoding::encodeRow(const float* weight, std::int64_t cols, const float*,
                                   std::uint8_t* out) const noexcept {
    float largest = 0;
    for (std::int64_t c = 0; c < cols; ++c)
        largest = std::max(largest, std::fabs(weight[c]));
    storeScale(out, largest);
    out += headerBytes();
    const float threshold = largest / 2;
    for (std::int64_t c = 0; c < cols; c += kTernaryRowBlock, out += m_blockBytes) {
        std::uint8_t codes[kTernaryRowBlock];
        for (int i = 0; i < kTernaryRowBlock; ++i) {
            const float w = weight[c + i];
            const bool nothing = w == 0.0f || std::fabs(w) < threshold;
            codes[i] = static_cast<std::uint8_t>(nothing ? kZero : w < 0 ? 0 : 2);
        }
        storeBlock(codes, out);
    }
}

Result<void> TernaryRowEncoding::pack(const GroupCodes& codes, std::span<std::byte> out) const {
    TRILOBIT_CHECK(checkCodes(codes));
    TRILOBIT_TRY(const std::uint64_t size, sizeBytes(codes.rows, codes.cols));
    TRILOBIT_CHECK(checkBufferSize(out.size(), size));
    if (codes.codes.empty()) {
        std::fill(out.begin(), out.end(), std::byte{0});
        return {};
    }
    const std::size_t stride = static_cast<std::size_t>(size) / static_cast<std::size_t>(codes.rows);
    const RowLoopEnd end = parallelRows(codes.rows, codes.cols, nullptr, [&](std::int64_t row) noexcept {
        RowValue value;
        if (checkRow(codes, row, info().grid, value))
            return false;
        std::uint8_t* at = bytePointer(out) + static_cast<std::size_t>(row) * stride;
        storeScale(at, value.scale);
        at += headerBytes();
        const std::int16_t* source = codes.codes.data() + row * codes.cols;
        for (std::int64_t c = 0; c < codes.cols; c += kTernaryRowBlock, at += m_blockBytes) {
            std::uint8_t block[kTernaryRowBlock];
            for (int i = 0; i < kTernaryRowBlock; ++i)
                block[i] = static_cast<std::uint8_t>(source[c + i] + value.shift);
            storeBlock(block, at);
        }
        return true;
    });
    if (end.badRow < 0)
        return {};
    RowValue value;
    return packError(checkRow(codes, end.badRow, info().grid, value), end.badRow, info());
}

Result<GroupCodes> TernaryRowEncoding::unpack(std::span<const std::byte> tensor, std::int64_t rows,
                                              std::int64_t cols) const {
    TRILOBIT_TRY(const std::uint64_t size, sizeBytes(rows, cols));
    TRILOBIT_CHECK(checkBufferSize(tensor.size(), size));
    GroupCodes codes;
    codes.rows = rows;
    codes.cols = cols;
    codes.groupSize = std::max<std::int64_t>(cols, 1);
    try {
        codes.codes.resize(static_cast<std::size_t>(rows * cols));
        codes.scale.resize(cols > 0 ? static_cast<std::size_t>(rows) : 0);
        codes.zero.assign(codes.scale.size(), static_cast<float>(kZero));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for the codes of " + std::to_string(rows) + " x "
                                                + std::to_string(cols) + " weights");
    }
    if (codes.codes.empty())
        return codes;
    const std::size_t stride = static_cast<std::size_t>(size) / static_cast<std::size_t>(rows);
    (void)parallelRows(rows, cols, nullptr, [&](std::int64_t row) noexcept {
        const std::uint8_t* at = bytePointer(tensor) + static_cast<std::size_t>(row) * stride;
        codes.scale[static_cast<std::size_t>(row)] = loadScale(at);
        at += headerBytes();
        std::int16_t* target = codes.codes.data() + row * cols;
        for (std::int64_t c = 0; c < cols; c += kTernaryRowBlock, at += m_blockBytes) {
            std::uint8_t block[kTernaryRowBlock];
            loadBlock(at, block);
            std::copy_n(block, kTernaryRowBlock, target + c);
        }
        return true;
    });
    return codes;
}

} // namespace trilobit::encodings
