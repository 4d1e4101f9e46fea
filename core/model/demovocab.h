// The vocabulary of the untrained demo model: bytes, printable characters and common pieces of English.
#pragma once

#include "core/formats/metadata.h"

namespace trilobit {

constexpr int kDemoVocabSize = 512;

/// The tokenizer.ggml.* keys and the chat template.
void addDemoVocabulary(Metadata& metadata);

} // namespace trilobit
