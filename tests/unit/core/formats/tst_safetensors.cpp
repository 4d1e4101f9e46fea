// safetensors reader: right files, one clear error for each kind of wrong one, folders with an index.
#include "core/base/machine.h"
#include "core/formats/safetensors/safetensorsreader.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace trilobit;

namespace {

void writeBytes(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string file(const std::string& header, std::size_t dataBytes) {
    const std::uint64_t length = header.size();
    std::string out(reinterpret_cast<const char*>(&length), 8);
    out += header;
    for (std::size_t i = 0; i < dataBytes; ++i)
        out += static_cast<char>(i);
    return out;
}

const char* const kValid = R"({"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]},)"
                           R"("a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},)"
                           R"("s":{"dtype":"U8","shape":[],"data_offsets":[22,23]},)"
                           R"("e":{"dtype":"F32","shape":[0,4],"data_offsets":[23,23]}} )";

} // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path(const char* name = "f.safetensors") const { return m_folder.filePath(name).toStdString(); }
    Result<SafetensorsFile> read(const std::string& bytes) const {
        writeBytes(path(), bytes);
        return readSafetensors(path());
    }

private slots:
    void cleanup() {
        for (const QString& name : QDir(m_folder.path()).entryList(QDir::Files))
            QFile::remove(m_folder.filePath(name));
    }

    void readsTensorsInOrderOfTheirPlace() {
        const auto st = read(file(kValid, 23));
        QVERIFY_RESULT(st);
        QCOMPARE(st->tensors.size(), std::size_t{4});
        QCOMPARE(st->tensors[0].name, std::string("a"));
        QCOMPARE(st->tensors[0].shape, (std::vector<std::int64_t>{2, 2}));
        QCOMPARE(st->tensors[1].dtype, std::string("BF16"));
        QCOMPARE(st->tensors[1].bytes.size(), std::size_t{6});
        QCOMPARE(static_cast<int>(st->tensors[1].bytes[0]), 16);
        QCOMPARE(st->tensors[2].shape.size(), std::size_t{0});
        QCOMPARE(st->tensors[3].bytes.size(), std::size_t{0});
        QCOMPARE(st->metadata.size(), std::size_t{1});
        QCOMPARE(st->metadata[0].second.toString(), std::string("pt"));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const std::string& bytes, const char* expected) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(expected);
        };
        const auto one = [](const std::string& entry, std::size_t bytes) { return file("{\"t\":" + entry + "}", bytes); };
        row("empty", "", "header");
        row("seven bytes", "\1\0\0\0\0\0\0", "at least the 8");
        row("header beyond the end", file("{}", 0).substr(0, 9), "only 1 are there");
        row("header too long", std::string("\xff\xff\xff\xff\xff\xff\xff\x7f", 8) + "{}", "expected at most");
        row("no brace", file(" {}", 0), "start with '{'");
        row("no JSON", file("{\"a\":", 0), "not the JSON");
        row("trailing rubbish", file("{} x", 0), "not the JSON");
        row("duplicate", file(R"({"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                              R"("t":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2), "not the JSON");
        row("entry is a number", one("3", 0), "expected an object");
        row("no dtype", one(R"({"shape":[1],"data_offsets":[0,1],"x":1})", 1), "no dtype");
        row("unknown dtype", one(R"({"dtype":"Q9","shape":[1],"data_offsets":[0,1]})", 1), "unknown dtype");
        row("negative shape", one(R"({"dtype":"U8","shape":[-1],"data_offsets":[0,1]})", 1), "expected a size");
        row("fractional shape", one(R"({"dtype":"U8","shape":[1.5],"data_offsets":[0,1]})", 1), "expected a size");
        row("nested shape", one(R"({"dtype":"U8","shape":[[[1]]],"data_offsets":[0,1]})", 1), "");
        row("overflow", one(R"({"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,1]})", 1), "overflows");
        row("nine dimensions", one(R"({"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]})", 1),
            "dimensions");
        row("size does not fit", one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,3]})", 3), "do not fit its shape");
        row("backwards", one(R"({"dtype":"U8","shape":[0],"data_offsets":[1,0]})", 1), "do not fit its shape");
        row("three offsets", one(R"({"dtype":"U8","shape":[1],"data_offsets":[0,1,2]})", 1), "two numbers");
        row("hole at the start", one(R"({"dtype":"U8","shape":[1],"data_offsets":[1,2]})", 2), "follow one another");
        row("hole inside", file(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                                R"("b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})", 3), "follow one another");
        row("overlap", file(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                            R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", 3), "follow one another");
        row("data too short", one(R"({"dtype":"U8","shape":[4],"data_offsets":[0,4]})", 3), "but the file has 3");
        row("data too long", one(R"({"dtype":"U8","shape":[4],"data_offsets":[0,4]})", 5), "but the file has 5");
        row("half a byte", one(R"({"dtype":"F4","shape":[3],"data_offsets":[0,1]})", 1), "whole bytes");
    }
    void refuses() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        const auto st = read(bytes.toStdString());
        QVERIFY(!st);
        QCOMPARE(st.error().code, ErrorCode::Format);
        QCOMPARE(st.error().file, path());
        const QString text = QString::fromStdString(st.error().text());
        QVERIFY2(text.contains(expected), qPrintable(text));
    }

    void everyTruncationIsAnError() {
        const std::string whole = file(kValid, 23);
        for (std::size_t length = 0; length < whole.size(); ++length)
            QVERIFY(!read(whole.substr(0, length)));
    }

    void hostileHeaderStaysBounded() {
        std::string header = "{\"a\":[";
        while (header.size() < (60u << 20))
            header += "0,0,0,0,0,0,0,0,";
        const std::string bytes = file(header + "0]}", 0);
        writeBytes(path(), bytes);
        const std::uint64_t start = residentBytes();
        QVERIFY(!readSafetensors(path()));
        QVERIFY(residentBytes() < start + bytes.size() + (64u << 20));
    }

    void shardedFolder() {
        const auto shard = [](const char* name, int bytes) {
            return file(QString(R"({"%1":{"dtype":"U8","shape":[%2],"data_offsets":[0,%2]}})").arg(name).arg(bytes)
                            .toStdString(), static_cast<std::size_t>(bytes));
        };
        writeBytes(path("one.safetensors"), shard("a", 3));
        writeBytes(path("two.safetensors"), shard("b", 5));
        const auto index = [&](const char* map) {
            writeBytes(path("model.safetensors.index.json"), std::string("{\"weight_map\":") + map + "}");
            return readSafetensorsFolder(m_folder.path().toStdString());
        };
        const auto good = index(R"({"a":"one.safetensors","b":"two.safetensors"})");
        QVERIFY_RESULT(good);
        QCOMPARE(good->files.size(), std::size_t{2});
        QCOMPARE(good->tensors.size(), std::size_t{2});
        QCOMPARE(good->tensors[1].shard, std::size_t{1});
        QCOMPARE(good->tensors[1].bytes.size(), std::size_t{5});
        const auto message = [](const Result<SafetensorsFile>& r) { return QString::fromStdString(r.error().text()); };
        QVERIFY(message(index(R"({"c":"one.safetensors"})")).contains("should be here"));
        QVERIFY(message(index(R"({"a":"../one.safetensors"})")).contains("inside the folder"));
        QVERIFY(message(index(R"({"a":"/etc/passwd"})")).contains("inside the folder"));
        QVERIFY(message(index(R"({"a":""})")).contains("inside the folder"));
        QVERIFY(message(index(R"({"a":7})")).contains("inside the folder"));
        QVERIFY(message(index(R"({})")).contains("weight_map"));
        QCOMPARE(index(R"({"a":"three.safetensors"})").error().code, ErrorCode::Io);
        writeBytes(path("two.safetensors"), shard("a", 5));
        QVERIFY(message(index(R"({"a":"one.safetensors","b":"two.safetensors"})")).contains("more than one file"));
    }

    void emptyFolder() {
        QCOMPARE(readSafetensorsFolder(m_folder.path().toStdString()).error().code, ErrorCode::Io);
    }

    void realFiles() {
        TRILOBIT_NEED_DATA("models/stories260K_hf_bf16_sharded");
        const auto one = readSafetensorsFolder(test::dataPath("models/stories260K_hf").toStdString());
        QVERIFY_RESULT(one);
        const auto two = readSafetensorsFolder(test::dataPath("models/stories260K_hf_bf16_sharded").toStdString());
        QVERIFY_RESULT(two);
        QCOMPARE(two->files.size(), std::size_t{2});
        QCOMPARE(one->tensors.size(), two->tensors.size());
        // Five bytes behind the last tensor: other readers refuse this file, too.
        const auto tail = readSafetensors(test::dataPath("models/fixtures/weightinspect_tiny.safetensors").toStdString());
        QVERIFY(!tail);
        QVERIFY(QString::fromStdString(tail.error().text()).contains("but the file has 32773"));
    }
};

QTEST_GUILESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
