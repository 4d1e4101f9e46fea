// Method: chooses the values that an encoding then stores. What a plugin implements.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/pluginapi/grid.h"
#include "core/pluginapi/paramspec.h"
#include "core/tensor/matrixview.h"

#include <span>
#include <string>
#include <variant>
#include <vector>

namespace trilobit {

struct MethodInfo {
    std::string id;                 ///< "rtn", "absmean", "hqq"; stored in recipes, never renamed
    std::string title;
    std::string summary;            ///< one or two sentences that teach
    std::string reference;          ///< paper and equation, or the specification it follows
    std::vector<ParamSpec> params;
    bool needsCalibration = false;
    std::string expectation;        ///< said before a chat when results are expected to be poor, else empty
};

struct MethodInput {
    MatrixView weight;                   ///< [rows, cols]
    const EncodingInfo* target = nullptr;///< never null; its grid says which values can be stored
    ParamValues params;
    std::span<const float> importance;   ///< [cols], all > 0: mean square of each input channel; or empty
    std::uint64_t seed = 0;
};

/// "Store these weights with the encoding's own reference encoder" (Float and Nested grids, plain rounding).
struct WeightsAsGiven {
    std::vector<float> values; ///< [rows * cols], or empty for "the input unchanged"
};
using MethodOutput = std::variant<GroupCodes, WeightsAsGiven>;

/// Stateless and const: one object serves many threads at once. quantize() may use OpenMP inside; its result must not
/// depend on the number of threads. Codes are chosen against parameters already rounded to Grid::scaleType/zeroType.
class Method {
public:
    virtual ~Method() = default;
    virtual const MethodInfo& info() const = 0;
    /// Whether this method can choose values for `target` on a [rows, cols] tensor. Error: Unsupported, whose message
    /// is the reason in plain words ("Q4_0 has no free zero point, and HQQ optimises nothing else").
    virtual Result<void> accepts(const EncodingInfo& target, const ParamValues& params, std::int64_t rows,
                                 std::int64_t cols) const = 0;
    /// Weights that are not finite are an error (Format, naming row and column). Errors: Cancelled, Unsupported.
    virtual Result<MethodOutput> quantize(const MethodInput& input, RunControl& control) const = 0;
    /// What to expect of a model whose tensors went through this method onto `target`; empty when nothing bad is.
    virtual std::string expectationFor(const EncodingInfo& target, const ParamValues& params) const {
        (void)target, (void)params;
        return info().expectation;
    }
};

} // namespace trilobit
