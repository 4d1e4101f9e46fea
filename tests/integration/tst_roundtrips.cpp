// GGUF to a Hugging Face folder and back, and every pair of ternary encodings there and back, by the command line: the same
// tensors to the byte and what the file says of tokens, chats, rotary scaling and itself.
#include "core/formats/gguf/ggufreader.h"
#include "tests/support/cli.h"
#include "tests/support/testdata.h"

#include <QDir>
#include <QTemporaryDir>

#include <algorithm>
#include <cstring>
#include <map>

using namespace trilobit;
using namespace trilobit::test;

namespace {

/// Keys that a folder may leave out of a GGUF file made of it, or say in other words of the same meaning.
bool mayDiffer(const std::string& key) {
    static const char* const kPrefixes[] = {"general.alignment", "general.file_type", "general.quantization_version", "trilobit.",
                                            "tokenizer.ggml.pre", "quantize."};
    return std::any_of(std::begin(kPrefixes), std::end(kPrefixes), [&](const char* prefix) { return key.starts_with(prefix); });
}

bool sameValue(const MetaValue& a, const MetaValue& b) {
    const auto number = [](const MetaValue& v) -> std::optional<double> {
        if (const auto* u = std::get_if<std::uint64_t>(&v.value))
            return static_cast<double>(*u);
        if (const auto* i = std::get_if<std::int64_t>(&v.value))
            return static_cast<double>(*i);
        if (const auto* d = std::get_if<double>(&v.value))
            return *d;
        return std::nullopt;
    };
    const auto x = number(a), y = number(b);
    return x && y ? *x == *y : a.value == b.value;
}

} // namespace

class TestRoundTrips : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }

    static QString compareTensors(const GgufFile& a, const GgufFile& b) {
        std::map<std::string, const GgufTensor*> others;
        for (const GgufTensor& tensor : b.tensors)
            others[tensor.name] = &tensor;
        if (others.size() != a.tensors.size())
            return QStringLiteral("%1 tensors instead of %2").arg(others.size()).arg(a.tensors.size());
        for (const GgufTensor& tensor : a.tensors) {
            const auto other = others.find(tensor.name);
            if (other == others.end())
                return QString::fromStdString(tensor.name + " is lost");
            if (other->second->type != tensor.type || other->second->ne != tensor.ne)
                return QString::fromStdString(tensor.name + " has another type or shape");
            // What follows the shorter one is padding.
            const std::size_t size = std::min(tensor.rest.size(), other->second->rest.size());
            if (size + 64 < std::max(tensor.rest.size(), other->second->rest.size())
                || std::memcmp(tensor.rest.data(), other->second->rest.data(), size) != 0)
                return QString::fromStdString(tensor.name + " has other bytes");
        }
        return {};
    }

    static QString compareKeys(const GgufFile& a, const GgufFile& b) {
        QStringList wrong;
        for (const auto& [key, value] : a.metadata.entries()) {
            if (mayDiffer(key))
                continue;
            const MetaValue* other = b.metadata.find(key);
            if (!other)
                wrong << QString::fromStdString(key + " is lost");
            else if (!sameValue(value, *other))
                wrong << QString::fromStdString(key + " is another");
        }
        return wrong.join("; ");
    }

private slots:
    void throughAFolder_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("wanted"); // the encoding that the source gets first; empty: as it is
        const auto row = [](const QString& file, const QString& wanted = {}) {
            QTest::newRow(qPrintable(file + (wanted.isEmpty() ? "" : " as " + wanted))) << file << wanted;
        };
        for (const char* name : {"f16", "b1.58"})
            row(QStringLiteral(TRILOBIT_SOURCE "/resources/samples/trilobit-demo-%1.gguf").arg(name));
        if (dataFolder().isEmpty())
            return;
        for (const char* name : {"llama", "qwen2", "qwen3", "gemma3", "qwen3moe", "bitnet", "bitnet-packed"})
            row("golden/models/" + QString(name) + "/model-f32.gguf");
        for (const char* name : {"stories260K-f32.gguf", "stories260K-f16.gguf"})
            row("models/stories260K_gguf/" + QString(name));
        row("golden/models/bitnet-b1.58-t256/t256-b1.58-f16.gguf");
        for (const char* wanted : {"Q4_0", "Q8_0", "affine-g32-b4"})
            row("models/stories260K_gguf/stories260K-ff192-f32.gguf", wanted);
        if (qEnvironmentVariable("TRILOBIT_ROUNDTRIPS") == "large") {
            row("models/smollm2-135m-instruct.q4_1.gguf", "F16");
            row("models/smollm2-135m-instruct.q4_1.gguf", "Q4_0");
        }
    }
    void throughAFolder() {
        QFETCH(QString, file);
        QFETCH(QString, wanted);
        QString source = QDir::isAbsolutePath(file) ? file : dataPath(file);
        if (!QFileInfo::exists(source))
            QSKIP("needs test data: set TRILOBIT_DATA");
        if (!wanted.isEmpty()) {
            const QString made = path("source.gguf");
            TRILOBIT_CLI(quantized, {"quantize", source, "-o", made, "--encoding", wanted, "--tensors", "blk.*"});
            source = made;
            if (file.contains("smollm2")) { // the embedding, too: a folder holds floats there
                TRILOBIT_CLI(floats, {"quantize", made, "-o", path("source2.gguf"), "--encoding", "F16", "--tensors", "token_embd.weight"});
                source = path("source2.gguf");
            }
        }
        QDir(path("folder")).removeRecursively();
        TRILOBIT_CLI(there, {"convert", source, "-o", path("folder/")});
        TRILOBIT_CLI(back, {"convert", path("folder"), "-o", path("back.gguf")});
        // Codes in groups become groups of our own; where stock llama.cpp has the encoding, it must come back as that.
        const auto a = readGguf(source.toStdString()), b = readGguf(path("back.gguf").toStdString());
        QVERIFY_RESULT(a);
        QVERIFY_RESULT(b);
        const QString keys = compareKeys(*a, *b);
        QVERIFY2(keys.isEmpty(), qPrintable(keys));
        QString again = path("back.gguf");
        // The ternary codes of a folder have one scale per matrix, as I2_S has.
        const QString as = file.endsWith("demo-b1.58.gguf") ? QStringLiteral("TQ2_0") : wanted == "Q4_0" || wanted == "Q8_0" ? wanted : QString();
        if (!as.isEmpty()) {
            TRILOBIT_CLI(restored, {"convert", path("back.gguf"), "-o", path("again.gguf"), "--encoding", as});
            again = path("again.gguf");
        }
        const auto c = readGguf(again.toStdString());
        QVERIFY_RESULT(c);
        const QString tensors = compareTensors(*a, *c);
        QVERIFY2(tensors.isEmpty(), qPrintable(tensors));
        const QStringList text{"tokenize", {}, "Once upon a time, 123 \u00e9\u4e2d!  <|im_end|></s>"};
        QStringList before = text, after = text;
        before[1] = source;
        after[1] = path("back.gguf");
        const CliResult first = cli(before), second = cli(after), folder = cli({"tokenize", path("folder"), text[2]});
        QCOMPARE(second.exitCode, first.exitCode);
        if (first.exitCode == 0) {
            QVERIFY2(first.json["ids"] == second.json["ids"], (second.out + first.out).constData());
            QVERIFY2(first.json["ids"] == folder.json["ids"], (folder.out + folder.err + first.out).constData());
        }
    }

    /// From TQ2_0 to one encoding, to another, and back to the first: no byte may change, or the refusal says why.
    void ternaryPairs() {
        TRILOBIT_NEED_DATA("golden/models/bitnet-b1.58-t256/t256-b1.58-f16.gguf");
        const QString source = dataPath("golden/models/bitnet-b1.58-t256/t256-b1.58-f16.gguf");
        const QStringList forms{"TQ1_0", "TQ2_0", "Q2_0", "I2_S", "I2_S_ARM", "TL1", "TL2", "IQ1_BN", "IQ2_BN", "IQ2_BN_R4", "folder"};
        const auto convert = [&](const QString& from, const QString& to, const QString& form, const QString& readAs) {
            QDir(to).removeRecursively();
            QFile::remove(to);
            QStringList arguments{"convert", from, "-o", form == "folder" ? to + '/' : to};
            if (form != "folder")
                arguments << "--encoding" << form;
            if (!readAs.isEmpty() && readAs != "folder" && !QFileInfo(from).isDir())
                arguments << "--read-as" << readAs;
            return cli(arguments);
        };
        int same = 0, refused = 0;
        for (const QString& a : forms) {
            const auto named = [&](const char* name, const QString& form) { return path(name + (form == "folder" ? QString() : QStringLiteral(".gguf"))); };
            const QString first = named(("first-" + a.toStdString()).c_str(), a);
            QString from = source;
            if (a == "folder") { // of codes: the source's weights are ternary numbers in half precision, which a folder would keep
                from = named("codes", "TQ2_0");
                const CliResult codes = convert(source, from, "TQ2_0", {});
                QVERIFY2(codes.exitCode == 0, codes.err.constData());
            }
            const CliResult made = convert(from, first, a, {});
            if (made.exitCode != 0) {
                qInfo("%s cannot hold the model: %s", qPrintable(a), made.err.trimmed().constData());
                QVERIFY2(made.exitCode == 1 && made.err.size() > 20, made.err.constData());
                continue;
            }
            for (const QString& b : forms) {
                if (a == b)
                    continue;
                const QString middle = named("middle", b), last = named("last", a);
                const QString asA = a == "I2_S_ARM" ? a : QString(), asB = b == "I2_S_ARM" ? b : QString();
                const CliResult there = convert(first, middle, b, asA);
                if (there.exitCode != 0) {
                    QVERIFY2(there.exitCode == 1 && there.err.size() > 20, there.err.constData());
                    ++refused;
                    continue;
                }
                const CliResult back = convert(middle, last, a, asB);
                QVERIFY2(back.exitCode == 0, qPrintable(a + " to " + b + " and back: " + back.errText()));
                if (a == "folder") {
                    QCOMPARE(readBytes(last + "/model.safetensors"), readBytes(first + "/model.safetensors"));
                } else {
                    const auto x = readGguf(first.toStdString()), y = readGguf(last.toStdString());
                    QVERIFY_RESULT(x);
                    QVERIFY_RESULT(y);
                    const QString wrong = compareTensors(*x, *y);
                    QVERIFY2(wrong.isEmpty(), qPrintable(a + " to " + b + " and back: " + wrong));
                }
                ++same;
            }
        }
        qInfo("%d pairs there and back to the byte, %d refused with a reason", same, refused);
        QVERIFY(same >= 60);
    }
};

QTEST_GUILESS_MAIN(TestRoundTrips)
#include "tst_roundtrips.moc"
