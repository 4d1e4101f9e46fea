// Importance matrices as llama.cpp wrote them before it used GGUF; see imatrixfile.h.
#pragma once

#include "core/base/mappedfile.h"
#include "core/base/result.h"
#include "core/calib/calibration.h"

namespace trilobit {

/// Errors: as readCalibration.
Result<Calibration> readLegacyImatrix(const MappedFile& file);

} // namespace trilobit
