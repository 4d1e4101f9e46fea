// SqliteConnections: one connection per thread to one database file.
#pragma once

#include "core/base/result.h"

#include <QSqlDatabase>
#include <QString>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace trilobit {

/// A connection is opened when a thread first asks and closed when that thread ends or this object goes.
class SqliteConnections : public std::enable_shared_from_this<SqliteConnections> {
public:
    explicit SqliteConnections(QString path);
    ~SqliteConnections();
    SqliteConnections(const SqliteConnections&) = delete;
    SqliteConnections& operator=(const SqliteConnections&) = delete;

    /// The open connection of the calling thread; waits for other writers up to 5 s. Errors: Store.
    Result<QSqlDatabase> forThisThread();
    const QString& path() const { return m_path; }

private:
    friend struct ThreadConnections;
    void closeThread(std::uint64_t thread);

    const QString m_path;
    const QString m_prefix; ///< of connection names: unique per object
    std::mutex m_mutex;
    std::map<std::uint64_t, QString> m_names; ///< by thread
};

/// Opens a connection under a name of its own. `readOnly` never creates or changes the file. Errors: Store.
Result<QSqlDatabase> openSqlite(const QString& name, const QString& path, bool readOnly);
/// "FILE: MESSAGE" with what SQLite said.
Error sqliteError(const QString& path, const QString& what, const QString& detail);

} // namespace trilobit
