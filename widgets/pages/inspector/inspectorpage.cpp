#include "widgets/pages/inspector/inspectorpage.h"

#include "widgets/common/choices.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/format.h"
#include "widgets/common/theme.h"
#include "widgets/common/wraplabel.h"
#include "widgets/forms/choiceeditor.h"

#include <QEvent>
#include <QFileInfo>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace trilobit {

namespace {

constexpr int kCommitMs = 120, kRestMs = 25, kMinWidth = 240;
constexpr std::int64_t kPreviewWeights = 96 * 1024; // answers within about 0.1 s with every method

WrapLabel* wrapping(const char* name, const char* role, QWidget* parent) {
    auto* label = new WrapLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setProperty("role", role);
    return label;
}

QLabel* section(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("role", "section");
    return label;
}

QFrame* line(QWidget* parent) {
    auto* frame = new QFrame(parent);
    frame->setFrameShape(QFrame::HLine);
    frame->setFrameShadow(QFrame::Plain);
    frame->setForegroundRole(QPalette::Mid);
    return frame;
}

} // namespace

InspectorPage::InspectorPage(Workbench& workbench, QWidget* parent)
    : QScrollArea(parent), m_bench(workbench), m_stack(new QStackedWidget(this)) {
    setObjectName(QStringLiteral("inspectorPage"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumWidth(kMinWidth);
    m_stack->addWidget(new EmptyState(tr("Nothing is selected"),
                                      tr("Select one or more tensors on the left to see and change what happens to them."),
                                      m_stack));
    m_stack->addWidget(buildPanel());
    setWidget(m_stack);

    m_commit.setSingleShot(true);
    m_commit.setInterval(kCommitMs);
    connect(&m_commit, &QTimer::timeout, this, &InspectorPage::commit);
    m_later.setSingleShot(true);
    m_later.setInterval(kRestMs);
    connect(&m_later, &QTimer::timeout, this, &InspectorPage::startPreview);
    connect(m_editor, &ChoiceEditor::edited, this, [this](const Choice& choice) {
        m_pending = choice;
        m_pendingTensors = quantizable();
        m_commit.start();
    });
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &InspectorPage::refresh);
    const auto soon = [this] { m_soon.start(); };
    connect(&m_bench, &Workbench::selectionChanged, this, [this, soon] {
        if (m_commit.isActive())
            commit(); // the edit belongs to what was selected before
        ++m_generation; // no late answer for what is no longer selected
        soon();
    });
    connect(&m_bench, &Workbench::recipeChanged, this, soon);
    connect(&m_bench, &Workbench::quantizedChanged, this, soon);
    refresh();
}

QWidget* InspectorPage::buildPanel() {
    auto* panel = new QWidget(m_stack);
    m_title = wrapping("inspectorTitle", "section", panel);
    m_facts = wrapping("inspectorFacts", "muted", panel);
    m_editor = new ChoiceEditor(m_bench.workspace(), panel);
    m_reason = wrapping("inspectorReason", "", panel);
    m_sampled = wrapping("inspectorSampled", "muted", panel);
    m_meaning = wrapping("inspectorMeaning", "", panel);
    m_meaning->setTextFormat(Qt::RichText);

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(1, 1);
    int row = 0;
    const auto number = [&](const char* name, const QString& title, const QString& tip) {
        auto* label = new QLabel(title, panel);
        label->setProperty("role", "muted");
        label->setToolTip(tip);
        auto* value = new WrapLabel(panel);
        value->setObjectName(QLatin1String(name));
        value->setAccessibleName(title);
        value->setToolTip(tip);
        grid->addWidget(label, row, 0, Qt::AlignTop);
        grid->addWidget(value, row++, 1);
        return value;
    };
    m_numbers.bits = number("inspectorBits", tr("Bits per weight"), tr("Of the selected tensors, scales included"));
    m_numbers.bytes = number("inspectorBytes", tr("Bytes"), tr("Of the selected tensors"));
    m_numbers.model = number("inspectorModel", tr("Whole model"), tr("All tensors with the whole recipe"));
    m_numbers.sqnr = number("inspectorSqnr", tr("SQNR"),
                            tr("Signal to quantization noise: how far the weights stand above the rounding error. "
                               "Every 6 dB halve the error; 8 bits reach about 45 dB, 4 bits 20 dB, 1.58 bits 5 dB."));
    m_numbers.rmse = number("inspectorRmse", tr("RMS error"), tr("Root of the mean squared error of a weight"));
    m_numbers.largest = number("inspectorLargest", tr("Largest error"), tr("The weight that moved most"));

    auto* layout = new QVBoxLayout(panel);
    layout->setContentsMargins(10, 8, 10, 10);
    layout->setSpacing(8);
    layout->addWidget(m_title);
    layout->addWidget(m_facts);
    layout->addWidget(line(panel));
    layout->addWidget(m_editor);
    layout->addWidget(m_reason);
    layout->addWidget(line(panel));
    layout->addWidget(section(tr("What it costs"), panel));
    layout->addLayout(grid);
    layout->addWidget(m_sampled);
    layout->addWidget(line(panel));
    layout->addWidget(m_meaning);
    layout->addStretch(1);
    return panel;
}

void InspectorPage::changeEvent(QEvent* event) {
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_editor) {
        showReason();
        showMeaning();
    }
}

QSize InspectorPage::minimumSizeHint() const {
    return {m_stack->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width(),
            QScrollArea::minimumSizeHint().height()};
}

QStringList InspectorPage::quantizable() const {
    QStringList out;
    for (const QString& name : m_bench.selection())
        if (const TensorPlan* plan = m_bench.tensorPlan(name); plan && m_bench.model()->tensors()[plan->tensor].isQuantizable())
            out << name;
    return out;
}

void InspectorPage::commit() {
    m_commit.stop();
    m_bench.adjustChoice(m_pendingTensors, m_pending,
                         m_pendingTensors.size() == 1 ? m_pendingTensors.front()
                                                      : tr("%1 tensors").arg(m_pendingTensors.size()));
}

void InspectorPage::refresh() {
    const bool any = m_bench.model() && !m_bench.selection().isEmpty();
    m_stack->setCurrentIndex(any ? 1 : 0);
    if (!any) {
        ++m_generation;
        clearPreview({});
        return;
    }
    showHead();
    const QStringList names = quantizable();
    m_editor->setEnabled(!names.isEmpty());
    std::optional<Choice> common;
    bool mixed = false;
    for (const QString& name : names)
        if (const TensorPlan* plan = m_bench.tensorPlan(name)) {
            mixed |= common && *common != plan->choice;
            common = plan->choice;
        }
    const TensorPlan* current = m_bench.tensorPlan(m_bench.currentTensor());
    if (!m_commit.isActive()) {
        m_editor->setTensor(current ? &m_bench.model()->tensors()[current->tensor] : nullptr);
        m_editor->setChoice(mixed ? std::nullopt : std::optional(common.value_or(Choice{})));
    }
    showReason();
    showCosts();
    showMeaning();
    m_later.start();
}

void InspectorPage::showHead() {
    const QStringList names = m_bench.selection();
    const TensorPlan* plan = m_bench.tensorPlan(m_bench.currentTensor());
    if (names.size() == 1 && plan) {
        const Tensor& tensor = m_bench.model()->tensors()[plan->tensor];
        m_title->setText(qtext(tensor.name));
        m_facts->setText(tr("%1 · %2 · %3 weights · stored as %4")
                             .arg(QLatin1String(tensorRoleName(tensor.role)),
                                  shapeText(tensor.rows, tensor.cols, tensor.dimensions),
                                  countText(static_cast<std::uint64_t>(tensor.count())),
                                  qtext(tensor.encoding->info().id)));
        return;
    }
    m_title->setText(tr("%1 tensors").arg(names.size()));
    m_facts->setText(tr("The preview shows %1.").arg(m_bench.currentTensor()));
}

void InspectorPage::showReason() {
    const ThemeColors colors = themeColors(palette());
    const TensorPlan* first = nullptr;
    int others = 0;
    for (const QString& name : quantizable()) {
        const TensorPlan* plan = m_bench.tensorPlan(name);
        if (!plan || (plan->note.empty() && !plan->refused))
            continue;
        if (!first)
            first = plan;
        else
            ++others;
    }
    m_reason->setVisible(first != nullptr);
    if (!first)
        return;
    QString text = first->refused ? tr("Refused: %1").arg(qtext(first->note))
                                  : tr("%1 is used instead of %2: %3")
                                        .arg(qtext(first->applied), qtext(first->requested), qtext(first->note));
    if (others > 0)
        text += tr(" (and %1 more tensors)").arg(others);
    m_reason->setText(text);
    const QString rule = QStringLiteral("QLabel { color: %1; background: %2; padding: 6px; border-radius: 4px; }")
                             .arg(colors.text.name(), (first->refused ? colors.badSurface : colors.warnSurface).name());
    if (m_reason->styleSheet() != rule)
        m_reason->setStyleSheet(rule);
}

void InspectorPage::showCosts() {
    std::uint64_t before = 0, after = 0, count = 0;
    for (const QString& name : m_bench.selection())
        if (const TensorPlan* plan = m_bench.tensorPlan(name)) {
            before += plan->bytesBefore;
            after += plan->bytesAfter;
            count += static_cast<std::uint64_t>(m_bench.model()->tensors()[plan->tensor].count());
        }
    const auto bits = [count](std::uint64_t bytes) {
        return bitsText(count == 0 ? 0 : 8.0 * static_cast<double>(bytes) / static_cast<double>(count));
    };
    const auto arrow = [](const QString& a, const QString& b) { return a == b ? a : tr("%1 → %2").arg(a, b); };
    m_numbers.bits->setText(arrow(bits(before), bits(after)));
    m_numbers.bytes->setText(before == after ? bytesText(before)
                                             : tr("%1 → %2 (%3)").arg(bytesText(before), bytesText(after),
                                                                      changeText(before, after)));
    const Plan& plan = m_bench.plan();
    m_numbers.model->setText(tr("%1, %2 bits").arg(bytesText(plan.bytesAfter), bitsText(plan.bitsPerWeightAfter)));
}

void InspectorPage::showMeaning() {
    const TensorPlan* plan = m_bench.tensorPlan(m_bench.currentTensor());
    if (!plan) {
        m_meaning->clear();
        return;
    }
    const ThemeColors colors = themeColors(palette());
    QString text;
    const auto paragraph = [&text](const QString& title, const QString& body) {
        text += QStringLiteral("<p><b>%1</b><br>%2</p>").arg(title.toHtmlEscaped(), body.toHtmlEscaped());
    };
    const Tensor& tensor = m_bench.model()->tensors()[plan->tensor];
    if (!tensor.isQuantizable())
        paragraph(tr("Stays as it is"),
                  tr("Norms, biases and other vectors are tiny and the result depends on them, so no recipe touches them."));
    if (!plan->choice.keeps()) {
        if (const auto method = m_bench.workspace().methods->find(plan->choice.method)) {
            const MethodInfo& info = (*method)->info();
            paragraph(qtext(info.title), qtext(info.summary));
            text += QStringLiteral("<p><font color=\"%1\">%2</font></p>")
                        .arg(colors.muted.name(), qtext(info.reference).toHtmlEscaped());
        }
    }
    if (const auto encoding = m_bench.workspace().encodings.find(plan->applied)) {
        const EncodingInfo& info = (*encoding)->info();
        paragraph(tr("%1: %2").arg(qtext(info.id), qtext(info.title)), qtext(info.help));
        text += QStringLiteral("<p><font color=\"%1\">%2</font></p>")
                    .arg(colors.muted.name(), info.runsInStockLlamaCpp ? tr("Stock llama.cpp runs it.")
                                                                       : tr("Only Trilobit runs it."));
    }
    if (plan->importance)
        paragraph(tr("Calibrated"), tr("Strong input channels count more, as %1 says.")
                                        .arg(QFileInfo(qtext(m_bench.calibration()->path)).fileName()));
    m_meaning->setText(text);
}

void InspectorPage::startPreview() {
    const quint64 generation = ++m_generation;
    if (m_job)
        m_bench.jobs().cancel(*m_job);
    m_job.reset();
    const QString name = m_bench.currentTensor();
    const TensorPlan* plan = m_bench.tensorPlan(name);
    if (!plan)
        return clearPreview({});
    const Tensor& tensor = m_bench.model()->tensors()[plan->tensor];
    if (plan->choice.keeps() || !tensor.isQuantizable())
        return clearPreview(tr("Kept: every weight stays exactly what it is."));
    if (plan->refused)
        return clearPreview(tr("No preview while the choice is refused."));
    const std::int64_t rows = std::clamp<std::int64_t>(kPreviewWeights / std::max<std::int64_t>(1, tensor.cols), 2,
                                                       std::max<std::int64_t>(2, tensor.rows));
    JobQueue::Options options;
    options.title = tr("Preview");
    options.lane = JobLane::Interactive;
    options.quiet = true;
    m_job = m_bench.jobs().start<Preview>(
        options, this,
        [tensor, choice = plan->choice, seed = m_bench.recipe().seed, rows,
         services = m_bench.workspace().quantServices()](RunControl& control) {
            return previewTensor(tensor, choice, seed, rows, services, control);
        },
        [this, generation, name](Result<Preview> preview) {
            if (generation != m_generation)
                return; // the person has moved on
            m_job.reset();
            showPreview(preview, name);
        });
}

void InspectorPage::showPreview(const Result<Preview>& preview, const QString& tensor) {
    if (!preview)
        return clearPreview(errorText(preview.error()));
    m_numbers.sqnr->setText(decibelText(preview->error.sqnrDb));
    m_numbers.rmse->setText(numberText(preview->error.rmse));
    m_numbers.largest->setText(numberText(preview->error.maxAbs));
    m_sampled->setVisible(preview->rows < preview->totalRows);
    m_sampled->setText(tr("Errors from %1 of %2 rows; quantizing measures all.").arg(preview->rows).arg(preview->totalRows));
    emit previewReady(tensor);
}

void InspectorPage::clearPreview(const QString& why) {
    for (WrapLabel* label : {m_numbers.sqnr, m_numbers.rmse, m_numbers.largest})
        label->setText(QStringLiteral("–"));
    m_sampled->setText(why);
    m_sampled->setVisible(!why.isEmpty());
}

} // namespace trilobit
