// Calibration files: the importance matrices of llama.cpp, with more statistics beside them where Trilobit wrote the file.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/calib/calibration.h"

#include <string>

namespace trilobit {

/// GGUF: general.type "imatrix", imatrix.datasets, imatrix.chunk_count, imatrix.chunk_size, and of every tensor
/// <name>.in_sum2 [parts, channels] and <name>.counts [parts, 1], both F32. Further: <name>.in_sum (sum of x, which newer
/// llama.cpp knows), <name>.in_abs (sum of |x|) and <name>.in_max (largest |x|), which it leaves alone.
/// The older form (.dat): numbers of 32 bits; of every entry its name, a count of runs and the mean of x^2 times that count.
/// Told apart by the first bytes. Memory is bounded by the file's size. Errors: Io; Format naming file, field, offset and
/// what was expected.
Result<Calibration> readCalibration(const std::string& path);

/// Writes the GGUF form, whole or not at all. Errors: as writeGguf.
Result<void> writeCalibration(const Calibration& calibration, const std::string& path, RunControl& control);

} // namespace trilobit
