// IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S: groups of weights as entries of a codebook, read only.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>

namespace trilobit {

// Blocks of 256 weights. Groups of eight (IQ3: four) weights are an index into a codebook; signs, where the codebook has
// none, are seven bits of which the eighth follows by parity, or eight bits (the _S types); scales are quantized per 16 or
// 32 weights under one binary16 number. What lies where stands with each decoder. encode() refuses: choosing entries needs
// a search over the codebook that is not here.
std::shared_ptr<const Encoding> makeIq1_S();
std::shared_ptr<const Encoding> makeIq1_M();
std::shared_ptr<const Encoding> makeIq2_Xxs();
std::shared_ptr<const Encoding> makeIq2_Xs();
std::shared_ptr<const Encoding> makeIq2_S();
std::shared_ptr<const Encoding> makeIq3_Xxs();
std::shared_ptr<const Encoding> makeIq3_S();

} // namespace trilobit
