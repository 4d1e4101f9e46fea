// The house rules that the compiler does not see: which folder may include which, where Qt stops, what heads a file, and
// words that must not stand anywhere. The rules themselves are tested too, so that none of them is silently empty.
#include <QDirIterator>
#include <QFile>
#include <QLibraryInfo>
#include <QRegularExpression>
#include <QtTest>

#include <functional>

namespace {

const QString kSource = QStringLiteral(TRILOBIT_SOURCE);

QString textOf(const QString& path) {
    QFile file(kSource + QLatin1Char('/') + path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return QString::fromUtf8(file.readAll());
}

/// Folders of core from the ground up, as core/CMakeLists.txt adds them.
const QStringList& coreOrder() {
    static const QStringList order = [] {
        QStringList found;
        const QRegularExpression line(QStringLiteral("^add_subdirectory\\((\\w+)\\)"),
                                      QRegularExpression::MultilineOption);
        for (auto matches = line.globalMatch(textOf(QStringLiteral("core/CMakeLists.txt"))); matches.hasNext();)
            found += matches.next().captured(1);
        return found;
    }();
    return order;
}

/// The Qt module that owns <header>, empty when it is not a Qt header.
QString qtModule(const QString& header) {
    static const QStringList modules = {QStringLiteral("QtCore"), QStringLiteral("QtConcurrent"), QStringLiteral("QtSql"),
                                        QStringLiteral("QtTest"), QStringLiteral("QtGui"), QStringLiteral("QtWidgets"),
                                        QStringLiteral("QtPrintSupport"), QStringLiteral("QtNetwork"),
                                        QStringLiteral("QtOpenGL"), QStringLiteral("QtXml")};
    if (header == QStringLiteral("qcustomplot.h"))
        return QStringLiteral("QtWidgets");
    const QString first = header.section(QLatin1Char('/'), 0, 0);
    if (modules.contains(first))
        return first;
    const QString folder = QLibraryInfo::path(QLibraryInfo::HeadersPath);
    for (const QString& module : modules)
        if (QFile::exists(folder + QLatin1Char('/') + module + QLatin1Char('/') + header))
            return module;
    static const QRegularExpression looksLikeQt(QStringLiteral("^(Q[A-Z]|Qt|q[a-z]+\\.h$)"));
    return looksLikeQt.match(header).hasMatch() ? QStringLiteral("another module") : QString();
}

bool isDisplay(const QString& module) {
    static const QStringList allowed = {QStringLiteral("QtCore"), QStringLiteral("QtConcurrent"), QStringLiteral("QtSql")};
    return !module.isEmpty() && !allowed.contains(module);
}

struct Include {
    QString header;
    bool system = false; ///< <...>
};

/// Two parts of a path: "core/base", "plugins/hqq", "app/cli".
QString area(const QString& path) { return path.section(QLatin1Char('/'), 0, 1); }
QString top(const QString& path) { return path.section(QLatin1Char('/'), 0, 0); }

QString checkCore(const QString& file, const Include& include) {
    const int here = static_cast<int>(coreOrder().indexOf(area(file).section(QLatin1Char('/'), 1)));
    if (here < 0)
        return QStringLiteral("lies in a folder that core/CMakeLists.txt does not list");
    if (include.system) {
        const QString module = qtModule(include.header);
        const bool pluginFactory = file == QStringLiteral("core/pluginapi/methodfactory.h");
        if (!module.isEmpty() && here < coreOrder().indexOf(QStringLiteral("pluginhost")) && !pluginFactory)
            return QStringLiteral("may not use Qt: it lies below core/pluginhost");
        // The one place that may open a connection.
        if (module == QStringLiteral("QtNetwork") && area(file) == QStringLiteral("core/hub"))
            return {};
        return isDisplay(module) ? QStringLiteral("may not use %1: core has no display").arg(module) : QString();
    }
    if (top(include.header) != QStringLiteral("core"))
        return QStringLiteral("may include only core");
    const qsizetype there = coreOrder().indexOf(area(include.header).section(QLatin1Char('/'), 1));
    return there > here ? QStringLiteral("may not include %1, which stands above it").arg(area(include.header)) : QString();
}

/// Of base and tensor a plugin sees only what needs no library: it must load into any program.
bool isHeaderOnly(const QString& header) {
    if (header == QStringLiteral("core/base/result.h")) // its one function is for printing; plugins only make errors
        return true;
    QString source = header;
    source.chop(1);
    return !QFile::exists(kSource + QLatin1Char('/') + source + QStringLiteral("cpp"));
}

QString checkPlugin(const QString& file, const Include& include) {
    if (include.system) {
        const QString module = qtModule(include.header);
        return module.isEmpty() || module == QStringLiteral("QtCore") ? QString()
                                                                      : QStringLiteral("may use only Qt Core");
    }
    const QString there = area(include.header);
    if (there == area(file) || there == QStringLiteral("plugins/common") || there == QStringLiteral("core/pluginapi"))
        return {};
    if ((there == QStringLiteral("core/base") || there == QStringLiteral("core/tensor")) && isHeaderOnly(include.header))
        return {};
    return QStringLiteral("may include only core/pluginapi, header-only parts of core/base and core/tensor, and itself");
}

/// Empty when `file` may include that, otherwise why not.
QString checkInclude(const QString& file, const Include& include) {
    const QString from = top(file);
    const QString to = top(include.header);
    if (from == QStringLiteral("core"))
        return checkCore(file, include);
    if (from == QStringLiteral("plugins"))
        return checkPlugin(file, include);
    if (from == QStringLiteral("tests"))
        return {};
    if (area(file) == QStringLiteral("app/cli")) {
        if (include.system)
            return isDisplay(qtModule(include.header)) ? QStringLiteral("may not use a display: it is the command line")
                                                       : QString();
        return to == QStringLiteral("core") || area(include.header) == QStringLiteral("app/cli")
                   ? QString()
                   : QStringLiteral("may include only core and app/cli");
    }
    if (include.system)
        return {};
    const QStringList allowed = from == QStringLiteral("widgets")
                                    ? QStringList{QStringLiteral("core"), QStringLiteral("widgets")}
                                    : QStringList{QStringLiteral("core"), QStringLiteral("widgets"), QStringLiteral("app")};
    return allowed.contains(to) ? QString() : QStringLiteral("may include only %1").arg(allowed.join(QStringLiteral(", ")));
}

QList<Include> includesOf(const QString& text) {
    static const QRegularExpression line(QStringLiteral("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]"),
                                         QRegularExpression::MultilineOption);
    QList<Include> found;
    for (auto matches = line.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        found.append({match.captured(2), match.captured(1) == QStringLiteral("<")});
    }
    return found;
}

bool isGenerated(const QString& header) { return header.endsWith(QStringLiteral(".moc")) || header.startsWith(QStringLiteral("moc_")); }

QString checkHeaderHead(const QString& text) {
    if (!text.startsWith(QStringLiteral("// ")))
        return QStringLiteral("does not start with a sentence that says what it is");
    return text.contains(QRegularExpression(QStringLiteral("^#pragma once$"), QRegularExpression::MultilineOption))
               ? QString()
               : QStringLiteral("has no #pragma once");
}

/// Core gives remarks to a LogSink and errors to its caller; the terminal belongs to the programs.
QString checkNoPrinting(const QString& text) {
    static const QRegularExpression printing(
        QStringLiteral("(\\b(f?printf|puts|fputs|perror|qDebug|qInfo|qWarning|qCritical|qFatal)\\s*\\(|\\bstd::(cout|cerr|clog)\\b)"));
    const auto match = printing.match(text);
    return match.hasMatch() ? QStringLiteral("prints (%1)").arg(match.captured(1)) : QString();
}

/// Absolute paths of one machine and notes of unfinished work. Written in pieces, or this file would find itself.
QString checkWords(const QString& text) {
    static const QRegularExpression words(QStringLiteral("(?<![\\w.~/}-])/(w") + QStringLiteral("ork|t") + QStringLiteral("mp|o")
                                          + QStringLiteral("pt|h") + QStringLiteral("ome|r") + QStringLiteral("oot)(/|\\b)|\\b(TO")
                                          + QStringLiteral("DO|FIX") + QStringLiteral("ME|XX") + QStringLiteral("X|HA")
                                          + QStringLiteral("CK)\\b"));
    const auto match = words.match(text);
    if (!match.hasMatch())
        return {};
    return QStringLiteral("line %1: %2")
        .arg(text.left(match.capturedStart()).count(QLatin1Char('\n')) + 1)
        .arg(match.captured());
}

/// Relative paths of the files under `folders` whose name ends in one of `endings`.
QStringList filesUnder(const QStringList& folders, const QStringList& endings) {
    QStringList found;
    for (const QString& folder : folders) {
        QDirIterator files(kSource + QLatin1Char('/') + folder, endings, QDir::Files | QDir::Hidden,
                           QDirIterator::Subdirectories);
        while (files.hasNext())
            found += QDir(kSource).relativeFilePath(files.next());
    }
    found.sort();
    return found;
}

QStringList codeFiles(const QStringList& folders) {
    return filesUnder(folders, {QStringLiteral("*.h"), QStringLiteral("*.cpp")});
}

/// Runs `check` on every file and reports all that fail at once.
void checkAll(const QStringList& files, const std::function<QString(const QString& path, const QString& text)>& check) {
    QVERIFY2(!files.isEmpty(), "no files were found: the test looks in the wrong place");
    QStringList problems;
    for (const QString& path : files)
        if (const QString problem = check(path, textOf(path)); !problem.isEmpty())
            problems += path + QStringLiteral(": ") + problem;
    QVERIFY2(problems.isEmpty(), qPrintable(QLatin1Char('\n') + problems.join(QLatin1Char('\n'))));
}

} // namespace

class TestLayering : public QObject {
    Q_OBJECT

private slots:
    void rulesThemselves_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("include");
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char* file, const char* include, bool allowed) {
            QTest::addRow("%s includes %s", file, include) << QString::fromLatin1(file) << QString::fromLatin1(include) << allowed;
        };
        row("core/base/json.cpp", "<vector>", true);
        row("core/base/json.cpp", "<QString>", false);
        row("core/base/json.cpp", "<QtCore/QString>", false);
        row("core/base/json.cpp", "<qglobal.h>", false);
        row("core/base/json.cpp", "\"core/tensor/shape.h\"", false);
        row("core/encodings/x.cpp", "\"core/base/half.h\"", true);
        row("core/encodings/x.cpp", "\"core/kernels/kernelset.h\"", false);
        row("core/kernels/x.cpp", "<QObject>", false);
        row("core/engine/x.cpp", "\"core/kernels/kernelset.h\"", true);
        row("core/pluginapi/methodfactory.h", "<QtPlugin>", true);
        row("core/pluginapi/method.h", "<QtPlugin>", false);
        row("core/store/x.cpp", "<QSqlQuery>", true);
        row("core/store/x.cpp", "<QImage>", false);
        row("core/commands/x.cpp", "<QWidget>", false);
        row("core/commands/x.cpp", "<QNetworkReply>", false);
        row("core/hub/x.cpp", "<QNetworkReply>", true);
        row("core/jobs/x.cpp", "\"widgets/common/theme.h\"", false);
        row("core/jobs/x.cpp", "\"core/commands/command.h\"", false);
        row("core/unlisted/x.cpp", "<vector>", false);
        row("plugins/hqq/x.cpp", "\"core/pluginapi/method.h\"", true);
        row("plugins/hqq/x.cpp", "\"core/base/half.h\"", true);
        row("plugins/hqq/x.cpp", "\"core/base/json.h\"", false);
        row("plugins/hqq/x.cpp", "\"core/encodings/encoding.h\"", false);
        row("plugins/hqq/x.cpp", "\"plugins/rtn/rtnmethod.h\"", false);
        row("plugins/hqq/x.cpp", "<QObject>", true);
        row("plugins/hqq/x.cpp", "<QWidget>", false);
        row("widgets/pages/x.cpp", "<QWidget>", true);
        row("widgets/pages/x.cpp", "\"core/jobs/jobqueue.h\"", true);
        row("widgets/pages/x.cpp", "\"app/mainwindow.h\"", false);
        row("app/mainwindow.cpp", "\"widgets/common/theme.h\"", true);
        row("app/mainwindow.cpp", "\"plugins/hqq/hqqmethod.h\"", false);
        row("app/cli/main.cpp", "<QCoreApplication>", true);
        row("app/cli/main.cpp", "<QApplication>", false);
        row("app/cli/main.cpp", "\"widgets/common/theme.h\"", false);
    }
    void rulesThemselves() {
        QFETCH(const QString, file);
        QFETCH(const QString, include);
        QFETCH(const bool, allowed);
        const auto parsed = includesOf(QStringLiteral("  # include ") + include + QStringLiteral("  // why\n"));
        QCOMPARE(parsed.size(), 1);
        const QString problem = checkInclude(file, parsed.first());
        QVERIFY2(problem.isEmpty() == allowed, qPrintable(problem));
    }

    void textRulesThemselves() {
        QVERIFY(checkHeaderHead(QStringLiteral("// What it is.\n#pragma once\n")).isEmpty());
        QVERIFY(!checkHeaderHead(QStringLiteral("#pragma once\n// What it is.\n")).isEmpty());
        QVERIFY(!checkHeaderHead(QStringLiteral("// What it is.\n#ifndef X\n")).isEmpty());
        QVERIFY(!checkNoPrinting(QStringLiteral("    printf (\"x\");")).isEmpty());
        QVERIFY(!checkNoPrinting(QStringLiteral("std::cerr << 1;")).isEmpty());
        QVERIFY(checkNoPrinting(QStringLiteral("std::snprintf(buffer, 8, \"x\");")).isEmpty());
        const QString path = QStringLiteral("/ho") + QStringLiteral("me/someone");
        QVERIFY(!checkWords(QStringLiteral("see ") + path).isEmpty());
        QVERIFY(!checkWords(QStringLiteral("\"") + path + QStringLiteral("\"")).isEmpty());
        QVERIFY(!checkWords(QStringLiteral("// TO") + QStringLiteral("DO later")).isEmpty());
        QVERIFY(checkWords(QStringLiteral("docs") + path).isEmpty()); // part of a relative path
        QVERIFY(coreOrder().size() > 10);
        QVERIFY(coreOrder().first() == QStringLiteral("base"));
    }

    void includes() {
        checkAll(codeFiles({QStringLiteral("core"), QStringLiteral("widgets"), QStringLiteral("app"),
                            QStringLiteral("plugins"), QStringLiteral("tests")}),
                 [](const QString& path, const QString& text) -> QString {
                     for (const Include& include : includesOf(text)) {
                         if (!include.system && isGenerated(include.header))
                             continue;
                         const bool besideTest = top(path) == QStringLiteral("tests")
                                                 && QFile::exists(kSource + QLatin1Char('/') + QFileInfo(path).path()
                                                                  + QLatin1Char('/') + include.header);
                         if (!include.system && !besideTest
                             && !QFile::exists(kSource + QLatin1Char('/') + include.header))
                             return QStringLiteral("includes %1, which is no path from the root of the tree")
                                 .arg(include.header);
                         if (const QString problem = checkInclude(path, include); !problem.isEmpty())
                             return QStringLiteral("includes %1 but %2").arg(include.header, problem);
                     }
                     return {};
                 });
    }

    void headersStartWithASentence() {
        checkAll(filesUnder({QStringLiteral("core"), QStringLiteral("widgets"), QStringLiteral("app"),
                             QStringLiteral("plugins"), QStringLiteral("tests")},
                            {QStringLiteral("*.h")}),
                 [](const QString&, const QString& text) { return checkHeaderHead(text); });
    }

    void coreNeverPrints() {
        checkAll(codeFiles({QStringLiteral("core"), QStringLiteral("plugins")}),
                 [](const QString&, const QString& text) { return checkNoPrinting(text); });
    }

    void noForbiddenWords() {
        QStringList files = filesUnder({QStringLiteral("core"), QStringLiteral("widgets"), QStringLiteral("app"),
                                        QStringLiteral("plugins"), QStringLiteral("tests"), QStringLiteral("resources"),
                                        QStringLiteral("installer"), QStringLiteral(".ci")},
                                       {QStringLiteral("*.h"), QStringLiteral("*.cpp"), QStringLiteral("*.txt"),
                                        QStringLiteral("*.md"), QStringLiteral("*.sql"), QStringLiteral("*.json"),
                                        QStringLiteral("*.in"), QStringLiteral("*.mjs"), QStringLiteral("*.py"),
                                        QStringLiteral("*.xml"), QStringLiteral("run"), QStringLiteral("build"),
                                        QStringLiteral("setup"), QStringLiteral("test")});
        files += {QStringLiteral("README.md"), QStringLiteral("CMakeLists.txt"), QStringLiteral("CMakePresets.json")};
        checkAll(files, [](const QString&, const QString& text) { return checkWords(text); });
    }

    void kernelFilesForOneInstructionSetStayPlain() {
        // A template of the standard library that is instantiated there could be the copy that the linker keeps for
        // every processor.
        checkAll(codeFiles({QStringLiteral("core/kernels/avx2"), QStringLiteral("core/kernels/avx512"),
                            QStringLiteral("core/kernels/neon")}),
                 [](const QString&, const QString& text) -> QString {
                     static const QStringList plain = {QStringLiteral("immintrin.h"), QStringLiteral("arm_neon.h"), QStringLiteral("cstdint"),
                                                       QStringLiteral("cstddef"), QStringLiteral("cstring")};
                     for (const Include& include : includesOf(text))
                         if (include.system && !plain.contains(include.header))
                             return QStringLiteral("includes <%1>").arg(include.header);
                     return {};
                 });
    }
};

QTEST_GUILESS_MAIN(TestLayering)
#include "tst_layering.moc"
