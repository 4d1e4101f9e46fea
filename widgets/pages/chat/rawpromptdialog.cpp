#include "widgets/pages/chat/rawpromptdialog.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QVBoxLayout>

namespace trilobit {

RawPromptDialog::RawPromptDialog(const std::vector<RawPrompt>& prompts, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("rawPromptDialog"));
    setWindowTitle(tr("What the models were given"));
    auto* tabs = new QTabWidget(this);
    tabs->setObjectName(QStringLiteral("rawPromptTabs"));
    tabs->setAccessibleName(tr("Panes"));
    tabs->setDocumentMode(true);
    for (const RawPrompt& prompt : prompts) {
        auto* page = new QWidget(tabs);
        auto* facts = new QLabel(prompt.facts, page);
        facts->setTextFormat(Qt::PlainText);
        facts->setWordWrap(true);
        facts->setProperty("role", "muted");
        auto* text = new QPlainTextEdit(prompt.text, page);
        text->setObjectName(QStringLiteral("rawPromptText"));
        text->setAccessibleName(tr("Prompt given to %1").arg(prompt.pane));
        text->setReadOnly(true);
        text->setTabChangesFocus(true);
        text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        auto* layout = new QVBoxLayout(page);
        layout->setContentsMargins(0, 8, 0, 0);
        layout->addWidget(facts);
        layout->addWidget(text, 1);
        tabs->addTab(page, prompt.pane);
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(tabs, 1);
    layout->addWidget(buttons);
    resize(640, 480);
}

} // namespace trilobit
