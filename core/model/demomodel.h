// A small seeded model that the program makes itself, for a first start without any file. It is not trained.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"

#include <cstdint>
#include <string>

namespace trilobit {

/// Writes an untrained llama model of some 3 million random weights, with tokenizer and chat template, as GGUF; its
/// general.name says that it is untrained. The bytes depend on the seed only. Errors: Io, Cancelled.
Result<void> writeDemoModel(const std::string& path, std::uint64_t seed, RunControl& control);

} // namespace trilobit
