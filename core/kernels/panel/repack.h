// From rows to panels: ternary codes and the block encodings of GGUF.
#pragma once

#include "core/kernels/panel/panel.h"

#include <span>
#include <string_view>

namespace trilobit::kernels {

/// Packs rows 64 group .. of a matrix [rows, cols] of trits (-1, 0, 1): row 64 group + r at trits + r * stride, zeros where r is
/// beyond the last row. codes: ternaryBytes of the whole matrix; codeSums: ternaryCodeSums of it, null if there are none.
void packTernary(TernaryForm form, const std::int8_t* trits, std::int64_t stride, std::int64_t rows, std::int64_t cols,
                 std::int64_t group, std::uint8_t* codes, std::int32_t* codeSums) noexcept;
constexpr std::int64_t kPackRows = kPanelGroup * kPanelRows; ///< 64

/// The trits of one row.
void ternaryRow(const TernaryPanels& w, std::int64_t row, std::int8_t* trits) noexcept;
/// The float32 weights of one row: trit * scale.
void decodeTernaryPanels(const TernaryPanels& w, std::int64_t row, float* out) noexcept;

/// An encoding whose blocks go into panels as they are: same codes, same scales.
struct BlockRepack {
    const char* encoding; ///< EncodingInfo::id
    BlockForm form;
    std::int64_t cols, bytes; ///< of a block in the file
    /// One block of one row into a panel; codes and scales point at the panel's place for the first of its columns.
    void (*pack)(const std::uint8_t* block, std::int64_t rowInPanel, std::uint8_t* codes, std::uint8_t* scales) noexcept;
};

/// All there are.
std::span<const BlockRepack> blockRepacks() noexcept;
/// Null when there is none for this encoding.
const BlockRepack* findBlockRepack(std::string_view encoding) noexcept;

/// Panel `panel` of a matrix [rows, cols] in the file's layout, cols whole blocks. codes, scales: of this panel; rows beyond
/// the last become zeros.
void packBlockPanel(const BlockRepack& repack, const std::uint8_t* matrix, std::int64_t rows, std::int64_t cols,
                    std::int64_t panel, std::uint8_t* codes, std::uint8_t* scales) noexcept;

} // namespace trilobit::kernels
