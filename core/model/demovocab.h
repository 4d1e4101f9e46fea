// The vocabulary of the untrained demo model: bytes, printable characters and common pieces of English.
#pragma once

#include "core/formats/metadata.h"

namespace trilobit {

constexpr int kDemoVocabSize = 512;
constexpr int kDemoFirstPiece = 261; ///< before it: unknown, start, end, 256 bytes, two chat tokens

/// The tokenizer.ggml.* keys and the chat template.
void addDemoVocabulary(Metadata& metadata);

} // namespace trilobit
