// What plan, quantize and preview share: which encoding and method a choice ends up with, and running them on weights.
#pragma once

#include "core/base/alignedbuffer.h"
#include "core/quant/quantizer.h"
#include "core/quant/tensorrows.h"

namespace trilobit {

/// A choice with its ids looked up and its parameters checked.
struct ResolvedChoice {
    std::shared_ptr<const Encoding> encoding;
    std::shared_ptr<const Method> method;
};
/// `choice` must not keep. Errors: Usage for unknown ids and wrong parameters.
Result<ResolvedChoice> resolveChoice(const Choice& choice, const QuantServices& services);

/// What becomes of a choice on a tensor of one shape.
struct AppliedChoice {
    std::shared_ptr<const Encoding> encoding; ///< after falling back
    std::uint64_t bytes = 0;                  ///< of the encoded tensor; 0 when refused
    std::string note;                         ///< see TensorPlan::note
    bool refused = false;
};
/// Walks the fallbacks (EncodingInfo::fallback) and asks the method.
AppliedChoice applyChoice(const ResolvedChoice& resolved, const ParamValues& params, const Tensor& tensor,
                          const QuantServices& services);

/// How much the input channels of the tensor count: see the function of the same name over statistics. Empty without a
/// calibration, or when it does not know the tensor. Errors: Usage, with the tensor's name.
Result<std::vector<float>> importanceOf(const Tensor& tensor, const QuantServices& services);

/// Whether a recipe may change this tensor: matrices of blocks, the output, the embedding.
bool isChangeable(const Tensor& tensor) noexcept;

/// Squared error relative to the weights, counted once per weight of the tensor: what a tensor adds to the error of a model
/// in which every weight counts the same. Where all weights are zero and there is an error all the same, as bad as losing
/// everything.
double weightedRelativeError(const ErrorMetrics& error, const Tensor& tensor) noexcept;

using EncodedBytes = std::shared_ptr<AlignedBuffer<std::byte>>;

struct EncodedWeights {
    EncodedBytes bytes;
    bool calibrated = false; ///< see TensorReport
};

/// Chooses values with the method and stores them. The importance may be that of a stack of matrices, [parts * cols]; each is
/// then stored with its own. Errors: those of the method and the encoding; OutOfMemory.
Result<EncodedWeights> encodeWith(const Method& method, const Encoding& encoding, const MethodInput& input,
                                RunControl& control);

/// Whether importance can change what is stored.
bool looksAtImportance(const Method& method, const Encoding& encoding);

/// Each tensor draws from its own stream: the recipe's seed mixed with the tensor's name.
std::uint64_t tensorSeed(std::uint64_t recipeSeed, std::string_view tensorName) noexcept;

/// `error` with the name of the tensor it is about in front.
Error aboutTensor(Error error, const std::string& name);

EncodedMatrix encodedMatrix(const Tensor& tensor);

} // namespace trilobit
