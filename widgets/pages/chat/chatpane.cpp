#include "widgets/pages/chat/chatpane.h"

#include "widgets/common/emptystate.h"
#include "widgets/common/factstrip.h"
#include "widgets/common/format.h"
#include "widgets/pages/chat/banner.h"
#include "widgets/pages/chat/transcript.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <map>

namespace trilobit {

namespace {
constexpr int kShortHash = 12;
constexpr std::size_t kShownEncodings = 3, kAllEncodings = 1000;
} // namespace

QString encodingSummary(const Model& model, std::size_t limit) {
    std::map<std::string, std::uint64_t> counts;
    std::uint64_t total = 0;
    for (const Tensor& tensor : model.tensors()) {
        counts[tensor.encoding->info().id] += static_cast<std::uint64_t>(tensor.count());
        total += static_cast<std::uint64_t>(tensor.count());
    }
    std::vector<std::pair<std::uint64_t, std::string>> order;
    for (const auto& [id, count] : counts)
        order.emplace_back(count, id);
    std::sort(order.rbegin(), order.rend());
    QStringList parts;
    for (std::size_t i = 0; i < order.size() && i < limit; ++i) {
        const double percent =
            100.0 * static_cast<double>(order[i].first) / static_cast<double>(std::max<std::uint64_t>(total, 1));
        parts << qtext(order[i].second)
                     + (order.size() == 1 ? QString()
                        : percent < 1     ? QStringLiteral(" < 1 %")
                                          : QStringLiteral(" %1 %").arg(std::lround(percent)));
    }
    if (order.size() > limit)
        parts << QStringLiteral("…");
    return parts.join(QStringLiteral(", "));
}

ChatPane::ChatPane(const QString& id, const QString& title, QWidget* parent)
    : QFrame(parent), m_id(id), m_title(new QLabel(this)), m_close(new QToolButton(this)), m_facts(new FactStrip(this)),
      m_notice(new Banner(Banner::Kind::Info, this)), m_problem(new Banner(Banner::Kind::Problem, this)),
      m_transcript(new Transcript(this)), m_invitation(new EmptyState({}, {}, this)), m_stack(new QStackedLayout),
      m_status(new QLabel(this)), m_name(title) {
    setObjectName(id + QStringLiteral("Pane"));
    setProperty("role", "card");
    setMinimumWidth(220);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(6);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setProperty("role", "section");
    m_title->setMinimumWidth(80);
    m_title->setObjectName(id + QStringLiteral("Title"));
    m_facts->setObjectName(id + QStringLiteral("Facts"));
    m_facts->addFact("encodings", tr("encodings"), tr("How the weights are stored, by share of the weights."));
    m_facts->addFact("bits", tr("bits/weight"), tr("Bytes of all tensors × 8 / number of weights."));
    m_facts->addFact("memory", tr("memory"), {});
    m_facts->addFact("path", tr("path"), {});
    m_facts->addFact("hash", tr("weights"), {});
    m_notice->setObjectName(id + QStringLiteral("Notice"));
    m_problem->setObjectName(id + QStringLiteral("Problem"));
    m_transcript->setObjectName(id + QStringLiteral("Transcript"));
    m_transcript->setAccessibleName(tr("Conversation with the %1 model").arg(title.toLower()));
    m_invitation->setObjectName(id + QStringLiteral("Invitation"));
    m_status->setObjectName(id + QStringLiteral("Status"));
    m_status->setProperty("role", "muted");
    m_stack->addWidget(m_transcript);
    m_stack->addWidget(m_invitation);
    m_close->setObjectName(id + QStringLiteral("Close"));
    m_close->setText(QStringLiteral("✕"));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Takes this pane away; the model's file stays."));
    m_close->setAccessibleName(tr("Take the pane %1 away").arg(title));
    m_close->hide();
    connect(m_close, &QToolButton::clicked, this, &ChatPane::closeRequested);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_close);
    layout->addLayout(head);
    layout->addWidget(m_facts);
    layout->addWidget(m_notice);
    layout->addWidget(m_problem);
    layout->addLayout(m_stack, 1);
    layout->addWidget(m_status);
    m_status->hide();
    setModel(nullptr);
}

void ChatPane::setModel(const Model* model) {
    m_titleText = model ? tr("%1: %2").arg(m_name, qtext(model->config().name)) : m_name;
    m_title->setToolTip(model ? m_titleText + QLatin1Char('\n') + qtext(model->path()) : QString());
    m_title->setAccessibleName(m_titleText);
    showTitle();
    m_facts->setValue(
        "encodings", model ? encodingSummary(*model, kShownEncodings) : QString(),
        model
            ? tr("How the weights are stored, by share of the weights: %1").arg(encodingSummary(*model, kAllEncodings))
            : QString());
    m_facts->setValue("bits", model ? bitsText(model->bitsPerWeight()) : QString());
    m_weightBytes = model ? model->tensorBytes() : 0;
    m_facts->setValue("memory", model ? bytesText(m_weightBytes) : QString(),
                      tr("The weights; the engine is not made yet."));
    m_facts->setValue("path", {});
    m_facts->setValue("hash", {});
    setProblem({});
}

void ChatPane::setClosable() { m_close->show(); }

void ChatPane::showTitle() {
    m_title->ensurePolished(); // the style makes it bold
    m_title->setText(m_title->fontMetrics().elidedText(m_titleText, Qt::ElideRight, m_title->width()));
}

void ChatPane::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    layout()->activate(); // the title's width is the new one
    showTitle();
}

void ChatPane::setFacts(const std::optional<PaneFacts>& facts) {
    if (!facts) {
        m_facts->setValue("path", {});
        return;
    }
    m_facts->setValue(
        "path", facts->fast ? tr("fast: %1").arg(facts->path) : tr("exact: %1").arg(facts->path),
        tr("What the matrix products see as activations: %1. Settings, Arithmetic changes it. %2 threads, context of %3 "
           "tokens.\n\nKernels:\n%4")
            .arg(facts->path)
            .arg(facts->threads)
            .arg(facts->contextLength)
            .arg(facts->kernels));
    m_facts->setValue("memory", bytesText(facts->weights.mapped + facts->weights.owned + facts->cacheBytes),
                      tr("%1 weights in the file, %2 held by the engine, %3 KV cache for %4 tokens")
                          .arg(bytesText(facts->weights.mapped), bytesText(facts->weights.owned), bytesText(facts->cacheBytes))
                          .arg(facts->contextLength));
}

void ChatPane::setHash(const QString& hash) {
    m_facts->setValue("hash", hash.left(kShortHash),
                      tr("SHA-256 over all tensors and the configuration of what runs in this pane:\n%1").arg(hash));
}

void ChatPane::setNotice(const QString& text) { m_notice->setText(text); }
void ChatPane::setProblem(const QString& text) { m_problem->setText(text); }
QString ChatPane::notice() const { return m_notice->text(); }
QString ChatPane::problem() const { return m_problem->text(); }
bool ChatPane::showsInvitation() const { return m_stack->currentWidget() == m_invitation; }

void ChatPane::setStatus(const QString& text) {
    m_status->setText(text);
    m_status->setVisible(!text.isEmpty());
}

void ChatPane::showTranscript() { m_stack->setCurrentWidget(m_transcript); }

void ChatPane::showInvitation(const QString& title, const QString& text) {
    m_invitation->setText(title, text);
    m_stack->setCurrentWidget(m_invitation);
}

void ChatPane::setInvitationAction(QAction* action) { m_invitation->addAction(action); }

} // namespace trilobit
