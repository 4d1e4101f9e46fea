// Experiment stores: an arbitrary file is refused or read, and one that is not a store keeps every byte.
#include "core/store/experimentstore.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <cstdint>
#include <cstdlib>

/// Database drivers are found through the application object.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    static const QCoreApplication app(*argc, *argv);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    static const QTemporaryDir folder(QStringLiteral("/dev/shm/fuzz_store-XXXXXX"));
    const QString path = folder.filePath(QStringLiteral("store.sqlite"));
    for (const char* more : {"", "-wal", "-shm", "-journal"})
        QFile::remove(path + QLatin1String(more));
    const QByteArray bytes(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        std::abort();
    file.close();
    {
        const auto store = ExperimentStore::open(path);
        if (store) {
            if (const auto runs = (*store)->list({}))
                for (const RunRecord& run : *runs)
                    (void)(*store)->get(run.id);
            RunRecord run;
            run.kind = "inspect";
            run.status = "done";
            (void)(*store)->add(run);
            (void)(*store)->dataVersion();
            return 0;
        }
        if (store.error().message.empty())
            std::abort();
    }
    if (!bytes.startsWith("SQLite format 3")) { // somebody else's file
        QFile after(path);
        if (!after.open(QIODevice::ReadOnly) || after.readAll() != bytes)
            std::abort();
    }
    return 0;
}
