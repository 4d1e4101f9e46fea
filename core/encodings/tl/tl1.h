// TL1: pairs of ternary weights as one of nine codes, in the order in which bitnet.cpp's kernels on ARM look them up.
#pragma once

#include "core/encodings/encoding.h"
#include "core/encodings/tl/tiles.h"

#include <memory>

namespace trilobit {

/// A pair is 3 w0 + w1 + 4 in four bits; two pairs of one row share a byte, the first in the high bits; codes above 8
/// read as two zeros. Bytes run over row tiles, column tiles, strips, steps of 512 / strip columns, sixteens of rows,
/// four columns, sixteen rows. A float scale follows the rows * cols / 4 bytes.
/// Without `tiles` the shapes of the three model families that bitnet.cpp has kernels for are known and no others.
std::shared_ptr<const Encoding> makeTl1(std::optional<TableTiles> tiles);

} // namespace trilobit
