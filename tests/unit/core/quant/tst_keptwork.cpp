// WorkFolder and KeptWork: what is kept comes back whole or not at all, and never stands in the way.
#include "core/base/mappedfile.h"
#include "core/base/safefile.h"
#include "core/quant/keptwork.h"
#include "plugins/rtn/rtnmethod.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QTemporaryDir>

#include <cmath>
#include <limits>

using namespace trilobit;

namespace {

const std::string kKey(64, 'a');

std::vector<std::byte> bytesOf(std::size_t count) {
    std::vector<std::byte> bytes(count);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::byte>(i * 7 + 3);
    return bytes;
}

struct Cancelled : RunControl {
    bool isCancelled() const noexcept override { return true; }
};

} // namespace

class TestKeptWork : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    RunControl m_control;
    std::string path() const { return m_folder->filePath(QStringLiteral("x.part")).toStdString(); }
    std::unique_ptr<WorkFolder> opened(const Json& job = Json::object({{"a", 1}})) const {
        auto folder = WorkFolder::open(path(), job);
        return folder ? *std::move(folder) : nullptr;
    }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void comesBackAsItWas_data() {
        QTest::addColumn<int>("count");
        for (const int count : {0, 1, 63, 64, 4096, 5'000'001})
            QTest::addRow("%d bytes", count) << count;
    }
    void comesBackAsItWas() {
        QFETCH(int, count);
        const std::vector<std::byte> bytes = bytesOf(static_cast<std::size_t>(count));
        ErrorMetrics error;
        error.rmse = 0.1;
        error.sqnrDb = count == 1 ? std::numeric_limits<double>::infinity() : 1.0 / 3;
        error.relativeSquared = 1e-300;
        error.maxAbs = 3;
        error.sumSquaredError = 2.0 / 7;
        error.sumSquared = 1e17 + 2;
        {
            const auto folder = opened();
            QVERIFY(folder);
            QVERIFY_RESULT(folder->add(kKey, "blk.0", bytes, error, 1.25, m_control));
        }
        const auto folder = opened();
        QCOMPARE(folder->count(), std::uint64_t{1});
        const auto found = folder->find(kKey, bytes.size(), m_control);
        QVERIFY_RESULT(found);
        QVERIFY(found->has_value());
        folder->remove();
        QVERIFY(!WorkFolder::exists(path()));
        // The folder is gone; the bytes are not.
        const KeptTensor& kept = **found;
        QVERIFY(std::equal(kept.bytes.begin(), kept.bytes.end(), bytes.begin(), bytes.end()));
        QCOMPARE(reinterpret_cast<std::uintptr_t>(kept.bytes.data()) % 64, std::uintptr_t{0});
        QCOMPARE(kept.error.rmse, error.rmse);
        QVERIFY(kept.error.sqnrDb == error.sqnrDb);
        QVERIFY(kept.error.relativeSquared == error.relativeSquared);
        QCOMPARE(kept.error.maxAbs, error.maxAbs);
        QCOMPARE(kept.error.sumSquaredError, error.sumSquaredError);
        QCOMPARE(kept.error.sumSquared, error.sumSquared);
        QCOMPARE(kept.seconds, 1.25);
    }

    /// Every single bit of head, data and checksum counts.
    void anyFlippedBitIsFound() {
        const std::vector<std::byte> bytes = bytesOf(300);
        const auto folder = opened();
        QVERIFY_RESULT(folder->add(kKey, "t", bytes, {}, 0, m_control));
        const std::string file = path() + "/" + kKey + ".tensor";
        const auto sound = readFile(file);
        QVERIFY_RESULT(sound);
        for (std::size_t at = 0; at < sound->size(); at += at < 4000 && at > 300 ? 97 : 1) {
            std::string damaged = *sound;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
            QVERIFY_RESULT(writeFileSafely(file, damaged));
            const auto found = folder->find(kKey, bytes.size(), m_control);
            QVERIFY2(!found && found.error().code == ErrorCode::Format && found.error().file == file,
                     qPrintable(QString::number(at)));
        }
        for (const std::size_t size : {std::size_t{0}, std::size_t{10}, sound->size() - 1}) {
            QVERIFY_RESULT(writeFileSafely(file, sound->substr(0, size)));
            QVERIFY(!folder->find(kKey, bytes.size(), m_control));
        }
        QVERIFY_RESULT(writeFileSafely(file, *sound));
        QVERIFY(!folder->find(kKey, bytes.size() + 1, m_control)); // another size than asked for
        QVERIFY(folder->find(kKey, bytes.size(), m_control)->has_value());
        QVERIFY(!folder->find(std::string(64, 'b'), bytes.size(), m_control)->has_value());
    }

    void oneProcessAtATime() {
        const auto first = opened();
        const auto second = WorkFolder::open(path(), Json());
        QVERIFY(!second && second.error().code == ErrorCode::Unsupported);
        QVERIFY(readWorkFolder(path())->running);
        QVERIFY(!discardUnfinished(path()));
    }

    void saysWhatItIs() {
        QVERIFY(!readWorkFolder(path()));
        {
            const auto folder = opened(Json::object({{"model", "m"}}));
            QVERIFY_RESULT(folder->add(kKey, "t", bytesOf(10), {}, 0, m_control));
        }
        const auto all = findUnfinished(m_folder->path().toStdString());
        QCOMPARE(all.size(), std::size_t{1});
        QCOMPARE(all.front().job["model"].toString(), std::string("m"));
        QCOMPARE(all.front().tensors, std::uint64_t{1});
        QVERIFY(!all.front().running);
        QVERIFY_RESULT(discardUnfinished(all.front().folder));
        QVERIFY(!QDir(QString::fromStdString(path())).exists());
        // Somebody else's job.json is no work of ours.
        QDir().mkpath(QString::fromStdString(path()));
        QVERIFY_RESULT(writeFileSafely(path() + "/job.json", "{\"steps\": []}"));
        QVERIFY(findUnfinished(m_folder->path().toStdString()).empty());
        QVERIFY(!discardUnfinished(path()));
    }

    void withoutDiskItGoesOn() {
        QVERIFY_RESULT(writeFileSafely(m_folder->filePath(QStringLiteral("file")).toStdString(), "x"));
        std::string said;
        KeepOptions options;
        options.folder = m_folder->filePath(QStringLiteral("file/x.part")).toStdString();
        options.afterSeconds = 0;
        options.log = [&](LogLevel, std::string_view text) { said += text; };
        EncodingRegistry encodings = EncodingRegistry::builtin();
        MethodRegistry methods;
        QVERIFY_RESULT(methods.add(std::make_shared<plugins::RtnMethod>()));
        KeptWork kept(options, {&encodings, &methods});
        const std::vector<std::byte> bytes = bytesOf(128);
        Tensor tensor;
        tensor.name = "t";
        tensor.cols = 32;
        tensor.encoding = *encodings.find("F32");
        tensor.bytes = bytes;
        TensorPlan plan;
        plan.choice = {"rtn", "Q8_0", {}};
        plan.applied = "Q8_0";
        Tensor made = tensor;
        QVERIFY_RESULT(kept.finished(tensor, plan, 0, made, {}, 1, m_control));
        QVERIFY(made.bytes.data() == bytes.data());
        QVERIFY2(said.find("not kept") != std::string::npos, said.c_str());
        QVERIFY(kept.files().empty());
    }

    void cancelWritesNothing() {
        const auto folder = opened();
        Cancelled cancelled;
        const auto added = folder->add(kKey, "t", bytesOf(10), {}, 0, cancelled);
        QVERIFY(!added && added.error().code == ErrorCode::Cancelled);
        QCOMPARE(folder->count(), std::uint64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestKeptWork)
#include "tst_keptwork.moc"
