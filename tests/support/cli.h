// Runs trilobit-cli as a person would and reads its JSON.
#pragma once

#include "core/base/json.h"

#include <QProcess>
#include <QString>
#include <QStringList>

namespace trilobit::test {

struct CliResult {
    int exitCode = -1;
    QByteArray out, err;
    Json json;        ///< of --json runs
    QString errText() const { return QString::fromUtf8(err); }
};

/// Path of an executable of this build.
inline QString executable(const char* name) {
    return qEnvironmentVariable("TRILOBIT_BIN") + QLatin1Char('/') + QLatin1String(name);
}

/// `arguments` plus --json; store "none" unless the arguments name one.
inline CliResult cli(QStringList arguments, int timeoutMs = 240'000) {
    if (!arguments.contains(QStringLiteral("--store")))
        arguments << QStringLiteral("--store") << QStringLiteral("none");
    const auto dashes = arguments.indexOf(QStringLiteral("--"));
    arguments.insert(dashes >= 0 ? dashes : arguments.size(), QStringLiteral("--json"));
    QProcess process;
    process.start(executable("trilobit-cli"), arguments);
    CliResult result;
    if (!process.waitForFinished(timeoutMs)) {
        process.kill();
        process.waitForFinished();
        result.err = "timed out: " + arguments.join(QLatin1Char(' ')).toUtf8();
        return result;
    }
    result.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    result.out = process.readAllStandardOutput();
    result.err = process.readAllStandardError();
    if (auto parsed = Json::parse(std::string_view(result.out.constData(), static_cast<std::size_t>(result.out.size()))))
        result.json = *std::move(parsed);
    return result;
}

} // namespace trilobit::test

/// Runs and requires exit code 0, printing what the program said otherwise.
#define TRILOBIT_CLI(variable, ...)                                                                                    \
    const trilobit::test::CliResult variable = trilobit::test::cli(QStringList __VA_ARGS__);                           \
    QVERIFY2(variable.exitCode == 0, variable.err.constData())
