#include "plugins/rtn/rtnmethod.h"

#include "plugins/common/weights.h"

namespace trilobit::plugins {

namespace {
/// One scale for the whole tensor and at most four codes: rounding has nothing left to choose.
bool holdsOnlyTernaryTensors(const Grid& grid) {
    return grid.kind == GridKind::Linear && grid.groupSize == kGroupIsTensor && grid.levels() <= 4;
}
} // namespace

RtnMethod::RtnMethod() {
    m_info.id = "rtn";
    m_info.title = "Round to nearest";
    m_info.summary = "Each weight goes to the nearest value that the encoding can hold, with the scales that the encoding's "
                     "own reference encoder picks. Needs no data and takes a moment: the baseline for everything else.";
    m_info.reference = "The reference encoder of each encoding; for the encodings of GGUF files that of ggml.";
}

Result<void> RtnMethod::accepts(const EncodingInfo& target, const ParamValues&, std::int64_t, std::int64_t) const {
    if (holdsOnlyTernaryTensors(target.grid))
        return fail(ErrorCode::Unsupported,
                    target.id + " holds only three values per tensor, and plain rounding cannot pick their scale; "
                                "absmean does");
    return {};
}

Result<MethodOutput> RtnMethod::quantize(const MethodInput& input, RunControl& control) const {
    TRILOBIT_CHECK(accepts(input.target ? *input.target : EncodingInfo{}, input.params, input.weight.rows,
                           input.weight.cols));
    TRILOBIT_CHECK(checkFinite(input.weight, control));
    return MethodOutput(WeightsAsGiven{});
}

std::string RtnMethod::expectationFor(const EncodingInfo& target, const ParamValues&) const {
    const Grid& grid = target.grid;
    if (grid.kind != GridKind::Linear || grid.levels() > 4)
        return {};
    if (grid.levels() == 3)
        return "Plain rounding to three values measures every weight against the largest one of its block, so most "
               "weights become zero and the model speaks nonsense. Choose absmean instead, and train the model for "
               "ternary weights, or keep more bits.";
    return "Rounding to " + std::to_string(grid.levels())
           + " values per group leaves an error of a fifth of the weights' energy or more; without training, expect "
             "nonsense. Three or four bits per weight, or quantization-aware training, would help.";
}

} // namespace trilobit::plugins
