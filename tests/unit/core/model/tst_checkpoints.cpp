// Folders of GPTQ, AWQ and HQQ: the values that the libraries themselves see, through to GGUF and back; and the GPTQ layout
// as output.
#include "core/encodings/checkpoint/packedmatrix.h"
#include "core/model/hfwriter.h"
#include "core/model/modelwriter.h"
#include "core/model/quantizedcheckpoint.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/model/hffolder.h"
#include "tests/unit/core/model/tinymodel.h"

#include <QTemporaryDir>
#include <QRegularExpression>
#include <QtTest>

#include <cstring>

using namespace trilobit;
using namespace trilobit::test;

namespace {

const std::string kGolden = TRILOBIT_SOURCE "/tests/golden/checkpoints/checkpoints.safetensors";

std::vector<float> decoded(const Tensor& tensor) {
    RunControl control;
    return *decodeTensor(tensor, control);
}

/// Random codes in groups of 16 along rows with whole zeros and binary16 scales.
GroupCodes randomCodes(std::int64_t rows, std::int64_t cols, int bits, std::uint64_t seed, float zero = 0) {
    Rng rng(seed);
    GroupCodes codes;
    codes.rows = rows;
    codes.cols = cols;
    codes.groupSize = 16;
    for (std::int64_t i = 0; i < rows * cols; ++i)
        codes.codes.push_back(static_cast<std::int16_t>(rng.below(std::uint64_t{1} << bits)));
    for (std::int64_t i = 0; i < rows * cols / 16; ++i) {
        codes.scale.push_back(halfToFloat(floatToHalf(0.01f + 0.001f * static_cast<float>(rng.below(50)))));
        codes.zero.push_back(zero > 0 ? zero : static_cast<float>(1 + rng.below((std::uint64_t{1} << bits) - 1)));
    }
    return codes;
}

template <class T>
std::string bytesOf(const std::vector<T>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// The matrices of the small folder in the GPTQ layout.
void makeGptq(HfFolder& folder, std::map<std::string, GroupCodes>& truth, float zero = 0) {
    const std::vector<HfFolder::Entry> before = folder.tensors;
    folder.tensors.clear();
    for (const HfFolder::Entry& entry : before) {
        if (entry.name.find("_proj.") == std::string::npos) {
            folder.tensors.push_back(entry);
            continue;
        }
        const std::int64_t rows = entry.shape[0], cols = entry.shape[1];
        const GroupCodes codes = randomCodes(rows, cols, 4, folder.tensors.size() + 1, zero);
        const auto packed = packGptq(codes, 4, 16);
        if (!packed)
            qFatal("%s", packed.error().text().c_str());
        const std::string stem = entry.name.substr(0, entry.name.rfind('.'));
        folder.tensors.push_back({stem + ".qweight", "I32", {cols / 8, rows}, bytesOf(packed->qweight)});
        folder.tensors.push_back({stem + ".qzeros", "I32", {cols / 16, rows / 8}, bytesOf(packed->qzeros)});
        folder.tensors.push_back({stem + ".scales", "F16", {cols / 16, rows}, bytesOf(packed->scales)});
        folder.tensors.push_back({stem + ".g_idx", "I32", {cols}, bytesOf(packed->groupOf)});
        truth[entry.name] = codes;
    }
    folder.config.set("quantization_config",
                      Json::object({{"quant_method", "gptq"}, {"bits", 4}, {"group_size", 16}, {"desc_act", false}}));
}

} // namespace

Q_DECLARE_METATYPE(trilobit::FolderLayout)

class TestCheckpoints : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const EncodingRegistry m_encodings = EncodingRegistry::builtin();
    RunControl m_control;
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }

private slots:
    void valuesOfTheLibraries_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("group");
        for (const int bits : {2, 3, 4, 8})
            QTest::addRow("gptq%d", bits) << QString("gptq%1").arg(bits) << "gptq" << bits << 32;
        QTest::newRow("awq4") << "awq4" << "awq" << 4 << 64;
        for (const char* name : {"hqq8-g64-a1", "hqq4-g64-a1", "hqq4-g64-a0", "hqq3-g64-a1", "hqq3-g60-a0", "hqq2-g16-a1",
                                 "hqq1-g32-a1"})
            QTest::newRow(name) << name << "hqq" << 4 << 64;
    }
    void valuesOfTheLibraries() {
        QFETCH(QString, name);
        QFETCH(QString, method);
        QFETCH(int, bits);
        QFETCH(int, group);
        const auto files = readSafetensors(kGolden);
        QVERIFY_RESULT(files);
        const Json config = Json::object({{"quantization_config", Json::object({{"quant_method", method.toStdString()},
                                                                                {"bits", bits},
                                                                                {"group_size", group}})}});
        const auto checkpoint = QuantizedCheckpoint::read(config, *files);
        QVERIFY_RESULT(checkpoint);
        const std::string prefix = name.toStdString() + ".";
        std::vector<float> expected;
        bool found = false;
        for (const SafetensorsTensor& tensor : files->tensors)
            if (tensor.name == prefix + "expected") {
                expected.resize(tensor.bytes.size() / 4);
                std::memcpy(expected.data(), tensor.bytes.data(), tensor.bytes.size());
            }
        for (const SafetensorsTensor& tensor : files->tensors) {
            if (!tensor.name.starts_with(prefix) || !checkpoint->isMatrix(tensor.name))
                continue;
            found = true;
            const auto matrix = checkpoint->matrix(tensor);
            QVERIFY_RESULT(matrix);
            QCOMPARE(matrix->encoding->info().id.rfind(method.toUpper().toStdString(), 0), std::size_t{0});
            QCOMPARE(static_cast<std::size_t>(matrix->rows * matrix->cols), expected.size());
            std::vector<float> values(expected.size());
            matrix->encoding->decodeRows(tensor.bytes, matrix->rows, matrix->cols, 0, matrix->rows, values.data());
            QVERIFY(values == expected);
            std::vector<float> row(static_cast<std::size_t>(matrix->cols));
            matrix->encoding->decodeRows(tensor.bytes, matrix->rows, matrix->cols, 3, 1, row.data());
            QVERIFY(std::equal(row.begin(), row.end(), expected.begin() + 3 * matrix->cols));
            const auto codes = matrix->encoding->unpack(tensor.bytes, matrix->rows, matrix->cols);
            QCOMPARE(codes.has_value(), !name.endsWith("a0"));
            if (!codes)
                continue;
            for (std::int64_t r = 0; r < codes->rows; ++r)
                for (std::int64_t c = 0; c < codes->cols; ++c) {
                    const auto at = static_cast<std::size_t>(r * codes->cols + c);
                    const std::size_t g = codes->groupOf(r, c);
                    QCOMPARE((static_cast<float>(codes->codes[at]) - codes->zero[g]) * codes->scale[g], expected[at]);
                }
        }
        QVERIFY(found);
    }

    void aFolderOpensAndBecomesGguf() {
        HfFolder folder;
        std::map<std::string, GroupCodes> truth;
        makeGptq(folder, truth);
        folder.write(m_folder.path().toStdString());
        const auto model = loadModel(m_folder.path().toStdString(), m_encodings);
        QVERIFY_RESULT(model);
        const auto checkValues = [&](const Tensor& tensor, const std::string& hfName) {
            const GroupCodes& codes = truth.at(hfName);
            const std::vector<float> values = decoded(tensor);
            for (std::int64_t r = 0; r < codes.rows; ++r)
                for (std::int64_t c = 0; c < codes.cols; ++c) {
                    const std::size_t g = codes.groupOf(r, c), at = static_cast<std::size_t>(r * codes.cols + c);
                    QCOMPARE(values[at], (static_cast<float>(codes.codes[at]) - codes.zero[g]) * codes.scale[g]);
                }
        };
        const Tensor* up = (*model)->find("blk.0.ffn_up.weight");
        QCOMPARE(up->encoding->info().id, std::string("GPTQ-g16-b4"));
        checkValues(*up, "model.layers.0.mlp.up_proj.weight");
        QCOMPARE((*model)->config().activationQuant, ActivationQuant::None);
        QVERIFY_RESULT(weightsHash(**model, m_control));
        QVERIFY_RESULT(writeModelGguf(**model, path("out.gguf"), m_control));
        const auto again = loadModel(path("out.gguf"), m_encodings);
        QVERIFY_RESULT(again);
        QCOMPARE((*again)->find("blk.0.ffn_up.weight")->encoding->info().id, std::string("affine-g16-b4"));
        checkValues(*(*again)->find("blk.0.ffn_up.weight"), "model.layers.0.mlp.up_proj.weight");
        // And back: what AutoGPTQ would store is what was there, to the byte.
        const std::string there = path("again");
        const auto written = writeModelHf(**again, there, m_control);
        QVERIFY_RESULT(written);
        const auto first = readSafetensorsFolder(m_folder.path().toStdString()), second = readSafetensorsFolder(there);
        QVERIFY_RESULT(first);
        QVERIFY_RESULT(second);
        QCOMPARE(second->tensors.size(), first->tensors.size());
        for (const SafetensorsTensor& tensor : first->tensors) {
            const auto other = std::find_if(second->tensors.begin(), second->tensors.end(),
                                            [&](const SafetensorsTensor& t) { return t.name == tensor.name; });
            QVERIFY2(other != second->tensors.end(), tensor.name.c_str());
            QVERIFY2(other->shape == tensor.shape && other->dtype == tensor.dtype, tensor.name.c_str());
            QVERIFY2(std::equal(tensor.bytes.begin(), tensor.bytes.end(), other->bytes.begin(), other->bytes.end()),
                     tensor.name.c_str());
        }
        QVERIFY_RESULT(loadModel(there, m_encodings));
    }

    void groupsOutOfOrderAreRead() {
        HfFolder folder;
        std::map<std::string, GroupCodes> truth;
        makeGptq(folder, truth);
        const std::string stem = "model.layers.0.mlp.up_proj";
        std::vector<std::int32_t> order(32);
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = static_cast<std::int32_t>(i % 2);
        folder.find(stem + ".g_idx").bytes = bytesOf(order);
        folder.write(m_folder.path().toStdString());
        const auto model = loadModel(m_folder.path().toStdString(), m_encodings);
        QVERIFY_RESULT(model);
        const Tensor* up = (*model)->find("blk.0.ffn_up.weight");
        QCOMPARE(up->encoding->info().id, std::string("GPTQ-g16-b4-act"));
        const GroupCodes& codes = truth.at(stem + ".weight");
        const std::vector<float> values = decoded(*up);
        for (std::int64_t r = 0; r < codes.rows; ++r)
            for (std::int64_t c = 0; c < codes.cols; ++c) {
                const std::size_t g = codes.groupOf(r, 16 * (c % 2)), at = static_cast<std::size_t>(r * codes.cols + c);
                QCOMPARE(values[at], (static_cast<float>(codes.codes[at]) - codes.zero[g]) * codes.scale[g]);
            }
        QVERIFY_RESULT(writeModelGguf(**model, path("act.gguf"), m_control)); // as plain floats
        const auto again = loadModel(path("act.gguf"), m_encodings);
        QVERIFY_RESULT(again);
        QCOMPARE((*again)->find("blk.0.ffn_up.weight")->encoding->info().id, std::string("F32"));
        QVERIFY(decoded(*(*again)->find("blk.0.ffn_up.weight")) == values);
    }

    void codesKeepTheirValuesInEveryLayout_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<FolderLayout>("layout");
        QTest::addColumn<QString>("expected"); // the encoding in the folder
        using enum FolderLayout;
        const auto row = [](const char* id, FolderLayout layout, const char* expected) {
            QTest::addRow("%s as %s", id, expected) << QString(id) << layout << QString(expected);
        };
        row("Q4_0", Auto, "GPTQ-g32-b4");
        row("Q8_0", Auto, "GPTQ-g32-b8");
        row("Q2_0", Auto, "GPTQ-g64-b2");
        row("Q4_0", Awq, "AWQ-g32-b4");
        row("Q4_0", Hqq, "HQQ-g32-b4");
        row("Q8_0", Hqq, "HQQ-g32-b8");
        row("affine-g32-b4", Auto, "HQQ-g32-b4"); // zeros that are not whole
        row("affine-g64-b3", Hqq, "HQQ-g64-b3");
        row("affine-g16-b2", Hqq, "HQQ-g16-b2");
        row("affine-g32-b1", Hqq, "HQQ-g32-b1");
    }
    void codesKeepTheirValuesInEveryLayout() {
        QFETCH(QString, id);
        QFETCH(FolderLayout, layout);
        QFETCH(QString, expected);
        QVERIFY_RESULT(TinyModel("llama", 64, 64).write(path("in.gguf")));
        const auto source = loadModel(path("in.gguf"), m_encodings);
        QVERIFY_RESULT(source);
        const auto encoding = *m_encodings.find(id.toStdString());
        Model::Parts parts;
        parts.config = (*source)->config();
        parts.metadata = (*source)->metadata();
        for (Tensor tensor : (*source)->tensors()) {
            if (tensor.isQuantizable() && tensor.layer >= 0) {
                const std::vector<float> values = decoded(tensor);
                const auto bytes = std::make_shared<std::vector<std::byte>>(
                    static_cast<std::size_t>(*encoding->sizeBytes(tensor.rows, tensor.cols)));
                QVERIFY_RESULT(encoding->encode({values.data(), tensor.rows, tensor.cols}, {}, *bytes, m_control));
                tensor.encoding = encoding;
                tensor.bytes = *bytes;
                tensor.owner = bytes;
            }
            parts.tensors.push_back(std::move(tensor));
        }
        const Model model(std::move(parts));
        const std::string there = path(qPrintable(id + "-in-" + expected));
        QVERIFY(hfFolderObstacles(model, layout).empty());
        QVERIFY_RESULT(writeModelHf(model, there, m_control, layout));
        const auto folder = loadModel(there, m_encodings);
        QVERIFY_RESULT(folder);
        QCOMPARE(QString::fromStdString((*folder)->find("blk.0.attn_v.weight")->encoding->info().id), expected);
        QVERIFY_RESULT(writeModelGguf(**folder, path("out.gguf"), m_control)); // turns q and k back
        const auto again = loadModel(path("out.gguf"), m_encodings);
        QVERIFY_RESULT(again);
        for (const Tensor& tensor : model.tensors())
            QVERIFY2(decoded(tensor) == decoded(*(*again)->find(tensor.name)), tensor.name.c_str());
    }

    void whatALayoutCannotHoldIsNamed() {
        QVERIFY_RESULT(TinyModel("llama", 64, 64).write(path("floats.gguf")));
        const auto floats = loadModel(path("floats.gguf"), m_encodings);
        QVERIFY_RESULT(floats);
        const auto none = hfFolderObstacles(**floats, FolderLayout::Awq);
        QVERIFY(none.empty()); // nothing is packed, so nothing is in the way
        Model::Parts parts;
        parts.config = (*floats)->config();
        parts.metadata = (*floats)->metadata();
        const auto encoding = *m_encodings.find("Q8_0");
        for (Tensor tensor : (*floats)->tensors()) {
            if (tensor.isQuantizable() && tensor.layer >= 0) {
                const auto bytes = std::make_shared<std::vector<std::byte>>(
                    static_cast<std::size_t>(*encoding->sizeBytes(tensor.rows, tensor.cols)));
                tensor.encoding = encoding;
                tensor.bytes = *bytes;
                tensor.owner = bytes;
            }
            parts.tensors.push_back(std::move(tensor));
        }
        const Model model(std::move(parts));
        const auto obstacles = hfFolderObstacles(model, FolderLayout::Awq);
        QCOMPARE(obstacles.size(), std::size_t{1});
        QVERIFY2(obstacles.front().find("AWQ layout is written with 4 bits") != std::string::npos, obstacles.front().c_str());
        QVERIFY_RESULT(writeModelHf(model, path("zeros-hqq"), m_control, FolderLayout::Hqq));
    }

    void damageIsNamed_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("expected");
        QTest::newRow("no scales") << "scales" << "scales at byte \\d+: is missing";
        QTest::newRow("no zeros") << "qzeros" << "qzeros at byte \\d+: is missing";
        QTest::newRow("shape of scales") << "shape" << "expected 2 x 48";
        QTest::newRow("groups") << "g_idx" << "belongs to group 7, but there are 2";
        QTest::newRow("dtype") << "dtype" << "expected a matrix of I32";
        QTest::newRow("format") << "format" << "checkpoint_format";
        QTest::newRow("bits") << "bits" << "bits";
        QTest::newRow("version") << "version" << "version";
        QTest::newRow("rows") << "rows" << "shape";
    }
    void damageIsNamed() {
        QFETCH(QString, what);
        QFETCH(QString, expected);
        HfFolder folder;
        std::map<std::string, GroupCodes> truth;
        makeGptq(folder, truth);
        const std::string stem = "model.layers.0.mlp.up_proj.";
        Json config = folder.config["quantization_config"];
        if (what == "scales" || what == "qzeros")
            folder.remove(stem + what.toStdString());
        else if (what == "shape")
            folder.find(stem + "scales").shape = {48, 2};
        else if (what == "g_idx")
            folder.find(stem + "g_idx").bytes = bytesOf(std::vector<std::int32_t>(32, 7));
        else if (what == "dtype")
            folder.find(stem + "qweight").dtype = "F32";
        else if (what == "rows") {
            HfFolder::Entry& entry = folder.find(stem + "qweight");
            entry.shape = {48, 4};
        } else if (what == "format")
            config.set("checkpoint_format", "marlin");
        else if (what == "bits")
            config.set("bits", 5);
        else {
            config.set("quant_method", "awq");
            config.set("version", "gemv");
        }
        folder.config.set("quantization_config", config);
        folder.write(m_folder.path().toStdString());
        const auto refused = loadModel(m_folder.path().toStdString(), m_encodings);
        QVERIFY(!refused);
        QVERIFY2(QString::fromStdString(refused.error().text()).contains(QRegularExpression(expected)), refused.error().text().c_str());
    }
};

QTEST_GUILESS_MAIN(TestCheckpoints)
#include "tst_checkpoints.moc"
