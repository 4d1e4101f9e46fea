#include "widgets/pages/compare/comparepage.h"

#include "widgets/common/factstrip.h"
#include "widgets/common/format.h"
#include "widgets/common/kllegend.h"
#include "widgets/common/theme.h"
#include "widgets/common/tokentext.h"
#include "widgets/common/workbench.h"
#include "widgets/pages/compare/candidatemodel.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopeGuard>
#include <QSpinBox>
#include <QTableView>
#include <QTextEdit>
#include <QThreadPool>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace trilobit {

namespace {

constexpr int kPollMs = 50;
enum Mode { Read, Continue };

} // namespace

struct ComparePage::Engines {
    std::mutex mutex;
    std::shared_ptr<const Model> modelA, modelB;
    std::shared_ptr<const Engine> a, b;

    Result<void> make(int threads, RunControl& control) {
        EngineOptions options;
        options.threads = threads;
        if (!a) {
            TRILOBIT_TRY(a, Engine::create(modelA, options, control));
        }
        if (!b) {
            TRILOBIT_TRY(b, Engine::create(modelB, options, control));
        }
        return {};
    }
};

ComparePage::ComparePage(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
    setObjectName(QStringLiteral("comparePage"));
    build();
    m_poll = new QTimer(this);
    m_poll->setInterval(kPollMs);
    connect(m_poll, &QTimer::timeout, this, &ComparePage::takeArrived);
    connect(m_run, &QPushButton::clicked, this, &ComparePage::run);
    connect(m_stop, &QPushButton::clicked, this, &ComparePage::stop);
    connect(m_first, &QPushButton::clicked, this, &ComparePage::showFirstDivergence);
    connect(m_largest, &QPushButton::clicked, this, &ComparePage::showLargest);
    connect(m_fork, &QPushButton::clicked, this, &ComparePage::continueFromOther);
    connect(m_mode, &QComboBox::currentIndexChanged, this, &ComparePage::showState);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ComparePage::showState);
    connect(m_view, &QTextEdit::cursorPositionChanged, this, &ComparePage::caretMoved);
    connect(&workbench, &Workbench::modelChanged, this, &ComparePage::updateModels);
    connect(&workbench, &Workbench::quantizedChanged, this, &ComparePage::updateModels);
    showCurrent();
    showState();
}

ComparePage::~ComparePage() {
    if (m_job)
        m_workbench.jobs().cancel(*m_job);
}

void ComparePage::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(6);
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(QStringLiteral("compareText"));
    m_text->setAccessibleName(tr("Text that both models read"));
    m_text->setPlaceholderText(tr("A text that both models read: a paragraph, a prompt, an answer you want to check."));
    m_text->setTabChangesFocus(true);
    m_text->setPlainText(QStringLiteral("Once upon a time there was a small stone that lay beside a river."));
    m_text->setFixedHeight(fontMetrics().lineSpacing() * 4 + 14);
    layout->addWidget(m_text);

    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    m_mode = new QComboBox(this);
    m_mode->setObjectName(QStringLiteral("compareMode"));
    m_mode->setAccessibleName(tr("Way to compare"));
    m_mode->addItem(tr("Read this text"));
    m_mode->addItem(tr("Go on in lock step"));
    m_mode->setToolTip(
        tr("Read: both predict every token of the text.\nLock step: both then follow the original's own choices."));
    m_count = new QSpinBox(this);
    m_count->setObjectName(QStringLiteral("compareCount"));
    m_count->setAccessibleName(tr("Tokens to write"));
    m_count->setRange(1, 2000);
    m_count->setValue(40);
    m_count->setSuffix(tr(" tokens"));
    m_run = new QPushButton(tr("&Compare"), this);
    m_run->setObjectName(QStringLiteral("compareRun"));
    makePrimary(m_run);
    m_stop = new QPushButton(tr("S&top"), this);
    m_stop->setObjectName(QStringLiteral("compareStop"));
    m_state = new QLabel(this);
    m_state->setObjectName(QStringLiteral("compareState"));
    m_state->setProperty("role", "muted");
    m_state->setWordWrap(true);
    bar->addWidget(m_mode);
    bar->addWidget(m_count);
    bar->addWidget(m_run);
    bar->addWidget(m_stop);
    bar->addWidget(m_state, 1);
    layout->addLayout(bar);

    m_facts = new FactStrip(this);
    m_facts->setObjectName(QStringLiteral("compareFacts"));
    m_facts->addFact("kl", tr("mean KL"),
                     tr("How much the quantized model's predictions differ from the original's, in nats per token. "
                        "0: the same; 0.01: hardly to be noticed; above 0.5: another text."));
    m_facts->addFact("agreement", tr("same best token"), tr("Share of places where both would say the same next."));
    m_facts->addFact("ppla", tr("perplexity, original"),
                     tr("How surprised the model is by the text; lower is better."));
    m_facts->addFact("pplb", tr("quantized"), tr("How surprised the quantized model is by the same text."));
    m_facts->addFact("first", tr("first divergence"), tr("The first token before which the best candidates differ."));
    layout->addWidget(m_facts);

    m_view = new QTextEdit(this);
    m_view->setObjectName(QStringLiteral("compareView"));
    m_view->setAccessibleName(tr("Tokens, coloured by divergence"));
    m_view->setReadOnly(true);
    m_view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_view->setUndoRedoEnabled(false);
    layout->addWidget(m_view, 3);

    auto* tools = new QHBoxLayout;
    tools->setSpacing(8);
    m_first = new QPushButton(tr("&First divergence"), this);
    m_first->setObjectName(QStringLiteral("compareFirst"));
    m_largest = new QPushButton(tr("&Largest KL"), this);
    m_largest->setObjectName(QStringLiteral("compareLargest"));
    m_fork = new QPushButton(tr("&Go on from the other's token"), this);
    m_fork->setObjectName(QStringLiteral("compareFork"));
    m_fork->setToolTip(
        tr("Takes the text up to here, puts what the quantized model would have said, and goes on in lock step."));
    auto* underline = new QLabel(tr("underlined: the best tokens differ"), this);
    underline->setProperty("role", "muted");
    underline->setMinimumWidth(60);
    auto* scale = new QHBoxLayout;
    scale->setSpacing(12);
    scale->addWidget(new KlLegend(this));
    scale->addWidget(underline, 1);
    tools->addWidget(m_first);
    tools->addWidget(m_largest);
    tools->addWidget(m_fork);
    tools->addStretch(1);
    layout->addLayout(scale);
    layout->addLayout(tools);

    m_detail = new QLabel(this);
    m_detail->setObjectName(QStringLiteral("compareDetail"));
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setWordWrap(true);
    layout->addWidget(m_detail);
    m_modelA = new CandidateModel(this);
    m_modelB = new CandidateModel(this);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(3);
    const auto table = [&](const char* name, const QString& title, QAbstractItemModel* model, int column) {
        auto* head = new QLabel(title, this);
        head->setProperty("role", "muted");
        auto* view = new QTableView(this);
        view->setObjectName(QLatin1String(name));
        view->setAccessibleName(tr("Best candidates: %1").arg(title));
        view->setModel(model);
        view->setShowGrid(false);
        view->setTabKeyNavigation(false);
        view->setAlternatingRowColors(true);
        view->setSelectionBehavior(QAbstractItemView::SelectRows);
        view->verticalHeader()->hide();
        view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
        view->horizontalHeader()->hide();
        view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
        view->setFixedHeight(5 * (fontMetrics().height() + 6) + 4);
        grid->addWidget(head, 0, column);
        grid->addWidget(view, 1, column);
        return view;
    };
    m_tableA = table("compareCandidatesA", tr("The original would say"), m_modelA, 0);
    m_tableB = table("compareCandidatesB", tr("The quantized model would say"), m_modelB, 1);
    layout->addLayout(grid);
}

std::shared_ptr<const Model> ComparePage::other() const {
    const auto quantized = m_workbench.quantized();
    return quantized ? quantized->model : nullptr;
}

void ComparePage::updateModels() {
    const auto a = m_workbench.model(), b = other();
    if (a == m_shownModel && b == m_shownOther.lock())
        return showState();
    // What is on the screen was said by other models.
    stop();
    ++m_question;
    m_job.reset();
    m_poll->stop();
    m_arrived.reset();
    if (m_engines) // large, so not freed in this thread; made again when asked for
        QThreadPool::globalInstance()->start([engines = std::exchange(m_engines, {})]() mutable { engines.reset(); });
    m_shownModel = a;
    m_shownOther = b;
    m_tokens.clear();
    m_result.reset();
    m_problem.clear();
    m_current = -1;
    rebuildText();
    showState();
}

void ComparePage::run() {
    const auto a = m_workbench.model(), b = other();
    if (m_job || !a || !b || !a->tokenizer())
        return;
    m_problem.clear();
    m_tokens.clear();
    m_result.reset();
    m_current = -1;
    m_shownModel = a;
    m_shownOther = b;
    rebuildText();
    if (!m_engines || m_engines->modelA != a || m_engines->modelB != b) {
        m_engines = std::make_shared<Engines>();
        m_engines->modelA = a;
        m_engines->modelB = b;
    }
    m_arrived = std::make_shared<Arrived>();
    const quint64 question = ++m_question;
    const auto took = std::make_shared<double>(0);
    const std::int64_t count = m_mode->currentIndex() == Continue ? m_count->value() : 0;
    m_job = m_workbench.jobs().start<TextDiff>(
        {tr("Compare token by token"), JobLane::Compute, false}, this,
        [engines = m_engines, arrived = m_arrived, text = m_text->toPlainText().toStdString(), count, took,
         threads = m_workbench.workspace().threads](RunControl& control) -> Result<TextDiff> {
            const std::scoped_lock lock(engines->mutex);
            TRILOBIT_CHECK(engines->make(threads, control));
            QElapsedTimer clock;
            clock.start();
            const auto measured = qScopeGuard([&] { *took = static_cast<double>(clock.elapsed()) / 1000; });
            const std::vector<TokenId> ids = engines->modelA->tokenizer()->encode(text, {true, true});
            const auto onToken = [&](const TextDiffToken& token) {
                const std::scoped_lock guard(arrived->mutex);
                arrived->tokens.push_back(token);
            };
            return count > 0 ? diffContinuation(*engines->a, *engines->b, ids, count, control, onToken)
                             : diffText(*engines->a, *engines->b, ids, control, onToken);
        },
        [this, question, took, b, text = m_text->toPlainText(), count](Result<TextDiff> result) {
            record(b, text, count, *took, result);
            if (question != m_question)
                return;
            m_job.reset();
            m_poll->stop();
            takeArrived();
            if (result) {
                m_result = *std::move(result);
                if (m_result->firstDivergence >= 0)
                    showFirstDivergence();
                else if (!m_tokens.empty())
                    setCurrentToken(static_cast<int>(m_tokens.size()) - 1);
            } else if (result.error().code != ErrorCode::Cancelled) {
                m_problem = errorText(result.error());
            }
            showState();
            emit finished();
        });
    m_poll->start();
    showState();
}

void ComparePage::record(const std::shared_ptr<const Model>& quantized, const QString& text, std::int64_t count, double seconds,
                         const Result<TextDiff>& result) {
    Command command{"diff", Json::object({{"prompt", text.toStdString()}})};
    if (count > 0)
        command.args.set("n", count);
    m_workbench.record({command, quantized, {}, seconds}, [result](DoneRun&) -> Result<Json> {
        if (!result)
            return result.error();
        return diffToJson(*result);
    });
}

void ComparePage::stop() {
    if (m_job)
        m_workbench.jobs().cancel(*m_job);
}

void ComparePage::takeArrived() {
    if (!m_arrived)
        return;
    std::vector<TextDiffToken> tokens;
    {
        const std::scoped_lock lock(m_arrived->mutex);
        tokens.swap(m_arrived->tokens);
    }
    const std::size_t from = m_tokens.size();
    m_tokens.insert(m_tokens.end(), tokens.begin(), tokens.end());
    appendTokens(from);
}

void ComparePage::rebuildText() {
    const QSignalBlocker block(m_view);
    m_view->clear();
    m_positions.clear();
    appendTokens(0);
}

void ComparePage::appendTokens(std::size_t from) {
    const QSignalBlocker block(m_view);
    const ThemeColors theme = themeColors(palette());
    QTextCursor cursor(m_view->document());
    cursor.movePosition(QTextCursor::End);
    cursor.beginEditBlock();
    for (std::size_t i = from; i < m_tokens.size(); ++i) {
        const TextDiffToken& token = m_tokens[i];
        QTextCharFormat format;
        format.setForeground(theme.text);
        format.setBackground(klColor(token.kl, theme));
        if (!token.agree()) {
            format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
            format.setUnderlineColor(theme.bad);
        }
        const auto best = [&](const std::vector<CompareCandidate>& top) {
            if (top.empty())
                return QString();
            const auto& tokenizer = m_shownModel->tokenizer();
            return tr("%1 (%2 %)")
                .arg(visibleToken(*tokenizer, top.front().id))
                .arg(100 * top.front().probability, 0, 'f', 1);
        };
        if (!token.topA.empty())
            format.setToolTip(
                tr("KL %1\noriginal: %2\nquantized: %3").arg(numberText(token.kl), best(token.topA), best(token.topB)));
        m_positions.push_back(cursor.position());
        cursor.insertText(qtext(token.text), format);
    }
    cursor.endEditBlock();
}

void ComparePage::caretMoved() {
    const int position = m_view->textCursor().position();
    const auto after = std::upper_bound(m_positions.begin(), m_positions.end(), position);
    if (after == m_positions.begin())
        return;
    m_current = static_cast<int>(after - m_positions.begin()) - 1;
    showCurrent();
}

void ComparePage::setCurrentToken(int token) {
    if (token < 0 || static_cast<std::size_t>(token) >= m_tokens.size())
        return;
    m_current = token;
    {
        const QSignalBlocker block(m_view);
        QTextCursor cursor(m_view->document());
        const auto at = static_cast<std::size_t>(token);
        const int end = at + 1 < m_positions.size() ? m_positions[at + 1] : m_view->document()->characterCount() - 1;
        cursor.setPosition(end);
        cursor.setPosition(m_positions[at], QTextCursor::KeepAnchor);
        m_view->setTextCursor(cursor);
        m_view->ensureCursorVisible();
    }
    showCurrent();
}

void ComparePage::showCurrent() {
    const bool any = m_current >= 0 && static_cast<std::size_t>(m_current) < m_tokens.size();
    m_fork->setEnabled(any && !m_job && !m_tokens[static_cast<std::size_t>(m_current)].topB.empty());
    if (!any) {
        m_modelA->setCandidates({}, {}, kNoToken);
        m_modelB->setCandidates({}, {}, kNoToken);
        m_detail->setText(tr("Move the caret to a token to see what each model would have said there."));
        return;
    }
    const TextDiffToken& token = m_tokens[static_cast<std::size_t>(m_current)];
    const auto texts = [this](const std::vector<CompareCandidate>& top) {
        QStringList out;
        for (const CompareCandidate& candidate : top)
            out << visibleToken(*m_shownModel->tokenizer(), candidate.id);
        return out;
    };
    m_modelA->setCandidates(token.topA, texts(token.topA), token.id);
    m_modelB->setCandidates(token.topB, texts(token.topB), token.id);
    m_detail->setText(
        token.topA.empty()
            ? tr("Token %1, %2: the first one, nothing predicts it.").arg(m_current).arg(visibleText(token.text))
            : tr("Token %1, %2: KL %3 nats · the original gives it %4 %, the quantized model %5 %")
                  .arg(m_current)
                  .arg(visibleText(token.text), numberText(token.kl))
                  .arg(percentText(token.probabilityA), percentText(token.probabilityB)));
}

void ComparePage::showFirstDivergence() {
    for (std::size_t i = 0; i < m_tokens.size(); ++i)
        if (!m_tokens[i].agree())
            return setCurrentToken(static_cast<int>(i));
}

void ComparePage::showLargest() {
    const auto largest = std::max_element(m_tokens.begin(), m_tokens.end(),
                                          [](const TextDiffToken& a, const TextDiffToken& b) { return a.kl < b.kl; });
    if (largest != m_tokens.end())
        setCurrentToken(static_cast<int>(largest - m_tokens.begin()));
}

QString ComparePage::promptText(std::size_t count) const {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) // without control tokens: they are added again when the text is encoded
        text += m_shownModel->tokenizer()->pieceBytes(m_tokens[i].id, false);
    if (text.starts_with(' '))
        text.erase(0, 1); // so is the space that some vocabularies put in front
    return qtext(text);
}

void ComparePage::continueFromOther() {
    if (m_job || m_current < 1 || static_cast<std::size_t>(m_current) >= m_tokens.size())
        return;
    const TextDiffToken& token = m_tokens[static_cast<std::size_t>(m_current)];
    if (token.topB.empty())
        return;
    m_text->setPlainText(promptText(static_cast<std::size_t>(m_current))
                         + qtext(m_shownModel->tokenizer()->pieceBytes(token.topB.front().id, false)));
    m_mode->setCurrentIndex(Continue);
    run();
}

void ComparePage::showState() {
    const auto model = m_workbench.model();
    const bool pair = model && model->tokenizer() && other();
    m_run->setEnabled(pair && !m_job && !m_text->toPlainText().trimmed().isEmpty());
    m_stop->setEnabled(m_job.has_value());
    m_count->setEnabled(m_mode->currentIndex() == Continue);
    m_first->setEnabled(m_result && m_result->firstDivergence >= 0);
    m_largest->setEnabled(!m_tokens.empty());
    m_state->setText(!m_problem.isEmpty()  ? m_problem
                     : m_job               ? tr("comparing…")
                     : !model              ? tr("Open a model first.")
                     : !model->tokenizer() ? tr("This model has no tokenizer.")
                     : !other()            ? tr("Quantize it first: there is nothing to compare with yet.")
                     : !m_workbench.quantizedIsCurrent() ? tr("The recipe changed since quantizing.")
                                                         : QString());
    for (const char* key : {"kl", "agreement", "ppla", "pplb", "first"})
        m_facts->setValue(QLatin1String(key), {});
    if (m_result) {
        m_facts->setValue("kl", tr("%1 nats").arg(numberText(m_result->meanKl)));
        m_facts->setValue("agreement", tr("%1 %").arg(100 * m_result->agreement, 0, 'f', 1));
        m_facts->setValue("ppla", numberText(m_result->pplA));
        m_facts->setValue("pplb", numberText(m_result->pplB));
        m_facts->setValue("first",
                          m_result->firstDivergence < 0 ? tr("none") : tr("token %1").arg(m_result->firstDivergence));
    }
    m_facts->setVisible(m_result.has_value());
    showCurrent();
}

void ComparePage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_view) {
        const int current = m_current;
        rebuildText();
        if (current >= 0)
            setCurrentToken(current);
    }
}

} // namespace trilobit
