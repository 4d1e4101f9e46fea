// Workspace: what commands act on: services, the open model, the recipe, the quantized model.
#pragma once

#include "core/base/log.h"
#include "core/commands/command.h"
#include "core/encodings/encodingregistry.h"
#include "core/model/model.h"
#include "core/quant/quantizer.h"
#include "core/quant/recipe.h"
#include "core/store/experimentstore.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace trilobit {

/// Services are set once before the first command. State is guarded: snapshot() may be called from any thread, changes are
/// values put in place under the lock, so a running job keeps what it started with.
struct Workspace {
    EncodingRegistry encodings = EncodingRegistry::builtin();
    const MethodRegistry* methods = nullptr;
    std::shared_ptr<ExperimentStore> store; ///< null: nothing is recorded
    std::string workFolder;                 ///< where long work without an output of its own is kept; empty: nowhere
    double keepAfterSeconds = 5;            ///< of work, until what is finished is kept; see KeepOptions
    int threads = 0;                        ///< 0: all
    LogSink log;
    std::function<void(const Command&, const Result<Json>&)> onCommand; ///< session log; any thread

    struct State {
        std::shared_ptr<const Model> model;
        std::string modelHash;              ///< weightsHash, empty until known
        Recipe recipe;
        std::shared_ptr<const QuantizedModel> quantized; ///< of `model`; null when none
        std::shared_ptr<const Calibration> calibration;  ///< of `model`; null when none
    };
    State snapshot() const {
        const std::scoped_lock lock(m_mutex);
        return m_state;
    }
    void change(const std::function<void(State&)>& edit) {
        const std::scoped_lock lock(m_mutex);
        edit(m_state);
    }
    /// With the calibration of the open model.
    QuantServices quantServices() const { return {&encodings, methods, snapshot().calibration}; }

private:
    mutable std::mutex m_mutex;
    State m_state;
};

} // namespace trilobit
