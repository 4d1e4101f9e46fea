// Models in folders that look like those of other programs.
#include "core/hub/localmodels.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <map>

using namespace trilobit;

class TestLocalModels : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;

    void put(const QString& path, qsizetype size = 10) {
        const QString whole = m_home.filePath(path);
        QVERIFY(QDir().mkpath(QFileInfo(whole).path()));
        QFile file(whole);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(size, 'x'));
    }
    void write(const QString& path, const QByteArray& text) {
        put(path, 0);
        QFile file(m_home.filePath(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    Environment environment(std::map<std::string, std::string> values) const {
        values.try_emplace("HOME", m_home.path().toStdString());
        return [values](const std::string& name) {
            const auto it = values.find(name);
            return it == values.end() ? std::string() : it->second;
        };
    }

private slots:
    void places() {
        const std::string home = m_home.path().toStdString();
        const auto cache = [&](std::map<std::string, std::string> values) {
            return usualModelPlaces(environment(std::move(values))).front().path;
        };
        QCOMPARE(cache({}), home + "/.cache/huggingface/hub");
        QCOMPARE(cache({{"XDG_CACHE_HOME", "/c"}}), std::string("/c/huggingface/hub"));
        QCOMPARE(cache({{"XDG_CACHE_HOME", "/c"}, {"HF_HOME", "/h"}}), std::string("/h/hub"));
        QCOMPARE(cache({{"HF_HOME", "/h"}, {"HF_HUB_CACHE", "/x"}}), std::string("/x"));
        QCOMPARE(usualModelPlaces(environment({}))[1].path, home + "/.lmstudio/models");
        write(".lmstudio-home-pointer", "/elsewhere/studio\n");
        QCOMPARE(usualModelPlaces(environment({}))[1].path, std::string("/elsewhere/studio/models"));
        QVERIFY(QFile::remove(m_home.filePath(".lmstudio-home-pointer")));
        QVERIFY(usualModelPlaces([](const std::string&) { return std::string(); }).empty());
    }

    void finds() {
        const QString hub = ".cache/huggingface/hub/";
        const QString smol = hub + "models--HuggingFaceTB--SmolLM2/";
        write(smol + "refs/main", "abc123\n");
        put(smol + "snapshots/abc123/config.json");
        put(smol + "blobs/0001", 1000);
        QVERIFY(QFile::link(m_home.filePath(smol + "blobs/0001"), m_home.filePath(smol + "snapshots/abc123/model.safetensors")));
        put(smol + "snapshots/older/config.json");
        put(smol + "snapshots/older/model.safetensors");
        const QString quants = hub + "models--org--quants-GGUF/snapshots/1/";
        put(quants + "a-Q4_0.gguf", 40);
        put(quants + "b-00001-of-00003.gguf", 100);
        put(quants + "b-00002-of-00003.gguf", 100);
        put(quants + "b-00003-of-00003.gguf", 30);
        put(quants + "mmproj-b.gguf", 7);
        put(hub + "models--org--encoder/snapshots/1/config.json"); // no weights
        put(hub + "datasets--org--text/snapshots/1/x.gguf");
        write(hub + "models--org--evil/refs/main", "../../../..");
        put(".lmstudio/models/maker/model-GGUF/m.Q8_0.gguf", 80);

        const auto found = findLocalModels(usualModelPlaces(environment({})));
        QStringList names;
        for (const LocalModel& model : found)
            names << QString::fromStdString(model.name + "|" + model.source + "|" + model.kind + "|"
                                            + std::to_string(model.bytes));
        QCOMPARE(names, (QStringList{"HuggingFaceTB/SmolLM2|Hugging Face cache|safetensors|1000",
                                     "org/quants-GGUF/a-Q4_0.gguf|Hugging Face cache|gguf|40",
                                     "org/quants-GGUF/b-00001-of-00003.gguf|Hugging Face cache|gguf|230",
                                     "maker/model-GGUF/m.Q8_0.gguf|LM Studio|gguf|80"}));
        QVERIFY(QString::fromStdString(found.front().path).endsWith("snapshots/abc123"));
    }

    void foldersThatAreNotThere() {
        QVERIFY(findLocalModels({{ModelPlace::Layout::HuggingFaceCache, "/nowhere/at/all", "x"},
                                 {ModelPlace::Layout::Folders, "", "y"}})
                    .empty());
    }

    void circlesEnd() {
        put("ring/a/m.gguf");
        QVERIFY(QFile::link(m_home.filePath("ring"), m_home.filePath("ring/a/again")));
        const auto found = findLocalModels({{ModelPlace::Layout::Folders, m_home.filePath("ring").toStdString(), "x"}});
        QVERIFY(!found.empty() && found.size() < 10);
    }
};

QTEST_GUILESS_MAIN(TestLocalModels)
#include "tst_localmodels.moc"
