// Training plans by name.
#pragma once

#include "core/train/trainer/trainplan.h"

#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct TrainPreset {
    std::string name, summary;
    TrainPlan plan;
    bool startsFromModel = false; ///< needs a model; otherwise plan.shape is trained from scratch
};
/// In the order a person should see them.
const std::vector<TrainPreset>& trainPresets();
/// A preset's name, or the path of a JSON file with a plan. Errors: Usage with the names there are; Io, Format.
Result<TrainPlan> trainPlanNamed(const std::string& nameOrPath);

} // namespace trilobit
