#include "core/store/sqlitestore.h"

#include "core/base/utf8.h"
#include "core/store/processmark.h"
#include "core/store/sqliteconnections.h"
#include "core/store/storeschema.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStandardPaths>
#include <QVariant>

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace trilobit {

namespace {

constexpr const char* kColumns = "kind, started, seconds, status, model_path, model_hash, recipe, recipe_name, "
                                 "recipe_hash, seed, command, machine, build, metrics, artefacts, error, owner";
constexpr int kColumnCount = 17;

QString toText(std::string_view text) {
    const std::string clean = utf8Sanitized(text); // file names may be any bytes
    return QString::fromUtf8(clean.data(), static_cast<qsizetype>(clean.size()));
}

QVariant toColumn(const Json& json) { return json.isNull() ? QVariant() : QVariant(toText(json.dump())); }

Error storeError(const SqliteConnections& connections, const QString& what, const QSqlQuery& query) {
    return sqliteError(connections.path(), what, query.lastError().databaseText());
}

Error missingRun(const SqliteConnections& connections, std::int64_t id) {
    return sqliteError(connections.path(), QStringLiteral("holds no run with the number %1").arg(id), {});
}

Result<void> checkRun(const RunRecord& run) {
    static constexpr std::array<std::string_view, 5> kStatus = {"running", "done", "failed", "cancelled", "lost"};
    if (run.kind.empty())
        return fail(ErrorCode::Store, "a run needs a kind");
    for (const std::string_view status : kStatus)
        if (run.status == status)
            return {};
    return fail(ErrorCode::Store, "a run's status is \"" + run.status
                                      + "\", expected running, done, failed, cancelled or lost");
}

void bindRun(QSqlQuery& query, const RunRecord& run) {
    const bool running = run.status == "running";
    query.addBindValue(toText(run.kind));
    query.addBindValue(run.started.empty() ? QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)
                                           : toText(run.started));
    query.addBindValue(std::isfinite(run.seconds) ? run.seconds : 0.0); // SQLite would store NaN as NULL
    query.addBindValue(toText(run.status));
    query.addBindValue(toText(run.modelPath));
    query.addBindValue(toText(run.modelHash));
    query.addBindValue(toColumn(run.recipe));
    query.addBindValue(toText(run.recipe["name"].toString()));
    query.addBindValue(toText(run.recipeHash));
    query.addBindValue(QString::number(run.seed));
    query.addBindValue(toColumn(run.command));
    query.addBindValue(toColumn(run.machine));
    query.addBindValue(toText(run.build));
    query.addBindValue(toColumn(run.metrics));
    query.addBindValue(toColumn(run.artefacts));
    query.addBindValue(toText(run.error));
    query.addBindValue(running ? QVariant(toText(thisProcessMark())) : QVariant());
}

/// A column that somebody else spoilt reads as null and is named in `error`: one bad row must not hide the others.
Json fromColumn(const QSqlQuery& query, int column, const char* name, std::string& error) {
    const QVariant value = query.value(column);
    if (value.isNull())
        return {};
    auto json = Json::parse(value.toString().toStdString());
    if (json)
        return std::move(*json);
    if (!error.empty())
        error += "; ";
    error += std::string("the stored ") + name + " cannot be read: " + json.error().text();
    return {};
}

/// Columns: id, then kColumns.
RunRecord readRun(const QSqlQuery& query) {
    const auto text = [&](int column) { return query.value(column).toString().toStdString(); };
    RunRecord run;
    run.id = query.value(0).toLongLong();
    run.kind = text(1);
    run.started = text(2);
    run.seconds = query.value(3).toDouble();
    run.status = text(4);
    run.modelPath = text(5);
    run.modelHash = text(6);
    run.error = text(16);
    run.recipe = fromColumn(query, 7, "recipe", run.error);
    run.recipeHash = text(9);
    const std::string seed = text(10);
    std::from_chars(seed.data(), seed.data() + seed.size(), run.seed);
    run.command = fromColumn(query, 11, "command", run.error);
    run.machine = fromColumn(query, 12, "machine", run.error);
    run.build = text(13);
    run.metrics = fromColumn(query, 14, "metrics", run.error);
    run.artefacts = fromColumn(query, 15, "artefacts", run.error);
    if (run.status == "running" && !isProcessAlive(text(17)))
        run.status = "lost";
    return run;
}

} // namespace

SqliteStore::SqliteStore(std::shared_ptr<SqliteConnections> connections) : m_connections(std::move(connections)) {}
SqliteStore::~SqliteStore() = default;

QString SqliteStore::path() const { return m_connections->path(); }

Result<std::int64_t> SqliteStore::add(const RunRecord& run) {
    TRILOBIT_CHECK(checkRun(run));
    TRILOBIT_TRY(const QSqlDatabase database, m_connections->forThisThread());
    QString marks = QStringLiteral("?, ").repeated(kColumnCount);
    marks.chop(2);
    QSqlQuery query(database);
    if (!query.prepare(QStringLiteral("INSERT INTO runs (%1) VALUES (%2)").arg(QLatin1String(kColumns), marks)))
        return storeError(*m_connections, QStringLiteral("the run cannot be stored"), query);
    bindRun(query, run);
    if (!query.exec())
        return storeError(*m_connections, QStringLiteral("the run cannot be stored"), query);
    return query.lastInsertId().toLongLong();
}

Result<void> SqliteStore::update(const RunRecord& run) {
    TRILOBIT_CHECK(checkRun(run));
    TRILOBIT_TRY(const QSqlDatabase database, m_connections->forThisThread());
    QString pairs = QLatin1String(kColumns);
    pairs.replace(QLatin1String(","), QLatin1String(" = ?,"));
    QSqlQuery query(database);
    if (!query.prepare(QStringLiteral("UPDATE runs SET %1 = ? WHERE id = ?").arg(pairs)))
        return storeError(*m_connections, QStringLiteral("the run cannot be stored"), query);
    bindRun(query, run);
    query.addBindValue(QVariant::fromValue<qlonglong>(run.id));
    if (!query.exec())
        return storeError(*m_connections, QStringLiteral("the run cannot be stored"), query);
    if (query.numRowsAffected() < 1)
        return missingRun(*m_connections, run.id);
    return {};
}

Result<RunRecord> SqliteStore::get(std::int64_t id) {
    TRILOBIT_TRY(const QSqlDatabase database, m_connections->forThisThread());
    QSqlQuery query(database);
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT id, %1 FROM runs WHERE id = ?").arg(QLatin1String(kColumns)));
    query.addBindValue(QVariant::fromValue<qlonglong>(id));
    if (!query.exec())
        return storeError(*m_connections, QStringLiteral("the experiment store cannot be read"), query);
    if (!query.next())
        return missingRun(*m_connections, id);
    return readRun(query);
}

Result<std::vector<RunRecord>> SqliteStore::list(const RunQuery& wanted) {
    TRILOBIT_TRY(const QSqlDatabase database, m_connections->forThisThread());
    // instr() knows no wildcards, so what a person types is only ever text. lower() folds ASCII letters.
    QString where = QStringLiteral("1");
    QVariantList values;
    if (!wanted.kind.empty()) {
        where += QStringLiteral(" AND kind = ?");
        values += toText(wanted.kind);
    }
    if (!wanted.text.empty()) {
        where += QStringLiteral(" AND (instr(lower(model_path), lower(?)) OR instr(lower(recipe_name), lower(?)) "
                                "OR instr(lower(metrics), lower(?)))");
        values += QVariantList(3, toText(wanted.text));
    }
    values += QVariant::fromValue<qlonglong>(wanted.limit > 0 ? wanted.limit : -1);
    QSqlQuery query(database);
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT id, %1 FROM runs WHERE %2 ORDER BY id DESC LIMIT ?")
                      .arg(QLatin1String(kColumns), where));
    for (const QVariant& value : values)
        query.addBindValue(value);
    if (!query.exec())
        return storeError(*m_connections, QStringLiteral("the experiment store cannot be read"), query);
    std::vector<RunRecord> runs;
    while (query.next())
        runs.push_back(readRun(query));
    if (query.lastError().isValid())
        return storeError(*m_connections, QStringLiteral("the experiment store cannot be read"), query);
    return runs;
}

Result<void> SqliteStore::remove(std::int64_t id) {
    TRILOBIT_TRY(const QSqlDatabase database, m_connections->forThisThread());
    QSqlQuery query(database);
    query.prepare(QStringLiteral("DELETE FROM runs WHERE id = ?"));
    query.addBindValue(QVariant::fromValue<qlonglong>(id));
    if (!query.exec())
        return storeError(*m_connections, QStringLiteral("the run cannot be removed"), query);
    if (query.numRowsAffected() < 1)
        return missingRun(*m_connections, id);
    return {};
}

std::int64_t SqliteStore::dataVersion() {
    const auto database = m_connections->forThisThread();
    if (!database)
        return m_lastRevision;
    QSqlQuery query(*database);
    query.setForwardOnly(true);
    if (query.exec(QStringLiteral("SELECT value FROM revision")) && query.next())
        m_lastRevision = query.value(0).toLongLong();
    return m_lastRevision;
}

Result<std::shared_ptr<ExperimentStore>> ExperimentStore::open(const QString& path) {
    if (path.isEmpty())
        return fail(ErrorCode::Store, "the experiment store needs a file name");
    const QString absolute = QFileInfo(path).absoluteFilePath();
    TRILOBIT_CHECK(checkStoreFile(absolute));
    auto connections = std::make_shared<SqliteConnections>(absolute);
    TRILOBIT_TRY(QSqlDatabase database, connections->forThisThread());
    TRILOBIT_CHECK(migrateStore(database, absolute));
    return std::shared_ptr<ExperimentStore>(std::make_shared<SqliteStore>(std::move(connections)));
}

QString ExperimentStore::defaultPath() {
    // Not AppDataLocation: the window and the command line have different names and share one store.
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
                      + QStringLiteral("/trilobit"));
    folder.mkpath(QStringLiteral("."));
    return folder.filePath(QStringLiteral("experiments.sqlite"));
}

} // namespace trilobit
