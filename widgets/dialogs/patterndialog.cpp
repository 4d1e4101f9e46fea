#include "widgets/dialogs/patterndialog.h"

#include "core/base/glob.h"
#include "widgets/common/choices.h"
#include "widgets/common/format.h"
#include "widgets/common/recipeedit.h"
#include "widgets/common/theme.h"
#include "widgets/dialogs/outcome.h"
#include "widgets/forms/choiceeditor.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace trilobit {

PatternDialog::PatternDialog(Workbench& workbench, QWidget* parent)
    : QDialog(parent), m_bench(workbench), m_pattern(new QLineEdit(this)),
      m_editor(new ChoiceEditor(workbench.workspace(), this)), m_count(new QLabel(this)),
      m_matches(new QListWidget(this)), m_outcome(new QLabel(this)) {
    setObjectName(QStringLiteral("patternDialog"));
    setWindowTitle(tr("Apply by pattern"));
    m_pattern->setObjectName(QStringLiteral("patternEdit"));
    m_pattern->setAccessibleName(tr("Pattern for tensor names"));
    m_pattern->setText(QStringLiteral("blk.*.ffn_*"));
    m_count->setObjectName(QStringLiteral("patternCount"));
    m_matches->setObjectName(QStringLiteral("patternMatches"));
    m_matches->setAccessibleName(tr("Tensors that match"));
    m_matches->setUniformItemSizes(true);
    m_matches->setSelectionMode(QAbstractItemView::NoSelection);
    m_outcome->setObjectName(QStringLiteral("patternOutcome"));
    m_outcome->setWordWrap(true);
    m_outcome->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_outcome->setMinimumHeight(fontMetrics().lineSpacing() * 4);
    auto* hint = new QLabel(tr("* any text · ? one character · [0-4] one of a range · {a,b} either"), this);
    hint->setProperty("role", "muted");
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_apply = buttons->button(QDialogButtonBox::Ok);
    m_apply->setObjectName(QStringLiteral("patternApply"));
    m_apply->setText(tr("Add rule"));
    makePrimary(m_apply);

    auto* form = new QFormLayout;
    form->addRow(tr("&Tensors"), m_pattern);
    form->addRow(QString(), hint);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addLayout(form);
    layout->addWidget(m_editor);
    layout->addWidget(m_count);
    layout->addWidget(m_matches, 1);
    layout->addWidget(m_outcome);
    layout->addWidget(buttons);
    resize(520, 560);

    // What the selection has now is the likeliest wish.
    const TensorPlan* plan = m_bench.tensorPlan(m_bench.currentTensor());
    m_editor->setChoice(plan ? plan->choice : Choice{});
    connect(m_pattern, &QLineEdit::textChanged, this, &PatternDialog::refresh);
    connect(m_editor, &ChoiceEditor::edited, this, &PatternDialog::refresh);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_bench, &Workbench::modelChanged, this, &QDialog::reject);
    refresh();
}

void PatternDialog::refresh() {
    const std::string pattern = m_pattern->text().trimmed().toStdString();
    const auto valid = globCheck(pattern);
    const std::vector<std::string> names = matchingTensors(*m_bench.model(), pattern);
    QStringList shown;
    for (const std::string& name : names)
        shown << qtext(name);
    // Files may have block 10 before block 2.
    std::stable_sort(shown.begin(), shown.end(), [this](const QString& a, const QString& b) {
        return m_bench.model()->find(a.toStdString())->layer < m_bench.model()->find(b.toStdString())->layer;
    });
    m_matches->clear();
    m_matches->addItems(shown);
    m_count->setText(!valid ? errorText(valid.error())
                            : tr("%1 of %2 tensors match").arg(names.size()).arg(m_bench.model()->tensors().size()));
    m_apply->setEnabled(valid.has_value() && !names.empty());
    if (!names.empty())
        m_editor->setTensor(m_bench.model()->find(names.front()));
    m_outcome->setText(names.empty() ? QString()
                                     : outcomeText(m_bench,
                                                   withRule(m_bench.recipe(), *m_bench.model(),
                                                            {pattern, m_editor->choice()}),
                                                   shown));
}

void PatternDialog::accept() {
    m_bench.setRule(m_pattern->text().trimmed(), m_editor->choice());
    QDialog::accept();
}

} // namespace trilobit
