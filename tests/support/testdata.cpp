#include "tests/support/testdata.h"

#include <QDir>
#include <QFile>

#include <cstring>

namespace trilobit::test {

QString dataFolder() { return qEnvironmentVariable("TRILOBIT_DATA"); }

QString dataPath(const QString& relative) { return QDir(dataFolder()).filePath(relative); }

QByteArray readBytes(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

namespace {
template <class T>
std::vector<T> readArray(const QString& path) {
    const QByteArray bytes = readBytes(path);
    std::vector<T> values(static_cast<std::size_t>(bytes.size()) / sizeof(T));
    std::memcpy(values.data(), bytes.constData(), values.size() * sizeof(T));
    return values;
}
} // namespace

std::vector<float> readFloats(const QString& path) { return readArray<float>(path); }
std::vector<std::int32_t> readInts(const QString& path) { return readArray<std::int32_t>(path); }

} // namespace trilobit::test
