// Plugin libraries: headers of an arbitrary file, and metadata that is any JSON. No code of theirs is ever run here.
#include "core/pluginhost/elfcheck.h"
#include "core/pluginhost/pluginmetadata.h"
#include "tests/fuzz/fuzzfile.h"

#include <QJsonDocument>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    const test::FuzzFile file(data, size);
    const QString path = QString::fromStdString(file.path());
    (void)missingFromLibrary(path);
    const QJsonDocument json =
        QJsonDocument::fromJson(QByteArray(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)));
    PluginRow row;
    if (readPluginMetadata(json.object(), row).isEmpty() && (row.id.isEmpty() || row.methods.isEmpty()))
        std::abort();
    return 0;
}
