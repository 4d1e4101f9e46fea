// Recipe edits: patterns match exactly what was selected, and other tensors keep their choice.
#include "core/base/glob.h"
#include "tests/unit/widgets/testbench.h"
#include "widgets/common/recipeedit.h"

#include <QRandomGenerator>

#include <set>

using namespace trilobit;
using trilobit::test::TestBench;

class TestRecipeEdit : public QObject {
    Q_OBJECT
    std::unique_ptr<TestBench> m_bench;

    std::set<std::string> matchedBy(const std::vector<std::string>& patterns) {
        std::set<std::string> out;
        for (const std::string& pattern : patterns)
            for (const std::string& name : m_bench->quantizable())
                if (globMatch(pattern, name))
                    out.insert(name);
        return out;
    }
    /// Every quantizable tensor is taken with the same chance.
    std::vector<std::string> randomSelection(QRandomGenerator& random, double share) {
        std::vector<std::string> out;
        for (const std::string& name : m_bench->quantizable())
            if (random.generateDouble() < share)
                out.push_back(name);
        return out;
    }

private slots:
    void initTestCase() {
        m_bench = std::make_unique<TestBench>();
        QVERIFY(m_bench->openDemo());
        QVERIFY(m_bench->quantizable().size() > 10);
    }

    void everythingIsOnePattern() {
        QCOMPARE(patternsFor(m_bench->model(), m_bench->quantizable()), std::vector<std::string>{"*"});
    }

    void oneMatrixOfAllBlocksIsOnePattern() {
        std::vector<std::string> names;
        for (const std::string& name : m_bench->quantizable())
            if (name.ends_with(".attn_q.weight"))
                names.push_back(name);
        QVERIFY(names.size() > 1);
        QCOMPARE(patternsFor(m_bench->model(), names), std::vector<std::string>{"blk.*.attn_q.weight"});
    }

    void feedForwardOfAllBlocksIsOnePattern() {
        std::vector<std::string> names;
        for (const std::string& name : m_bench->quantizable())
            if (name.find(".ffn_") != std::string::npos)
                names.push_back(name);
        QCOMPARE(patternsFor(m_bench->model(), names), std::vector<std::string>{"blk.*.ffn_*"});
    }

    void oneBlockIsOnePattern() {
        std::vector<std::string> names;
        for (const std::string& name : m_bench->quantizable())
            if (name.starts_with("blk.1."))
                names.push_back(name);
        QCOMPARE(patternsFor(m_bench->model(), names), std::vector<std::string>{"blk.1.*"});
    }

    void vectorsAreLeftOut() {
        QVERIFY(patternsFor(m_bench->model(), {"output_norm.weight", "no.such.tensor"}).empty());
    }

    void patternsMatchExactlyTheSelection() {
        QRandomGenerator random(7);
        for (int round = 0; round < 200; ++round) {
            const auto selection = randomSelection(random, random.generateDouble());
            const auto patterns = patternsFor(m_bench->model(), selection);
            QCOMPARE(matchedBy(patterns), std::set<std::string>(selection.begin(), selection.end()));
            QVERIFY(patterns.size() <= std::max<std::size_t>(1, selection.size()));
            for (const std::string& pattern : patterns)
                QVERIFY_RESULT(globCheck(pattern));
        }
    }

    void editsChangeOnlyTheSelection() {
        QRandomGenerator random(11);
        const std::vector<Choice> choices = {{"rtn", "Q8_0", {}}, {"absmean", "I2_S", {}}, {}, {"hqq", "Q4_1", {}}};
        Recipe recipe;
        std::map<std::string, Choice> expected;
        for (const std::string& name : m_bench->quantizable())
            expected[name] = {};
        for (int round = 0; round < 120; ++round) {
            const auto selection = randomSelection(random, random.generateDouble());
            const Choice choice = choices[random.bounded(static_cast<quint32>(choices.size()))];
            recipe = withChoice(recipe, m_bench->model(), selection, choice);
            for (const std::string& name : selection)
                expected[name] = choice;
            for (const auto& [name, wanted] : expected)
                QVERIFY2(recipe.choiceFor(name) == wanted, name.c_str());
        }
    }

    void rulesWithoutEffectAreDropped() {
        Recipe recipe = withChoice({}, m_bench->model(), {"blk.0.attn_q.weight"}, {"rtn", "Q8_0", {}});
        recipe = withChoice(recipe, m_bench->model(), m_bench->quantizable(), {"rtn", "Q4_0", {}});
        QCOMPARE(recipe.rules.size(), std::size_t{1});
        recipe = withChoice(recipe, m_bench->model(), m_bench->quantizable(), {});
        QVERIFY(recipe.rules.empty());
    }

    void rulesForOtherModelsStay() {
        Recipe recipe;
        recipe.rules.push_back({"blk.900.*", {"rtn", "Q8_0", {}}});
        recipe = withRule(recipe, m_bench->model(), {"blk.0.*", {"rtn", "Q4_0", {}}});
        QCOMPARE(recipe.rules.size(), std::size_t{2});
    }
};

QTEST_MAIN(TestRecipeEdit)
#include "tst_recipeedit.moc"
