// Where optional test data is, and how a test says that it is missing.
#pragma once

#include <QByteArray>
#include <QString>
#include <QtTest>

#include <string>
#include <vector>

namespace trilobit::test {

/// Folder named by TRILOBIT_DATA, empty when unset.
QString dataFolder();
/// Path inside it.
QString dataPath(const QString& relative);
/// Whole file; fails the test when it cannot be read.
QByteArray readBytes(const QString& path);
/// Raw little-endian float32 file.
std::vector<float> readFloats(const QString& path);
std::vector<std::int32_t> readInts(const QString& path);

/// A Result in a test: QVERIFY2 with its text.
template <class R>
QByteArray errorText(const R& result) {
    return result ? QByteArray() : QByteArray::fromStdString(result.error().text());
}

} // namespace trilobit::test

/// Skips with a message when the optional data folder is not there.
#define TRILOBIT_NEED_DATA(relative)                                                                                   \
    do {                                                                                                               \
        if (trilobit::test::dataFolder().isEmpty()                                                                     \
            || !QFileInfo::exists(trilobit::test::dataPath(QStringLiteral(relative))))                                 \
            QSKIP("needs test data: set TRILOBIT_DATA to a folder with " relative);                                   \
    } while (false)

/// QVERIFY for a Result that prints its error.
#define QVERIFY_RESULT(result)                                                                                         \
    do {                                                                                                               \
        const auto& trilobitResult_ = (result); /* once: it may be a call that changes something */                    \
        QVERIFY2(trilobitResult_.has_value(), trilobit::test::errorText(trilobitResult_).constData());                 \
    } while (false)
