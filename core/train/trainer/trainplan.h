// TrainPlan: everything that decides a training run, as a value that is stored with it and read back.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/modelconfig.h"
#include "core/train/optimizer/adamw.h"
#include "core/train/schedule/schedule.h"

#include <cstdint>
#include <string>

namespace trilobit {

/// Loss = crossEntropy * CE + kl * T^2 KL(teacher || student) + features * mean over layers of (1 - cos). `blocks` is the
/// share of the steps, the first ones, that teach block by block instead (TrainDecoder::teachBlocks).
struct DistillPlan {
    double crossEntropy = 1, kl = 0, temperature = 2, features = 0, blocks = 0;
    bool active() const { return kl > 0 || features > 0 || blocks > 0; }
};

struct TrainPlan {
    std::string name;                    ///< of the result: general.name
    ModelConfig shape;                   ///< ignored when training starts from a model
    std::string scheme = "plain";        ///< see makeLinearScheme
    Json schemeSettings = Json::object();
    Schedule schedule;
    AdamWConfig adam;
    double clipNorm = 1;
    std::int64_t batch = 16, time = 256; ///< rows of a step, tokens of a row
    std::uint64_t seed = 1;
    bool answersOnly = false;            ///< chat data: only what the assistant says is learned
    DistillPlan distill;
    double minutes = 0;                  ///< above 0: schedule.steps is set from the speed of the first steps
    double checkpointMinutes = 5;
    std::int64_t evaluateEvery = 200, evaluateBatches = 8, sampleEvery = 500;
    std::string samplePrompt = "Hello!";
    std::string ternaryEncoding = "TQ2_0", floatEncoding = "F16"; ///< of the result
};

Json trainPlanToJson(const TrainPlan& plan);
/// Missing members keep their defaults. "shape": {"architecture": "llama"|"bitnet-b1.58", "hidden", "layers", "heads",
/// "kv_heads", "head_dim", "ffn", "context", "rope_base", "rms_eps", "tied"}. Errors: Usage naming the member.
Result<TrainPlan> trainPlanFromJson(const Json& json);

} // namespace trilobit
