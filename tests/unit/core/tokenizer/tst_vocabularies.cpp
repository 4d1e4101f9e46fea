// The published token ids of every vocabulary in the test data, and the exact way back to the text.
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/tokenizerfiles.h"
#include "tests/support/testdata.h"

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
        QTest::newRow("llama-bpe from tokenizer.json") << "llama-bpe" << "tokenizers/llama3/tokenizer.json";
        QTest::newRow("llama-bpe from the folder") << "llama-bpe" << "tokenizers/llama3";
        QTest::newRow("qwen2 from tokenizer.json") << "qwen2" << "tokenizers/qwen3";
        QTest::newRow("gpt-2 from tokenizer.json") << "gpt-2" << "tokenizers/gpt2";
        QTest::newRow("llama-spm from .model") << "llama-spm" << "tokenizers/llama2_tokenizer.model";
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
            const std::string back = tokenizer->decode(ids, false);
            QVERIFY2(back == texts[i], qPrintable(QStringLiteral("text %1 comes back changed").arg(i)));
        }
        QCOMPARE(mismatches, 0);
    }
};

QTEST_GUILESS_MAIN(TestVocabularies)
#include "tst_vocabularies.moc"
