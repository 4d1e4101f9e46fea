// What a person wants to know about a ternary matrix: which program's form it is, how many weights share a scale, which
// scales there are.
#pragma once

#include "core/model/model.h"

#include <cstdint>
#include <optional>
#include <string>

namespace trilobit {

struct TernaryForm {
    std::string program;             ///< whose form this is: "bitnet.cpp"; empty for plain floats
    std::int64_t groupSize = 0;      ///< weights that share a scale; kGroupIsTensor, kGroupIsRow
    float scaleMin = 0, scaleMax = 0; ///< magnitudes, of the rows that were looked at
    bool sampled = false;            ///< whether only some of the rows were looked at
    std::string alsoCalled;          ///< layouts of the same size that a file cannot be told apart from
};

/// The form of a matrix whose weights are -s, 0 and s; nothing for all others. Floats (F32, F16, BF16) count when the rows
/// that were looked at hold nothing else. Reads at most three rows, so that it takes no time on large files.
std::optional<TernaryForm> ternaryForm(const Tensor& tensor);

/// The program whose form an encoding is, or empty: "bitnet.cpp" for I2_S.
std::string programOf(const EncodingInfo& info);

} // namespace trilobit
