// SafeFile and MappedFile: the final name appears whole or not at all, whatever happens in between.
#include "core/base/mappedfile.h"
#include "core/base/safefile.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QFile>
#include <QObject>
#include <QTemporaryDir>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <limits>

using namespace trilobit;
using namespace trilobit::test;

namespace {

/// Runs `work` in a child process and returns its wait status.
template <class Work>
int inChild(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
        work();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

} // namespace

class TestSafeFile : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;

    std::string path(const char* name = "out.bin") const { return m_folder->filePath(name).toStdString(); }
    QStringList entries() const { return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden); }

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void commitGivesTheWholeFile() {
        std::string expected;
        {
            auto file = SafeFile::create(path());
            QVERIFY_RESULT(file);
            for (int i = 0; i < 100; ++i) {
                const std::string piece(static_cast<std::size_t>(i * 777), static_cast<char>('a' + i % 26));
                QVERIFY_RESULT((*file)->write(piece));
                expected += piece;
            }
            const std::string large(3u << 20, 'L'); // beyond the buffer
            QVERIFY_RESULT((*file)->write(std::as_bytes(std::span(large))));
            QVERIFY_RESULT((*file)->writeZeros(10'001));
            expected += large + std::string(10'001, '\0');
            QCOMPARE((*file)->position(), std::uint64_t{expected.size()});
            QVERIFY(!QFile::exists(QString::fromStdString(path()))); // not before
            QVERIFY_RESULT((*file)->commit());
        }
        QVERIFY(readBytes(QString::fromStdString(path())).toStdString() == expected);
        QCOMPARE(entries(), QStringList{"out.bin"});
        // Like any new file of this user, not private.
        struct stat info {};
        QCOMPARE(::stat(path().c_str(), &info), 0);
        const mode_t mask = ::umask(0);
        ::umask(mask);
        QCOMPARE(info.st_mode & 0777, 0666 & ~mask);
    }

    void withoutCommitNothingStays() {
        {
            const auto file = SafeFile::create(path());
            QVERIFY_RESULT(file);
            QVERIFY_RESULT((*file)->write(std::string(2u << 20, 'x')));
            QCOMPARE(entries().size(), 1); // the temporary one, under another name
            QVERIFY(entries().first() != "out.bin");
        }
        QVERIFY(entries().isEmpty());
    }

    void theOldFileStaysUntilCommit() {
        QVERIFY_RESULT(writeFileSafely(path(), "old"));
        {
            const auto file = SafeFile::create(path());
            QVERIFY_RESULT(file);
            QVERIFY_RESULT((*file)->write(std::string_view("new")));
            QCOMPARE(*readFile(path()), std::string("old"));
        }
        QCOMPARE(*readFile(path()), std::string("old"));
        QVERIFY_RESULT(writeFileSafely(path(), "new"));
        QCOMPARE(*readFile(path()), std::string("new"));
    }

    void killedWhileWriting() {
        QVERIFY_RESULT(writeFileSafely(path(), "old"));
        const int status = inChild([&] {
            const auto file = SafeFile::create(path());
            (void)(*file)->write(std::string(5u << 20, 'x'));
            ::kill(::getpid(), SIGKILL);
        });
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        QCOMPARE(*readFile(path()), std::string("old"));
        for (const QString& name : entries()) // what a killed process leaves cannot be taken for the result
            QVERIFY(name == "out.bin" || name.contains(".part-"));
    }

    void whatAKilledProcessLeftIsRemoved() {
        const auto left = [this] { return entries().filter(".part-").size(); };
        const int status = inChild([&] {
            const auto file = SafeFile::create(path());
            (void)(*file)->write(std::string(5u << 20, 'x'));
            ::kill(::getpid(), SIGKILL);
        });
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(left(), 1);
        const auto living = SafeFile::create(path()); // somebody writes the same name now
        QVERIFY_RESULT(living);
        QFile similar(QString::fromStdString(path()) + ".part-000001");
        QVERIFY(similar.open(QIODevice::WriteOnly));
        removeAbandonedOf(path() + "x"); // of another file
        QCOMPARE(left(), 3);
        removeAbandonedOf(path());
        QCOMPARE(left(), 2);
        QVERIFY(similar.exists()); // not ours
        QVERIFY_RESULT((*living)->write(std::string_view("new")));
        QVERIFY_RESULT((*living)->commit());
        QCOMPARE(*readFile(path()), std::string("new"));
        QVERIFY(similar.remove());
    }

    void aFullDiskIsAnError() {
        // The size limit of the process plays the full disk.
        const int status = inChild([&] {
            ::signal(SIGXFSZ, SIG_IGN);
            const struct rlimit limit { 1u << 20, 1u << 20 };
            ::setrlimit(RLIMIT_FSIZE, &limit);
            bool failed = false;
            {
                const auto file = SafeFile::create(path());
                if (!file)
                    ::_exit(2);
                const auto written = (*file)->write(std::string(4u << 20, 'x'));
                failed = !written && written.error().code == ErrorCode::Io && written.error().file == path();
            }
            ::_exit(failed ? 0 : 3);
        });
        QCOMPARE(WEXITSTATUS(status), 0);
        QVERIFY(entries().isEmpty());
    }

    void impossibleNames() {
        for (const std::string& name : {path("missing/folder/x"), m_folder->path().toStdString(), std::string()}) {
            const auto file = SafeFile::create(name);
            QVERIFY(!file);
            QCOMPARE(file.error().code, ErrorCode::Io);
        }
    }

    void mappedFile() {
        QVERIFY_RESULT(writeFileSafely(path(), "hello"));
        const auto file = MappedFile::open(path());
        QVERIFY_RESULT(file);
        QCOMPARE((*file)->bytes().size(), std::size_t{5});
        QCOMPARE(static_cast<char>((*file)->bytes()[4]), 'o');
        QVERIFY_RESULT(writeFileSafely(path("empty"), ""));
        const auto empty = MappedFile::open(path("empty"));
        QVERIFY_RESULT(empty);
        QVERIFY((*empty)->bytes().empty());
        QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
        for (const std::string& name : {path("absent"), m_folder->path().toStdString(), path("pipe")}) {
            const auto refused = MappedFile::open(name);
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::Io);
            QCOMPARE(refused.error().file, name);
        }
        const auto tooLarge = readFile(path(), 4);
        QVERIFY(!tooLarge && tooLarge.error().code == ErrorCode::Format);
    }

    void mappingOutlivesReplacement() {
        QVERIFY_RESULT(writeFileSafely(path(), std::string(100'000, 'a')));
        const auto file = MappedFile::open(path());
        QVERIFY_RESULT(file);
        QVERIFY_RESULT(writeFileSafely(path(), "b")); // rename, not truncation: the mapping keeps the old content
        QCOMPARE(static_cast<char>((*file)->bytes()[99'999]), 'a');
    }
};

QTEST_GUILESS_MAIN(TestSafeFile)
#include "tst_safefile.moc"
