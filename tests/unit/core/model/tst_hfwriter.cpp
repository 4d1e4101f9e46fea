// writeModelHf: what comes back from the folder, and from there as GGUF, is the same model.
#include "core/formats/gguf/ggufreader.h"
#include "core/model/hfwriter.h"
#include "core/model/modelwriter.h"
#include "core/tokenizer/tokenizerfiles.h"
#include "core/tokenizer/tokenizerjson.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/model/tinymodel.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <cstring>

using namespace trilobit;
using test::TinyModel;

namespace {

std::shared_ptr<const Model> load(const QString& path) {
    auto model = loadModel(path.toStdString(), EncodingRegistry::builtin());
    if (!model)
        qFatal("%s", model.error().text().c_str());
    return *model;
}

/// Block matrices as I2_S of -s, 0, s; the rest as it is.
std::shared_ptr<const Model> ternary(const Model& model) {
    Model::Parts parts;
    parts.container = "memory";
    parts.config = model.config();
    parts.config.activationQuant = ActivationQuant::Int8PerToken;
    parts.metadata = model.metadata();
    const auto encoding = *EncodingRegistry::builtin().find("I2_S");
    for (Tensor tensor : model.tensors()) {
        if (tensor.isQuantizable() && tensor.layer >= 0) {
            RunControl control;
            std::vector<float> values = *decodeTensor(tensor, control);
            for (float& v : values)
                v = v > 0.5f ? 0.3f : v < -0.5f ? -0.3f : 0.0f;
            const auto bytes = std::make_shared<std::vector<std::byte>>(
                static_cast<std::size_t>(*encoding->sizeBytes(tensor.rows, tensor.cols)));
            if (!encoding->encode({values.data(), tensor.rows, tensor.cols}, {}, *bytes, control))
                qFatal("cannot encode");
            tensor.encoding = encoding;
            tensor.bytes = *bytes;
            tensor.owner = bytes;
        }
        parts.tensors.push_back(std::move(tensor));
    }
    return std::make_shared<const Model>(std::move(parts));
}

void compareValues(const Model& a, const Model& b) {
    RunControl control;
    for (const Tensor& tensor : a.tensors()) {
        const Tensor* other = b.find(tensor.name);
        QVERIFY2(other, tensor.name.c_str());
        const auto x = *decodeTensor(tensor, control), y = *decodeTensor(*other, control);
        QVERIFY2(x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * 4) == 0, tensor.name.c_str());
    }
    QCOMPARE(a.tensors().size(), b.tensors().size());
}

} // namespace

class TestHfWriter : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    RunControl m_control;

private slots:
    void thereAndBack_data() {
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<bool>("packed");
        QTest::newRow("llama, floats") << "llama" << false;
        QTest::newRow("llama, ternary") << "llama" << true;
        QTest::newRow("bitnet, ternary") << "bitnet-b1.58" << true;
    }
    void thereAndBack() {
        QFETCH(QString, architecture);
        QFETCH(bool, packed);
        const QString name = m_dir.filePath(QString(QTest::currentDataTag()).remove(' '));
        QVERIFY(TinyModel(architecture.toStdString()).write((name + ".gguf").toStdString()));
        std::shared_ptr<const Model> source = load(name + ".gguf");
        if (packed)
            source = ternary(*source);
        const auto obstacles = hfFolderObstacles(*source);
        QVERIFY2(obstacles.empty(), obstacles.empty() ? "" : obstacles.front().c_str());
        const auto written = writeModelHf(*source, name.toStdString(), m_control);
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        const auto folder = load(name);
        QCOMPARE(folder->config().isBitNet(), packed);
        QCOMPARE(folder->find("blk.0.ffn_up.weight")->encoding->info().id, packed ? std::string("hf-bitnet") : std::string("F32"));
        const QString again = name + "-again.gguf";
        QVERIFY(writeModelGguf(*folder, again.toStdString(), m_control));
        compareValues(*source, *load(again));
        const auto twice = writeModelHf(*source, name.toStdString(), m_control);
        QVERIFY(!twice && twice.error().code == ErrorCode::Usage);
    }
    void realModelThereAndBack() {
        const QString path = test::dataPath(QStringLiteral("models/stories260K_hf"));
        if (!QFileInfo::exists(path))
            QSKIP("needs test data: set TRILOBIT_DATA to a folder with models/stories260K_hf");
        const auto source = load(path);
        const QString gguf = m_dir.filePath("stories.gguf"), folder = m_dir.filePath("stories");
        QVERIFY(writeModelGguf(*source, gguf.toStdString(), m_control));
        const auto written = writeModelHf(*load(gguf), folder.toStdString(), m_control);
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        compareValues(*source, *load(folder)); // the rows of q and k were turned twice
    }
    void whatDoesNotFitIsRefused() {
        const QString name = m_dir.filePath("q8");
        QVERIFY(TinyModel().write((name + ".gguf").toStdString()));
        const auto source = load(name + ".gguf");
        Model::Parts parts;
        parts.config = source->config();
        const auto encoding = *EncodingRegistry::builtin().find("IQ4_NL");
        for (Tensor tensor : source->tensors()) {
            if (tensor.name == "blk.1.attn_v.weight") {
                const auto bytes = std::make_shared<std::vector<std::byte>>(
                    static_cast<std::size_t>(*encoding->sizeBytes(tensor.rows, tensor.cols)));
                tensor.encoding = encoding;
                tensor.bytes = *bytes;
                tensor.owner = bytes;
            }
            parts.tensors.push_back(std::move(tensor));
        }
        const Model mixed(std::move(parts));
        const auto refused = writeModelHf(mixed, name.toStdString(), m_control);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("blk.1.attn_v.weight") != std::string::npos, refused.error().text().c_str());
        QVERIFY(!QFileInfo::exists(name + "/config.json"));
    }
    void vocabularyThereAndBack() {
        const QString path = test::dataPath(QStringLiteral("models/smollm2-135m-instruct.q4_1.gguf"));
        if (!QFileInfo::exists(path))
            QSKIP("needs test data: set TRILOBIT_DATA to a folder with models/smollm2-135m-instruct.q4_1.gguf");
        const auto tokenizer = *loadTokenizer(path.toStdString());
        const auto json = tokenizerDataToJson(tokenizer->data());
        QVERIFY2(json, json ? "" : json.error().text().c_str());
        Json::Limits limits;
        limits.maxValues = 1'000'000;
        const auto parsed = Json::parse(json->dump(), limits);
        QVERIFY2(parsed, parsed ? "" : parsed.error().text().c_str());
        const auto data = tokenizerDataFromJson(*parsed);
        QVERIFY2(data, data ? "" : data.error().text().c_str());
        const auto back = *makeTokenizer(*data);
        for (const char* text : {"Hello world", "It's 12345 km,\n\n  isn't it?", "naïve café — 东京 🙂", "<|im_start|>user\nHi<|im_end|>"})
            QCOMPARE(back->encode(text, {false, true}), tokenizer->encode(text, {false, true}));
    }
};

QTEST_GUILESS_MAIN(TestHfWriter)
#include "tst_hfwriter.moc"
