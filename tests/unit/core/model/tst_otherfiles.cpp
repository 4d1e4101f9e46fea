// What people open that is no model: one sentence says what it is and what was expected; folders find their one model.
#include "core/model/model.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/model/tinymodel.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>

using namespace trilobit;
using namespace trilobit::test;

class TestOtherFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();

    QString path(const QString& name) const { return m_folder.filePath(name); }
    void put(const QString& name, const QByteArray& bytes) const {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write a test file");
    }
    QString refusal(const QString& name) const {
        const auto model = loadModel(path(name).toStdString(), m_encodings);
        return model ? QStringLiteral("it opens") : QString::fromStdString(model.error().text());
    }

private slots:
    void init() {
        QDir(m_folder.path()).removeRecursively();
        QDir().mkpath(m_folder.path());
    }

    void filesAreNamed_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const QByteArray& bytes, const char* expected) {
            QTest::newRow(expected) << QString(name) << bytes << QString(expected);
        };
        row("a.gguf", "", "is empty");
        row("a.safetensors", "", "is empty");
        row("pytorch_model.bin", QByteArray("PK\x03\x04rest", 8), "zip archive");
        row("consolidated.pth", QByteArray("\x80\x02}q", 4), "Python pickle");
        row("ggml-model.bin", "tjgg\x03", "old GGJT");
        row("store.db", "SQLite format 3", "SQLite");
        row("model.gguf", "version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer");
        row("model2.gguf", "<!DOCTYPE html><html>", "web page");
        row("tokenizer.json", R"({"version":"1.0","truncation":null,"added_tokens":[]})", "part of a tokenizer");
        row("adapter_config.json", R"({"peft_type":"LORA"})", "low-rank adapter");
        row("recipe.json", R"({"trilobit_recipe":1,"rules":[]})", "a recipe");
        row("tokenizer.model", QByteArray("\x0A\x0E\x0A\x05<unk>\x15\x00\x00\x00\x00\x18\x02\x0A\x0C\x0A\x03<s>", 24),
            "SentencePiece vocabulary");
        row("broken.gguf", QByteArray(100'000, '\0'), "nothing but zeros");
        row("notes.txt", "Dear diary", "neither a GGUF file");
    }
    void filesAreNamed() {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        put(name, bytes);
        const QString text = refusal(name);
        QVERIFY2(text.contains(expected) && text.contains("expected", Qt::CaseInsensitive), qPrintable(text));
        QVERIFY2(text.startsWith(path(name)), qPrintable(text));
    }

    void foldersAreNamed_data() {
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<QString>("expected");
        QTest::newRow("empty") << QStringList{} << "is empty";
        QTest::newRow("config") << QStringList{"config.json"} << "there is config.json and no weights";
        QTest::newRow("weights") << QStringList{"model.safetensors"} << "config.json: is missing";
        QTest::newRow("adapter") << QStringList{"adapter_config.json", "adapter_model.safetensors"} << "low-rank adapter";
        QTest::newRow("pickle") << QStringList{"config.json", "pytorch_model.bin"} << "PyTorch (pytorch_model.bin)";
        QTest::newRow("tokenizer") << QStringList{"tokenizer.json", "tokenizer_config.json"} << "holds a tokenizer and no weights";
        QTest::newRow("onnx") << QStringList{"model.onnx"} << "ONNX";
        QTest::newRow("several") << QStringList{"a-Q4_0.gguf", "b-Q8_0.gguf"} << "several models (a-Q4_0.gguf, b-Q8_0.gguf)";
        QTest::newRow("snapshots") << QStringList{"snapshots/a/x", "snapshots/b/x"} << "several snapshots";
        QTest::newRow("pictures") << QStringList{"a.png"} << "holds no model";
    }
    void foldersAreNamed() {
        QFETCH(QStringList, files);
        QFETCH(QString, expected);
        QDir().mkpath(path("folder"));
        for (const QString& file : files)
            put("folder/" + file, "{}");
        const QString text = refusal("folder");
        QVERIFY2(text.contains(expected) && text.contains(QRegularExpression("expected|missing")), qPrintable(text));
    }

    void aFolderOpensItsOneGgufModel() {
        QDir().mkpath(path("repository/snapshots/0123"));
        QVERIFY_RESULT(TinyModel("llama", 64, 64).write(path("repository/snapshots/0123/model-Q8_0.gguf").toStdString()));
        put("repository/snapshots/0123/mmproj-model.gguf", "GGUF");
        put("repository/snapshots/0123/config.json", "{}");
        QVERIFY_RESULT(loadModel(path("repository/snapshots/0123").toStdString(), m_encodings));
        QVERIFY_RESULT(loadModel(path("repository").toStdString(), m_encodings));
    }

    void thingsThatAreNoFiles() {
        QVERIFY(::mkfifo(path("pipe.gguf").toLocal8Bit().constData(), 0600) == 0);
        QVERIFY(refusal("pipe.gguf").contains("is not a regular file")); // and does not wait for a writer
        QVERIFY(QFile::link(path("nowhere"), path("dangling.gguf")));
        QVERIFY(refusal("dangling.gguf").contains("cannot be read"));
        QVERIFY(QFile::link(path("loop.gguf"), path("loop.gguf")));
        QVERIFY(refusal("loop.gguf").contains("cannot be read"));
        QVERIFY(refusal("/dev/zero").contains("is not a regular file") || refusal("/dev/zero").contains("cannot be read"));
    }
};

QTEST_GUILESS_MAIN(TestOtherFiles)
#include "tst_otherfiles.moc"
