#include "widgets/pages/budget/budgetpage.h"

#include "widgets/common/format.h"
#include "widgets/common/recipeedit.h"
#include "widgets/common/theme.h"
#include "widgets/common/workbench.h"
#include "widgets/plots/xyplot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QPushButton>
#include <QShowEvent>
#include <QSlider>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

constexpr std::int64_t kSampleWeights = 32 * 1024;
constexpr int kSliderSteps = 2000, kCurvePoints = 60, kLaterMs = 60;
constexpr std::int64_t kMaxRuns = 500;
constexpr double kMegabyte = 1e6;

struct Solved {
    std::shared_ptr<const BudgetPlan> plan;
    std::vector<std::pair<double, double>> curve;
};

/// The points of the plot: what each size could reach at best.
Result<Solved> solveAll(std::shared_ptr<const BudgetTable> table, BudgetCost cost, const std::vector<BudgetLock>& locks,
                        RunControl& control) {
    Solved out;
    const BudgetSolvers solvers = BudgetSolvers::builtin();
    TRILOBIT_TRY(out.plan, BudgetPlan::make(std::move(table), cost, locks, *solvers.all().front(), control));
    const auto low = static_cast<double>(out.plan->smallest()), high = static_cast<double>(out.plan->largest());
    for (int i = 0; i <= kCurvePoints; ++i) {
        const auto bytes = static_cast<std::uint64_t>(std::ceil(low + (high - low) * i / kCurvePoints));
        const auto answer = out.plan->solve(bytes);
        if (answer && std::isfinite(answer->sqnrDb))
            out.curve.emplace_back(answer->bitsPerWeight, answer->sqnrDb);
    }
    return out;
}

/// A list that says what it is for while it is empty.
class HintList : public QListWidget {
public:
    HintList(const QString& hint, QWidget* parent) : QListWidget(parent), m_hint(hint) {}

protected:
    void paintEvent(QPaintEvent* event) override {
        QListWidget::paintEvent(event);
        if (count() > 0)
            return;
        QPainter painter(viewport());
        painter.setPen(themeColors(palette()).muted);
        painter.drawText(viewport()->rect().adjusted(8, 8, -8, -8), Qt::AlignTop | Qt::AlignHCenter | Qt::TextWordWrap,
                         m_hint);
    }

private:
    QString m_hint;
};

QString choiceName(const Choice& choice) {
    if (choice.keeps())
        return BudgetPage::tr("keep");
    return choice.method == "rtn" ? qtext(choice.encoding)
                                  : qtext(choice.method) + QStringLiteral(" → ") + qtext(choice.encoding);
}

} // namespace

BudgetPage::BudgetPage(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
    setObjectName(QStringLiteral("budgetPage"));
    build();
    m_later = new QTimer(this);
    m_later->setSingleShot(true);
    m_later->setInterval(kLaterMs);
    connect(m_later, &QTimer::timeout, this, &BudgetPage::refreshTried);
    connect(&workbench, &Workbench::modelChanged, this, &BudgetPage::modelChanged);
    connect(&workbench, &Workbench::calibrationChanged, this, [this] {
        if (m_table) // measured under other conditions
            modelChanged();
    });
    connect(&workbench, &Workbench::selectionChanged, this, &BudgetPage::showState);
    connect(&workbench, &Workbench::runStored, this, [this] { m_later->start(); });
    connect(m_measure, &QPushButton::clicked, this, &BudgetPage::measure);
    connect(m_apply, &QPushButton::clicked, this, &BudgetPage::applyAnswer);
    connect(m_lock, &QPushButton::clicked, this, &BudgetPage::lockSelection);
    connect(m_unlock, &QPushButton::clicked, this, &BudgetPage::removeLock);
    connect(m_lockList, &QListWidget::currentRowChanged, this, &BudgetPage::showState);
    connect(m_cost, &QComboBox::currentIndexChanged, this, &BudgetPage::solvePlan);
    connect(m_slider, &QSlider::valueChanged, this, [this](int step) {
        if (m_plan && !m_setting)
            setBudget(m_plan->smallest()
                      + static_cast<std::uint64_t>(static_cast<double>(m_plan->largest() - m_plan->smallest()) * step
                                                   / kSliderSteps));
    });
    connect(m_bits, &QDoubleSpinBox::valueChanged, this, [this](double bits) {
        if (m_plan && !m_setting)
            setBudget(static_cast<std::uint64_t>(bits * static_cast<double>(m_model->parameterCount()) / 8));
    });
    connect(m_megabytes, &QDoubleSpinBox::valueChanged, this, [this](double size) {
        if (m_plan && !m_setting)
            setBudget(static_cast<std::uint64_t>(size * kMegabyte));
    });
    connect(m_plot, &XyPlot::pointChosen, this, &BudgetPage::reopen);
    connect(m_plot, &Plot::saved, &workbench,
            [this](const QString& path) { emit m_workbench.note(tr("Saved %1").arg(path)); });
    connect(m_plot, &Plot::saveFailed, &workbench,
            [this](const QString& text) { emit m_workbench.failed(tr("Plot not saved"), text); });
    modelChanged();
}

void BudgetPage::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(8);

    m_hint = new QLabel(this);
    m_hint->setObjectName(QStringLiteral("budgetHint"));
    m_hint->setWordWrap(true);
    m_hint->setProperty("role", "muted");
    layout->addWidget(m_hint);

    auto* bar = new QHBoxLayout;
    bar->setSpacing(10);
    m_among = new QComboBox(this);
    m_among->setObjectName(QStringLiteral("budgetAmong"));
    m_among->setAccessibleName(tr("Encodings to choose among"));
    m_among->addItem(tr("What stock llama.cpp runs"), true);
    m_among->addItem(tr("All encodings"), false);
    m_methods = new QCheckBox(tr("Other m&ethods too"), this);
    m_methods->setObjectName(QStringLiteral("budgetMethods"));
    m_methods->setToolTip(tr("Also tries HQQ and others wherever they fit: better, but measuring takes longer."));
    m_cost = new QComboBox(this);
    m_cost->setObjectName(QStringLiteral("budgetCost"));
    m_cost->setAccessibleName(tr("What the solver makes small"));
    m_cost->addItem(tr("Relative error"), static_cast<int>(BudgetCost::Relative));
    m_cost->addItem(tr("Absolute error"), static_cast<int>(BudgetCost::Absolute));
    m_cost->setToolTip(
        tr("Relative: every weight's error counts in proportion to its tensor's weights.\n"
           "Absolute: squared errors are added up as they are, so tensors with large weights get more bits."));
    m_measure = new QPushButton(this);
    m_measure->setObjectName(QStringLiteral("budgetMeasure"));
    bar->addWidget(m_among);
    bar->addWidget(m_methods);
    bar->addWidget(m_cost);
    bar->addStretch(1);
    bar->addWidget(m_measure);
    layout->addLayout(bar);

    auto* sizes = new QHBoxLayout;
    sizes->setSpacing(10);
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setObjectName(QStringLiteral("budgetSlider"));
    m_slider->setAccessibleName(tr("Budget"));
    m_slider->setRange(0, kSliderSteps);
    m_slider->setPageStep(kSliderSteps / 20);
    const auto box = [this](const char* name, const QString& spoken, const QString& suffix, int decimals, double step) {
        auto* spin = new QDoubleSpinBox(this);
        spin->setObjectName(QLatin1String(name));
        spin->setAccessibleName(spoken);
        spin->setSuffix(suffix);
        spin->setDecimals(decimals);
        spin->setSingleStep(step);
        spin->setKeyboardTracking(false);
        spin->setLocale(QLocale(QLocale::English));
        return spin;
    };
    m_bits = box("budgetBits", tr("Budget in bits per weight"), tr(" bits/weight"), 3, 0.125);
    m_megabytes = box("budgetMegabytes", tr("Budget in megabytes"), tr(" MB"), 3, 1);
    sizes->addWidget(m_slider, 1);
    sizes->addWidget(m_bits);
    sizes->addWidget(m_megabytes);
    layout->addLayout(sizes);

    m_answerText = new QLabel(this);
    m_answerText->setObjectName(QStringLiteral("budgetAnswer"));
    m_answerText->setWordWrap(true);
    m_answerText->setTextFormat(Qt::RichText);
    m_answerText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_apply = new QPushButton(tr("&Apply as the recipe"), this);
    m_apply->setObjectName(QStringLiteral("budgetApply"));
    m_apply->setToolTip(tr("One step that undo takes back. Quantize then measures the true error."));
    makePrimary(m_apply);
    auto* answer = new QHBoxLayout;
    answer->addWidget(m_answerText, 1);
    answer->addWidget(m_apply, 0, Qt::AlignTop);
    layout->addLayout(answer);

    m_plot = new XyPlot(this);
    m_plot->setObjectName(QStringLiteral("budgetPlot"));
    m_plot->setAccessibleName(tr("Size and quality of everything tried"));
    m_plot->setExportName(QStringLiteral("size-quality"));
    auto* side = new QVBoxLayout;
    side->setSpacing(4);
    auto* locksTitle = new QLabel(tr("Locked tensors"), this);
    locksTitle->setProperty("role", "section");
    m_lockList = new HintList(tr("None: the solver may change every tensor."), this);
    m_lockList->setObjectName(QStringLiteral("budgetLocks"));
    m_lockList->setAccessibleName(tr("Locked tensors"));
    m_lockList->setToolTip(tr("The solver leaves these as they are."));
    m_lockList->setFixedWidth(180);
    m_lock = new QPushButton(tr("&Lock the selection"), this);
    m_lock->setObjectName(QStringLiteral("budgetLock"));
    m_lock->setToolTip(tr("The tensors selected on the left stay at what the recipe gives them now."));
    m_unlock = new QPushButton(tr("&Unlock"), this);
    m_unlock->setObjectName(QStringLiteral("budgetUnlock"));
    side->addWidget(locksTitle);
    side->addWidget(m_lockList, 1);
    side->addWidget(m_lock);
    side->addWidget(m_unlock);
    auto* lower = new QHBoxLayout;
    lower->setSpacing(10);
    lower->addWidget(m_plot, 1);
    lower->addLayout(side);
    layout->addLayout(lower, 1);
}

void BudgetPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_later->start();
}

void BudgetPage::modelChanged() {
    if (m_job)
        m_workbench.jobs().cancel(*m_job);
    m_job.reset();
    m_solveJob.reset();
    ++m_question;
    ++m_solveQuestion;
    m_model = m_workbench.model();
    m_table.reset();
    m_measured.clear();
    m_budget = 0;
    m_plan.reset();
    m_answer.reset();
    m_curve.clear();
    m_locks.clear();
    m_lockList->clear();
    m_tried.clear();
    m_later->start();
    showPlot();
    showState();
}

std::vector<Choice> BudgetPage::choices() const {
    const QuantServices services = m_workbench.workspace().quantServices();
    std::vector<Choice> out = candidateChoices(services, m_methods->isChecked());
    if (m_among->currentData().toBool())
        std::erase_if(out, [&](const Choice& choice) {
            const auto encoding = services.encodings->find(choice.encoding);
            return !encoding || !(*encoding)->info().runsInStockLlamaCpp;
        });
    // What is locked must be known, too, whatever else there is to choose among.
    for (const BudgetLock& lock : m_locks)
        if (!lock.choice.keeps() && std::find(out.begin(), out.end(), lock.choice) == out.end())
            out.push_back(lock.choice);
    return out;
}

bool BudgetPage::locksAreMeasured() const {
    return std::all_of(m_locks.begin(), m_locks.end(), [this](const BudgetLock& lock) {
        return lock.choice.keeps() || std::find(m_measured.begin(), m_measured.end(), lock.choice) != m_measured.end();
    });
}

void BudgetPage::measure() {
    if (m_job) {
        m_workbench.jobs().cancel(*m_job);
        return;
    }
    if (!m_model)
        return;
    const quint64 question = ++m_question;
    const std::vector<Choice> asked = choices();
    m_job = m_workbench.jobs().start<BudgetTable>(
        {tr("Measure every encoding"), JobLane::Compute, false}, this,
        [model = m_model, asked, seed = m_workbench.recipe().seed,
         services = m_workbench.workspace().quantServices()](RunControl& control) {
            return measureBudget(model, asked, seed, kSampleWeights, services, control);
        },
        [this, question, asked](Result<BudgetTable> result) {
            if (question != m_question)
                return;
            m_job.reset();
            if (result) {
                m_table = std::make_shared<const BudgetTable>(*std::move(result));
                m_measured = asked;
                locksChanged(); // there may be new ones since
            } else {
                if (result.error().code != ErrorCode::Cancelled)
                    emit m_workbench.failed(tr("The encodings could not be measured"), errorText(result.error()));
                if (locksAreMeasured())
                    solvePlan();
                else
                    forgetPlan();
            }
            showState();
        });
    showState();
}

void BudgetPage::solvePlan() {
    if (!m_table)
        return;
    if (m_solveJob)
        m_workbench.jobs().cancel(*m_solveJob);
    const quint64 question = ++m_solveQuestion;
    m_solveJob = m_workbench.jobs().start<Solved>(
        {tr("Solve the budget"), JobLane::Interactive, true}, this,
        [table = m_table, cost = static_cast<BudgetCost>(m_cost->currentData().toInt()),
         locks = m_locks](RunControl& control) { return solveAll(table, cost, locks, control); },
        [this, question](Result<Solved> result) {
            if (question != m_solveQuestion)
                return;
            m_solveJob.reset();
            if (!result) {
                if (result.error().code != ErrorCode::Cancelled)
                    emit m_workbench.failed(tr("The budget cannot be solved"), errorText(result.error()));
                forgetPlan(); // it knows nothing of the newest locks
                return;
            }
            m_plan = result->plan;
            m_curve = std::move(result->curve);
            const auto perBit = static_cast<double>(m_model->parameterCount()) / 8;
            m_setting = true;
            m_bits->setRange(static_cast<double>(m_plan->smallest()) / perBit,
                             static_cast<double>(m_plan->largest()) / perBit);
            m_megabytes->setRange(static_cast<double>(m_plan->smallest()) / kMegabyte,
                                  static_cast<double>(m_plan->largest()) / kMegabyte);
            m_setting = false;
            // Something sensible to start with: what 4-bit files mostly take.
            setBudget(m_budget == 0 ? static_cast<std::uint64_t>(4.75 * perBit) : m_budget);
            showPlot();
            emit planChanged();
        });
}

void BudgetPage::locksChanged() {
    if (m_job) {
        forgetPlan(); // solved again when the measuring ends
    } else if (m_table && !locksAreMeasured()) {
        forgetPlan();
        measure();
    } else {
        solvePlan();
    }
    showState();
}

void BudgetPage::forgetPlan() {
    if (m_solveJob)
        m_workbench.jobs().cancel(*m_solveJob);
    m_solveJob.reset();
    ++m_solveQuestion;
    m_plan.reset();
    m_answer.reset();
    m_curve.clear();
    showPlot();
    showState();
}

void BudgetPage::setBudget(std::uint64_t bytes) {
    if (!m_plan)
        return;
    m_budget = std::clamp(bytes, m_plan->smallest(), m_plan->largest());
    auto answer = m_plan->solve(m_budget);
    m_answer = answer ? std::optional(*std::move(answer)) : std::nullopt;
    showBudget(m_budget);
    showPlot(true);
    showState();
    emit answered();
}

void BudgetPage::showBudget(std::uint64_t bytes) {
    m_setting = true;
    const double range = static_cast<double>(m_plan->largest() - m_plan->smallest());
    if (!m_slider->isSliderDown())
        m_slider->setValue(range > 0 ? static_cast<int>(
                               std::lround(static_cast<double>(bytes - m_plan->smallest()) / range * kSliderSteps))
                                     : 0);
    m_bits->setValue(8.0 * static_cast<double>(bytes) / static_cast<double>(m_model->parameterCount()));
    m_megabytes->setValue(static_cast<double>(bytes) / kMegabyte);
    m_setting = false;
}

void BudgetPage::showState() {
    const bool ready = m_plan != nullptr;
    m_hint->setText(
        !m_model ? tr("Open a model, then let every encoding be tried on every tensor.")
        : m_job  ? tr("Measuring: every encoding is tried on a sample of each tensor. You can go on working.")
        : !ready ? tr("First every encoding is tried on a sample of each tensor. Then the slider finds, for any size, "
                      "the recipe with the least error.")
                 : tr("Move the slider: for every size the recipe of least measured error. The points are what was "
                      "really quantized so far; choose one to have its recipe back."));
    m_measure->setText(m_job ? tr("&Stop") : m_table ? tr("&Measure again") : tr("&Measure every encoding"));
    m_measure->setEnabled(m_model != nullptr);
    for (QWidget* widget : {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_bits),
                            static_cast<QWidget*>(m_megabytes), static_cast<QWidget*>(m_cost)})
        widget->setEnabled(ready);
    m_apply->setEnabled(m_answer.has_value());
    m_lock->setEnabled(m_model && !m_workbench.selection().isEmpty());
    m_unlock->setEnabled(m_lockList->currentRow() >= 0);
    if (!m_answer) {
        m_answerText->clear();
        return;
    }
    std::map<QString, int> used;
    for (const Rule& rule : m_answer->recipe.rules)
        ++used[choiceName(rule.choice)];
    std::vector<std::pair<int, QString>> order;
    for (const auto& [name, count] : used)
        order.emplace_back(count, name);
    std::sort(order.rbegin(), order.rend());
    QStringList parts;
    for (const auto& [count, name] : order)
        parts << tr("%1 × %2").arg(count).arg(name.toHtmlEscaped());
    const int kept = static_cast<int>(m_table->rows.size() - m_answer->recipe.rules.size());
    if (kept > 0)
        parts << tr("%1 kept").arg(kept);
    m_answerText->setText(tr("<b>%1 · %2 bits per weight</b> · SQNR ≈ %3<br>%4")
                              .arg(bytesText(m_answer->bytes), bitsText(m_answer->bitsPerWeight),
                                   decibelText(m_answer->sqnrDb), parts.join(QStringLiteral(" · "))));
}

void BudgetPage::refreshTried() {
    const auto store = m_workbench.workspace().store;
    if (!store || !m_model || !isVisible())
        return;
    // The store may wait for another process: not in this thread.
    m_workbench.jobs().start<std::vector<RunRecord>>(
        {tr("Read the runs"), JobLane::Interactive, true}, this,
        [store](RunControl&) {
            return store->list({"quantize", {}, kMaxRuns});
        },
        [this, model = m_model](Result<std::vector<RunRecord>> runs) {
            if (!runs || model != m_model)
                return;
            m_tried.clear();
            for (const RunRecord& run : *runs) {
                if (run.status != "done" || run.modelPath != m_model->path())
                    continue;
                auto recipe = Recipe::fromJson(run.recipe);
                const Json* mean = run.metrics.find("mean_relative_error"); // earlier runs know that of what they changed
                const double error = mean ? mean->toDouble() : run.metrics["relative_squared_error"].toDouble();
                if (!recipe || !(error > 0))
                    continue;
                m_tried.push_back({tr("run %1").arg(run.id), run.metrics["bits_per_weight"].toDouble(),
                                   -10 * std::log10(error), qtext(recipe->name), *std::move(recipe)});
            }
            showPlot();
        });
}

void BudgetPage::showPlot(bool keepView) {
    if (m_curve.empty() && m_tried.empty()) {
        m_plot->clear(m_model
                          ? tr("Nothing was quantized yet.\nMeasure every encoding to see what each size can reach.")
                          : tr("Open a model first."));
        return;
    }
    XyData picture;
    picture.xLabel = tr("bits per weight");
    picture.yLabel = tr("SQNR, mean over all weights (dB)");
    picture.xName = QStringLiteral("bits_per_weight");
    picture.yName = QStringLiteral("sqnr_db");
    XySeries curve;
    curve.title = m_curve.empty() ? QString() : tr("best for the size (estimated)");
    curve.csvName = QStringLiteral("front");
    curve.color = 0;
    for (const auto& [bits, sqnr] : m_curve) {
        curve.x.push_back(bits);
        curve.y.push_back(sqnr);
    }
    XySeries tried;
    tried.title = m_tried.empty() ? QString() : tr("tried (measured)");
    tried.csvName = QStringLiteral("tried");
    tried.look = XySeries::Look::Points;
    tried.color = 1;
    for (const Tried& run : m_tried) {
        tried.x.push_back(run.bits);
        tried.y.push_back(run.sqnrDb);
        tried.ids.push_back(run.id);
        tried.notes.push_back((run.name.isEmpty() ? QString() : run.name.toHtmlEscaped() + QStringLiteral("<br>"))
                              + tr("Click to have this recipe back."));
    }
    XySeries now;
    now.look = XySeries::Look::Points;
    now.color = 2;
    now.csvName = QStringLiteral("budget");
    if (m_answer && std::isfinite(m_answer->sqnrDb)) {
        now.title = tr("the slider");
        now.x.push_back(m_answer->bitsPerWeight);
        now.y.push_back(m_answer->sqnrDb);
    }
    picture.series = {std::move(curve), std::move(tried), std::move(now)};
    m_plot->setData(picture, keepView);
}

void BudgetPage::reopen(const QString& id) {
    for (const Tried& run : m_tried)
        if (run.id == id) {
            m_workbench.replaceRecipe(run.recipe, tr("Recipe of %1").arg(id));
            emit m_workbench.note(tr("The recipe of %1 is back; undo removes it.").arg(id));
            return;
        }
}

void BudgetPage::applyAnswer() {
    if (!m_answer || !m_model)
        return;
    // By choice, so that the recipe reads like one a person would write.
    std::vector<std::pair<Choice, std::vector<std::string>>> groups;
    for (const Rule& rule : m_answer->recipe.rules) {
        const auto same =
            std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == rule.choice; });
        if (same == groups.end())
            groups.push_back({rule.choice, {rule.pattern}});
        else
            same->second.push_back(rule.pattern);
    }
    Recipe recipe;
    recipe.seed = m_answer->recipe.seed;
    recipe.name = QStringLiteral("budget %1 bpw").arg(m_answer->bitsPerWeight, 0, 'f', 2).toStdString();
    for (const auto& [choice, names] : groups)
        for (const std::string& pattern : patternsFor(*m_model, names))
            recipe.rules.push_back({pattern, choice});
    m_workbench.replaceRecipe(recipe, tr("Budget of %1").arg(bytesText(m_answer->bytes)));
    emit m_workbench.note(tr("Applied. Quantize to measure it."));
}

void BudgetPage::lockSelection() {
    if (!m_model)
        return;
    std::vector<std::pair<Choice, std::vector<std::string>>> groups;
    for (const QString& name : m_workbench.selection()) {
        const TensorPlan* plan = m_workbench.tensorPlan(name);
        if (!plan || plan->refused || !m_model->tensors()[plan->tensor].isQuantizable())
            continue;
        const auto same =
            std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == plan->choice; });
        if (same == groups.end())
            groups.push_back({plan->choice, {name.toStdString()}});
        else
            same->second.push_back(name.toStdString());
    }
    for (const auto& [choice, names] : groups)
        for (const std::string& pattern : patternsFor(*m_model, names)) {
            const auto same = std::find_if(m_locks.begin(), m_locks.end(),
                                           [&](const BudgetLock& lock) { return lock.pattern == pattern; });
            if (same != m_locks.end()) {
                delete m_lockList->takeItem(static_cast<int>(same - m_locks.begin()));
                m_locks.erase(same);
            }
            m_locks.push_back({pattern, choice});
            auto* item = new QListWidgetItem(qtext(pattern) + QStringLiteral("  =  ") + choiceName(choice), m_lockList);
            item->setToolTip(item->text());
        }
    locksChanged();
}

void BudgetPage::removeLock() {
    const int row = m_lockList->currentRow();
    if (row < 0 || static_cast<std::size_t>(row) >= m_locks.size())
        return;
    m_locks.erase(m_locks.begin() + row);
    delete m_lockList->takeItem(row);
    locksChanged();
}

} // namespace trilobit
