// The two other layouts under the type number of I2_S: what ARM builds and builds without ACT_PARALLEL write.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

/// bitnet.cpp on ARM: blocks of 64 weights in 16 bytes, byte p with weights p, p+16, p+32, p+48 from the highest bits
/// down; then as I2_S. The files have the size and the type number of I2_S; nothing in them says which they are.
std::shared_ptr<const Encoding> makeI2_SArm();

/// bitnet.cpp built without ACT_PARALLEL: rows 4r to 4r + 3 share the bytes [r * cols, (r + 1) * cols), row 4r in the
/// highest bits; then as I2_S. rows: a multiple of 4.
std::shared_ptr<const Encoding> makeI2_SRows4();

} // namespace trilobit
