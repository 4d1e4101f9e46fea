// Forms: made from parameter descriptions, silent when filled, exact in what they give back.
#include "tests/unit/widgets/testbench.h"
#include "widgets/forms/choiceeditor.h"
#include "widgets/forms/paramform.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStyleOptionComboBox>

#include <algorithm>

using namespace trilobit;
using trilobit::test::TestBench;

namespace {

std::vector<ParamSpec> someSpecs() {
    return {{"flag", "Flag", "", ParamType::Bool, true, 0, 0, {}},
            {"count", "Count", "", ParamType::Integer, std::int64_t{20}, 1, 100, {}},
            {"rate", "Rate", "", ParamType::Real, 0.7, 0, 1, {}},
            {"kind", "Kind", "", ParamType::Choice, std::string("a"), 0, 0, {"a", "b"}}};
}

} // namespace

class TestForms : public QObject {
    Q_OBJECT
private slots:
    void defaultsAreNotWrittenDown() {
        ParamForm form;
        form.setSpecs(someSpecs(), {});
        QVERIFY(form.values().empty());
    }

    void editsComeBack() {
        ParamForm form;
        form.setSpecs(someSpecs(), {});
        QSignalSpy edited(&form, &ParamForm::edited);
        form.findChild<QCheckBox*>(QStringLiteral("param_flag"))->click();
        form.findChild<QSpinBox*>(QStringLiteral("param_count"))->setValue(50);
        form.findChild<QDoubleSpinBox*>(QStringLiteral("param_rate"))->setValue(0.25);
        form.findChild<QComboBox*>(QStringLiteral("param_kind"))->setCurrentIndex(1);
        QCOMPARE(edited.count(), 4);
        const ParamValues expected = {{"flag", false}, {"count", std::int64_t{50}}, {"rate", 0.25}, {"kind", std::string("b")}};
        QVERIFY(form.values() == expected);
    }

    void fillingIsSilentAndKeepsAllDigits() {
        ParamForm form;
        QSignalSpy edited(&form, &ParamForm::edited);
        const ParamValues values = {{"rate", 0.123456789012345}, {"count", std::int64_t{7}}};
        form.setSpecs(someSpecs(), values);
        QCOMPARE(edited.count(), 0);
        QVERIFY(form.values() == values);
        form.setSpecs(someSpecs(), {});
        QVERIFY(form.values().empty());
    }

    void valuesStayInTheirRange() {
        ParamForm form;
        form.setSpecs(someSpecs(), {});
        auto* count = form.findChild<QSpinBox*>(QStringLiteral("param_count"));
        count->setValue(5000);
        QCOMPARE(count->value(), 100);
    }

    void affineIds() {
        QVERIFY(!AffineId::parse(QStringLiteral("Q4_0")));
        QVERIFY(!AffineId::parse(QStringLiteral("affine-g64-b9")));
        const auto id = AffineId::parse(QStringLiteral("affine-g128-b3"));
        QVERIFY(id);
        QCOMPARE(id->group, 128);
        QCOMPARE(id->bits, 3);
        QCOMPARE(id->id(), QStringLiteral("affine-g128-b3"));
    }

    void editorShowsGroupsOnlyForAffine() {
        TestBench test;
        QVERIFY(test.openDemo());
        ChoiceEditor editor(test.workspace());
        editor.setTensor(test.model().find("blk.0.attn_q.weight"));
        editor.show();
        QSignalSpy edited(&editor, &ChoiceEditor::edited);
        editor.setChoice(Choice{"hqq", "affine-g48-b3", {}});
        auto* group = editor.findChild<QSpinBox*>(QStringLiteral("groupSpin"));
        auto* bits = editor.findChild<QSpinBox*>(QStringLiteral("bitsSpin"));
        QVERIFY(group->isVisible());
        QCOMPARE(group->value(), 48);
        QCOMPARE(bits->value(), 3);
        QCOMPARE(edited.count(), 0);
        bits->setValue(2);
        QCOMPARE(edited.count(), 1);
        QCOMPARE(editor.choice().encoding, std::string("affine-g48-b2"));
        QCOMPARE(editor.choice().method, std::string("hqq"));
        editor.setChoice(Choice{"rtn", "Q8_0", {}});
        QVERIFY(!group->isVisible());
        editor.setChoice(std::nullopt);
        QCOMPARE(editor.findChild<QComboBox*>(QStringLiteral("methodCombo"))->currentIndex(), -1);
    }

    /// Also as narrow as the inspector is in a small window.
    void namesOfMethodsAreReadInFull() {
        TestBench test;
        ChoiceEditor editor(test.workspace());
        auto* methods = editor.findChild<QComboBox*>(QStringLiteral("methodCombo"));
        int widest = 0;
        for (int row = 0; row < methods->count(); ++row)
            widest = std::max(widest, methods->fontMetrics().horizontalAdvance(methods->itemText(row)));
        editor.show();
        for (const int width : {widest + 60, 2 * widest + 200}) {
            editor.resize(width, 300);
            QTRY_COMPARE(editor.width(), width);
            const auto room = [methods] {
                QStyleOptionComboBox option;
                option.initFrom(methods);
                return methods->style()
                           ->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, methods)
                           .width()
                       - methods->iconSize().width();
            };
            QTRY_VERIFY2(room() >= widest, qPrintable(QStringLiteral("%1: %2 < %3").arg(width).arg(room()).arg(widest)));
        }
    }
};

QTEST_MAIN(TestForms)
#include "tst_forms.moc"
