// Runs trilobit-cli and asks the system what that took.
#pragma once

#include "tests/support/cli.h"

#include <QFile>
#include <QTemporaryDir>

namespace trilobit::test {

struct Measured {
    int exitCode = -1;    ///< minus the signal that ended it
    double seconds = 0;
    double peakMiB = 0;   ///< most memory that was resident
    QByteArray out, err;
};

/// `arguments` plus --json, and --store none unless they name one. After `seconds` the program is killed (-9).
inline Measured measure(QStringList arguments, int seconds = 120) {
    static const QTemporaryDir folder;
    const QString result = folder.filePath(QStringLiteral("result"));
    if (!arguments.contains(QStringLiteral("--store")))
        arguments << QStringLiteral("--store") << QStringLiteral("none");
    arguments << QStringLiteral("--json");
    QProcess process;
    process.start(QStringLiteral(TRILOBIT_PEAKOF),
                  QStringList{result, QString::number(seconds), executable("trilobit-cli")} + arguments);
    Measured out;
    if (!process.waitForFinished((seconds + 60) * 1000))
        return out;
    out.out = process.readAllStandardOutput();
    out.err = process.readAllStandardError();
    QFile file(result);
    if (!file.open(QIODevice::ReadOnly))
        return out;
    const QList<QByteArray> words = file.readAll().trimmed().split(' ');
    if (words.size() != 4)
        return out;
    out.exitCode = words[0] == "exit" ? words[1].toInt() : -words[1].toInt();
    out.seconds = words[2].toDouble();
    out.peakMiB = words[3].toDouble() / 1024;
    return out;
}

} // namespace trilobit::test
