// Type numbers that several programs use: which layout a file means, what is said about it, what is written.
#include "core/formats/gguf/ggufreader.h"
#include "core/model/metadataedit.h"
#include "core/model/modelwriter.h"
#include "core/model/ternaryform.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/model/tinymodel.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cstring>
#include <limits>

using namespace trilobit;
using test::TinyModel;

namespace {

/// Matrices of blocks in `encoding` with weights -0.25, 0, 0.25; the rest as it is.
std::shared_ptr<const Model> ternary(const Model& model, const std::shared_ptr<const Encoding>& encoding) {
    Model::Parts parts;
    parts.container = "memory";
    parts.config = model.config();
    parts.metadata = model.metadata();
    RunControl control;
    for (Tensor tensor : model.tensors()) {
        if (tensor.isQuantizable() && tensor.layer >= 0) {
            std::vector<float> values = *decodeTensor(tensor, control);
            for (float& v : values)
                v = v > 0.5f ? 0.25f : v < -0.5f ? -0.25f : 0.0f;
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

} // namespace

class TestTypeMeanings : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();
    RunControl m_control;
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }

    std::shared_ptr<const Model> tiny(const char* architecture, const char* id) {
        if (!TinyModel(architecture, 256, 768).write(path("in.gguf")))
            qFatal("cannot write");
        return ternary(**loadModel(path("in.gguf"), m_encodings), *m_encodings.find(id));
    }
    static void compareTensors(const Model& a, const Model& b) {
        QCOMPARE(a.tensors().size(), b.tensors().size());
        for (const Tensor& tensor : a.tensors()) {
            const Tensor* other = b.find(tensor.name);
            QVERIFY2(other && other->encoding->info().id == tensor.encoding->info().id, tensor.name.c_str());
            QVERIFY2(std::equal(tensor.bytes.begin(), tensor.bytes.end(), other->bytes.begin(), other->bytes.end()),
                     tensor.name.c_str());
        }
    }

private slots:
    void everyLayoutComesBack_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("group");
        QTest::addColumn<int>("fileType");
        const auto row = [](const char* id, const char* program, const char* group, int fileType) {
            for (const char* architecture : {"llama", "bitnet-b1.58"})
                QTest::addRow("%s in %s", id, architecture) << id << architecture << program << group << fileType;
        };
        row("I2_S", "bitnet.cpp", "0", 40);
        row("I2_S_ARM", "bitnet.cpp", "0", 40);
        row("I2_S_ROWS4", "bitnet.cpp", "0", 40);
        row("TL1-64-32-32", "bitnet.cpp", "0", 38);
        row("TL2-64-96-32", "bitnet.cpp", "0", 39);
        row("IQ1_BN", "ik_llama.cpp", "-1", 136);
        row("IQ2_BN", "ik_llama.cpp", "-1", 137);
        row("IQ2_BN_R4", "ik_llama.cpp", "-1", 337);
        row("Q2_0", "llama.cpp", "64", 41);
        row("Q2_0_G128", "the PrismML fork of llama.cpp", "128", 41);
        row("TQ1_0", "llama.cpp", "256", 36);
        row("TQ2_0", "llama.cpp", "256", 37);
        row("F16", "", "0", 1);
    }
    void everyLayoutComesBack() {
        QFETCH(QString, id);
        QFETCH(QString, architecture);
        QFETCH(QString, program);
        QFETCH(QString, group);
        QFETCH(int, fileType);
        const auto model = tiny(qPrintable(architecture), qPrintable(id));
        QVERIFY_RESULT(writeModelGguf(*model, path("out.gguf"), m_control));
        const auto again = loadModel(path("out.gguf"), m_encodings);
        QVERIFY_RESULT(again);
        compareTensors(*model, **again);
        QCOMPARE((*again)->metadata().toInt("general.file_type", -1), std::int64_t{fileType});
        QVERIFY(!(*again)->metadata().find("trilobit.ternary_layout"));
        const auto form = ternaryForm(*(*again)->find("blk.1.ffn_down.weight"));
        QVERIFY(form);
        QCOMPARE(QString::fromStdString(form->program), program);
        QCOMPARE(QString::number(form->groupSize), group);
        QCOMPARE(form->scaleMin, 0.25f);
        QCOMPARE(form->scaleMax, 0.25f);
        QVERIFY(form->sampled);
        QCOMPARE(!form->alsoCalled.empty(), id.startsWith("I2_S"));
        QVERIFY(!ternaryForm(*(*again)->find("token_embd.weight")));
        QVERIFY(!ternaryForm(*(*again)->find("output_norm.weight")));
    }

    /// bitnet.cpp finds the scale behind the codes, where its converter stores it as a tensor of its own.
    void tableLookupScalesAreTensors() {
        for (const char* id : {"TL1-64-32-32", "TL2-64-96-32"}) {
            const auto model = tiny("bitnet-b1.58", id);
            QVERIFY_RESULT(writeModelGguf(*model, path("out.gguf"), m_control));
            const auto file = readGguf(path("out.gguf"));
            QVERIFY_RESULT(file);
            int scales = 0;
            for (std::size_t i = 0; i < file->tensors.size(); ++i) {
                const GgufTensor& tensor = file->tensors[i];
                if (!tensor.name.ends_with(".weight_scale"))
                    continue;
                ++scales;
                QCOMPARE(tensor.name, file->tensors[i - 1].name + "_scale");
                QCOMPARE(tensor.fileOffset, file->tensors[i - 1].fileOffset + file->tensors[i - 1].rest.size());
                float scale = 0;
                std::memcpy(&scale, tensor.rest.data(), sizeof scale);
                QCOMPARE(scale, 0.25f);
            }
            QCOMPARE(scales, 14);
        }
    }

    /// 34 bytes for 128 weights under the number of 18 bytes for 64.
    void olderBlocksOf128AreRecognised() {
        const auto model = tiny("llama", "Q2_0_G128");
        QVERIFY_RESULT(writeModelGguf(*model, path("old.gguf"), m_control));
        const auto file = readGguf(path("old.gguf"));
        QVERIFY_RESULT(file);
        for (const GgufTensor& tensor : file->tensors)
            if (tensor.name == "blk.0.ffn_up.weight")
                QCOMPARE(tensor.type, 42);
        const auto old = loadModel(path("old.gguf"), m_encodings);
        QVERIFY_RESULT(old);
        QCOMPARE((*old)->find("blk.0.ffn_up.weight")->encoding->info().id, std::string("Q2_0_G128"));
        QCOMPARE((*old)->warnings().size(), std::size_t{1});
        QVERIFY2((*old)->warnings()[0].find("blocks of 128") != std::string::npos, (*old)->warnings()[0].c_str());
    }

    /// Nothing in the file tells the layouts of I2_S apart once our key is gone; a person can.
    void aPersonSaysWhichLayout() {
        const auto model = tiny("bitnet-b1.58", "I2_S_ARM");
        QVERIFY_RESULT(writeModelGguf(*model, path("arm.gguf"), m_control));
        QByteArray bytes = test::readBytes(m_folder.filePath("arm.gguf"));
        QCOMPARE(bytes.count("trilobit.ternary_layout"), 1);
        bytes.replace("trilobit.ternary_layout", "whatever.ternary_layout");
        QFile file(m_folder.filePath("plain.gguf"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        file.close();
        const auto usual = loadModel(path("plain.gguf"), m_encodings);
        QVERIFY_RESULT(usual);
        QCOMPARE((*usual)->find("blk.0.ffn_up.weight")->encoding->info().id, std::string("I2_S"));
        EncodingRegistry told = EncodingRegistry::builtin();
        QVERIFY_RESULT(told.prefer("I2_S_ARM"));
        const auto arm = loadModel(path("plain.gguf"), told);
        QVERIFY_RESULT(arm);
        compareTensors(*model, **arm);
    }

    void sizesThatFitNothingAreNamed() {
        const auto model = tiny("llama", "TL1-64-32-32");
        QVERIFY_RESULT(writeModelGguf(*model, path("tl.gguf"), m_control));
        QByteArray bytes = test::readBytes(m_folder.filePath("tl.gguf"));
        bytes.replace("trilobit.ternary_layout", "whatever.ternary_layout");
        QFile file(m_folder.filePath("tl.gguf"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        file.close();
        const auto refused = loadModel(path("tl.gguf"), m_encodings);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        const QString text = QString::fromStdString(refused.error().text());
        QVERIFY2(text.contains("TL1 (type 38 of bitnet.cpp)") && text.contains("no TL1 kernel"), qPrintable(text));
    }

    void twoLayoutsUnderOneNumberAreRefused() {
        const auto arm = tiny("llama", "I2_S_ARM"), usual = tiny("llama", "I2_S");
        Model::Parts parts;
        parts.config = arm->config();
        parts.metadata = arm->metadata();
        parts.tensors = arm->tensors();
        for (Tensor& tensor : parts.tensors)
            if (tensor.name == "blk.1.attn_v.weight")
                tensor = *usual->find(tensor.name);
        const auto refused = writeModelGguf(Model(std::move(parts)), path("no.gguf"), m_control);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY(!QFile::exists(m_folder.filePath("no.gguf")));
    }

    void partsComeBack_data() {
        QTest::addColumn<int>("maxBytes");
        QTest::addColumn<int>("parts");
        QTest::newRow("one") << 0 << 1;
        QTest::newRow("large") << 100'000'000 << 1;
        QTest::newRow("some") << 2'000'000 << 4;
        QTest::newRow("one tensor each") << 1 << 20;
    }
    void partsComeBack() {
        QFETCH(int, maxBytes);
        QFETCH(int, parts);
        QVERIFY_RESULT(TinyModel("llama", 256, 768).write(path("in.gguf")));
        const auto model = loadModel(path("in.gguf"), m_encodings);
        QVERIFY_RESULT(model);
        ModelWriteOptions options;
        options.maxPartBytes = static_cast<std::uint64_t>(maxBytes);
        const std::string name = "split" + std::to_string(maxBytes) + ".gguf";
        const auto written = writeModelGguf(**model, path(name.c_str()), options, m_control);
        QVERIFY_RESULT(written);
        QCOMPARE(static_cast<int>(written->files.size()), parts);
        if (parts == 1)
            QCOMPARE(written->files[0], path(name.c_str()));
        std::uint64_t bytes = 0;
        for (const std::string& file : written->files)
            bytes += static_cast<std::uint64_t>(QFileInfo(QString::fromStdString(file)).size());
        QCOMPARE(written->bytes, bytes);
        for (const std::string& file : {written->files.front(), written->files.back()}) { // any part opens the whole
            const auto again = loadModel(file, m_encodings);
            QVERIFY_RESULT(again);
            compareTensors(**model, **again);
            QVERIFY((*again)->metadata().entries() == (*model)->metadata().entries());
        }
    }

    void keysAreEdited() {
        QVERIFY_RESULT(TinyModel().write(path("in.gguf")));
        const auto model = loadModel(path("in.gguf"), m_encodings);
        QVERIFY_RESULT(model);
        const std::vector<std::string> edits{"general.name=A better name",   "llama.context_length=128",
                                             "general.url=",                 "my.flag=true",
                                             "my.number=u8:7",               "my.real=0.5",
                                             "my.text=str:12",               "my.negative=-3",
                                             "-general.quantization_version", "llama.rope.freq_base=20000"};
        const auto edited = withMetadata(*model, edits);
        QVERIFY_RESULT(edited);
        QCOMPARE((*edited)->config().contextLength, std::int64_t{128});
        QCOMPARE((*edited)->config().ropeBase, 20000.0);
        QVERIFY_RESULT(writeModelGguf(**edited, path("out.gguf"), m_control));
        const auto again = loadModel(path("out.gguf"), m_encodings);
        QVERIFY_RESULT(again);
        const Metadata& keys = (*again)->metadata();
        QCOMPARE(keys.toString("general.name"), std::string("A better name"));
        QVERIFY(*keys.find("llama.context_length") == MetaValue::u32(128));
        QVERIFY(*keys.find("general.url") == MetaValue::string(""));
        QVERIFY(*keys.find("my.flag") == MetaValue::boolean(true));
        QVERIFY((*keys.find("my.number") == MetaValue{MetaType::U8, {}, std::uint64_t{7}}));
        QVERIFY(*keys.find("my.real") == MetaValue::f32(0.5f));
        QVERIFY(*keys.find("my.text") == MetaValue::string("12"));
        QVERIFY((*keys.find("my.negative") == MetaValue{MetaType::I64, {}, std::int64_t{-3}}));
        QVERIFY(!keys.find("general.quantization_version"));
        compareTensors(**model, **again);
        for (const char* bad : {"general.name", "=x", "llama.context_length=many", "llama.context_length=-1",
                                "llama.context_length=99999999999", "split.no=1", "trilobit.encodings=x", "-nothing",
                                "my.other=u8:300", "llama.block_count=3", "general.architecture=mamba",
                                "llama.attention.head_count=5"}) {
            const std::vector<std::string> one{bad};
            QVERIFY2(!withMetadata(*model, one), bad);
        }
    }

    void weightsThatAreNotFiniteAreFound() {
        for (const char* id : {"F32", "F16", "Q8_0"}) {
            QVERIFY_RESULT(TinyModel().write(path("in.gguf")));
            const auto source = loadModel(path("in.gguf"), m_encodings);
            QVERIFY_RESULT(source);
            Model::Parts parts;
            parts.config = (*source)->config();
            parts.metadata = (*source)->metadata();
            parts.tensors = (*source)->tensors();
            std::vector<std::byte> bytes;
            for (Tensor& tensor : parts.tensors) {
                if (tensor.name != "blk.1.attn_v.weight")
                    continue;
                const auto encoding = *m_encodings.find(id);
                std::vector<float> values = *decodeTensor(tensor, m_control);
                bytes.resize(static_cast<std::size_t>(*encoding->sizeBytes(tensor.rows, tensor.cols)));
                QVERIFY_RESULT(encoding->encode({values.data(), tensor.rows, tensor.cols}, {}, bytes, m_control));
                // Row 5: an infinite value, or an infinite scale for all 32 of its weights.
                const std::size_t at = std::string(id) == "F32" ? (5 * 32 + 9) * 4 + 2
                                       : std::string(id) == "F16" ? (5 * 32 + 9) * 2 : 5 * 34;
                const std::uint16_t infinite = std::string(id) == "F32" ? 0x7F80 : 0x7C00;
                std::memcpy(bytes.data() + at, &infinite, 2);
                if (std::string(id) == "F32")
                    std::memset(bytes.data() + at - 2, 0, 2);
                tensor.encoding = encoding;
                tensor.bytes = bytes;
            }
            const Model model(std::move(parts));
            const auto refused = writeModelGguf(model, path("bad.gguf"), m_control);
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::Format);
            QCOMPARE(refused.error().field, std::string("blk.1.attn_v.weight"));
            QVERIFY2(refused.error().text().find(std::string(id) == "Q8_0" ? "at row 5, column 0 (block 0 of Q8_0)"
                                                                           : "infinity at row 5, column 9")
                         != std::string::npos,
                     refused.error().text().c_str());
            QVERIFY(!QFile::exists(m_folder.filePath("bad.gguf")));
            ModelWriteOptions options;
            options.keepNonFinite = true;
            const auto kept = writeModelGguf(model, path("kept.gguf"), options, m_control);
            QVERIFY_RESULT(kept);
            QCOMPARE(kept->nonFinite.size(), std::size_t{1}); // found twice, said once
        }
    }
};

QTEST_GUILESS_MAIN(TestTypeMeanings)
#include "tst_typemeanings.moc"
