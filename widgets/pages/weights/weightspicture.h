// WeightsPicture: what the weights page draws, computed away from the interface thread.
#pragma once

#include "core/quant/quantizer.h"
#include "core/quant/weightstats.h"

#include <cstdint>
#include <optional>
#include <string>

namespace trilobit {

/// Histograms of original and quantized share their bins and refer to the same rows.
struct WeightsPicture {
    WeightStats stats; ///< of the original; its histogram is `original`
    Histogram original;
    std::uint64_t originalTotal = 0;
    std::optional<Histogram> quantized;   ///< empty when the tensor is kept or the choice was refused
    ErrorMetrics error;                   ///< when quantized
    std::uint64_t bytesAfter = 0;         ///< of the whole tensor, when quantized
    std::string applied;                  ///< encoding id really used, when quantized
    std::string note;                     ///< why another encoding is used, or why the choice cannot be applied
    std::int64_t rows = 0, totalRows = 0; ///< rows < totalRows: the histograms show a sample
    bool exactStats = false;              ///< `stats` covers every weight
};

/// At most `maxRows` evenly spread rows (0: all, as far as memory for kMaxPictureValues values goes). A choice that
/// this tensor cannot take is not an error: the original alone is pictured and `note` says why. bins >= 1. Errors:
/// Cancelled, OutOfMemory.
Result<WeightsPicture> pictureWeights(const Tensor& tensor, const Choice& choice, std::uint64_t seed, int bins,
                                      std::int64_t maxRows, const QuantServices& services, RunControl& control);

/// Values held at once, original and approximation each; larger tensors are sampled.
constexpr std::int64_t kMaxPictureValues = std::int64_t{32} << 20;

} // namespace trilobit
