// Chat templates of many models: the exact text (or the error) that the reference implementation gives.
#include "core/base/json.h"
#include "core/base/mappedfile.h"
#include "core/template/chattemplate.h"
#include "tests/support/testdata.h"

#include <QtTest>

using namespace trilobit;

namespace {

Json readJsonFile(const char* relative) {
    const auto text = readFile(test::dataPath(relative).toStdString());
    const auto json = text ? Json::parse(*text) : Json();
    return json ? *json : Json();
}

} // namespace

class TestTemplateGoldens : public QObject {
    Q_OBJECT

private slots:
    void rendering_data() {
        QTest::addColumn<QString>("name");
        if (test::dataFolder().isEmpty()) {
            QTest::newRow("no data") << QString();
            return;
        }
        const Json goldens = readJsonFile("templates/goldens_dev/goldens_dev.json");
        for (const auto& [name, golden] : goldens.members())
            // Goldens of templates that are not in the folder cannot be checked.
            if (QFileInfo::exists(test::dataPath("templates/" + QString::fromStdString(name))))
                QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void rendering() {
        TRILOBIT_NEED_DATA("templates/goldens_dev/goldens_dev.json");
        QFETCH(QString, name);
        const Json contexts = readJsonFile("templates/goldens_dev/contexts_dev.json");
        const Json goldens = readJsonFile("templates/goldens_dev/goldens_dev.json");
        const auto source = readFile(test::dataPath("templates/" + name).toStdString());
        QVERIFY_RESULT(source);
        const auto parsed = ChatTemplate::parse(*source);
        QVERIFY_RESULT(parsed);
        const Json::Object& cases = goldens[name.toStdString()]["cases"].members();
        QVERIFY(!cases.empty());
        for (const auto& [caseName, golden] : cases) {
            Json context = contexts["contexts"][caseName];
            for (const auto& [key, value] : contexts["base"].members())
                context.set(key, value);
            context.set("now", contexts["now"]);
            const auto text = parsed->render(context);
            if (golden.contains("ok")) {
                QVERIFY2(text.has_value(), text ? "" : (caseName + ": " + text.error().text()).c_str());
                QCOMPARE(QString::fromStdString(*text), QString::fromStdString(golden["ok"].toString()));
            } else {
                QVERIFY2(!text.has_value(), caseName.c_str());
                const std::string expected = golden["error"].toString(); // "Type: message"
                QCOMPARE(QString::fromStdString(text.error().message),
                         QString::fromStdString(expected.substr(expected.find(": ") + 2)));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTemplateGoldens)
#include "tst_templategoldens.moc"
