// TL2: triples of ternary weights as a magnitude and a sign bit, in the order in which bitnet.cpp's kernels on x86 look
// them up.
#pragma once

#include "core/encodings/encoding.h"
#include "core/encodings/tl/tiles.h"

#include <memory>

namespace trilobit {

/// A triple is |9 w0 + 3 w1 + w2| in four bits and a sign bit (1: negative); the columns that are left over after whole
/// tiles are pairs as in TL1. Three regions: magnitudes, signs, pairs, then zeros up to the size that bitnet.cpp reserves
/// ((cols - 256) rows / 3 * 5 / 8 + 64 rows, to a multiple of 32), then a float scale. Magnitudes above 13 and pairs
/// above 8 read as zeros. The strip is always 32 rows.
/// Without `tiles` the shapes of the three model families that bitnet.cpp has kernels for are known and no others.
std::shared_ptr<const Encoding> makeTl2(std::optional<TableTiles> tiles);

} // namespace trilobit
