// ELF64 little-endian headers, as in the System V ABI, chapter "Object files".
#include "core/pluginhost/elfcheck.h"

#include "core/tensor/shape.h"

#include <QFile>
#include <QtEndian>

namespace trilobit {

namespace {

constexpr qsizetype kHeaderBytes = 64, kSegmentBytes = 56;

template <class T>
T at(const QByteArray& bytes, qsizetype offset) {
    return qFromLittleEndian<T>(bytes.constData() + offset);
}

bool inside(std::uint64_t offset, std::uint64_t size, std::uint64_t fileSize) {
    const auto end = checkedAdd(offset, size);
    return end && *end <= fileSize;
}

QString cutShort() { return QStringLiteral("the library file is cut short: expected more bytes than there are, as its header says"); }

QString checkSegments(QFile& file, std::uint64_t tableOffset, std::uint16_t count, std::uint64_t fileSize) {
    const std::uint64_t tableBytes = std::uint64_t{count} * kSegmentBytes;
    if (!inside(tableOffset, tableBytes, fileSize) || !file.seek(static_cast<qint64>(tableOffset)))
        return cutShort();
    const QByteArray table = file.read(static_cast<qint64>(tableBytes));
    if (table.size() != static_cast<qsizetype>(tableBytes))
        return cutShort();
    for (qsizetype i = 0; i < count; ++i) {
        const auto offset = at<quint64>(table, i * kSegmentBytes + 8), size = at<quint64>(table, i * kSegmentBytes + 32);
        if (!inside(offset, size, fileSize))
            return cutShort();
    }
    return {};
}

} // namespace

QString missingFromLibrary(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return QStringLiteral("cannot be read: %1").arg(file.errorString());
    const auto fileSize = static_cast<std::uint64_t>(file.size());
    const QByteArray header = file.read(kHeaderBytes);
    if (!header.startsWith(QByteArray("\x7F" "ELF", 4)))
        return header.isEmpty() ? QStringLiteral("the file is empty, expected a plugin library") : QString();
    if (header.size() < kHeaderBytes)
        return cutShort();
    const bool wide = header[4] == 2, littleEndian = header[5] == 1;
    if (!wide || !littleEndian)
        return {}; // made for another kind of machine; the loader says so
    const auto sections = std::uint64_t{at<quint16>(header, 58)} * at<quint16>(header, 60);
    if (!inside(at<quint64>(header, 40), sections, fileSize))
        return cutShort();
    if (at<quint16>(header, 54) != kSegmentBytes)
        return QStringLiteral("the library file has a damaged header: expected segments of 56 bytes");
    return checkSegments(file, at<quint64>(header, 32), at<quint16>(header, 56), fileSize);
}

} // namespace trilobit
