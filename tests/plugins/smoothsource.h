// Tensors of the real model with its Q4_1 grid dithered away: what the golden vectors of the methods were computed from.
#pragma once

#include <QString>

#include <cstdint>
#include <string>
#include <vector>

namespace trilobit::test {

struct SmoothTensor {
    std::int64_t rows = 0, cols = 0;
    std::vector<float> values; ///< rounded to binary16, as the F16 source holds them
};

/// The tensor `name` of the Q4_1 GGUF file `path`: every weight moved to w + d (u - 1/2), d being the scale of its block and
/// u in [0, 1) a hash (SplitMix64) of tensor index and element index. Ends the test when the file is not as expected.
SmoothTensor smoothTensor(const QString& path, const std::string& name);

} // namespace trilobit::test
