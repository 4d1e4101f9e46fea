// The published token ids of every vocabulary in the test data, and the exact way back to the text.
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/tokenizerfiles.h"
#include "tests/support/testdata.h"

#include <QElapsedTimer>
#include <QtTest>

#include <map>

using namespace trilobit;

namespace {

/// One vocabulary is needed by several rows.
std::shared_ptr<const Tokenizer> tokenizerAt(const QString& relative, QByteArray& error) {
    static std::map<QString, std::shared_ptr<const Tokenizer>> cache;
    auto& slot = cache[relative];
    if (!slot) {
        auto loaded = loadTokenizer(test::dataPath(relative).toStdString());
        if (!loaded) {
            error = test::errorText(loaded);
            return nullptr;
        }
        slot = *loaded;
    }
    return slot;
}

std::vector<std::string> vectorTexts(const QString& name) {
    const QByteArray all = test::readBytes(test::dataPath("tokenizers/vectors/ggml-vocab-" + name + ".gguf.inp"));
    const QByteArray separator = "\n__ggml_vocab_test__\n";
    std::vector<std::string> texts;
    qsizetype from = 0;
    for (qsizetype at; (at = all.indexOf(separator, from)) >= 0; from = at + separator.size())
        texts.push_back(all.mid(from, at - from).toStdString());
    return texts;
}

std::vector<std::vector<TokenId>> vectorIds(const QString& name) {
    const QByteArray all = test::readBytes(test::dataPath("tokenizers/vectors/ggml-vocab-" + name + ".gguf.out"));
    std::vector<std::vector<TokenId>> lines;
    QList<QByteArray> rows = all.split('\n');
    if (!rows.isEmpty() && rows.back().isEmpty())
        rows.removeLast();
    for (const QByteArray& row : rows) {
        std::vector<TokenId> ids;
        for (const QByteArray& word : row.simplified().split(' '))
            if (!word.isEmpty())
                ids.push_back(word.toInt());
        lines.push_back(ids);
    }
    return lines;
}

QByteArray join(const std::vector<TokenId>& ids) {
    QByteArray text;
    for (const TokenId id : ids)
        text += QByteArray::number(id) + ' ';
    return text;
}

} // namespace

class TestVocabularies : public QObject {
    Q_OBJECT

private slots:
    void publishedIds_data() {
        QTest::addColumn<QString>("vectors");
        QTest::addColumn<QString>("vocabulary");
        for (const char* name : {"deepseek-coder", "gpt-2", "llama-spm", "phi-3", "starcoder"})
            QTest::newRow(name) << name << QStringLiteral("tokenizers/gguf_vocab/ggml-vocab-%1.gguf").arg(name);
        QTest::newRow("llama-bpe from tokenizer.json") << "llama-bpe"
                                                       << "tokenizers/llama3/tokenizer.json";
        QTest::newRow("llama-bpe from the folder") << "llama-bpe"
                                                   << "tokenizers/llama3";
        QTest::newRow("qwen2 from tokenizer.json") << "qwen2"
                                                   << "tokenizers/qwen3";
        QTest::newRow("gpt-2 from tokenizer.json") << "gpt-2"
                                                   << "tokenizers/gpt2";
        QTest::newRow("llama-spm from .model") << "llama-spm"
                                               << "tokenizers/llama2_tokenizer.model";
        QTest::newRow("bert-bge") << "bert-bge"
                                  << "tokenizers/gguf_vocab/ggml-vocab-bert-bge.gguf";
    }
    void publishedIds() {
        TRILOBIT_NEED_DATA("tokenizers/vectors");
        QFETCH(QString, vectors);
        QFETCH(QString, vocabulary);
        QByteArray error;
        const auto tokenizer = tokenizerAt(vocabulary, error);
        QVERIFY2(tokenizer, error.constData());
        const auto texts = vectorTexts(vectors);
        const auto expected = vectorIds(vectors);
        QVERIFY(texts.size() > 40);
        QCOMPARE(texts.size(), expected.size());
        int mismatches = 0;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto ids = tokenizer->encode(texts[i], {false, false});
            if (ids != expected[i]) {
                ++mismatches;
                qWarning("text %zu: got %s\n expected %s", i, join(ids).constData(), join(expected[i]).constData());
            }
            if (tokenizer->data().kind == TokenizerKind::WordPiece)
                continue; // case and spaces are gone
            const std::string back = tokenizer->decode(ids, false);
            QVERIFY2(back == texts[i], qPrintable(QStringLiteral("text %1 comes back changed").arg(i)));
        }
        QCOMPARE(mismatches, 0);
    }

    /// Ids made with the Hugging Face tokenizers library 0.23 (Digits and ByteLevel over this vocabulary's merges).
    void smollm() {
        TRILOBIT_NEED_DATA("models/smollm2-135m-instruct.q4_1.gguf");
        QByteArray error;
        const auto t = tokenizerAt("models/smollm2-135m-instruct.q4_1.gguf", error);
        QVERIFY2(t, error.constData());
        using Ids = std::vector<TokenId>;
        const std::pair<const char*, Ids> kRows[] = {
            {"Hello, world!", {19556, 28, 905, 17}},
            {"The year 2024 had 366 days.", {504, 713, 216, 34, 32, 34, 36, 761, 216, 35, 38, 38, 2009, 30}},
            {"  two spaces\n\n\tand tabs ", {216, 827, 5600, 1116, 197, 397, 29416, 216}},
            {"I'll say it's DON'T 'S", {57, 3060, 1643, 357, 506, 422, 2154, 23, 68, 637, 67}},
            {"naïve café Ünïcödé", {3546, 46494, 37366, 5549, 246, 94, 25972, 83, 7466, 84, 2756}},
            {"中文字符 テスト 한국어", {28589, 29184, 36518, 40562, 116, 216, 11100, 224, 10391, 134, 11100,
                                        226,   216,   33085, 246,   181, 130, 251,   183, 240,   129}},
            {"😀😃 x", {10813, 242, 218, 10813, 242, 221, 1792}},
            {"def f(x):\n    return x**2  # é\n",
             {1604, 275, 24, 104, 727, 472, 1003, 1792, 828, 34, 216, 907, 26411, 198}},
            {"¼ ⅷ ١٢٣", {28151, 216, 173, 223, 132, 216, 164, 111, 164, 112, 164, 113}},
            {"a b c", {81, 278, 265}},
        };
        for (const auto& [text, ids] : kRows) {
            QCOMPARE(t->encode(text, {false, false}), ids);
            QCOMPARE(t->decode(ids, false), std::string(text));
        }
        QCOMPARE(t->encode("<|im_start|>user\nHi<|im_end|>", {true, true}).front(), 1);
        QCOMPARE(t->encode("<|im_start|>user\nHi<|im_end|>", {true, true}).back(), 2);
        QVERIFY(t->isEndOfGeneration(2)); // <|im_end|>
        QVERIFY(t->isEndOfGeneration(0)); // <|endoftext|>
        QVERIFY(!t->isEndOfGeneration(1));
    }

    void wholeTexts_data() {
        QTest::addColumn<QString>("vocabulary");
        for (const char* name :
             {"models/smollm2-135m-instruct.q4_1.gguf", "tokenizers/gguf_vocab/ggml-vocab-llama-spm.gguf",
              "tokenizers/gguf_vocab/ggml-vocab-deepseek-coder.gguf"})
            QTest::newRow(name) << name;
    }
    /// A megabyte of text comes back byte for byte, and quickly (about 0.3 s on an idle core).
    void wholeTexts() {
        TRILOBIT_NEED_DATA("text/wiki.test.raw");
        QFETCH(QString, vocabulary);
        QByteArray error;
        const auto t = tokenizerAt(vocabulary, error);
        QVERIFY2(t, error.constData());
        for (const char* name : {"text/wiki.test.raw", "text/calibration_multilingual.txt"}) {
            const std::string text = test::readBytes(test::dataPath(name)).toStdString();
            QElapsedTimer timer;
            timer.start();
            const auto ids = t->encode(text, {false, false});
            QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed()) + " ms"));
            QVERIFY(t->decode(ids, false) == text);
        }
    }
};

QTEST_GUILESS_MAIN(TestVocabularies)
#include "tst_vocabularies.moc"
