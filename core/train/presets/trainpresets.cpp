#include "core/train/presets/trainpresets.h"

#include "core/base/jsonfile.h"

namespace trilobit {

namespace {

/// What all small models from scratch share: 3.8 million weights, rows that every ternary encoding takes.
TrainPlan smallModel(const char* name) {
    TrainPlan p = *trainPlanFromJson(Json::object());
    p.name = name;
    p.batch = 12;
    p.time = 320;
    p.shape.contextLength = 1024;
    p.schedule.peak = 2e-3;
    p.schedule.floor = 2e-5;
    p.schedule.warmup = 100;
    p.schedule.steps = 2000;
    return p;
}

std::vector<TrainPreset> makePresets() {
    std::vector<TrainPreset> out;
    out.push_back({"small-f16", "a small full-precision model from scratch", smallModel("Trilobit small, full precision")});

    TrainPlan ternary = smallModel("Trilobit small, 1.58 bits");
    ternary.scheme = "bitnet";
    out.push_back({"small-b1.58", "a small model with three weight values from the first step (BitNet b1.58)", ternary});

    TrainPlan binary = smallModel("Trilobit small, binary");
    binary.scheme = "b1";
    out.push_back({"small-b1", "a small model with two weight values from the first step (BitNet b1)", binary});

    TrainPlan recover = *trainPlanFromJson(Json::object());
    recover.scheme = "dlt";
    recover.schemeSettings = Json::object({{"group", 64}});
    recover.batch = 1;
    recover.time = 256;
    recover.schedule.peak = 1e-3;
    recover.schedule.floor = 5e-5;
    recover.schedule.warmup = 5;
    recover.schedule.weightDecay = 0;
    recover.distill = {0, 1, 1, 0, 0.4}; // first block by block, then by its predictions
    recover.minutes = 65;
    out.push_back({"recover-ternary", "an existing model with ternary groups of 64, taught by itself", recover, true});

    TrainPlan two = recover;
    two.scheme = "lsq";
    two.schemeSettings = Json::object({{"bits", 2}, {"group", 64}});
    out.push_back({"recover-2bit", "an existing model in two bits, groups of 64, taught by itself", two, true});

    TrainPlan lora = recover;
    lora.scheme = "lora";
    lora.schemeSettings = Json::object({{"rank", 16}, {"alpha", 32}});
    lora.distill = {};
    lora.answersOnly = true;
    lora.schedule.peak = 5e-4;
    lora.minutes = 30;
    out.push_back({"finetune-lora", "teaches an existing model your data through low-rank adapters", lora, true});
    return out;
}

} // namespace

const std::vector<TrainPreset>& trainPresets() {
    static const std::vector<TrainPreset> presets = makePresets();
    return presets;
}

Result<TrainPlan> trainPlanNamed(const std::string& nameOrPath) {
    std::string names;
    for (const TrainPreset& preset : trainPresets()) {
        if (preset.name == nameOrPath)
            return preset.plan;
        names += (names.empty() ? "" : ", ") + preset.name;
    }
    if (!nameOrPath.ends_with(".json"))
        return fail(ErrorCode::Usage, "there is no training plan \"" + nameOrPath + "\"; there are " + names
                                          + ", or give a .json file");
    TRILOBIT_TRY(const Json json, readJsonFile(nameOrPath, std::size_t{1} << 20));
    auto plan = trainPlanFromJson(json);
    if (!plan)
        return located(std::move(plan).error(), nameOrPath);
    return plan;
}

} // namespace trilobit
