// WeightLook: everything the bit microscope shows about one weight, as values.
#pragma once

#include "core/encodings/storedweight.h"
#include "core/model/model.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace trilobit {

struct NeighbourWeight {
    std::int64_t row = 0, col = 0;
    std::optional<int> code;
    double original = 0, stored = 0;
    double error() const { return stored - original; }
};

struct WeightLook {
    StoredWeight weight;
    std::string encoding;
    std::int64_t row = 0, col = 0;
    std::uint64_t fileOffset = 0;       ///< of the tensor in its file; 0: in memory only
    std::uint64_t shownFrom = 0;        ///< first byte of `bytes`, from the start of the tensor
    std::vector<std::byte> bytes;       ///< the block, or the part of a very long one around the weight
    double original = 0;                ///< in the source
    std::vector<NeighbourWeight> block; ///< the weights of the block, or those around this one
    std::size_t self = 0;               ///< index in `block`
};

constexpr std::int64_t kMaxNeighbours = 512;
constexpr std::uint64_t kMaxLookBytes = 1024;

/// `tensor` is the source itself or what was made of it. Reads one block and the rows of its neighbours. Errors: those
/// of weightAt.
Result<WeightLook> lookAtWeight(const Tensor& source, const Tensor& tensor, std::int64_t row, std::int64_t col);

} // namespace trilobit
