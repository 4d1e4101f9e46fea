// The quantization pipeline: Model + Recipe -> QuantizedModel, with a report per tensor.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/calib/calibration.h"
#include "core/encodings/encodingregistry.h"
#include "core/model/model.h"
#include "core/quant/methodregistry.h"
#include "core/quant/recipe.h"
#include "core/quant/weightstats.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace trilobit {

class KeptWork;

struct QuantServices {
    const EncodingRegistry* encodings = nullptr;
    const MethodRegistry* methods = nullptr;
    std::shared_ptr<const Calibration> calibration = {}; ///< of the model that is worked on; null: all input channels alike
};

/// What will happen to one tensor; nothing is computed on weights yet.
struct TensorPlan {
    std::size_t tensor = 0;     ///< index in Model::tensors()
    Choice choice;              ///< as requested; keeps() when the tensor stays
    std::string requested;      ///< encoding id asked for (the source's when kept)
    std::string applied;        ///< encoding id that will be used
    std::string note;           ///< why applied differs from requested, or why the method is refused; empty otherwise
    bool refused = false;       ///< the method or encoding cannot do this; quantizing stops with `note`
    bool importance = false;    ///< the calibration knows this tensor's inputs and the encoding or the method looks at them
    std::uint64_t bytesBefore = 0, bytesAfter = 0;
};

struct Plan {
    std::vector<TensorPlan> tensors; ///< one per tensor of the model, same order
    std::uint64_t bytesBefore = 0, bytesAfter = 0;
    double bitsPerWeightBefore = 0, bitsPerWeightAfter = 0;
    bool refused = false;            ///< some tensor is refused
    std::vector<std::string> expectations; ///< of the methods used: what to expect of the result, said before a chat
};

/// Fast (no weights are read). A row length that forbids an encoding falls back and says so:
/// EncodingInfo::fallback, as llama.cpp does (Q4_K -> Q5_0 -> F16, TQ2_0 -> Q4_0 -> F16). Errors: Usage for unknown ids
/// or parameters and for a calibration of another model.
Result<Plan> planQuantization(const Model& model, const Recipe& recipe, const QuantServices& services);

struct TensorReport {
    std::string name, method, requested, applied, note;
    bool calibrated = false;     ///< the values were chosen with the importance of the input channels
    std::uint64_t bytesBefore = 0, bytesAfter = 0;
    ErrorMetrics error;          ///< against the source tensor; zero error when kept
    double seconds = 0;          ///< that computing it took
    bool reused = false;         ///< computed by an earlier run, and taken from there
};

struct QuantizedModel {
    std::shared_ptr<const Model> model; ///< tensors in memory or in files of KeptWork (kept ones still mapped), metadata updated
    Recipe recipe;
    std::vector<TensorReport> tensors;  ///< one per tensor of the source
    std::shared_ptr<const Calibration> calibration; ///< it was made with; null: none
    std::uint64_t bytesBefore = 0, bytesAfter = 0;
    double bitsPerWeight = 0;
    double seconds = 0;
    std::vector<std::string> expectations;
};

/// Squared error relative to the weights, averaged over all weights that a recipe may change; kept ones have none. What the
/// size of a model is weighed against: it falls with every tensor that is spared.
double meanRelativeError(const Model& source, const std::vector<TensorReport>& reports);

/// Progress in bytes of source tensors. Same bytes for any thread count. Errors: Cancelled, Unsupported (a refused
/// tensor, with its name and reason), Format (weights that are not finite: tensor, row, column). With `kept`, tensors that an
/// earlier run finished are not computed again; memory is then bounded by the largest tensor.
Result<QuantizedModel> quantizeModel(std::shared_ptr<const Model> model, const Recipe& recipe,
                                     const QuantServices& services, RunControl& control,
                                     const std::function<void(const TensorReport&)>& onTensor = {},
                                     KeptWork* kept = nullptr);

/// One tensor, at most `maxRows` evenly spread rows of it (0: all): what the live preview shows.
struct Preview {
    std::vector<float> original, approximate; ///< the sampled rows
    std::int64_t rows = 0, cols = 0;
    std::int64_t totalRows = 0;               ///< rows < totalRows: sampled
    ErrorMetrics error;
    std::uint64_t bytesAfter = 0;             ///< of the whole tensor
    std::string applied, note;
};
Result<Preview> previewTensor(const Tensor& tensor, const Choice& choice, std::uint64_t seed, std::int64_t maxRows,
                              const QuantServices& services, RunControl& control);

/// What each tensor of `model` becomes when it is converted to `encoding`; null: it stays. Nothing is read yet. Errors:
/// Usage for an unknown encoding; Unsupported, with the tensor's name, where rounding would be needed or a shape does not
/// suit the encoding.
Result<std::vector<std::shared_ptr<const Encoding>>> planConversion(const Model& model, const std::string& encoding,
                                                                    const QuantServices& services);

/// A tensor, or rows of one that start at `firstRow` of the whole, in another encoding: the same values to the bit, ternary
/// codes and scales as they were. Errors: Unsupported, with the tensor's name and the first value, code or scale that would
/// change; Cancelled; OutOfMemory.
Result<Tensor> convertTensor(const Tensor& tensor, const std::shared_ptr<const Encoding>& target, std::int64_t firstRow,
                             RunControl& control);

/// Builds a model in memory that differs from `model` only in the encoding of its tensors and loses nothing; what
/// `convert` does. Only exact conversions: float widening, ternary codes, or the very same encoding.
Result<std::shared_ptr<const Model>> convertLossless(std::shared_ptr<const Model> model, const std::string& encoding,
                                                     const QuantServices& services, RunControl& control);

} // namespace trilobit
