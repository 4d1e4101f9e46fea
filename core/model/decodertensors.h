// The parts that the tensor lists of architectures are put together from.
#pragma once

#include "core/model/architecture.h"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace trilobit {

using TensorSpecs = std::vector<TensorSpec>;

TensorSpecs joined(std::initializer_list<TensorSpecs> parts);

/// Embedding, last norm, output matrix, rotary factors.
TensorSpecs outerTensors();
/// Norms before attention and before the feed-forward part; the latter's Hugging Face name differs between families.
TensorSpecs normsBefore(std::string_view hfFfnNorm = "model.layers.%.post_attention_layernorm.weight");
/// Norms of what attention and the feed-forward part add.
TensorSpecs normsAfter();
TensorSpecs separateQkv();  ///< q, k and v
TensorSpecs qkvBiases();    ///< optional
TensorSpecs fusedQkv();     ///< one matrix with the rows of all three
TensorSpecs attentionOutput(bool mayHaveBias = false);
/// Norms of q and k with `width` values each.
TensorSpecs queryKeyNorms(Extent queries, Extent keys);
TensorSpecs gatedFfn(bool mayHaveBiases = false); ///< gate, up and down
TensorSpecs fusedGatedFfn();                      ///< gate and up in one matrix
/// A router and experts, in stacks (GGUF) or one by one (Hugging Face).
TensorSpecs gatedExperts();

/// What every decoder of the llama kind has.
TensorSpecs llamaTensors();

} // namespace trilobit
