// ExperimentStore: every run as a row in SQLite (WAL), with migrations.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace trilobit {

/// One execution of anything. Everything needed to repeat it.
struct RunRecord {
    std::int64_t id = 0;           ///< 0 until stored
    std::string kind;              ///< "quantize", "perplexity", "compare", "generate", "chat", "export", ...
    std::string started;           ///< ISO 8601, UTC, milliseconds
    double seconds = 0;
    std::string status;            ///< "running", "done", "failed", "cancelled"; "running" after a crash reads "lost"
    std::string modelPath, modelHash;
    Json recipe;                   ///< null when none
    std::string recipeHash;
    std::uint64_t seed = 0;
    Json command;                  ///< the command that repeats it
    Json machine;                  ///< CPU, features, threads, memory
    std::string build;             ///< program version and compiler
    Json metrics;                  ///< object of numbers and short texts
    Json artefacts;                ///< array of {path, bytes, sha256}
    std::string error;             ///< when failed
};

struct RunQuery {
    std::string kind;              ///< empty: all
    std::string text;              ///< contained in model path, recipe name or metrics
    std::int64_t limit = 0;        ///< 0: all; newest first
};

/// Calls may come from any thread (a connection per thread); writers wait for each other up to 5 s.
class ExperimentStore {
public:
    /// Opens or creates, migrates to the newest schema. Errors: Store naming the file (not a database, newer schema than
    /// this program knows, not writable). A store of a newer program is never changed.
    static Result<std::shared_ptr<ExperimentStore>> open(const QString& path);
    /// The user's store: <data location>/experiments.sqlite, the folder is made.
    static QString defaultPath();
    virtual ~ExperimentStore() = default;

    virtual QString path() const = 0;
    /// Stores a new row (status "running" for long jobs) and returns its id.
    virtual Result<std::int64_t> add(const RunRecord& run) = 0;
    /// Replaces the row `run.id`.
    virtual Result<void> update(const RunRecord& run) = 0;
    virtual Result<RunRecord> get(std::int64_t id) = 0;
    virtual Result<std::vector<RunRecord>> list(const RunQuery& query) = 0;
    virtual Result<void> remove(std::int64_t id) = 0;
    /// Changes with every write of this or another process: cheap to poll.
    virtual std::int64_t dataVersion() = 0;
};

Json runToJson(const RunRecord& run);

} // namespace trilobit
