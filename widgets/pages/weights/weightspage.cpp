#include "widgets/pages/weights/weightspage.h"

#include "widgets/common/factstrip.h"
#include "widgets/common/format.h"
#include "widgets/common/workbench.h"
#include "widgets/plots/histogramplot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QTimer>
#include <QVBoxLayout>

#include <cmath>

namespace trilobit {

namespace {

constexpr std::int64_t kFirstRows = 64;        // answers within a tenth of a second
constexpr std::int64_t kDirectCount = 1 << 18; // below this many weights a sample saves nothing
constexpr int kDelayMs = 40;                   // several changes in one turn are one question

QString percentText(double fraction) {
    if (fraction == 0)
        return QStringLiteral("0 %");
    const double percent = 100 * fraction;
    return (percent < 0.001 ? QStringLiteral("< 0.001") : numberText(percent)) + QStringLiteral(" %");
}

QString choiceText(const Choice& choice, const std::string& applied) {
    return QStringLiteral("%1 → %2").arg(qtext(choice.method), qtext(applied.empty() ? choice.encoding : applied));
}

} // namespace

WeightsPage::WeightsPage(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
    setObjectName(QStringLiteral("weightsPage"));
    build();
    m_delay = new QTimer(this);
    m_delay->setSingleShot(true);
    m_delay->setInterval(kDelayMs);
    connect(m_delay, &QTimer::timeout, this, &WeightsPage::ask);
    const auto later = [this] {
        m_stale = true;
        if (isVisible())
            m_delay->start();
    };
    connect(&workbench, &Workbench::modelChanged, this, [this, later] {
        letGo();
        later();
    });
    connect(&workbench, &Workbench::calibrationChanged, this, [this, later] {
        letGo();
        later();
    });
    connect(&workbench, &Workbench::recipeChanged, this, later);
    connect(&workbench, &Workbench::selectionChanged, this, later);
    connect(m_bins, &QComboBox::currentIndexChanged, this, later);
    connect(m_log, &QCheckBox::toggled, m_plot, &HistogramPlot::setLogScale);
    connect(m_overlay, &QCheckBox::toggled, this, [this] {
        if (m_picture && m_askedModel)
            showPicture(*m_picture, m_picture->exactStats);
    });
    connect(m_plot, &Plot::saved, &workbench,
            [this](const QString& path) { emit m_workbench.note(tr("Saved %1").arg(path)); });
    connect(m_plot, &Plot::saveFailed, &workbench,
            [this](const QString& text) { emit m_workbench.failed(tr("Plot not saved"), text); });
    showEmpty(tr("Open a model to see its weights."));
}

void WeightsPage::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(6);

    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("weightsTitle"));
    m_title->setProperty("role", "section");
    m_title->setTextFormat(Qt::PlainText);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setMinimumWidth(100);
    layout->addWidget(m_title);

    m_facts = new FactStrip(this);
    m_facts->setObjectName(QStringLiteral("weightsFacts"));
    m_facts->addFact("count", tr("weights"), tr("How many numbers this tensor holds."));
    m_facts->addFact("mean", tr("mean"), tr("Average weight. Trained matrices are centred close to zero."));
    m_facts->addFact("std", tr("σ"), tr("Standard deviation: the typical distance from the mean."));
    m_facts->addFact("min", tr("min"), tr("Smallest weight."));
    m_facts->addFact("max", tr("max"), tr("Largest weight."));
    m_facts->addFact(
        "absmax", tr("absmax"),
        tr("Largest distance from zero. Symmetric schemes spread their levels over ±absmax of a group, so one "
           "large weight makes the steps of its whole group coarse."));
    m_facts->addFact(
        "kurtosis", tr("kurtosis"),
        tr("How heavy the tails are: 3 for a normal distribution. The larger, the more the range is set by a few "
           "weights and the harder low-bit quantization becomes."));
    m_facts->addFact(
        "outliers", tr("outliers"),
        tr("Weights further than six standard deviations from the mean. A normal distribution would have two in a "
           "thousand million."));
    m_facts->addFact("zero", tr("zeros"), tr("Share of weights that are exactly zero."));
    m_facts->addFact("nonfinite", tr("not finite"), tr("NaN or infinite weights. They cannot be quantized."));
    m_facts->addFact(
        "sqnr", tr("SQNR"),
        tr("Signal to quantization noise: 10·log10(Σw² / Σe²). Each bit is worth about 6 dB; ternary lands near "
           "5 to 7 dB."));
    m_facts->addFact("rmse", tr("RMSE"), tr("Root of the mean squared error, in units of the weights."));
    m_facts->addFact("size", tr("size"), tr("Bytes of this tensor before and after, scales included."));
    layout->addWidget(m_facts);

    m_note = new QLabel(this);
    m_note->setObjectName(QStringLiteral("weightsNote"));
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_note->hide();
    layout->addWidget(m_note);

    m_plot = new HistogramPlot(this);
    m_plot->setObjectName(QStringLiteral("weightsHistogram"));
    layout->addWidget(m_plot, 1);

    auto* bar = new QHBoxLayout;
    bar->setSpacing(14);
    m_log = new QCheckBox(tr("&Log scale"), this);
    m_log->setObjectName(QStringLiteral("weightsLogScale"));
    m_log->setToolTip(tr("Logarithmic shares: makes the tails and single outliers visible."));
    m_overlay = new QCheckBox(tr("&Quantized overlay"), this);
    m_overlay->setObjectName(QStringLiteral("weightsOverlay"));
    m_overlay->setChecked(true);
    m_overlay->setToolTip(tr("What the current choice makes of these weights, drawn over the original."));
    auto* binsLabel = new QLabel(tr("&Bins"), this);
    m_bins = new QComboBox(this);
    m_bins->setObjectName(QStringLiteral("weightsBins"));
    m_bins->setAccessibleName(tr("Number of bins"));
    for (const int bins : {64, 128, 256, 512, 1024})
        m_bins->addItem(QString::number(bins), bins);
    m_bins->setCurrentIndex(2);
    binsLabel->setBuddy(m_bins);
    m_state = new QLabel(this);
    m_state->setObjectName(QStringLiteral("weightsState"));
    m_state->setProperty("role", "muted");
    bar->addWidget(m_log);
    bar->addWidget(m_overlay);
    bar->addWidget(binsLabel);
    bar->addWidget(m_bins);
    bar->addStretch(1);
    bar->addWidget(m_state);
    layout->addLayout(bar);
}

void WeightsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale)
        m_delay->start();
}

const Tensor* WeightsPage::currentTensor() const {
    const auto model = m_workbench.model();
    return model ? model->find(m_workbench.currentTensor().toStdString()) : nullptr;
}

Choice WeightsPage::currentChoice() const {
    return m_workbench.recipe().choiceFor(m_workbench.currentTensor().toStdString());
}

void WeightsPage::letGo() {
    ++m_question;
    if (m_job)
        m_workbench.jobs().cancel(*m_job);
    m_job.reset();
    m_askedModel.reset();
}

void WeightsPage::ask() {
    m_stale = false;
    const auto model = m_workbench.model();
    const Tensor* tensor = currentTensor();
    const Choice choice = currentChoice();
    const int bins = m_bins->currentData().toInt();
    if (tensor && model == m_askedModel && m_workbench.currentTensor() == m_askedTensor && choice == m_askedChoice
        && bins == m_askedBins)
        return; // a rule for other tensors changed
    letGo();
    m_askedModel = model;
    m_askedTensor = m_workbench.currentTensor();
    m_askedChoice = choice;
    m_askedBins = bins;
    if (!tensor) {
        m_askedTensor.clear();
        showEmpty(model ? tr("Select a tensor on the left to see its weights.")
                        : tr("Open a model to see its weights."));
        return;
    }
    m_title->setText(
        tr("%1   %2   %3")
            .arg(m_askedTensor, shapeText(tensor->rows, tensor->cols, tensor->dimensions),
                 qtext(tensor->encoding->info().id))
        + (choice.keeps() || !tensor->isQuantizable() ? QString() : QStringLiteral("   ") + choiceText(choice, {})));
    m_plot->setExportName(m_askedTensor);
    const bool sampleFirst = tensor->rows > 2 * kFirstRows && tensor->count() > kDirectCount;
    start(sampleFirst ? kFirstRows : 0);
}

void WeightsPage::start(std::int64_t maxRows) {
    const quint64 question = m_question;
    const Tensor* tensor = m_askedModel->find(m_askedTensor.toStdString());
    m_state->setText(maxRows > 0 ? tr("reading a sample of rows…") : tr("reading all rows…"));
    const QuantServices services = m_workbench.workspace().quantServices();
    const auto work = [model = m_askedModel, tensor, choice = m_askedChoice, bins = m_askedBins, services, maxRows,
                       seed = m_workbench.recipe().seed](RunControl& control) {
        return pictureWeights(*tensor, choice, seed, bins, maxRows, services, control);
    };
    m_job = m_workbench.jobs().start<WeightsPicture>(
        {tr("Histogram of %1").arg(m_askedTensor), JobLane::Interactive, true}, this, work,
        [this, question, maxRows](Result<WeightsPicture> result) {
            if (question != m_question)
                return;
            m_job.reset();
            if (!result) {
                m_state->setText(errorText(result.error()));
                return;
            }
            showPicture(*result, maxRows == 0);
            if (maxRows > 0)
                start(0);
            else
                m_state->setText(
                    m_picture->rows == m_picture->totalRows
                        ? tr("all %1 rows").arg(QLocale(QLocale::English).toString(qlonglong{m_picture->totalRows}))
                        : tr("numbers from all rows, histogram from %1 of %2 rows")
                              .arg(m_picture->rows)
                              .arg(m_picture->totalRows));
            emit pictureShown(maxRows == 0);
        });
}

void WeightsPage::showPicture(const WeightsPicture& picture, bool final) {
    if (&picture != (m_picture ? &*m_picture : nullptr))
        m_picture = picture;
    HistogramData histogram;
    histogram.low = picture.original.low;
    histogram.high = picture.original.high;
    histogram.original = {
        tr("original (%1)").arg(qtext(m_askedModel->find(m_askedTensor.toStdString())->encoding->info().id)),
        picture.original.counts, picture.originalTotal};
    if (picture.quantized && m_overlay->isChecked())
        histogram.quantized = HistogramSeries{tr("quantized (%1)").arg(choiceText(m_askedChoice, picture.applied)),
                                              picture.quantized->counts, picture.originalTotal};
    histogram.mean = picture.stats.mean;
    histogram.std = picture.stats.std;
    histogram.outliers = static_cast<std::uint64_t>(
        std::llround(picture.stats.outlierFraction * static_cast<double>(picture.stats.count)));
    m_plot->setData(histogram);
    m_overlay->setEnabled(picture.quantized.has_value());
    m_note->setText(qtext(picture.note));
    m_note->setVisible(!picture.note.empty());
    showStats(picture);
    if (!final)
        m_state->setText(tr("sample of %1 of %2 rows…").arg(picture.rows).arg(picture.totalRows));
}

void WeightsPage::showStats(const WeightsPicture& picture) {
    const WeightStats& stats = picture.stats;
    const QLocale english(QLocale::English);
    const Tensor* tensor = m_askedModel->find(m_askedTensor.toStdString());
    // A sample gives estimates, and says so.
    const QString about = picture.exactStats ? QString() : QStringLiteral("≈ ");
    m_facts->setValue("count", english.toString(qlonglong{tensor->count()}));
    m_facts->setValue("mean", about + numberText(stats.mean));
    m_facts->setValue("std", about + numberText(stats.std));
    m_facts->setValue("min", about + numberText(stats.min));
    m_facts->setValue("max", about + numberText(stats.max));
    m_facts->setValue("absmax", about + numberText(stats.absmax));
    m_facts->setValue("kurtosis", about + numberText(stats.kurtosis));
    m_facts->setValue("outliers", about + percentText(stats.outlierFraction));
    m_facts->setValue("zero", about + percentText(stats.zeroFraction));
    m_facts->setValue("nonfinite", stats.nonFinite ? english.toString(qulonglong{stats.nonFinite}) : QString());
    const bool quantized = picture.quantized.has_value();
    const QString aboutError = picture.rows == picture.totalRows ? QString() : QStringLiteral("≈ ");
    m_facts->setValue("sqnr", quantized ? aboutError + decibelText(picture.error.sqnrDb) : QString());
    m_facts->setValue("rmse", quantized ? aboutError + numberText(picture.error.rmse) : QString());
    m_facts->setValue("size", quantized ? tr("%1 → %2 (%3)")
                                              .arg(bytesText(tensor->bytes.size()), bytesText(picture.bytesAfter),
                                                   changeText(tensor->bytes.size(), picture.bytesAfter))
                                        : bytesText(tensor->bytes.size()));
    m_facts->setAccessibleDescription(m_facts->text());
}

void WeightsPage::showEmpty(const QString& text) {
    m_picture.reset();
    m_title->setText({});
    m_state->setText({});
    m_note->hide();
    for (const char* key : {"count", "mean", "std", "min", "max", "absmax", "kurtosis", "outliers", "zero", "nonfinite",
                            "sqnr", "rmse", "size"})
        m_facts->setValue(QLatin1String(key), {});
    m_overlay->setEnabled(false);
    m_plot->clear(text);
}

} // namespace trilobit
