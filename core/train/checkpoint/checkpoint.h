// Checkpoint: one .safetensors file with everything a training run needs to go on as if it had not stopped.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/train/state/trainstate.h"

#include <string>

namespace trilobit {

/// Parameters under their names, moments under "<name>.m" and "<name>.v", all in the arithmetic's own type (F32 or F64), so
/// that nothing is rounded. `notes` (plan, curves, seconds so far) is kept as text in the file's metadata. The file is
/// written beside its final name and renamed when it is on disk. Errors: Io, Cancelled.
template <class Real>
Result<void> writeCheckpoint(const std::string& path, TrainState<Real>& state, const Json& notes, RunControl& control);

/// Reads into a state of the same layout and gives back the notes. Errors: Io; Format naming the tensor and what was
/// expected; the state is untouched unless everything fits.
template <class Real>
Result<Json> readCheckpoint(const std::string& path, TrainState<Real>& state);

/// Only parameters, by name. Scales and adapters of the decoder's scheme are read when all of them are there, as in a run of
/// the same scheme; true then. Errors: Io; Format when a matrix or norm of the model is missing or of another size.
Result<bool> readParameters(const std::string& path, TrainDecoder<float>& decoder);

/// The notes alone, to learn how to build the state. Errors: Io, Format.
Result<Json> readCheckpointNotes(const std::string& path);

} // namespace trilobit
