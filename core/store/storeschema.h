// Checks what a store file is before anything is written to it, and migrates it.
#pragma once

#include "core/base/result.h"

#include <QSqlDatabase>
#include <QString>

namespace trilobit {

/// Newest schema this program knows.
int newestStoreSchema();

/// Refuses, without changing the file: folders, other kinds of file, databases of other programs, stores of a newer
/// schema. A missing or empty file passes. Errors: Store naming the file.
Result<void> checkStoreFile(const QString& path);

/// Brings the database to the newest schema, one transaction per step, in WAL mode. Other processes may do the same at
/// the same time. Errors: Store.
Result<void> migrateStore(QSqlDatabase& database, const QString& path);

} // namespace trilobit
