#include "widgets/dialogs/choicedialog.h"

#include "widgets/common/format.h"
#include "widgets/common/recipeedit.h"
#include "widgets/common/theme.h"
#include "widgets/dialogs/outcome.h"
#include "widgets/forms/choiceeditor.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace trilobit {

ChoiceDialog::ChoiceDialog(Workbench& workbench, QStringList tensors, QWidget* parent)
    : QDialog(parent), m_bench(workbench), m_tensors(std::move(tensors)),
      m_editor(new ChoiceEditor(workbench.workspace(), this)), m_outcome(new QLabel(this)) {
    setObjectName(QStringLiteral("choiceDialog"));
    setWindowTitle(tr("Set method and encoding"));
    auto* title = new QLabel(m_tensors.size() == 1 ? m_tensors.front() : tr("%1 tensors").arg(m_tensors.size()), this);
    title->setProperty("role", "section");
    m_outcome->setObjectName(QStringLiteral("choiceOutcome"));
    m_outcome->setWordWrap(true);
    m_outcome->setMinimumHeight(fontMetrics().lineSpacing() * 4);
    m_outcome->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Apply"));
    makePrimary(buttons->button(QDialogButtonBox::Ok));
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(title);
    layout->addWidget(m_editor);
    layout->addWidget(m_outcome, 1);
    layout->addWidget(buttons);
    setMinimumWidth(440);

    std::optional<Choice> common;
    bool mixed = false;
    for (const QString& name : m_tensors)
        if (const TensorPlan* plan = m_bench.tensorPlan(name)) {
            mixed |= common && *common != plan->choice;
            common = plan->choice;
        }
    if (!m_tensors.isEmpty() && m_bench.model())
        m_editor->setTensor(m_bench.model()->find(m_tensors.front().toStdString()));
    m_editor->setChoice(mixed ? std::nullopt : common);
    connect(m_editor, &ChoiceEditor::edited, this, &ChoiceDialog::refresh);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_bench, &Workbench::modelChanged, this, &QDialog::reject);
    refresh();
}

void ChoiceDialog::refresh() {
    std::vector<std::string> names;
    for (const QString& name : m_tensors)
        names.push_back(name.toStdString());
    m_outcome->setText(outcomeText(m_bench, withChoice(m_bench.recipe(), *m_bench.model(), names, m_editor->choice()),
                                   m_tensors));
}

void ChoiceDialog::accept() {
    m_bench.setChoice(m_tensors, m_editor->choice());
    QDialog::accept();
}

} // namespace trilobit
