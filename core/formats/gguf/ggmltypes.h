// Names of the tensor type numbers in GGUF files, for messages; what they mean is the encodings' business.
#pragma once

#include <string>

namespace trilobit {

/// "Q4_K (type 12)", "IQ4_K (type 139 of ik_llama.cpp)"; "type 99" for a number nobody uses.
std::string ggmlTypeText(int type);

} // namespace trilobit
