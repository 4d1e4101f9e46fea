// No file can crash the program, hang it or make it take much memory, and what it does not take it refuses with the file,
// the field, the place and what was expected. Every kind of file, broken in every place, given to the program as a person
// would. TRILOBIT_MALFORMED=all tries all of them, otherwise one in many.
#include "tests/integration/malformedfiles.h"
#include "tests/support/measured.h"
#include "tests/support/testdata.h"
#include "tests/unit/core/formats/ggufbuilder.h"

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <algorithm>

using namespace trilobit;
using namespace trilobit::test;

namespace {

constexpr double kMostMiB = 64; ///< above the file's size and what the program takes for nothing
constexpr double kMostSeconds = 10;

/// How a kind of file is given to the program and what its refusal must say.
struct Kind {
    QString fileName;
    QStringList arguments;      ///< %1: the file, %2: its folder
    bool binary = false;        ///< refusals name a byte
    bool quantize = false;      ///< what inspect takes is quantized, too
};

QByteArray seedOf(const char* name) { return readBytes(QStringLiteral(TRILOBIT_SOURCE "/tests/fuzz/seeds/") + QLatin1String(name)); }

} // namespace

class TestMalformed : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    double m_nothingMiB = 0;
    int m_tried = 0, m_refused = 0, m_counter = 0, m_wrong = 0;
    double m_worstMiB = 0, m_worstSeconds = 0;
    QString m_worst, m_slowest;

    QString path(const QString& name) const { return m_folder.filePath(name); }

    void complain(const QString& name, const QString& what) {
        ++m_wrong;
        if (m_wrong <= 200)
            qWarning("%s: %s", qPrintable(name), qPrintable(what)); // a failure's own text is cut off
    }

    /// One sentence that names the file, the field, the byte in binary files, and what was expected.
    void checkRefusal(const MalformedFile& file, const Kind& kind, const Measured& run) {
        const auto json = Json::parse(std::string_view(run.out.constData(), static_cast<std::size_t>(run.out.size())));
        if (!json || !(*json)["error"].isObject())
            return complain(file.name, "exit 1 without an error object: " + QString::fromUtf8(run.err.left(300)));
        const Json& error = (*json)["error"];
        const QString text = QString::fromUtf8(run.err.trimmed());
        const QString said = QString::fromStdString(error["file"].toString());
        if (!said.startsWith(m_folder.path()))
            complain(file.name, "no file: " + text);
        if (error["field"].toString().empty() && error["code"].toString() != "io")
            complain(file.name, "no field: " + text);
        static const QRegularExpression expectation(
            QStringLiteral("expect|need|must|only|missing|is not here|supported|reads|runs|at most|at least|more than|larger than|"
                           "does not fit|do not fit|twice|not a |no such|out of|belong|neither|cannot be read|knows up to|"
                           // what Jinja itself says
                           "is undefined|No filter named|is not iterable|has no attribute"));
        const QString message = QString::fromStdString(error["message"].toString());
        if (!expectation.match(message).hasMatch())
            complain(file.name, "does not say what was expected: " + text);
        const bool inBinary = kind.binary && said == path(kind.fileName);
        if (inBinary && error["offset"].isNull() && !message.contains("missing") && error["code"].toString() != "io")
            complain(file.name, "no byte: " + text);
        if (text.size() > 1200 || text.contains('\n'))
            complain(file.name, "not one short line: " + text.left(300));
    }

    void checkCost(const MalformedFile& file, const Measured& run, double fileMiB) {
        const double above = run.peakMiB - m_nothingMiB - fileMiB;
        if (above > kMostMiB)
            complain(file.name, QStringLiteral("took %1 MiB above the file's %2").arg(above, 0, 'f', 1).arg(fileMiB, 0, 'f', 1));
        if (run.seconds > kMostSeconds)
            complain(file.name, QStringLiteral("took %1 s").arg(run.seconds));
        if (above > m_worstMiB) {
            m_worstMiB = above;
            m_worst = file.name;
        }
        if (run.seconds > m_worstSeconds) {
            m_worstSeconds = run.seconds;
            m_slowest = file.name;
        }
    }

    void tryOne(const MalformedFile& file, const Kind& kind) {
        QFile out(path(kind.fileName));
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(file.bytes) == file.bytes.size());
        out.close();
        QStringList arguments;
        for (const QString& word : kind.arguments)
            arguments << QString(word).replace("%1", path(kind.fileName)).replace("%2", m_folder.path());
        const double fileMiB = static_cast<double>(file.bytes.size()) / 0x1p20;
        Measured run = measure(arguments, 60);
        ++m_tried;
        checkCost(file, run, fileMiB);
        if (run.exitCode == 1) {
            ++m_refused;
            checkRefusal(file, kind, run);
        } else if (run.exitCode != 0) {
            complain(file.name, QStringLiteral("ended with %1: ").arg(run.exitCode) + QString::fromUtf8(run.err.left(300)));
        } else if (kind.quantize) {
            run = measure({"quantize", path(kind.fileName), "--encoding", "Q8_0", "-o", path("out.gguf")}, 60);
            if (run.exitCode != 0 && run.exitCode != 1)
                complain(file.name, QStringLiteral("quantize ended with %1: ").arg(run.exitCode) + QString::fromUtf8(run.err.left(300)));
            if (run.exitCode == 1)
                checkRefusal(file, kind, run);
            QFile::remove(path("out.gguf"));
        }
    }

    /// Files larger than this are always tried: there are few and they are the dangerous ones.
    static constexpr qsizetype kLarge = 100'000;

    MalformedSink sink(const Kind& kind, const QString& seed, int oneIn) {
        const bool all = qEnvironmentVariable("TRILOBIT_MALFORMED") == "all";
        return [this, kind, seed, step = all ? 1 : oneIn](MalformedFile file) {
            if (file.bytes.size() < kLarge && m_counter++ % step != 0)
                return;
            file.name = seed + ", " + file.name;
            tryOne(file, kind);
        };
    }

    void finish() {
        qInfo("%d files, %d refused; at most %.1f MiB above the file (%s) and %.2f s (%s)", m_tried, m_refused, m_worstMiB,
              qPrintable(m_worst), m_worstSeconds, qPrintable(m_slowest));
        QVERIFY(m_tried > 0);
        QCOMPARE(m_wrong, 0);
    }

private slots:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        m_nothingMiB = measure({"inspect", path("nothing")}).peakMiB;
        QVERIFY(m_nothingMiB > 0);
    }
    void init() {
        m_tried = m_refused = m_counter = m_wrong = 0;
        m_worstMiB = m_worstSeconds = 0;
        for (const QString& name : QDir(m_folder.path()).entryList(QDir::Files))
            QFile::remove(path(name));
    }

    void gguf() {
        malformedGguf(seedOf("fuzz_gguf/llama-q8_0.gguf"), sink({"model.gguf", {"inspect", "%1"}, true, true}, "llama", 12));
        finish();
    }
    void ggufVocabulary() {
        malformedGguf(seedOf("fuzz_gguf/llama-q8_0.gguf"), sink({"model.gguf", {"tokenize", "%1", "Hello"}, true}, "vocabulary", 30));
        finish();
    }
    void safetensors() {
        writeBytes(path("config.json").toStdString(), readBytes(QStringLiteral(TRILOBIT_SOURCE "/tests/fuzz/seeds/fuzz_hfconfig/llama.json")).toStdString());
        malformedSafetensors(seedOf("fuzz_safetensors/two.safetensors"), sink({"model.safetensors", {"inspect", "%1"}, true, true}, "two", 6));
        finish();
    }
    void shardIndex() {
        writeBytes(path("config.json").toStdString(), readBytes(QStringLiteral(TRILOBIT_SOURCE "/tests/fuzz/seeds/fuzz_hfconfig/llama.json")).toStdString());
        malformedJson(R"({"metadata":{"total_size":8},"weight_map":{"a":"one.safetensors","b":"two.safetensors"}})",
                      sink({"model.safetensors.index.json", {"inspect", "%2"}}, "index", 4));
        finish();
    }
    void checkpoints() {
        for (const char* name : {"gptq", "awq", "hqq"}) {
            writeBytes(path("config.json").toStdString(),
                       QStringLiteral(R"({"model_type":"llama","hidden_size":32,"intermediate_size":64,"num_hidden_layers":1,"vocab_size":32,
                           "num_attention_heads":2,"max_position_embeddings":64,"rms_norm_eps":1e-5,
                           "quantization_config":{"quant_method":"%1","bits":4,"group_size":32}})").arg(name).toStdString());
            malformedSafetensors(seedOf((std::string("fuzz_checkpoint/") + name).c_str()).mid(3),
                                 sink({"model.safetensors", {"inspect", "%1"}, true}, name, 20));
        }
        finish();
    }
    void config() {
        const std::string header = "{}      ";
        std::string tensors(8, '\0');
        tensors[0] = static_cast<char>(header.size());
        for (const char* name : {"bitnet", "gemma3", "granite", "llama", "moe", "phi3", "smollm3", "yarn"}) {
            init();
            writeBytes(path("model.safetensors").toStdString(), tensors + header);
            malformedJson(seedOf(("fuzz_hfconfig/" + std::string(name) + ".json").c_str()), sink({"config.json", {"inspect", "%2"}}, name, 16));
            finish();
        }
    }
    void tokenizerJson() {
        for (const char* name : {"bpe", "converted", "unigram", "wordpiece"}) {
            init();
            malformedJson(seedOf(("fuzz_tokenizerjson/" + std::string(name) + ".json").c_str()),
                          sink({"tokenizer.json", {"tokenize", "%1", "Hello  world 123"}}, name, 16));
            finish();
        }
    }
    void tokenizerSettings() {
        writeBytes(path("tokenizer.json").toStdString(), seedOf("fuzz_tokenizerjson/bpe.json").toStdString());
        malformedJson(R"({"added_tokens_decoder":{"3":{"content":"<s>","special":true,"lstrip":false}},"bos_token":"<s>","add_bos_token":true,
                         "chat_template":[{"name":"default","template":"{{ bos_token }}"}]})",
                      sink({"tokenizer_config.json", {"tokenize", "%2", "Hello"}}, "settings", 6));
        finish();
    }
    void sentencePiece() {
        for (const char* name : {"bpe", "unigram"})
            malformedSentencePiece(seedOf(("fuzz_sentencepiece/" + std::string(name) + ".model").c_str()),
                                   sink({"tokenizer.model", {"tokenize", "%1", "Hello"}, true}, name, 8));
        finish();
    }
    void recipe() {
        malformedJson(seedOf("fuzz_recipe/two.json"), sink({"recipe.json", {"recipe", "show", "%1"}}, "recipe", 6));
        finish();
    }
    void chatTemplate() {
        writeBytes(path("context.json").toStdString(), R"({"messages":[{"role":"user","content":"Hi"}]})");
        for (const char* name : {"chat", "error", "macro"})
            malformedTemplate(seedOf(("fuzz_template/" + std::string(name) + ".jinja").c_str()),
                              sink({"template.jinja", {"prompt", "--template", "%1", "--context", "%2/context.json"}}, name, 2));
        finish();
    }
    void chatContext() {
        writeBytes(path("template.jinja").toStdString(), "{% for m in messages %}{{ m.role + m['content'] }}{% endfor %}");
        malformedJson(R"({"messages":[{"role":"user","content":"Hi"}],"tools":[]})",
                      sink({"context.json", {"prompt", "--template", "%2/template.jinja", "--context", "%1"}}, "context", 4));
        finish();
    }
    void store() {
        const QByteArray seed = seedOf("fuzz_store/one-run.sqlite");
        malformedBytes(seed, 61, sink({"store.sqlite", {"experiments", "list", "--store", "%1"}}, "store", 6));
        malformedBytes(seed.left(100), 3, sink({"store.sqlite", {"experiments", "list", "--store", "%1"}}, "store head", 3));
        finish();
    }

    /// A library that is no plugin is named in a warning; the program goes on.
    void plugins() {
        QDir(m_folder.path()).mkdir("plugins");
        const QString file = path("plugins/rtn.so");
        const QByteArray seed = readBytes(qEnvironmentVariable("TRILOBIT_BIN") + "/plugins/rtn.so");
        const QByteArray before = qgetenv("TRILOBIT_PLUGINS");
        qputenv("TRILOBIT_PLUGINS", path("plugins").toUtf8());
        const bool all = qEnvironmentVariable("TRILOBIT_MALFORMED") == "all";
        malformedPlugin(seed, [&](const MalformedFile& broken) {
            if (!all && m_counter++ % 6 != 0)
                return;
            QFile::remove(file);
            writeBytes(file.toStdString(), std::string_view(broken.bytes.constData(), static_cast<std::size_t>(broken.bytes.size())));
            const Measured run = measure({"recipe", "presets"}, 60);
            ++m_tried;
            checkCost(broken, run, static_cast<double>(broken.bytes.size()) / 0x1p20);
            if (run.exitCode != 0)
                complain(broken.name, QStringLiteral("ended with %1: ").arg(run.exitCode) + QString::fromUtf8(run.err.left(300)));
            if (run.err.isEmpty())
                return; // the change does not matter
            ++m_refused;
            if (!run.err.contains(file.toUtf8()) || run.err.trimmed().contains('\n'))
                complain(broken.name, "does not name the file in one line: " + QString::fromUtf8(run.err.left(300)));
            static const QRegularExpression expectation(QStringLiteral("expect|must|missing|no metadata|cut short|empty|not a|valid"));
            if (!expectation.match(QString::fromUtf8(run.err)).hasMatch())
                complain(broken.name, "does not say what was expected: " + QString::fromUtf8(run.err.left(300)));
        });
        qputenv("TRILOBIT_PLUGINS", before);
        finish();
    }
};

QTEST_GUILESS_MAIN(TestMalformed)
#include "tst_malformed.moc"
