// Tokenizers made by hand: special tokens, bytes, hostile data, and the files they come in.
#include "core/formats/metadata.h"
#include "core/tokenizer/bytelevel.h"
#include "core/tokenizer/pretokenizers.h"
#include "core/tokenizer/textnormalizer.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/tokenizerfiles.h"
#include "core/tokenizer/tokenizerjson.h"
#include "tests/support/testdata.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace trilobit;

namespace {

using Ids = std::vector<TokenId>;

/// <unk> <s> </s>, 256 byte tokens, then a few pieces with scores. The first piece has id 259.
TokenizerData smallSpm() {
    TokenizerData data;
    data.kind = TokenizerKind::SentencePiece;
    const auto add = [&](std::string text, float score, TokenType type) {
        data.tokens.push_back(std::move(text));
        data.scores.push_back(score);
        data.types.push_back(type);
    };
    add("<unk>", 0, TokenType::Unknown);
    add("<s>", 0, TokenType::Control);
    add("</s>", 0, TokenType::Control);
    for (int byte = 0; byte < 256; ++byte)
        add(QStringLiteral("<0x%1>").arg(byte, 2, 16, QLatin1Char('0')).toUpper().replace("0X", "0x").toStdString(), 0,
            TokenType::Byte);
    const char* pieces[] = {"\xE2\x96\x81",
                            "a",
                            "b",
                            "ab",
                            "\xE2\x96\x81"
                            "a",
                            "ba",
                            "<",
                            "s",
                            ">",
                            "<s",
                            "aa"};
    float score = -1;
    for (const char* piece : pieces)
        add(piece, score--, TokenType::Normal);
    add("[tool]", 0, TokenType::UserDefined);
    data.unknown = 0, data.bos = 1, data.eos = 2;
    data.addBos = true;
    return data;
}

constexpr TokenId kMark = 259, kA = 260, kB = 261, kAb = 262, kMarkA = 263, kTool = 270;

/// The 256 byte letters, in the order of the bytes, then a few words and two control tokens.
TokenizerData smallBpe() {
    TokenizerData data;
    data.kind = TokenizerKind::ByteLevelBpe;
    for (const std::string& letter : byteLetters())
        data.tokens.push_back(letter);
    for (const char* text : {"he", "ll", "hell", "lo", "<|end|>", "<|a|>"})
        data.tokens.push_back(text);
    data.types.assign(data.tokens.size(), TokenType::Normal);
    data.types[260] = data.types[261] = TokenType::Control;
    data.merges = {"h e", "l l", "he ll", "l o"};
    data.preTokenizer = "gpt-2";
    data.eos = 260;
    data.addEos = true;
    return data;
}

std::shared_ptr<const Tokenizer> made(TokenizerData data) {
    auto result = makeTokenizer(std::move(data));
    return result ? *result : nullptr;
}

void writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

QByteArray field(int number, const QByteArray& bytes) {
    QByteArray out(1, static_cast<char>(number << 3 | 2));
    out += static_cast<char>(bytes.size()); // shorter than 128 in these tests
    return out + bytes;
}

} // namespace

class TestTokenizer : public QObject {
    Q_OBJECT

private slots:
    void spmMergesByScore() {
        const auto t = made(smallSpm());
        QVERIFY(t);
        // "▁a" has a lower score than "ab": the pair a b joins first, and nothing joins with the mark then.
        QCOMPARE(t->encode("ab", {false, false}), (Ids{kMark, kAb}));
        QCOMPARE(t->encode("a b", {false, false}), (Ids{kMarkA, kMark, kB}));
        QCOMPARE(t->encode("", {true, true}), (Ids{1}));
        QCOMPARE(t->encode("", {false, true}), Ids{});
        QCOMPARE(t->encode("b", {true, true}), (Ids{1, kMark, kB}));
        // Equal scores go from left to right: "aaa" is "aa" + "a".
        QCOMPARE(t->encode("baaa", {false, false}), (Ids{kMark, 264, 269}));
    }

    void spmBytes() {
        const auto t = made(smallSpm());
        QVERIFY(t);
        QCOMPARE(t->encode("\xC3\xA9", {false, false}), (Ids{kMark, 3 + 0xC3, 3 + 0xA9}));
        QCOMPARE(t->encode("\xFF", {false, false}), (Ids{kMark, 3 + 0xFF}));
        QCOMPARE(t->pieceBytes(3 + 0xC3, false), std::string("\xC3"));
        for (const std::string text : {" a", "a ", "  ", " ", "\n", "a\xF0\x9F\x98\x80 b", "", "x\0y", "<0x41>"})
            QCOMPARE(t->decode(t->encode(text, {false, false}), false), text);
        TokenizerData without = smallSpm();
        without.types[3 + 0xA9] = TokenType::Unused;
        without.tokens[3 + 0xA9] = "gone";
        const auto u = made(std::move(without));
        QVERIFY(u); // characters without all their bytes are unknown, a run of them once
        QCOMPARE(u->encode("\xC3\xA9\xC3\xA9"
                           "a",
                           {false, false}),
                 (Ids{kMark, 0, kA}));
    }

    void controlTokensAreNeverMadeFromText() {
        const auto t = made(smallSpm());
        QVERIFY(t);
        QCOMPARE(t->encode("<s>", {false, false}), (Ids{kMark, 268, 267})); // "<s" and ">"
        QCOMPARE(t->encode("<s>", {false, true}), (Ids{1}));
        QCOMPARE(t->encode("a<s>b", {false, true}), (Ids{kMarkA, 1, kMark, kB}));
        QCOMPARE(t->decode(Ids{kMarkA, 1, kMark, kB}, true), std::string("a<s>b"));
        QCOMPARE(t->decode(Ids{1, kMarkA, 2}, false), std::string("a"));
        QCOMPARE(t->encode("a[tool]b", {false, false}), (Ids{kMarkA, kTool, kMark, kB}));
        QCOMPARE(t->decode(Ids{kMarkA, kTool, kMark, kB}, false), std::string("a[tool]b"));
        QVERIFY(t->isEndOfGeneration(2));
        QVERIFY(!t->isEndOfGeneration(1));
        QVERIFY(!t->isEndOfGeneration(kNoToken));
        QCOMPARE(t->pieceBytes(-5, true), std::string());
        QCOMPARE(t->pieceBytes(99999, true), std::string());
    }

    void strippingTokens() {
        TokenizerData data = smallSpm();
        data.stripRight = {kTool};
        const auto t = made(data);
        QVERIFY(t);
        QCOMPARE(t->encode("a [tool] \nb", {false, false}), (Ids{kMarkA, kMark, kTool, kMark, kB}));
        data.stripRight = {};
        data.stripLeft = {kTool};
        QCOMPARE(made(data)->encode("a [tool]", {false, false}), (Ids{kMarkA, kTool}));
    }

    void bpeMergesByRank() {
        const auto t = made(smallBpe());
        QVERIFY(t);
        QCOMPARE(t->encode("hello", {false, false}), (Ids{258, 'o'}));
        QCOMPARE(t->encode("llo", {false, false}), (Ids{257, 'o'})); // "l l" is better than "l o"
        QCOMPARE(t->encode("hello<|end|>", {false, true}), (Ids{258, 'o', 260}));
        QCOMPARE(t->encode("he", {true, true}), (Ids{256, 260}));
        QCOMPARE(t->encode("<|a|>", {false, true}), (Ids{261}));
        QCOMPARE(t->encode("<|a|>", {false, false}).size(), std::size_t{5});
        const std::string bytes = "\xFF\xC3 he\xE2\x82 \xF0\x9F\x98\x80";
        QCOMPARE(t->decode(t->encode(bytes, {false, false}), false), bytes);
    }

    void wholeWordsWithoutMerges() {
        TokenizerData data = smallBpe();
        data.tokens.push_back("hello"); // no merge makes it
        data.types.push_back(TokenType::Normal);
        QCOMPARE(made(data)->encode("hello", {false, false}), (Ids{258, 'o'}));
        data.ignoreMerges = true;
        QCOMPARE(made(data)->encode("hello", {false, false}), (Ids{262}));
    }

    void everyByteRoundTrips() {
        std::string all;
        for (int byte = 0; byte < 256; ++byte)
            all += static_cast<char>(byte);
        QCOMPARE(lettersToBytes(bytesToLetters(all)), all);
        QCOMPARE(byteLetters()[' '], std::string("\xC4\xA0"));  // U+0120
        QCOMPARE(byteLetters()['\n'], std::string("\xC4\x8A")); // U+010A
        QCOMPARE(byteOfLetter(0x144), -1);
        for (const auto& t : {made(smallBpe()), made(smallSpm())})
            QCOMPARE(t->decode(t->encode(all, {false, false}), false), all);
    }

    void damagedData_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("code");
        const char* names[] = {"no tokens",          "too few types", "too few scores",      "score not a number",
                               "BOS outside",        "end outside",   "merge without space", "merge of unknown",
                               "merge into unknown", "pre-tokenizer", "broken expression",   "strip outside"};
        for (int i = 0; i < 12; ++i)
            QTest::newRow(names[i]) << i << (i == 9 ? "unsupported" : "format");
    }
    void damagedData() {
        QFETCH(int, which);
        QFETCH(QString, code);
        TokenizerData data = which < 6 ? smallSpm() : smallBpe();
        switch (which) {
        case 0: data = TokenizerData(); break;
        case 1: data.types.pop_back(); break;
        case 2: data.scores.pop_back(); break;
        case 3: data.scores[7] = std::nanf(""); break;
        case 4: data.bos = 100000; break;
        case 5: data.endOfGeneration = {-7}; break;
        case 6: data.merges.push_back("nospace"); break;
        case 7: data.merges.push_back("h nothere"); break;
        case 8: data.merges.push_back("o o"); break;
        case 9: data.preTokenizer = "from-the-future"; break;
        case 10: data.preTokenizerRegexes = {"(unclosed"}; break;
        default: data.stripRight = {262}; break;
        }
        const auto result = makeTokenizer(std::move(data));
        QVERIFY(!result);
        QCOMPARE(QString(errorCodeName(result.error().code)), code);
        if (which == 9)
            QVERIFY(result.error().text().find("from-the-future") != std::string::npos);
    }

    void duplicatesAndInfinitiesAreHarmless() {
        TokenizerData data = smallSpm();
        data.tokens[kB] = "a";
        data.scores[kAb] = INFINITY;
        data.scores[kMarkA] = -INFINITY;
        const auto t = made(std::move(data));
        QVERIFY(t);
        QVERIFY(!t->encode("ab aab", {true, true}).empty());
    }

    void longRunsTakeLinearTime_data() {
        QTest::addColumn<QByteArray>("unit");
        for (const char* unit : {"a", " ", "\n", "ab", "\t \n", "'", "1", "<|", "\xC3\xA9", "\xFF"})
            QTest::newRow(QByteArray(unit).toHex().constData()) << QByteArray(unit);
    }
    void longRunsTakeLinearTime() {
        QFETCH(QByteArray, unit);
        const std::string text = unit.repeated(400'000 / unit.size()).toStdString() + "x";
        std::vector<TokenizerData> all = {smallSpm()};
        for (const char* pre : {"gpt-2", "llama-bpe", "deepseek-llm", "deepseek-coder", "deepseek-v3", "falcon",
                                "default", "tekken", "gpt-4o"}) {
            all.push_back(smallBpe());
            all.back().preTokenizer = pre;
        }
        for (TokenizerData& data : all) {
            const std::string name = data.preTokenizer;
            const auto t = made(std::move(data));
            QVERIFY(t);
            QElapsedTimer timer;
            timer.start();
            const Ids ids = t->encode(text, {false, true});
            QVERIFY2(timer.elapsed() < 10'000, (name + " takes " + std::to_string(timer.elapsed()) + " ms").c_str());
            QVERIFY(t->decode(ids, true) == text);
        }
    }

    void catastrophicExpressionEnds() {
        TokenizerData data = smallBpe();
        data.preTokenizerRegexes = {"(a+)+$", "(a|aa)+c"};
        const auto t = made(std::move(data));
        QVERIFY(t);
        const std::string text = std::string(5000, 'a') + "b";
        QCOMPARE(t->decode(t->encode(text, {false, false}), false), text);
    }

    void knownPreTokenizers() {
        for (const char* name :
             {"gpt-2", "default", "llama-bpe", "llama3", "qwen2", "smollm", "starcoder", "refact", "command-r",
              "deepseek-llm", "deepseek-coder", "falcon", "mpt", "stablelm2", "olmo", "dbrx", "phi-2"}) {
            TokenizerData data = smallBpe();
            data.preTokenizer = name;
            QVERIFY_RESULT(makeTokenizer(std::move(data)));
        }
        QVERIFY(!findPreTokenizer(""));
    }

    void ggufKeys() {
        for (const TokenizerData& before : {smallSpm(), smallBpe()}) {
            Metadata metadata;
            TokenizerData data = before;
            data.chatTemplate = "{{ x }}";
            data.padding = 2;
            tokenizerDataToGguf(data, metadata);
            const auto after = tokenizerDataFromGguf(metadata);
            QVERIFY_RESULT(after);
            QCOMPARE(after->kind, data.kind);
            QVERIFY(after->tokens == data.tokens && after->scores == data.scores && after->types == data.types);
            QVERIFY(after->merges == data.merges);
            QCOMPARE(after->bos, data.bos);
            QCOMPARE(after->eos, data.eos);
            QCOMPARE(after->padding, 2);
            QCOMPARE(after->addBos, data.addBos);
            QCOMPARE(after->addEos, data.addEos);
            QCOMPARE(after->addSpacePrefix, data.kind == TokenizerKind::SentencePiece);
            QCOMPARE(after->chatTemplate, data.chatTemplate);
        }
    }

    void ggufErrors() {
        Metadata metadata;
        QCOMPARE(tokenizerDataFromGguf(metadata).error().code, ErrorCode::Format);
        metadata.set("tokenizer.ggml.model", MetaValue::string("rwkv"));
        const auto rwkv = tokenizerDataFromGguf(metadata);
        QCOMPARE(rwkv.error().code, ErrorCode::Unsupported);
        QVERIFY(rwkv.error().text().find("tokenizer.ggml.model") != std::string::npos);
        QVERIFY(rwkv.error().text().find("rwkv") != std::string::npos);
        metadata.set("tokenizer.ggml.model", MetaValue::string("gpt2"));
        QCOMPARE(tokenizerDataFromGguf(metadata).error().field, std::string("tokenizer.ggml.tokens"));
        metadata.set("tokenizer.ggml.tokens", MetaValue::strings({"a", "b"}));
        QCOMPARE(tokenizerDataFromGguf(metadata).error().field, std::string("tokenizer.ggml.merges"));
        metadata.set("tokenizer.ggml.token_type", MetaValue::i32s({1}));
        QCOMPARE(tokenizerDataFromGguf(metadata).error().field, std::string("tokenizer.ggml.token_type"));
    }

    void endsByName() {
        Metadata metadata;
        metadata.set("tokenizer.ggml.model", MetaValue::string("gpt2"));
        metadata.set("tokenizer.ggml.tokens", MetaValue::strings({"<|im_end|>", "<|eot_id|>", "<|end|>", "x", "y"}));
        metadata.set("tokenizer.ggml.token_type", MetaValue::i32s({3, 3, 1, 1, 1}));
        metadata.set("tokenizer.ggml.merges", MetaValue::strings({}));
        metadata.set("tokenizer.ggml.pre", MetaValue::string("gpt-2"));
        metadata.set("tokenizer.ggml.eos_token_id", MetaValue::u32(0));
        metadata.set("tokenizer.ggml.eot_token_id", MetaValue::u32(3));
        const auto data = tokenizerDataFromGguf(metadata);
        QVERIFY_RESULT(data);
        QVERIFY((data->endOfGeneration == Ids{3, 1})); // the key, then the names; "<|end|>" is plain text here
    }

    void folderSettings() {
        QTemporaryDir dir;
        const QByteArray vocabulary =
            R"({"added_tokens":[{"id":3,"content":"<e>","special":true},{"id":4,"content":"[u]","special":false,"rstrip":true}],
            "normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},
            "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<e>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}]},
            "model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":[["a","b"]]}})";
        writeFile(dir.filePath("tokenizer.json"), vocabulary);
        writeFile(
            dir.filePath("tokenizer_config.json"),
            R"({"eos_token":{"content":"b"},"chat_template":[{"name":"tool","template":"T"},{"name":"default","template":"D"}]})");
        writeFile(dir.filePath("generation_config.json"), R"({"eos_token_id":[1,2]})");
        const auto data = tokenizerDataFromFolder(dir.path().toStdString());
        QVERIFY_RESULT(data);
        QCOMPARE(data->preTokenizer, std::string("gpt-2"));
        QCOMPARE(data->bos, 3);
        QVERIFY(data->addBos && !data->addEos);
        QCOMPARE(data->eos, 1);
        QVERIFY((data->endOfGeneration == Ids{2}));
        QVERIFY((data->stripRight == Ids{4}));
        QCOMPARE(data->types[4], TokenType::UserDefined);
        QCOMPARE(data->chatTemplate, std::string("D"));
        writeFile(dir.filePath("chat_template.jinja"), "F");
        QCOMPARE(tokenizerDataFromFolder(dir.path().toStdString())->chatTemplate, std::string("F"));
        const auto t = loadTokenizer(dir.path().toStdString());
        QVERIFY_RESULT(t);
        QCOMPARE((*t)->encode("ab", {true, true}), (Ids{3, 2}));
    }

    void tokenizerJsonErrors_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("code");
        const QByteArray rest = R"(,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false}})";
        QTest::newRow("unigram without pieces") << QByteArray(R"({"model":{"type":"Unigram","vocab":[]}})") << "format";
        QTest::newRow("unigram, broken piece")
            << QByteArray(R"({"model":{"type":"Unigram","vocab":[["a",-1],["b"]]}})") << "format";
        QTest::newRow("unigram without marks")
            << QByteArray(R"({"model":{"type":"Unigram","vocab":[["a",-1]]},"pre_tokenizer":null})") << "unsupported";
        QTest::newRow("unknown outside")
            << QByteArray(R"({"model":{"type":"Unigram","unk_id":7,"vocab":[["a",-1]]}})") << "format";
        QTest::newRow("word level") << QByteArray(R"({"model":{"type":"WordLevel","vocab":{"a":0}}})") << "unsupported";
        QTest::newRow("map that is not base64")
            << R"({"normalizer":{"type":"Precompiled","precompiled_charsmap":"?"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]})"
                   + rest
            << "format";
        QTest::newRow("no vocabulary") << R"({"model":{"type":"BPE","merges":[]})" + rest << "format";
        QTest::newRow("id too large") << R"({"model":{"type":"BPE","vocab":{"a":900000000},"merges":[]})" + rest
                                      << "format";
        QTest::newRow("negative id") << R"({"model":{"type":"BPE","vocab":{"a":-1},"merges":[]})" + rest << "format";
        QTest::newRow("merge of three") << R"({"model":{"type":"BPE","vocab":{"a":0},"merges":[["a","b","c"]]})" + rest
                                        << "format";
        QTest::newRow("merge of numbers")
            << R"({"model":{"type":"BPE","vocab":{"a":0},"merges":[1]})" + rest << "format";
        QTest::newRow("no ByteLevel") << QByteArray(
            R"({"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":null})")
                                      << "unsupported";
        QTest::newRow("other step") << QByteArray(
            R"({"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"BertPreTokenizer"}})")
                                    << "unsupported";
        QTest::newRow("unknown normalizer")
            << R"({"normalizer":{"type":"Shout"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]})" + rest
            << "unsupported";
        QTest::newRow("array") << QByteArray("[]") << "unsupported";
    }
    void tokenizerJsonErrors() {
        QFETCH(QByteArray, json);
        QFETCH(QString, code);
        const auto root = Json::parse(json.toStdString());
        QVERIFY_RESULT(root);
        const auto data = tokenizerDataFromJson(*root);
        QVERIFY(!data);
        QCOMPARE(QString(errorCodeName(data.error().code)), code);
    }

    void convertedSentencePiece() {
        // As converted from a SentencePiece model: the merges carry the order of the scores.
        const auto root = Json::parse(R"({"added_tokens":[{"id":0,"content":"<unk>","special":true}],
            "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
            "pre_tokenizer":null,"model":{"type":"BPE","byte_fallback":true,"unk_token":"<unk>",
            "vocab":{"<unk>":0,"<0x41>":1,"▁":2,"a":3,"b":4,"ab":5,"▁a":6},"merges":["a b","▁ a"]}})");
        QVERIFY_RESULT(root);
        auto data = tokenizerDataFromJson(*root);
        QVERIFY_RESULT(data);
        QCOMPARE(data->kind, TokenizerKind::SentencePiece);
        const auto t = made(std::move(*data));
        QVERIFY(t);
        QCOMPARE(t->encode("ab a", {false, false}), (Ids{2, 5, 6}));
        QCOMPARE(t->encode("A", {false, false}), (Ids{2, 1}));
        QCOMPARE(t->encode("C", {false, false}), (Ids{2, 0}));
    }

    void sentencePieceFiles() {
        QTemporaryDir dir;
        const QString path = dir.filePath("tokenizer.model");
        const auto piece = [](const QByteArray& text, char type) {
            return field(1, field(1, text) + QByteArray("\x15\x00\x00\x80\xBF", 5) + QByteArray("\x18", 1)
                                + QByteArray(1, type));
        };
        const QByteArray bpe = field(2, QByteArray("\x18\x02", 2));
        const QByteArray whole =
            piece("<unk>", 2) + piece("<s>", 3) + piece("</s>", 3) + piece("\xE2\x96\x81", 1) + piece("a", 1) + bpe;
        writeFile(path, whole);
        const auto data = tokenizerDataFromSentencePiece(path.toStdString());
        QVERIFY_RESULT(data);
        QCOMPARE(data->tokens.size(), std::size_t{5});
        QCOMPARE(data->scores[4], -1.0f);
        QVERIFY(data->addBos && data->addSpacePrefix);
        QCOMPARE(data->eos, 2);
        for (qsizetype length = 0; length < whole.size();
             ++length) { // no prefix is taken for a whole file, none crashes
            writeFile(path, whole.left(length));
            const auto result = tokenizerDataFromSentencePiece(path.toStdString());
            QVERIFY(!result);
        }
        writeFile(path, piece("<unk>", 2) + piece("a", 1) + field(2, QByteArray())); // unigram is the default kind
        const auto unigram = tokenizerDataFromSentencePiece(path.toStdString());
        QVERIFY_RESULT(unigram);
        QCOMPARE(unigram->kind, TokenizerKind::Unigram);
        QVERIFY(unigram->mergeSpaces);
        writeFile(path, whole + field(3, field(2, "map"))); // too short for a character map
        const auto broken = tokenizerDataFromSentencePiece(path.toStdString());
        QCOMPARE(broken.error().code, ErrorCode::Format);
        QVERIFY(broken.error().text().find("precompiled_charsmap at byte " + std::to_string(whole.size() + 4)) != std::string::npos);
        writeFile(path, piece("a", 1) + field(2, QByteArray("\x18\x03", 2))); // words
        QCOMPARE(tokenizerDataFromSentencePiece(path.toStdString()).error().code, ErrorCode::Unsupported);
    }

    void unigramTakesTheBestCut() {
        const auto root = Json::parse(R"({"added_tokens":[{"id":0,"content":"<unk>","special":true}],
            "normalizer":{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Lowercase"}]},
            "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"},
            "model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["▁",-3],["a",-2],["b",-2],["ab",-3.5],["▁a",-2.5],["ba",-9]]}})");
        QVERIFY_RESULT(root);
        auto data = tokenizerDataFromJson(*root);
        QVERIFY_RESULT(data);
        const auto t = made(std::move(*data));
        QVERIFY(t);
        QCOMPARE(t->encode("ab", {false, false}), (Ids{5, 3}));             // -4.5 beats -6.5
        QCOMPARE(t->encode("\xEF\xBC\xA1" "B", {false, false}), (Ids{5, 3})); // a wide A
        QCOMPARE(t->encode("a xyzb", {false, false}), (Ids{5, 1, 0, 3}));    // a run of unknown characters is one token
        QCOMPARE(t->decode(Ids{5, 3}, false), std::string("ab"));
        const std::string text(200'000, 'a');
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!t->encode(text, {false, false}).empty());
        QVERIFY(timer.elapsed() < 5'000);
    }

    void wordPiece() {
        const auto root = Json::parse(R"({"added_tokens":[{"id":0,"content":"[UNK]","special":true},{"id":1,"content":"[CLS]","special":true}],
            "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
            "pre_tokenizer":{"type":"BertPreTokenizer"},
            "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}}]},
            "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
            "vocab":{"[UNK]":0,"[CLS]":1,"cafe":2,"##s":3,"!":4,"un":5,"##aff":6,"##able":7,"中":8}}})");
        QVERIFY_RESULT(root);
        auto data = tokenizerDataFromJson(*root);
        QVERIFY_RESULT(data);
        const auto t = made(std::move(*data));
        QVERIFY(t);
        QCOMPARE(t->encode("Caf\xC3\xA9s!", {false, false}), (Ids{2, 3, 4}));
        QCOMPARE(t->encode("unaffable\tunaffably", {true, false}), (Ids{1, 5, 6, 7, 0}));
        QCOMPARE(t->encode("\xE4\xB8\xAD\xE4\xB8\xAD", {false, false}), (Ids{8, 8}));
        QCOMPARE(t->decode(Ids{5, 6, 7, 4}, false), std::string("unaffable !"));
        QCOMPARE(t->encode(std::string(101, 'c'), {false, false}), (Ids{0}));
    }

    void missingFiles() {
        QTemporaryDir dir;
        QCOMPARE(loadTokenizer(dir.filePath("none").toStdString()).error().code, ErrorCode::Io);
        QCOMPARE(loadTokenizer(dir.path().toStdString()).error().code, ErrorCode::Format);
        writeFile(dir.filePath("tokenizer.json"), "{\"model\":");
        const auto broken = loadTokenizer(dir.path().toStdString());
        QCOMPARE(broken.error().code, ErrorCode::Format);
        QVERIFY(broken.error().text().find("tokenizer.json") != std::string::npos);
    }

    void textThatGrowsWithoutEnd() {
        const std::string text(1000, 'a');
        TextStep harmless{TextStep::Kind::Replace, "a", "bcd"}, bomb{TextStep::Kind::Replace, "a", std::string(100'000, 'b')};
        TextStep expression{TextStep::Kind::ReplaceExpression, "[a-z]", std::string(100'000, 'b')};
        const auto normalized = [&](std::vector<TextStep> steps) {
            const auto normalizer = makeTextNormalizer(steps);
            return normalizer ? (*normalizer)->apply(text) : std::string();
        };
        QCOMPARE(normalized({harmless}).size(), std::size_t{3000});
        QVERIFY(normalized({bomb}) == text);
        QVERIFY(normalized({expression}) == text);
        // Half a character, and what is left of one: the steps behind them still see text.
        const TextStep half{TextStep::Kind::Replace, "a", "\xC3"}, lower{TextStep::Kind::Lowercase, {}, {}};
        const TextStep cut{TextStep::Kind::Replace, "\xA4", "x"};
        QVERIFY(normalized({half, lower}).starts_with("\xEF\xBF\xBD"));
        const auto both = makeTextNormalizer({cut, lower, TextStep{TextStep::Kind::ReplaceExpression, "[x]", "y"}});
        QCOMPARE((*both)->apply("\xC3\xA4Z"), std::string("\xEF\xBF\xBDyz"));
        // Several steps that each stay within bounds: what came before the one too many is kept.
        TextStep again{TextStep::Kind::Replace, "b", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"};
        QVERIFY(normalized({harmless, again, again, again}).size() <= 64 * 1001);
    }
};

QTEST_GUILESS_MAIN(TestTokenizer)
#include "tst_tokenizer.moc"
