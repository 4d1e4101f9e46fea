#include "widgets/pages/chat/chatpage.h"

#include "core/base/machine.h"
#include "core/chat/divergence.h"
#include "widgets/common/format.h"
#include "widgets/common/workbench.h"
#include "widgets/common/wraplabel.h"
#include "widgets/pages/chat/banner.h"
#include "widgets/pages/chat/chatpane.h"
#include "widgets/pages/chat/chattext.h"
#include "widgets/pages/chat/conversationkeeper.h"
#include "widgets/pages/chat/promptedit.h"
#include "widgets/pages/chat/samplingpanel.h"
#include "widgets/pages/chat/transcript.h"
#include "widgets/pages/chat/wordbar.h"

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace trilobit {

ChatPage::ChatPage(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
    setObjectName(QStringLiteral("chatPage"));
    for (int i = 0; i < 2; ++i)
        m_sides.push_back(std::make_shared<Side>());
    build();
    connectSide(m_sides[0], tr("original model"));
    connectSide(m_sides[1], tr("quantized model"));
    connect(&workbench, &Workbench::modelChanged, this, &ChatPage::updateModels);
    connect(&workbench, &Workbench::quantizedChanged, this, &ChatPage::updateModels);
    connect(&workbench, &Workbench::recipeChanged, this, &ChatPage::updateNotices);
    connect(&workbench, &Workbench::busyChanged, this, &ChatPage::updateNotices);
    connect(m_quantize, &QAction::triggered, &workbench, &Workbench::quantize);
    connect(m_keeper, &ConversationKeeper::failed, this,
            [this](const QString& text) { emit m_workbench.failed(tr("The conversation is not saved"), text); });
    updateModels();
}

ChatPage::~ChatPage() {
    for (const auto& side : m_sides)
        if (side->hashJob)
            m_workbench.jobs().cancel(*side->hashJob);
}

void ChatPage::build() {
    m_keeper = new ConversationKeeper(this);
    m_quantize = new QAction(tr("Quantize"), this);
    m_quantize->setObjectName(QStringLiteral("chatQuantize"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(6);
    m_untrained = new Banner(Banner::Kind::Warning, this);
    m_untrained->setObjectName(QStringLiteral("untrainedBanner"));
    layout->addWidget(m_untrained);
    // Across both panes: in a narrow one these sentences would leave no room for the answers.
    m_expectation = new Banner(Banner::Kind::Warning, this);
    m_expectation->setObjectName(QStringLiteral("quantizedExpectation"));
    layout->addWidget(m_expectation);

    m_panes = new QSplitter(Qt::Horizontal, this);
    QSplitter* panes = m_panes;
    panes->setObjectName(QStringLiteral("chatPanes"));
    panes->setChildrenCollapsible(false);
    original().pane = new ChatPane(QStringLiteral("original"), tr("Original"), panes);
    quantized().pane = new ChatPane(QStringLiteral("quantized"), tr("Quantized"), panes);
    quantized().pane->setInvitationAction(m_quantize);
    panes->setSizes({1000, 1000});
    layout->addWidget(panes, 1);
    m_sampling = new SamplingPanel(this);
    m_sampling->hide();
    layout->addWidget(m_sampling);
    layout->addWidget(buildBottom());
}

QWidget* ChatPage::buildBottom() {
    auto* bottom = new QWidget(this);
    auto* rows = new QVBoxLayout(bottom);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(6);
    m_prompt = new PromptEdit(this);
    m_prompt->setObjectName(QStringLiteral("chatPrompt"));
    m_prompt->setAccessibleName(tr("Prompt for every pane"));
    m_prompt->setToolTip(tr("Enter sends, Shift + Enter starts a new line."));
    m_send = new QPushButton(tr("&Send"), this);
    m_send->setObjectName(QStringLiteral("chatSend"));
    m_send->setProperty("primary", true);
    m_send->setToolTip(tr("Sends the prompt to every pane (Enter)"));
    m_stop = new QPushButton(tr("St&op"), this);
    m_stop->setObjectName(QStringLiteral("chatStop"));
    m_stop->setToolTip(tr("Stops the answers; what was said stays (Esc)"));
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(4);
    buttons->addWidget(m_send);
    buttons->addWidget(m_stop);
    auto* input = new QHBoxLayout;
    input->addWidget(m_prompt, 1);
    input->addLayout(buttons);
    rows->addLayout(input);

    m_settings = new QToolButton(this);
    m_settings->setObjectName(QStringLiteral("chatSettings"));
    m_settings->setText(tr("Se&ttings"));
    m_settings->setCheckable(true);
    m_settings->setToolTip(tr("Sampling and system prompt"));
    m_summary = new QuietLabel(this);
    m_summary->setObjectName(QStringLiteral("chatSamplingSummary"));
    m_summary->setMuted(true);
    m_summary->setText(m_sampling->summary());
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // the first to give way in a narrow window
    m_words = new WordBar(this);
    rows->insertWidget(0, m_words);
    m_sameWords = new QToolButton(this);
    m_sameWords->setObjectName(QStringLiteral("chatSameWords"));
    m_sameWords->setText(tr("Same &words"));
    m_sameWords->setCheckable(true);
    m_sameWords->setToolTip(tr("From the next prompt on, only the original answers. The others read its words as they come and show "
                               "what they would have said in each place; colour shows how far apart the models are. "
                               "Ask the last prompt again with Ctrl+R."));
    m_sameWords->setAccessibleDescription(m_sameWords->toolTip());
    m_earlier = new QPushButton(tr("Ear&lier…"), this);
    m_earlier->setObjectName(QStringLiteral("chatEarlier"));
    m_earlier->setToolTip(tr("Conversations are saved while they grow; this opens an earlier one."));
    m_new = new QPushButton(tr("&New conversation"), this);
    m_new->setObjectName(QStringLiteral("chatNew"));
    m_new->setToolTip(tr("Forgets this conversation in every pane; its file stays."));
    m_add = new QPushButton(tr("&Add a model…"), this);
    m_add->setObjectName(QStringLiteral("chatAdd"));
    m_add->setToolTip(tr("Opens another model file in a pane of its own and asks it the same."));
    auto* line = new QHBoxLayout;
    line->addWidget(m_settings);
    line->addWidget(m_sameWords);
    line->addWidget(m_summary, 1);
    line->addWidget(buildMenu());
    line->addWidget(m_add);
    line->addWidget(m_earlier);
    line->addWidget(m_new);
    rows->addLayout(line);

    connect(m_prompt, &PromptEdit::sendRequested, this, &ChatPage::send);
    connect(m_prompt, &PromptEdit::textChanged, this, &ChatPage::updateButtons);
    connect(m_send, &QPushButton::clicked, this, &ChatPage::send);
    connect(m_stop, &QPushButton::clicked, this, &ChatPage::stop);
    connect(m_new, &QPushButton::clicked, this, &ChatPage::newConversation);
    connect(m_earlier, &QPushButton::clicked, this, &ChatPage::showEarlier);
    connect(m_add, &QPushButton::clicked, this, &ChatPage::chooseModel);
    connect(m_settings, &QToolButton::toggled, m_sampling, &QWidget::setVisible);
    connect(m_sampling, &SamplingPanel::changed, this, [this] { m_summary->setText(m_sampling->summary()); });
    connect(m_sampling, &SamplingPanel::activationsChosen, this, [this] {
        updateModels();
        emit activationsChosen(m_sampling->activations());
    });
    connect(m_words, &WordBar::firstRequested, this, &ChatPage::showFirstDifference);
    connect(m_words, &WordBar::wayChosen, this, &ChatPage::goOn);
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &ChatPage::stop);
    return bottom;
}

QToolButton* ChatPage::buildMenu() {
    auto* button = new QToolButton(this);
    button->setObjectName(QStringLiteral("chatMore"));
    button->setText(tr("&Last prompt"));
    button->setToolTip(tr("Ask it again, change it, see what the models were given, export the conversation"));
    button->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(button);
    const auto add = [&](const char* name, const QString& text, const QKeySequence& keys, void (ChatPage::*slot)()) {
        QAction* action = menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_again = add("chatAgain", tr("Ask it &again"), QKeySequence(tr("Ctrl+R")), &ChatPage::again);
    m_again->setToolTip(tr("With the settings as they are now; the earlier answers go"));
    m_editLast = add("chatEdit", tr("&Change it"), QKeySequence(tr("Ctrl+Up")), &ChatPage::editLast);
    m_raw = add("chatRaw", tr("What the models were &given…"), {}, &ChatPage::showRawPrompts);
    menu->addSeparator();
    m_export = add("chatExport", tr("&Export the conversation…"), {}, &ChatPage::exportConversation);
    button->setMenu(menu);
    return button;
}

void ChatPage::connectSide(const std::shared_ptr<Side>& side, const QString& title) {
    side->runner = new PaneRunner(m_workbench.jobs(), title, this);
    // A side outlives its runner, and these connections end with the runner.
    Side* s = side.get();
    connect(s->runner, &PaneRunner::factsChanged, this, [this, s] {
        s->pane->setFacts(s->runner->facts());
        updateNotices();
    });
    connect(s->runner, &PaneRunner::loadFailed, this, [s](const QString& text) { s->pane->setProblem(text); });
    connect(s->runner, &PaneRunner::tokensArrived, this,
            [this, s](const std::vector<TokenEvent>& tokens) { takeTokens(*s, tokens); });
    connect(s->runner, &PaneRunner::answered, this, [this, s](const ChatReply& reply) { takeReply(*s, reply); });
    connect(s->runner, &PaneRunner::wordsArrived, this,
            [this, s](const std::vector<TextDiffToken>& words) { takeWords(*s, words); });
    connect(s->runner, &PaneRunner::wasRead, this, [this, s](const ReadAlong& read) { takeRead(*s, read); });
    s->pane->transcript().setWordDescription([this, s](const TextDiffToken& word) { return wordText(*s, word); });
    connect(&s->pane->transcript(), &QTextEdit::cursorPositionChanged, this, &ChatPage::updateWordBar);
    connect(s->runner, &PaneRunner::failed, this, [this, s](const QString& text) { takeFailure(*s, text); });
}

void ChatPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    loadVisible();
}

bool ChatPage::isAnswering() const {
    return std::any_of(m_sides.begin(), m_sides.end(), [](const auto& side) { return side->answering; });
}

// ---- models

void ChatPage::updateModels() {
    const auto source = m_workbench.model();
    const auto made = m_workbench.quantized() ? m_workbench.quantized()->model : nullptr;
    const bool newSource = source != original().runner->model(), newMade = made != quantized().runner->model();
    setModelOf(original(), source, threadsPerPane());
    setModelOf(quantized(), made, threadsPerPane());
    for (const auto& side : m_sides)
        setModelOf(*side, side->runner->model(), threadsPerPane());
    if (newSource || newMade)
        clearConversation(newSource ? tr("Another model was opened: a new conversation starts here.")
                                    : tr("The quantized model changed: a new conversation starts here."));
    const bool untrained =
        source && qtext(source->config().name).contains(QLatin1String("untrained"), Qt::CaseInsensitive);
    m_untrained->setText(untrained
                             ? tr("This demo model is untrained: its weights are random numbers, so both panes will "
                                  "answer with noise. Open a trained model (Ctrl+O) for a real conversation.")
                             : QString());
    updateNotices();
    loadVisible();
}

int ChatPage::threadsPerPane() const {
    const int cpus = m_workbench.workspace().threads > 0 ? m_workbench.workspace().threads : defaultThreads();
    const bool made = m_workbench.quantized() != nullptr;
    const auto models = static_cast<int>(std::count_if(m_sides.begin(), m_sides.end(), [&](const auto& side) {
        return side.get() == &quantized() ? made : !side->path.isEmpty() || m_workbench.model();
    }));
    return std::max(1, cpus / std::max(1, models));
}

void ChatPage::chooseModel() {
    auto* dialog = new QFileDialog(this, tr("Add a model to the chat"), QFileInfo(qtext(original().runner->model()
                                   ? original().runner->model()->path() : std::string())).absolutePath(),
                                   tr("Models (*.gguf *.safetensors config.json);;All files (*)"));
    dialog->setObjectName(QStringLiteral("chatAddDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &ChatPage::addModel);
    dialog->open();
}

void ChatPage::addModel(const QString& path) {
    if (m_sides.size() >= kMaxPanes) {
        emit m_workbench.note(tr("There is room for %1 panes; take one away first.").arg(kMaxPanes));
        return;
    }
    auto side = std::make_shared<Side>();
    side->path = path;
    side->loading = true;
    const QString id = QStringLiteral("model%1").arg(++m_added);
    side->pane = new ChatPane(id, tr("File"), m_panes);
    side->pane->setClosable();
    side->pane->showInvitation(tr("Opening…"), QFileInfo(path).fileName());
    m_panes->insertWidget(m_panes->count() - 2, side->pane); // the quantized one stays last
    m_panes->setSizes(QList<int>(m_panes->count(), 1000));
    connectSide(side, QFileInfo(path).fileName());
    connect(side->pane, &ChatPane::closeRequested, this, [this, weak = std::weak_ptr(side)] {
        if (const auto found = weak.lock())
            removeSide(found);
    });
    m_sides.push_back(side);
    updateButtons();
    m_workbench.jobs().start<std::shared_ptr<const Model>>(
        {tr("Open %1").arg(QFileInfo(path).fileName()), JobLane::Interactive, false}, side->runner,
        [file = path.toStdString(), encodings = m_workbench.workspace().encodings](RunControl&) {
            return loadModel(file, encodings);
        },
        [this, s = side](Result<std::shared_ptr<const Model>> result) {
            if (std::find(m_sides.begin(), m_sides.end(), s) == m_sides.end())
                return; // taken away meanwhile
            s->loading = false;
            s->pane->showTranscript();
            if (result)
                setModelOf(*s, *std::move(result), threadsPerPane());
            else
                s->pane->setProblem(errorText(result.error()));
            updateModels();
        });
}

void ChatPage::removeSide(const std::shared_ptr<Side>& side) {
    const auto at = std::find(m_sides.begin(), m_sides.end(), side);
    if (at == m_sides.end() || side->path.isEmpty())
        return;
    if (side->hashJob)
        m_workbench.jobs().cancel(*side->hashJob);
    side->runner->abandon();
    side->runner->disconnect(this);
    side->runner->deleteLater();
    side->pane->hide();
    side->pane->deleteLater();
    const bool wasAnswering = side->answering;
    m_sides.erase(at);
    updateModels();
    if (wasAnswering && !isAnswering())
        emit turnFinished();
}

bool ChatPage::sameVocabulary(const Side& side) const {
    const auto a = original().runner->model(), b = side.runner->model();
    if (!a || !b || !a->tokenizer() || !b->tokenizer())
        return false;
    if (!side.sameVocabulary) // a hundred thousand words, asked for with every few tokens
        side.sameVocabulary =
            a->tokenizer() == b->tokenizer() || a->tokenizer()->data().tokens == b->tokenizer()->data().tokens;
    return *side.sameVocabulary;
}

void ChatPage::setActivations(ActivationPath path) {
    m_sampling->setActivations(path);
    updateModels();
}

void ChatPage::setModelOf(Side& side, std::shared_ptr<const Model> model, int threads) {
    const bool changed = model != side.runner->model();
    side.runner->setModel(model, threads, m_sampling->activations());
    if (!changed)
        return;
    for (const auto& each : m_sides)
        each->sameVocabulary.reset();
    if (side.hashJob)
        m_workbench.jobs().cancel(*side.hashJob);
    side.hashJob.reset();
    side.hash.clear();
    side.pane->setModel(model.get());
    if (model && !model->tokenizer())
        side.pane->setProblem(tr("This model cannot chat: it has no tokenizer. %1").arg(qtext(model->tokenizerNote())));
}

void ChatPage::loadVisible() {
    if (!isVisible())
        return;
    for (const auto& entry : m_sides) {
        Side& side = *entry;
        if (!side.runner->model())
            continue;
        if (side.runner->model()->tokenizer())
            side.runner->load();
        startHash(entry);
    }
}

void ChatPage::startHash(const std::shared_ptr<Side>& entry) {
    Side& side = *entry;
    if (!side.hash.isEmpty() || side.hashJob)
        return;
    if (&side == &original() && !m_workbench.modelHash().isEmpty()) {
        side.hash = m_workbench.modelHash();
        side.pane->setHash(side.hash);
        return;
    }
    const Model* asked = side.runner->model().get();
    // Holds the side: its runner, which guards this call, lives on for a moment after the pane was taken away.
    side.hashJob = m_workbench.jobs().start<std::string>(
        {tr("Fingerprint of the %1 model").arg(side.pane->id()), JobLane::Compute, true}, side.runner,
        [model = side.runner->model()](RunControl& control) { return weightsHash(*model, control); },
        [s = entry, asked](Result<std::string> result) {
            if (s->runner->model().get() != asked)
                return;
            s->hashJob.reset();
            if (!result)
                return;
            s->hash = qtext(*result);
            s->pane->setHash(s->hash);
        });
}

void ChatPage::updateNotices() {
    const auto made = m_workbench.quantized();
    const QString expectation = distinctLines(made ? made->expectations : m_workbench.plan().expectations);
    m_expectation->setText(expectation.isEmpty() ? QString() : tr("Quantized model: %1").arg(expectation));
    for (const auto& entry : m_sides) {
        Side& side = *entry;
        QStringList notes;
        if (&side == &quantized() && made && !m_workbench.quantizedIsCurrent())
            notes << tr("The recipe has changed since this model was made. Quantize again to hear the present one.");
        if (side.runner->facts() && !side.runner->facts()->templateNote.isEmpty())
            notes << side.runner->facts()->templateNote;
        side.pane->setNotice(notes.join(QLatin1Char('\n')));
    }
    updateInvitations();
    updateButtons();
}

void ChatPage::updateInvitations() {
    if (m_workbench.model())
        original().pane->showTranscript();
    else
        original().pane->showInvitation(tr("No model is open"), tr("Open a model to talk to it."));
    const bool ready = m_workbench.changesAnything() && !m_workbench.plan().refused;
    m_quantize->setEnabled(ready && !m_workbench.isBusy());
    m_quantize->setVisible(m_workbench.model() != nullptr);
    if (m_workbench.quantized())
        quantized().pane->showTranscript();
    else if (!m_workbench.model())
        quantized().pane->showInvitation(tr("No model is open"), {});
    else
        quantized().pane->showInvitation(
            tr("No quantized model yet"),
            m_workbench.isQuantizing() ? tr("It is being made; it appears here when it is done.")
            : m_workbench.plan().refused
                ? tr("The recipe asks for something that is not possible; the Tensors view says what.")
            : ready ? tr("Press Quantize to make it from your recipe. Prompts go to the original until then.")
                    : tr("Choose a method and an encoding for some layers in the Tensors view, then press Quantize. "
                         "Prompts go to the original until then."));
}

void ChatPage::updateButtons() {
    const bool canChat = original().runner->model() && original().runner->model()->tokenizer();
    m_prompt->setEnabled(canChat);
    m_prompt->setPlaceholderText(canChat ? tr("Ask every pane the same. Enter sends, Shift + Enter starts a new line.")
                                         : tr("Open a model with a tokenizer to chat."));
    m_send->setEnabled(canChat && !isAnswering() && !m_prompt->toPlainText().trimmed().isEmpty());
    m_stop->setEnabled(isAnswering());
    const bool anything =
        std::any_of(m_sides.begin(), m_sides.end(), [](const auto& s) { return !s->messages.empty(); });
    m_new->setEnabled(anything);
    m_again->setEnabled(canTakeBack());
    m_editLast->setEnabled(canTakeBack());
    m_raw->setEnabled(std::any_of(m_sides.begin(), m_sides.end(), [](const auto& s) { return s->given.has_value(); }));
    m_export->setEnabled(!m_keeper->path().isEmpty());
    m_earlier->setEnabled(canChat && !isAnswering());
    m_add->setEnabled(m_workbench.model() && m_sides.size() < kMaxPanes);
    m_sampling->setActivationsEnabled(!isAnswering());
    updateWordBar();
}

void ChatPage::suggest(const QString& prompt) {
    const bool begun = std::any_of(m_sides.begin(), m_sides.end(), [](const auto& s) { return !s->messages.empty(); });
    if (!begun && m_prompt->toPlainText().isEmpty())
        m_prompt->setPlainText(prompt);
}

// ---- a turn

void ChatPage::send() {
    const QString text = m_prompt->toPlainText();
    if (isAnswering() || text.trimmed().isEmpty() || !m_prompt->isEnabled())
        return;
    m_options = m_sampling->options();
    m_lockStep = m_sameWords->isChecked();
    const QString system = m_sampling->systemPrompt();
    Sides sides;
    for (const auto& side : m_sides) {
        side->tookPart = side->runner->model() && side->runner->model()->tokenizer();
        if (side->tookPart)
            sides.push_back(side);
    }
    const auto& model = *original().runner->model();
    m_keeper->setHead(Json::object({{"model", model.config().name}, {"model_path", model.path()}}));
    if (system != m_system)
        m_keeper->append(Json::object({{"event", "system"}, {"text", system.toStdString()}}));
    m_system = system;
    m_prompt->clear();
    startTurn(text, sides, {});
}

void ChatPage::startTurn(const QString& text, const Sides& sides, const std::vector<TokenId>& forced) {
    const std::string prompt = text.toStdString();
    Json panes = Json::array();
    std::vector<std::shared_ptr<WordFeed>> feeds;
    for (const auto& side : sides) {
        panes.push(side->pane->id().toStdString());
        side->reads = m_lockStep && side != m_sides.front() && sameVocabulary(*side);
        if (side->reads)
            feeds.push_back(std::make_shared<WordFeed>());
    }
    Json event =
        Json::object({{"event", "user"}, {"text", prompt}, {"panes", panes}, {"sampling", samplingToJson(m_options)}});
    if (!forced.empty())
        event.set("forced_tokens", forced.size());
    m_keeper->append(event);
    showDifference({});
    std::size_t feed = 0;
    for (const auto& entry : sides) {
        Side& side = *entry;
        side.tookPart = true;
        side.messages.push_back({"user", prompt});
        side.ids.clear();
        side.words.clear();
        side.read.reset();
        side.streamed.clear();
        side.given.reset();
        side.ended = false;
        side.answering = true;
        side.options = m_options;
        if (!m_lockStep || &side == &original())
            side.options.forced = forced;
        side.pane->transcript().addUser(text);
        side.pane->transcript().beginAnswer(side.reads ? tr("Would have said, given the original's words") : QString());
        side.pane->setStatus(tr("reading the prompt…"));
        if (side.reads) {
            side.runner->readAlong(feeds[feed++]);
            continue;
        }
        std::vector<ChatMessage> messages = side.messages;
        if (!m_system.trimmed().isEmpty())
            messages.insert(messages.begin(), {"system", m_system.toStdString()});
        side.runner->ask(std::move(messages), side.options, &side == &original() ? feeds : std::vector<std::shared_ptr<WordFeed>>());
    }
    m_words->setCompared(reader() != nullptr);
    updateButtons();
}

void ChatPage::stop() {
    for (const auto& side : m_sides)
        side->runner->stop();
}

void ChatPage::takeTokens(Side& side, const std::vector<TokenEvent>& tokens) {
    QStringList texts;
    QString text;
    for (const TokenEvent& token : tokens) {
        side.ids.push_back(token.id);
        texts << qtext(token.text);
        text += texts.back();
    }
    side.streamed += text;
    side.pane->transcript().addTokens(texts);
    side.pane->setStatus(tr("writing… %1").arg(tokensText(side.ids.size())));
    m_keeper->append(
        Json::object({{"event", "text"}, {"pane", side.pane->id().toStdString()}, {"text", text.toStdString()}}));
    markDifference();
}

void ChatPage::takeReply(Side& side, const ChatReply& reply) {
    const GenerateResult& made = reply.generated;
    const QString whole = qtext(made.text);
    if (whole.size() > side.streamed.size()) // bytes of a character that was never completed
        side.pane->transcript().addTokens({whole.mid(side.streamed.size())});
    side.ended = made.stopReason == "end";
    side.messages.push_back({"assistant", made.text});
    side.given = reply.prompt;
    // Its speed is that of everybody together then.
    side.pane->transcript().endAnswer(
        replySummary(reply) + (&side == &original() && reader() ? tr(" · while others read along") : QString()));
    if (!reply.prompt.note.empty() && side.runner->facts() && side.runner->facts()->templateNote.isEmpty())
        side.pane->transcript().addNote(qtext(reply.prompt.note));
    m_keeper->append(Json::object({{"event", "answer"},
                                   {"pane", side.pane->id().toStdString()},
                                   {"text", made.text},
                                   {"stop", made.stopReason},
                                   {"tokens", made.ids.size()},
                                   {"decode_tps", made.decodeTps},
                                   {"first_token_seconds", made.firstTokenSeconds},
                                   {"weights", side.hash.toStdString()},
                                   {"path", side.runner->facts() ? side.runner->facts()->path.toStdString() : ""}}));
    if (const auto command = repeatingCommand(*side.runner->model(), reply, side.options, m_sampling->activations()))
        emit m_workbench.commandRun(qtext(commandLine(*command)));
    recordReply(side, reply);
    finishSide(side);
}

void ChatPage::recordReply(const Side& side, const ChatReply& reply) {
    const std::shared_ptr<const Model>& model = side.runner->model();
    Json args = Json::object();
    if (&side == &quantized())
        args.set("quantized", true);
    else
        args.set("model", side.path.isEmpty() ? model->path() : side.path.toStdString());
    const auto& facts = side.runner->facts();
    if (facts)
        args.set("ctx", facts->contextLength);
    DoneRun done{{}, model, side.hash.toStdString(), reply.generated.prefillSeconds + reply.generated.decodeSeconds};
    const auto finish = [args, reply, options = side.options, activations = m_sampling->activations(),
                         threads = facts ? facts->threads : 0,
                         path = facts ? facts->path.toStdString() : std::string()](DoneRun& run) -> Result<Json> {
        run.command = generateCommand(args, *run.model->tokenizer(), reply.prompt.text, reply.prompt.ids, options, activations);
        if (reply.generated.stopReason == "cancelled")
            return cancelledError();
        return generatedToJson(reply.generated, threads, path);
    };
    m_workbench.record(std::move(done), finish);
}

void ChatPage::takeFailure(Side& side, const QString& text) {
    if (!side.answering)
        return;
    if (!side.messages.empty() && side.messages.back().role == "user")
        side.messages.pop_back();
    side.pane->transcript().endAnswer(text);
    m_keeper->append(
        Json::object({{"event", "failed"}, {"pane", side.pane->id().toStdString()}, {"text", text.toStdString()}}));
    finishSide(side);
}

void ChatPage::finishSide(Side& side) {
    side.answering = false;
    side.pane->setStatus({});
    if (!isAnswering())
        settleReaders();
    markDifference();
    updateButtons();
    if (!isAnswering())
        emit turnFinished();
}

void ChatPage::showDifference(const QString& text) { m_words->setDifference(text); }

void ChatPage::markDifference() {
    if (m_lockStep)
        return updateWordBar();
    // With sampling, answers part by chance as well; only greedy ones compare the weights.
    if (m_options.sampler.temperature > 0 || !original().tookPart)
        return;
    QStringList parts;
    std::optional<std::size_t> earliest;
    int compared = 0, same = 0;
    for (const auto& entry : m_sides) {
        Side& side = *entry;
        if (&side == &original() || !side.tookPart || !sameVocabulary(side))
            continue;
        ++compared;
        const auto first = firstDifference(original().ids, original().ended, side.ids, side.ended);
        if (first) {
            side.pane->transcript().markFrom(*first);
            earliest = earliest ? std::min(*earliest, *first) : *first;
            parts << tr("%1: %2").arg(side.pane->name(), tokensText(*first));
        } else if (!isAnswering() && !original().ids.empty()) {
            ++same;
            parts << tr("%1: all").arg(side.pane->name());
        }
    }
    if (earliest)
        original().pane->transcript().markFrom(*earliest);
    if (compared == 1 && earliest)
        showDifference(*earliest == 0   ? tr("The answers differ from the first token on")
                       : *earliest == 1 ? tr("The first token is the same, then the answers part")
                                        : tr("The first %1 tokens are the same, then the answers part").arg(*earliest));
    else if (compared > 0 && same == compared)
        showDifference(tr("The answers are the same"));
    else if (earliest)
        showDifference(tr("The same as the original so far: %1").arg(parts.join(QStringLiteral(" · "))));
}

} // namespace trilobit
