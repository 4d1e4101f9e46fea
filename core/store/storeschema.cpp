#include "core/store/storeschema.h"

#include "core/store/migrations.h"
#include "core/store/sqliteconnections.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QSqlQuery>
#include <QThread>
#include <QVariant>
#include <QtEndian>

#include <atomic>
#include <string_view>

namespace trilobit {

namespace {

constexpr qint32 kApplicationId = 0x54524954; // "TRIT"; on disk since schema 1
constexpr qint64 kHeaderBytes = 100;          // of an SQLite file
constexpr int kBusyMs = 5000;

Error notAStore(const QString& path, const QString& what) {
    return sqliteError(path, what + QStringLiteral("; expected an experiment store, choose another file for it"), {});
}

Error newerStore(const QString& path, qint64 schema) {
    return sqliteError(path,
                       QStringLiteral("was written by a newer version of the program (schema %1, this program knows up "
                                      "to %2) and is left as it is")
                           .arg(schema)
                           .arg(newestStoreSchema()),
                       {});
}

Error damaged(const QString& path, const QSqlQuery& query) {
    return sqliteError(path, QStringLiteral("the experiment store cannot be read, expected whole tables of ours"), query.lastError().databaseText());
}

Result<qint64> number(QSqlDatabase& database, const QString& path, const QString& sql) {
    QSqlQuery query(database);
    query.setForwardOnly(true);
    if (!query.exec(sql) || !query.next())
        return damaged(path, query);
    return query.value(0).toLongLong();
}

Result<void> run(QSqlDatabase& database, const QString& path, const QString& sql) {
    QSqlQuery query(database);
    if (!query.exec(sql))
        return sqliteError(path, QStringLiteral("the experiment store cannot be written"),
                           query.lastError().databaseText());
    return {};
}

Result<void> checkIdentity(qint64 application, qint64 schema, qint64 tables, const QString& path) {
    if (application != kApplicationId && (application != 0 || schema != 0 || tables != 0))
        return notAStore(path, QStringLiteral("is a database of another program"));
    if (schema < 0)
        return notAStore(path, QStringLiteral("has the impossible schema number %1").arg(schema));
    if (schema > newestStoreSchema())
        return newerStore(path, schema);
    return {};
}

/// From the first bytes of the file: needs no connection, so nothing at all is touched.
Result<void> checkHeader(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return sqliteError(path, QStringLiteral("the experiment store cannot be opened"), file.errorString());
    const QByteArray header = file.read(kHeaderBytes);
    if (header.isEmpty())
        return {};
    if (header.size() < kHeaderBytes || !header.startsWith(QByteArray("SQLite format 3\0", 16)))
        return notAStore(path, QStringLiteral("is not a database"));
    const auto application = qFromBigEndian<qint32>(header.constData() + 68);
    const auto schema = qFromBigEndian<qint32>(header.constData() + 60);
    if (application == kApplicationId && schema > newestStoreSchema())
        return newerStore(path, schema);
    return {};
}

/// Application id, schema and number of tables in one transaction: another process may be creating the store just now.
Result<void> checkContent(QSqlDatabase& database, const QString& path) {
    TRILOBIT_TRY(const qint64 application, number(database, path, QStringLiteral("PRAGMA application_id")));
    TRILOBIT_TRY(const qint64 schema, number(database, path, QStringLiteral("PRAGMA user_version")));
    TRILOBIT_TRY(const qint64 tables, number(database, path, QStringLiteral("SELECT count(*) FROM sqlite_master")));
    return checkIdentity(application, schema, tables, path);
}

/// As the database sees itself: the newest header may still stand in the write-ahead log.
Result<void> checkUntouched(const QString& path) {
    static std::atomic<int> next{0};
    const QString name = QStringLiteral("trilobit-store-check-%1").arg(next++);
    const auto check = [&]() -> Result<void> {
        TRILOBIT_TRY(QSqlDatabase database, openSqlite(name, path, true));
        TRILOBIT_CHECK(run(database, path, QStringLiteral("BEGIN")));
        return checkContent(database, path);
    };
    Result<void> result = check();
    QSqlDatabase::removeDatabase(name);
    return result;
}

Result<void> runStatements(QSqlDatabase& database, const QString& path, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = text.find("\n\n");
        const std::string_view piece = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 2);
        // A block of nothing but comments is not a statement.
        const QString sql = QString::fromUtf8(piece.data(), static_cast<qsizetype>(piece.size()));
        bool empty = true;
        for (const QString& line : sql.split(QLatin1Char('\n')))
            empty = empty && (line.trimmed().isEmpty() || line.trimmed().startsWith(QLatin1String("--")));
        if (!empty)
            TRILOBIT_CHECK(run(database, path, sql));
    }
    return {};
}

/// The write-ahead log lets readers go on while one writes. The switch needs the file for itself and does not wait for
/// it, so this does. Where the file system cannot do it, SQLite stays with its rollback journal: slower, as safe.
void useWriteAheadLog(QSqlDatabase& database) {
    const QDeadlineTimer deadline(kBusyMs);
    QSqlQuery query(database);
    while (!query.exec(QStringLiteral("PRAGMA journal_mode = WAL")) && !deadline.hasExpired())
        QThread::msleep(5);
}

Result<void> migrateInTransaction(QSqlDatabase& database, const QString& path) {
    // Asked again under the lock: another process may have been faster, or newer.
    TRILOBIT_CHECK(checkContent(database, path));
    TRILOBIT_TRY(const qint64 schema, number(database, path, QStringLiteral("PRAGMA user_version")));
    for (qint64 step = schema; step < newestStoreSchema(); ++step)
        TRILOBIT_CHECK(runStatements(database, path, storeMigrations()[static_cast<std::size_t>(step)]));
    TRILOBIT_CHECK(run(database, path, QStringLiteral("PRAGMA application_id = %1").arg(kApplicationId)));
    return run(database, path, QStringLiteral("PRAGMA user_version = %1").arg(newestStoreSchema()));
}

} // namespace

int newestStoreSchema() { return static_cast<int>(storeMigrations().size()); }

Result<void> checkStoreFile(const QString& path) {
    const QFileInfo info(path);
    if (info.isDir())
        return sqliteError(path, QStringLiteral("is a folder, expected a file for the experiment store"), {});
    if (!info.exists()) {
        if (!info.absoluteDir().exists())
            return sqliteError(path, QStringLiteral("the folder of the experiment store does not exist"), {});
        return {};
    }
    if (!info.isFile())
        return notAStore(path, QStringLiteral("is not an ordinary file"));
    // Left by a process that died in the first moments of a store: only a connection that may write can undo that.
    if (QFileInfo(path + QStringLiteral("-journal")).size() > 0)
        return {};
    TRILOBIT_CHECK(checkHeader(path));
    return checkUntouched(path);
}

Result<void> migrateStore(QSqlDatabase& database, const QString& path) {
    TRILOBIT_CHECK(run(database, path, QStringLiteral("BEGIN")));
    const Result<void> content = checkContent(database, path);
    TRILOBIT_CHECK(run(database, path, QStringLiteral("ROLLBACK")));
    TRILOBIT_CHECK(content);
    TRILOBIT_TRY(const qint64 schema, number(database, path, QStringLiteral("PRAGMA user_version")));
    useWriteAheadLog(database);
    if (schema == newestStoreSchema())
        return {};
    TRILOBIT_CHECK(run(database, path, QStringLiteral("BEGIN IMMEDIATE")));
    Result<void> result = migrateInTransaction(database, path);
    if (result)
        result = run(database, path, QStringLiteral("COMMIT"));
    if (!result)
        (void)run(database, path, QStringLiteral("ROLLBACK"));
    return result;
}

} // namespace trilobit
