// Recipe: which rule wins, strict JSON, hash.
#include "core/quant/recipe.h"
#include "tests/support/testdata.h"

using namespace trilobit;

namespace {

Recipe sample() {
    Recipe recipe;
    recipe.name = "mostly ternary";
    recipe.seed = 0xFFFFFFFFFFFFFFFFull;
    recipe.rules = {
        {"blk.*", {"absmean", "TQ2_0", {{"scope", std::string("tensor")}}}},
        {"blk.*.ffn_*", {"hqq", "Q4_1", {{"iterations", std::int64_t{30}}, {"beta", 10.5}}}},
        {"blk.0.*", {}},
    };
    return recipe;
}

Result<Recipe> parse(const std::string& text) {
    auto json = Json::parse(text);
    if (!json)
        return std::move(json).error();
    return Recipe::fromJson(*json);
}

} // namespace

class TestRecipe : public QObject {
    Q_OBJECT

private slots:
    void lastRuleWins();
    void roundTrip();
    void hashSeesRulesOnly();
    void hashIsThatOfTheCanonicalText();
    void refuses_data();
    void refuses();
    void parameterTypes();
};

void TestRecipe::lastRuleWins() {
    const Recipe recipe = sample();
    QCOMPARE(recipe.choiceFor("blk.3.attn_q.weight").method, std::string("absmean"));
    QCOMPARE(recipe.choiceFor("blk.3.ffn_up.weight").method, std::string("hqq"));
    QVERIFY(recipe.choiceFor("blk.0.ffn_up.weight").keeps());
    QVERIFY(recipe.choiceFor("token_embd.weight").keeps());
    QVERIFY(Recipe{}.choiceFor("blk.0.ffn_up.weight").keeps());
}

void TestRecipe::roundTrip() {
    const Recipe recipe = sample();
    const auto back = parse(recipe.toJson().dump(2));
    QVERIFY_RESULT(back);
    QVERIFY(*back == recipe);
    const auto& beta = back->rules[1].choice.params.at("beta");
    QVERIFY(std::holds_alternative<double>(beta));
    const auto empty = parse(Recipe{}.toJson().dump());
    QVERIFY_RESULT(empty);
    QVERIFY(*empty == Recipe{});
}

void TestRecipe::hashSeesRulesOnly() {
    const Recipe recipe = sample();
    Recipe other = recipe;
    other.name = "another name";
    QCOMPARE(other.hash(), recipe.hash());
    QCOMPARE(recipe.hash().size(), std::size_t{64});
    other.rules[1].choice.params["iterations"] = 30.0; // the same number
    QCOMPARE(other.hash(), recipe.hash());
    other.rules[1].choice.params["iterations"] = std::int64_t{31};
    QVERIFY(other.hash() != recipe.hash());
    other = recipe;
    other.seed = 1;
    QVERIFY(other.hash() != recipe.hash());
    other = recipe;
    std::swap(other.rules[0], other.rules[1]);
    QVERIFY(other.hash() != recipe.hash());
    other = recipe;
    other.rules[0].pattern = "blk.?";
    QVERIFY(other.hash() != recipe.hash());
}

void TestRecipe::hashIsThatOfTheCanonicalText() {
    Recipe recipe;
    recipe.name = "left out";
    recipe.rules = {{"blk.*", {"rtn", "Q4_0", {}}}};
    // printf '...' | sha256sum; hashes are stored with every run, so they must never change.
    // {"trilobit_recipe":1,"seed":0,"rules":[{"tensors":"blk.*","method":"rtn","encoding":"Q4_0"}]}
    QCOMPARE(recipe.hash(), std::string("59dabcac20ae14f08f357afa94057a25971be9cf32fbe42fb3c637fc8adae8df"));
}

void TestRecipe::refuses_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, const char* text, const char* field) {
        QTest::newRow(name) << QString(text) << QString(field);
    };
    row("not an object", "[]", "recipe");
    row("no version", R"({"rules":[]})", "trilobit_recipe");
    row("version as text", R"({"trilobit_recipe":"1","rules":[]})", "trilobit_recipe");
    row("later version", R"({"trilobit_recipe":2,"rules":[]})", "trilobit_recipe");
    row("unknown field", R"({"trilobit_recipe":1,"rules":[],"extra":1})", "extra");
    row("name not text", R"({"trilobit_recipe":1,"rules":[],"name":1})", "name");
    row("negative seed", R"({"trilobit_recipe":1,"rules":[],"seed":-1})", "seed");
    row("fractional seed", R"({"trilobit_recipe":1,"rules":[],"seed":1.5})", "seed");
    row("no rules", R"({"trilobit_recipe":1})", "rules");
    row("rules not a list", R"({"trilobit_recipe":1,"rules":{}})", "rules");
    row("rule not an object", R"({"trilobit_recipe":1,"rules":[1]})", "rules[0]");
    row("no pattern", R"({"trilobit_recipe":1,"rules":[{"keep":true}]})", "rules[0].tensors");
    row("empty pattern", R"({"trilobit_recipe":1,"rules":[{"tensors":"","keep":true}]})", "rules[0].tensors");
    row("bad pattern", R"({"trilobit_recipe":1,"rules":[{"tensors":"blk.[","keep":true}]})", "rules[0].tensors");
    row("keep false", R"({"trilobit_recipe":1,"rules":[{"tensors":"a","keep":false}]})", "rules[0].keep");
    row("keep and method", R"({"trilobit_recipe":1,"rules":[{"tensors":"a","keep":true,"method":"rtn"}]})", "rules[0].keep");
    row("no method", R"({"trilobit_recipe":1,"rules":[{"tensors":"a","encoding":"Q4_0"}]})", "rules[0].method");
    row("no encoding", R"({"trilobit_recipe":1,"rules":[{"tensors":"a","method":"rtn"}]})", "rules[0].encoding");
    row("unknown rule field", R"({"trilobit_recipe":1,"rules":[{"tensors":"a","method":"rtn","encoding":"F16","x":1}]})",
        "rules[0].x");
    row("params a list", R"({"trilobit_recipe":1,"rules":[{"tensors":"a","method":"rtn","encoding":"F16","params":[]}]})",
        "rules[0].params");
    row("param null",
        R"({"trilobit_recipe":1,"rules":[{"tensors":"a","method":"rtn","encoding":"F16","params":{"p":null}}]})",
        "rules[0].params.p");
    row("param too large",
        R"({"trilobit_recipe":1,"rules":[{"tensors":"a","method":"rtn","encoding":"F16","params":{"p":9223372036854775808}}]})",
        "rules[0].params.p");
}

void TestRecipe::refuses() {
    QFETCH(const QString, text);
    QFETCH(const QString, field);
    const auto recipe = parse(text.toStdString());
    QVERIFY(!recipe);
    QCOMPARE(recipe.error().code, ErrorCode::Format);
    QCOMPARE(QString::fromStdString(recipe.error().field), field);
    QVERIFY(!recipe.error().message.empty());
}

void TestRecipe::parameterTypes() {
    const ParamValues params{{"a", true}, {"b", std::int64_t{-3}}, {"c", 0.1}, {"d", std::string("x")}, {"e", 2.0}};
    const auto parsed = Json::parse(paramsToJson(params).dump());
    QVERIFY_RESULT(parsed);
    const auto back = paramsFromJson(*parsed);
    QVERIFY_RESULT(back);
    QVERIFY(*back == params);
    const auto largest = Json::parse(R"({"p":9223372036854775807,"q":-9223372036854775808})");
    const auto values = paramsFromJson(*largest);
    QVERIFY_RESULT(values);
    QCOMPARE(std::get<std::int64_t>(values->at("p")), INT64_MAX);
    QCOMPARE(std::get<std::int64_t>(values->at("q")), INT64_MIN);
}

QTEST_GUILESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
