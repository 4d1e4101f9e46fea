#include "core/store/sqliteconnections.h"

#include <QSqlError>
#include <QSqlQuery>

#include <atomic>
#include <vector>

namespace trilobit {

namespace {
std::atomic<std::uint64_t> nextThread{1};
std::atomic<std::uint64_t> nextObject{1};
} // namespace

/// Closes the connections of a thread when it ends. The number, unlike a thread id, is never used again.
struct ThreadConnections {
    const std::uint64_t number = nextThread++;
    std::vector<std::weak_ptr<SqliteConnections>> owners;

    ~ThreadConnections() {
        for (const auto& owner : owners)
            if (const auto alive = owner.lock())
                alive->closeThread(number);
    }
};

namespace {
thread_local ThreadConnections thisThread;
} // namespace

Error sqliteError(const QString& path, const QString& what, const QString& detail) {
    QString message = what;
    if (!detail.trimmed().isEmpty())
        message += QStringLiteral(" (%1)").arg(detail.trimmed());
    return Error{ErrorCode::Store, message.toStdString(), path.toStdString(), "database"};
}

Result<QSqlDatabase> openSqlite(const QString& name, const QString& path, bool readOnly) {
    if (!QSqlDatabase::isDriverAvailable(QStringLiteral("QSQLITE")))
        return sqliteError(path, QStringLiteral("Qt's SQLite driver is not installed (package libqt6sql6-sqlite)"), {});
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
    database.setDatabaseName(path);
    database.setConnectOptions(readOnly ? QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000;QSQLITE_OPEN_READONLY")
                                        : QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    if (database.open())
        return database;
    const QString detail = database.lastError().databaseText();
    database = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
    return sqliteError(path, QStringLiteral("the experiment store cannot be opened"), detail);
}

SqliteConnections::SqliteConnections(QString path)
    : m_path(std::move(path)), m_prefix(QStringLiteral("trilobit-store-%1-").arg(nextObject++)) {}

SqliteConnections::~SqliteConnections() {
    for (const auto& [thread, name] : m_names)
        QSqlDatabase::removeDatabase(name);
}

Result<QSqlDatabase> SqliteConnections::forThisThread() {
    const std::uint64_t thread = thisThread.number;
    const QString name = m_prefix + QString::number(thread);
    {
        const std::scoped_lock lock(m_mutex);
        if (m_names.contains(thread))
            return QSqlDatabase::database(name, false);
    }
    TRILOBIT_TRY(QSqlDatabase database, openSqlite(name, m_path, false));
    // A run must survive the power too, and there are few writes: every commit reaches the disk.
    QSqlQuery(database).exec(QStringLiteral("PRAGMA synchronous = FULL"));
    const std::scoped_lock lock(m_mutex);
    m_names.emplace(thread, name);
    std::erase_if(thisThread.owners, [](const auto& owner) { return owner.expired(); });
    thisThread.owners.push_back(weak_from_this());
    return database;
}

void SqliteConnections::closeThread(std::uint64_t thread) {
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_names.find(thread); found != m_names.end()) {
        QSqlDatabase::removeDatabase(found->second);
        m_names.erase(found);
    }
}

} // namespace trilobit
