// A run as the JSON that the command line prints and the table exports.
#include "core/store/experimentstore.h"

namespace trilobit {

Json runToJson(const RunRecord& run) {
    return Json::object({{"id", run.id},
                         {"kind", run.kind},
                         {"started", run.started},
                         {"seconds", run.seconds},
                         {"status", run.status},
                         {"model", run.modelPath},
                         {"model_hash", run.modelHash},
                         {"recipe", run.recipe},
                         {"recipe_hash", run.recipeHash},
                         {"seed", run.seed},
                         {"command", run.command},
                         {"machine", run.machine},
                         {"build", run.build},
                         {"metrics", run.metrics},
                         {"artefacts", run.artefacts},
                         {"error", run.error}});
}

} // namespace trilobit
