// Commands: to a command line and back, and the checks on the way.
#include "core/commands/command.h"
#include "core/commands/presets.h"
#include "core/commands/support.h"
#include "core/commands/workspace.h"
#include "tests/support/testdata.h"

#include <QProcess>

using namespace trilobit;

class TestCommand : public QObject {
    Q_OBJECT
private slots:
    void everyVerbIsDescribed() {
        for (const CommandSpec& spec : commandSpecs()) {
            QVERIFY2(!spec.summary.empty(), spec.verb.c_str());
            QVERIFY2(spec.run && spec.text, spec.verb.c_str());
            QVERIFY2(findCommandSpec(spec.verb) == &spec, spec.verb.c_str());
            bool optionalSeen = false;
            for (const ArgSpec& arg : spec.args) {
                QVERIFY2(!arg.help.empty(), (spec.verb + " " + arg.key).c_str());
                if (arg.flags.empty()) { // a required positional after an optional one could never be told apart
                    QVERIFY2(!(optionalSeen && arg.required), (spec.verb + " " + arg.key).c_str());
                    optionalSeen |= !arg.required;
                }
            }
        }
    }
    void throughAShellAndBack() {
        Command command{"quantize", Json::object({{"model", "my model's $HOME.gguf"},
                                                  {"output", "out put.gguf"},
                                                  {"encoding", "affine-g64-b4"},
                                                  {"method", "hqq"},
                                                  {"params", Json::object({{"iterations", 20}})},
                                                  {"tensors", "blk.*.ffn_{up,down}.weight"},
                                                  {"seed", 7},
                                                  {"dry_run", true}})};
        // The shell itself takes the line apart again.
        QProcess shell;
        QString line = QString::fromStdString(commandLine(command));
        QVERIFY(line.startsWith(QStringLiteral("trilobit-cli ")));
        line.replace(0, 12, QStringLiteral("printf '%s\\n'"));
        shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), line});
        QVERIFY(shell.waitForFinished());
        std::vector<std::string> words;
        for (const QByteArray& word : shell.readAllStandardOutput().split('\n'))
            words.push_back(word.toStdString());
        words.pop_back();
        const auto parsed = parseCommandLine(words);
        QVERIFY_RESULT(parsed);
        QCOMPARE(parsed->verb, command.verb);
        for (const auto& [key, value] : command.args.members())
            QVERIFY2(parsed->args[key] == value, key.c_str());
        QCOMPARE(parsed->args.members().size(), command.args.members().size());
        // And through the session log's JSON.
        const auto text = Json::parse(command.toJson().dump());
        QVERIFY_RESULT(text);
        const auto logged = Command::fromJson(*text);
        QVERIFY_RESULT(logged);
        QVERIFY(*logged == command);
    }
    void usageErrors_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("part");
        QTest::newRow("no such verb") << QStringList{"frobnicate"} << "no command";
        QTest::newRow("missing argument") << QStringList{"inspect"} << "MODEL";
        QTest::newRow("too many") << QStringList{"inspect", "a", "b"} << "too many";
        QTest::newRow("unknown option") << QStringList{"inspect", "a", "--frob"} << "--frob";
        QTest::newRow("no value") << QStringList{"generate", "a", "-p"} << "-p";
        QTest::newRow("not a number") << QStringList{"generate", "a", "-p", "x", "-n", "many"} << "whole number";
        QTest::newRow("infinite") << QStringList{"generate", "a", "-p", "x", "--temp", "inf"} << "number";
        QTest::newRow("twice") << QStringList{"generate", "a", "-p", "x", "-p", "y"} << "twice";
        QTest::newRow("choice") << QStringList{"perplexity", "a", "-f", "x", "--protocol", "mine"} << "llama.cpp";
        QTest::newRow("ids") << QStringList{"logits", "a", "--ids", "1,x"} << "token ids";
        QTest::newRow("flag with value") << QStringList{"quantize", "a", "--dry-run=1"} << "no value";
        QTest::newRow("json") << QStringList{"quantize", "a", "--params", "[1]"} << "JSON object";
    }
    void usageErrors() {
        QFETCH(QStringList, words);
        QFETCH(QString, part);
        std::vector<std::string> argv;
        for (const QString& word : words)
            argv.push_back(word.toStdString());
        const auto parsed = parseCommandLine(argv);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::Usage);
        QVERIFY2(QString::fromStdString(parsed.error().text()).contains(part), parsed.error().text().c_str());
    }
    void negativeNumbersAndDoubleDash() {
        const auto parsed = parseCommandLine({"tokenize", "m.gguf", "--", "--not-an-option"});
        QVERIFY_RESULT(parsed);
        QCOMPARE(parsed->args["text"].toString(), std::string("--not-an-option"));
        QVERIFY(parseCommandLine({"generate", "m", "-p", "-5"}));
    }
    void presetsAreValidRecipes() {
        for (const Preset& preset : presets()) {
            const auto back = Recipe::fromJson(preset.recipe.toJson());
            QVERIFY_RESULT(back);
            QVERIFY(*back == preset.recipe);
        }
    }
    void tablesAlignByCharacters() {
        QCOMPARE(textTable({{"name", "n"}, {"größe", "10"}, {"b", "7"}}), std::string("name    n\ngröße  10\nb       7\n"));
        QCOMPARE(bytesText(98362432), std::string("93.8 MiB"));
    }
};

QTEST_GUILESS_MAIN(TestCommand)
#include "tst_command.moc"
