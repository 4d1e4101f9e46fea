#include "app/demopair.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace trilobit {

std::optional<DemoPair> DemoPair::find() {
    const QDir program(QCoreApplication::applicationDirPath());
    QStringList folders{program.filePath(QStringLiteral("../share/trilobit/samples")),
                        program.filePath(QStringLiteral("../../../resources/samples"))};
    if (const QString given = qEnvironmentVariable("TRILOBIT_SAMPLES"); !given.isEmpty())
        folders = {given};
    for (const QString& folder : folders) {
        const QDir dir(QDir::cleanPath(folder));
        DemoPair pair{dir.filePath(QStringLiteral("trilobit-demo-f16.gguf")),
                      dir.filePath(QStringLiteral("trilobit-demo-b1.58.gguf"))};
        if (QFileInfo::exists(pair.full) && QFileInfo::exists(pair.ternary))
            return pair;
    }
    return std::nullopt;
}

} // namespace trilobit
