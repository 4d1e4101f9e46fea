#include "widgets/pages/train/trainview.h"

#include "widgets/common/emptystate.h"
#include "widgets/common/factstrip.h"
#include "widgets/common/format.h"
#include "widgets/common/wraplabel.h"
#include "widgets/pages/train/latentplot.h"
#include "widgets/pages/train/sharesplot.h"
#include "widgets/plots/curveplot.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QSignalBlocker>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

constexpr int kGridWidth = 780, kGridHeight = 760; // from here on all four panels fit side by side

QVBoxLayout* column(QWidget* parent) {
    auto* layout = new QVBoxLayout(parent);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(4);
    return layout;
}

} // namespace

TrainView::TrainView(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("trainView"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_empty = new EmptyState(tr("No run yet"),
                             tr("Choose what to train, on what and for how long, then press “Start training”. "
                                "Curves, the shares of −1, 0 and +1, the weights and samples of what the model says appear here."),
                             this);
    m_empty->setObjectName(QStringLiteral("trainEmpty"));
    outer->addWidget(m_empty);
    m_content = new QWidget(this);
    outer->addWidget(m_content);
    auto* layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_facts = new FactStrip(this);
    m_facts->setObjectName(QStringLiteral("trainFacts"));
    m_facts->addFact("step", tr("step"), tr("One step learns from one batch."));
    m_facts->addFact("loss", tr("loss"), tr("Cross-entropy per token in nats, smoothed over the last steps. Lower is better; a distilled run shows its own sum, block by block the error relative to what the teacher's blocks give."));
    m_facts->addFact("ppl", tr("held-out perplexity"), tr("On data that is never trained on: between how many tokens the model is undecided."));
    m_facts->addFact("speed", tr("speed"), tr("Tokens learned from per second, measured over the last seconds."));
    m_facts->addFact("left", tr("left"), tr("At the speed of the last seconds, without looks and samples."));
    m_facts->addFact("lr", tr("learning rate"), tr("Rises during the warm-up, then falls."));
    m_facts->addFact("norm", tr("gradient norm"), tr("Length of the whole gradient before it is clipped. Sudden peaks announce trouble."));
    m_facts->addFact("data", tr("data"), tr("Tokens of the training data. When a run sees more than this, it repeats them."));
    layout->addWidget(m_facts);

    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("trainTabs"));
    m_tabs->setAccessibleName(tr("Looks at the run"));
    m_tabs->setDocumentMode(true);
    layout->addWidget(m_tabs, 1);
    m_gridHolder = new QWidget(this);
    m_grid = new QGridLayout(m_gridHolder);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(12);
    m_gridHolder->hide();
    layout->addWidget(m_gridHolder, 1);

    const auto add = [this](QWidget* panel, const QString& title) {
        auto* heading = new QLabel(QString(title).remove(QLatin1Char('&')), panel);
        heading->setProperty("role", "section");
        static_cast<QVBoxLayout*>(panel->layout())->insertWidget(0, heading);
        m_panels.push_back({panel, title, heading});
    };
    add(buildCurves(), tr("Curves"));
    add(buildShares(), tr("Three values"));
    add(buildWeights(), tr("Weights"));
    add(buildSamples(), tr("Samples"));
    m_inGrid = true;
    arrange(false);
    for (Plot* plot : {static_cast<Plot*>(m_loss), static_cast<Plot*>(m_rates), static_cast<Plot*>(m_flips),
                       static_cast<Plot*>(m_shares), static_cast<Plot*>(m_latent)}) {
        connect(plot, &Plot::saved, this, &TrainView::saved);
        connect(plot, &Plot::saveFailed, this, &TrainView::saveFailed);
    }
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] { emit matrixChosen(matrix()); });
    clear();
    m_empty->show();
    m_content->hide();
}

QWidget* TrainView::buildCurves() {
    auto* panel = new QWidget(this);
    auto* layout = column(panel);
    using Line = CurveStyle::Line;
    m_loss = new CurvePlot({{tr("loss of each step"), QStringLiteral("loss"), 0, Line::Faint, false},
                            {tr("smoothed"), QStringLiteral("smoothed_loss"), 0, Line::Thick, false},
                            {tr("held out"), QStringLiteral("heldout_loss"), 1, Line::Points, false}},
                           tr("step"), tr("loss (nats per token)"), {}, panel);
    m_loss->setObjectName(QStringLiteral("trainLossPlot"));
    m_loss->setAccessibleName(tr("Loss over the steps"));
    m_loss->setExportName(QStringLiteral("loss"));
    m_rates = new CurvePlot({{tr("gradient norm"), QStringLiteral("grad_norm"), 3, Line::Thin, false},
                             {tr("learning rate (right)"), QStringLiteral("lr"), 2, Line::Thick, true}},
                            tr("step"), tr("gradient norm"), tr("learning rate"), panel);
    m_rates->setLogScale(); // one peak must not flatten all the rest
    m_rates->setObjectName(QStringLiteral("trainRatesPlot"));
    m_rates->setAccessibleName(tr("Gradient norm and learning rate over the steps"));
    m_rates->setExportName(QStringLiteral("gradient-norm"));
    layout->addWidget(m_loss, 3);
    layout->addWidget(m_rates, 2);
    return panel;
}

QWidget* TrainView::buildShares() {
    auto* panel = new QWidget(this);
    auto* layout = column(panel);
    m_shares = new SharesPlot(panel);
    m_shares->setObjectName(QStringLiteral("trainSharesPlot"));
    m_flips = new CurvePlot({{tr("weights that changed their value in that step"), QStringLiteral("flipped_percent"), 4, CurveStyle::Line::Points, false}},
                            tr("step"), tr("changed (%)"), {}, panel);
    m_flips->setObjectName(QStringLiteral("trainFlipsPlot"));
    m_flips->setAccessibleName(tr("Share of weights that changed their value, over the steps"));
    m_flips->setExportName(QStringLiteral("flips"));
    m_sharesNote = new WrapLabel(panel);
    m_sharesNote->setObjectName(QStringLiteral("trainSharesNote"));
    m_sharesNote->setProperty("role", "muted");
    layout->addWidget(m_sharesNote);
    layout->addWidget(m_shares, 3);
    layout->addWidget(m_flips, 2);
    return panel;
}

QWidget* TrainView::buildWeights() {
    auto* panel = new QWidget(this);
    auto* layout = column(panel);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("Matri&x"), panel);
    m_matrix = new QComboBox(panel);
    m_matrix->setObjectName(QStringLiteral("trainMatrix"));
    m_matrix->setAccessibleName(tr("Matrix whose weights are shown"));
    m_matrix->setToolTip(tr("The float weights behind the ternary ones. Training pulls them apart into peaks."));
    m_matrix->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    label->setBuddy(m_matrix);
    m_weightsNote = new QLabel(panel);
    m_weightsNote->setObjectName(QStringLiteral("trainWeightsNote"));
    m_weightsNote->setProperty("role", "muted");
    row->addWidget(label);
    row->addWidget(m_matrix);
    row->addWidget(m_weightsNote, 1);
    layout->addLayout(row);
    m_latent = new LatentPlot(panel);
    m_latent->setObjectName(QStringLiteral("trainLatentPlot"));
    layout->addWidget(m_latent, 1);
    connect(m_matrix, &QComboBox::currentTextChanged, this, &TrainView::matrixChosen);
    return panel;
}

QWidget* TrainView::buildSamples() {
    auto* panel = new QWidget(this);
    auto* layout = column(panel);
    m_samples = new QListWidget(panel);
    m_samples->setObjectName(QStringLiteral("trainSamples"));
    m_samples->setAccessibleName(tr("Samples: what the model answers"));
    m_samples->setWordWrap(true);
    m_samples->setUniformItemSizes(false);
    m_samples->setSpacing(3);
    m_samples->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_samples->setResizeMode(QListView::Adjust);
    layout->addWidget(m_samples, 1);
    return panel;
}

void TrainView::arrange(bool grid) {
    if (grid == m_inGrid)
        return;
    m_inGrid = grid;
    const QSignalBlocker quiet(m_tabs);
    const int current = m_tabs->currentIndex();
    for (std::size_t i = 0; i < m_panels.size(); ++i) {
        const Panel& panel = m_panels[i];
        panel.heading->setVisible(grid);
        if (grid) {
            m_grid->addWidget(panel.widget, static_cast<int>(i / 2), static_cast<int>(i % 2));
            panel.widget->show();
        } else {
            m_grid->removeWidget(panel.widget);
            m_tabs->addTab(panel.widget, panel.title);
        }
    }
    for (int i = 0; i < 2; ++i) {
        m_grid->setColumnStretch(i, 1);
        m_grid->setRowStretch(i, i == 0 ? 3 : 2);
    }
    if (!grid)
        m_tabs->setCurrentIndex(std::max(current, 0));
    m_tabs->setVisible(!grid);
    m_gridHolder->setVisible(grid);
}

void TrainView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange(width() >= kGridWidth && height() >= kGridHeight);
}

QSize TrainView::minimumSizeHint() const {
    QSize panel;
    for (const Panel& each : m_panels)
        panel = panel.expandedTo(each.widget->minimumSizeHint());
    const int facts = m_facts->heightForWidth(std::max(width(), panel.width()));
    return {panel.width() + 4, panel.height() + facts + m_tabs->tabBar()->sizeHint().height() + 16};
}

void TrainView::clear() {
    m_empty->hide();
    m_content->show();
    const QString empty = tr("Nothing yet.");
    for (CurvePlot* plot : {m_loss, m_rates, m_flips})
        plot->clear(empty);
    m_shares->clear(tr("The shares of −1, 0 and +1 appear at the first look."));
    m_latent->clear(empty);
    const QSignalBlocker quiet(m_matrix);
    m_matrix->clear();
    m_matrix->setEnabled(false);
    m_weightsNote->clear();
    m_sharesNote->clear();
    m_sharesNote->hide();
    m_samples->clear();
    auto* waiting = new QListWidgetItem(tr("What the model answers to the sample prompt appears here."), m_samples);
    waiting->setFlags(Qt::NoItemFlags);
    for (const char* key : {"step", "loss", "ppl", "speed", "left", "lr", "norm", "data"})
        m_facts->setValue(QLatin1String(key), {});
}

QString TrainView::matrix() const { return m_matrix->currentText(); }
bool TrainView::showsWeights() const { return m_latent->isVisible(); }

void TrainView::show(const TrainLog& log, bool plots) {
    showFacts(log);
    if (static_cast<std::size_t>(m_matrix->count()) != log.latents.size()) {
        const QString before = m_matrix->currentText();
        const QSignalBlocker quiet(m_matrix);
        QStringList names;
        for (const auto& [name, latents] : log.latents)
            names << name;
        // Blocks in their order, not 0, 1, 10, 11.
        std::sort(names.begin(), names.end(), [](const QString& a, const QString& b) {
            const int x = a.section(QLatin1Char('.'), 1, 1).toInt(), y = b.section(QLatin1Char('.'), 1, 1).toInt();
            return x != y ? x < y : a < b;
        });
        m_matrix->clear();
        m_matrix->addItems(names);
        const int kept = m_matrix->findText(before);
        m_matrix->setCurrentIndex(kept >= 0 && !before.isEmpty()
                                      ? kept : std::max(0, m_matrix->findText(QStringLiteral("ffn_up"), Qt::MatchContains)));
        m_matrix->setEnabled(true);
    }
    showSamples(log);
    if (!plots)
        return;
    if (m_loss->isVisible() && !log.loss.x.empty()) {
        m_loss->setCurves({log.loss, log.smoothed, log.heldOut});
        m_rates->setCurves({log.gradNorm, log.learningRate});
    }
    if (m_shares->isVisible() && log.sharesStep > 0) {
        if (log.shares.empty()) {
            m_shares->clear(tr("This scheme does not lie on three values."));
            m_flips->clear({});
        } else {
            m_shares->setShares(log.shares);
            m_flips->setCurves({log.flips});
        }
        m_sharesNote->setText(tr("Look at step %1.").arg(log.sharesStep));
        m_sharesNote->setVisible(!log.shares.empty());
    }
    if (showsWeights())
        showWeights(log);
}

void TrainView::showWeights(const TrainLog& log) {
    const auto found = log.latents.find(matrix());
    if (found == log.latents.end())
        return;
    m_latent->setLooks(found->second.first, found->second.latest);
    m_weightsNote->setText(tr("step %1, mean magnitude %2").arg(found->second.latest.step).arg(numberText(found->second.latest.unit)));
}

void TrainView::showFacts(const TrainLog& log) {
    const QLocale locale(QLocale::English);
    if (log.trainingTokens > 0)
        m_facts->setValue("data", tr("%1 tokens").arg(countText(log.trainingTokens)));
    if (log.steps == 0)
        return;
    m_facts->setValue("step", tr("%1 / %2").arg(locale.toString(qlonglong{log.step}), locale.toString(qlonglong{log.steps})));
    m_facts->setValue("loss", log.blocks ? tr("%1 (blocks)").arg(QString::number(log.smoothedLoss, 'f', 4))
                                         : QString::number(log.smoothedLoss, 'f', 3));
    m_facts->setValue("ppl", log.heldOutPerplexity > 0 ? numberText(log.heldOutPerplexity) : QString());
    m_facts->setValue("speed", tr("%1 tokens/s").arg(locale.toString(qlonglong(std::llround(log.tokensPerSecond)))));
    m_facts->setValue("left", log.step < log.steps && log.secondsLeft >= 0
                                  ? durationText(static_cast<std::int64_t>(log.secondsLeft * 1000)) : QString());
    m_facts->setValue("lr", numberText(log.lastLearningRate));
    m_facts->setValue("norm", numberText(log.lastGradNorm));
}

void TrainView::showSamples(const TrainLog& log) {
    const bool waiting = m_samples->count() == 1 && m_samples->item(0)->flags() == Qt::NoItemFlags;
    int have = waiting ? 0 : m_samples->count();
    if (static_cast<std::size_t>(have) == log.samples.size())
        return;
    if (waiting || static_cast<std::size_t>(have) > log.samples.size()) {
        m_samples->clear();
        have = 0;
    }
    for (std::size_t i = static_cast<std::size_t>(have); i < log.samples.size(); ++i) {
        const TrainLog::Sample& sample = log.samples[i];
        const QString text = sample.text.simplified();
        auto* item = new QListWidgetItem(tr("step %1: %2").arg(sample.step).arg(text.isEmpty() ? tr("(nothing)") : text));
        item->setToolTip(tr("Answer to “%1”").arg(sample.prompt));
        m_samples->insertItem(0, item); // the newest on top
    }
}

} // namespace trilobit
