// What was said: taken back, asked again, shown as the models got it, exported, forgotten, opened again.
#include "core/base/mappedfile.h"
#include "core/base/safefile.h"
#include "widgets/common/format.h"
#include "widgets/common/workbench.h"
#include "widgets/pages/chat/chatpage.h"
#include "widgets/pages/chat/chatpane.h"
#include "widgets/pages/chat/chattext.h"
#include "widgets/pages/chat/conversationkeeper.h"
#include "widgets/pages/chat/earlierdialog.h"
#include "widgets/pages/chat/promptedit.h"
#include "widgets/pages/chat/rawpromptdialog.h"
#include "widgets/pages/chat/samplingpanel.h"
#include "widgets/pages/chat/transcript.h"
#include "widgets/pages/chat/wordbar.h"

#include <QFileDialog>

#include <algorithm>
#include <utility>

namespace trilobit {

namespace {
constexpr int kListedConversations = 500;
} // namespace

// ---- the last turn

bool ChatPage::canTakeBack() const {
    return !isAnswering() && std::any_of(m_sides.begin(), m_sides.end(), [](const auto& side) {
        return side->tookPart && side->given;
    });
}

QString ChatPage::takeBack(const Sides& sides) {
    if (!canTakeBack())
        return {};
    QString prompt;
    Json panes = Json::array();
    for (const auto& side : sides) {
        if (!std::exchange(side->tookPart, false))
            continue;
        side->pane->transcript().removeLastTurn();
        side->ids.clear();
        side->words.clear();
        side->read.reset();
        if (!side->given)
            continue; // it failed to answer, and its prompt is gone already; what stands last is an earlier turn
        side->given.reset();
        side->messages.pop_back();
        prompt = qtext(side->messages.back().text);
        side->messages.pop_back();
        panes.push(side->pane->id().toStdString());
    }
    m_keeper->append(Json::object({{"event", "back"}, {"panes", panes}}));
    showDifference({});
    m_words->setCompared(false);
    updateButtons();
    return prompt;
}

void ChatPage::again() {
    if (const QString prompt = takeBack(m_sides); !prompt.isEmpty()) {
        const QString draft = m_prompt->toPlainText();
        m_prompt->setPlainText(prompt);
        send();
        m_prompt->setPlainText(draft);
    }
}

void ChatPage::editLast() {
    if (const QString prompt = takeBack(m_sides); !prompt.isEmpty()) {
        m_prompt->setPlainText(prompt);
        m_prompt->moveCursor(QTextCursor::End);
        m_prompt->setFocus();
    }
}

void ChatPage::showRawPrompts() {
    std::vector<RawPrompt> prompts;
    for (const auto& side : m_sides)
        if (side->given)
            prompts.push_back({side->pane->name(),
                               side->given->usedTemplate
                                   ? tr("%1, made by the model's own chat template").arg(tokensText(side->given->ids.size()))
                                   : tr("%1, without a template: %2").arg(tokensText(side->given->ids.size()), qtext(side->given->note)),
                               qtext(side->given->text)});
    if (prompts.empty())
        return;
    auto* dialog = new RawPromptDialog(prompts, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void ChatPage::exportConversation() {
    auto* dialog = new QFileDialog(this, tr("Export the conversation"), QStringLiteral("conversation.md"),
                                   tr("Text (*.md);;Everything that happened, line by line (*.jsonl)"));
    dialog->setObjectName(QStringLiteral("chatExportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("md"));
    connect(dialog, &QFileDialog::fileSelected, this, &ChatPage::writeConversation);
    dialog->open();
}

void ChatPage::writeConversation(const QString& path) {
    m_workbench.jobs().start<bool>(
        {tr("Export the conversation"), JobLane::Interactive, true}, this,
        [from = m_keeper->path().toStdString(), to = path.toStdString()](RunControl&) -> Result<bool> {
            std::string text;
            if (to.ends_with(".jsonl")) {
                TRILOBIT_TRY(text, readFile(from));
            } else {
                TRILOBIT_TRY(const SavedConversation saved, loadConversation(from));
                text = conversationToMarkdown(saved);
            }
            TRILOBIT_CHECK(writeFileSafely(to, text));
            return true;
        },
        [this, path](Result<bool> done) {
            if (done)
                emit m_workbench.note(tr("Exported to %1").arg(path));
            else
                emit m_workbench.failed(tr("Cannot export the conversation"), errorText(done.error()));
        });
}

// ---- conversations

void ChatPage::newConversation() {
    for (const auto& entry : m_sides) {
        Side& side = *entry;
        side.runner->abandon();
        side.answering = false;
        side.pane->setStatus({});
        side.pane->transcript().clearAll();
    }
    clearConversation({});
    m_prompt->setFocus();
}

void ChatPage::clearConversation(const QString& reason) {
    for (const auto& entry : m_sides) {
        Side& side = *entry;
        if (!side.messages.empty() && !reason.isEmpty())
            side.pane->transcript().addNote(reason);
        side.messages.clear();
        side.ids.clear();
        side.words.clear();
        side.read.reset();
        side.given.reset();
        side.tookPart = false;
    }
    showDifference({});
    m_words->setCompared(false);
    m_system.clear();
    m_keeper->startNew();
    updateButtons();
}

void ChatPage::showEarlier() {
    auto* dialog = new EarlierDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &EarlierDialog::chosen, this, &ChatPage::reopen);
    ConversationKeeper::list(m_workbench.jobs(), dialog, kListedConversations,
                             [dialog](std::vector<SavedConversation> list) { dialog->setConversations(std::move(list)); });
    dialog->open();
}

void ChatPage::reopen(const SavedConversation& saved) {
    if (isAnswering())
        return;
    newConversation();
    m_keeper->resume(saved.path);
    m_system = qtext(saved.system);
    m_sampling->setSystemPrompt(m_system);
    for (const auto& entry : m_sides) {
        Side& side = *entry;
        side.tookPart = false;
        const auto pane = saved.panes.find(side.pane->id().toStdString());
        if (pane == saved.panes.end() || !side.runner->model())
            continue;
        side.messages = pane->second;
        if (!side.messages.empty() && side.messages.back().role == "user")
            side.messages.pop_back(); // it never got an answer
        for (const ChatMessage& message : side.messages) {
            if (message.role == "user") {
                side.pane->transcript().addUser(qtext(message.text));
            } else {
                side.pane->transcript().beginAnswer();
                side.pane->transcript().addTokens({qtext(message.text)});
            }
        }
        side.pane->transcript().addNote(
            tr("Saved with %1. It goes on with the model of this pane.").arg(qtext(saved.head["model"].toString())));
    }
    updateButtons();
}

} // namespace trilobit
