// SqliteStore: the ExperimentStore of this program.
#pragma once

#include "core/store/experimentstore.h"

#include <QString>

#include <atomic>
#include <memory>

namespace trilobit {

class SqliteConnections;

class SqliteStore : public ExperimentStore {
public:
    /// `connections` belong to a checked and migrated store.
    explicit SqliteStore(std::shared_ptr<SqliteConnections> connections);
    ~SqliteStore() override;

    QString path() const override;
    Result<std::int64_t> add(const RunRecord& run) override;
    Result<void> update(const RunRecord& run) override;
    Result<RunRecord> get(std::int64_t id) override;
    Result<std::vector<RunRecord>> list(const RunQuery& query) override;
    Result<void> remove(std::int64_t id) override;
    std::int64_t dataVersion() override;

private:
    const std::shared_ptr<SqliteConnections> m_connections;
    std::atomic<std::int64_t> m_lastRevision{0}; ///< answer while the store cannot be read
};

} // namespace trilobit
