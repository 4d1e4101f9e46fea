#include "widgets/pages/plots/plotspage.h"

#include "core/quant/quantizetensor.h"
#include "widgets/common/format.h"
#include "widgets/common/workbench.h"
#include "widgets/plots/xyplot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace trilobit {

namespace {

constexpr int kDelayMs = 40;
constexpr std::int64_t kScatterPoints = 6000;

struct Profiled {
    TensorProfile profile;
    QString quantized, note;
};

/// What the recipe makes of the tensor if it makes anything of it, and the profile of both. A choice that is refused is
/// no error: the original alone is profiled.
Result<Profiled> profileChoice(const Tensor& tensor, std::shared_ptr<const Tensor> quantized, const Choice& choice,
                               std::uint64_t seed, const QuantServices& services, RunControl& control) {
    Profiled out;
    std::optional<QuantizedTensor> made;
    if (!quantized && !choice.keeps() && tensor.isQuantizable()) {
        auto result = quantizeTensor(tensor, choice, seed, services, control);
        if (result)
            made = *std::move(result);
        else if (result.error().code == ErrorCode::Cancelled)
            return std::move(result).error();
        else
            out.note = errorText(result.error());
    }
    const Tensor* other = quantized ? quantized.get() : made ? &made->tensor : nullptr;
    if (other)
        out.quantized = qtext(other->encoding->info().id);
    TRILOBIT_TRY(out.profile, profileTensor(tensor, other, kScatterPoints, control));
    return out;
}

} // namespace

PlotsPage::PlotsPage(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
    setObjectName(QStringLiteral("plotsPage"));
    build();
    m_delay = new QTimer(this);
    m_delay->setSingleShot(true);
    m_delay->setInterval(kDelayMs);
    connect(m_delay, &QTimer::timeout, this, &PlotsPage::ask);
    connect(&workbench, &Workbench::modelChanged, this, [this] {
        letGo();
        later();
    });
    connect(&workbench, &Workbench::calibrationChanged, this, [this] {
        m_model.reset(); // what quantizing makes of the tensor changes, too
        refresh();
        later();
    });
    connect(&workbench, &Workbench::busyChanged, this, &PlotsPage::refreshCalibrationRow);
    connect(&workbench, &Workbench::recipeChanged, this, &PlotsPage::later);
    connect(&workbench, &Workbench::quantizedChanged, this, &PlotsPage::later);
    connect(&workbench, &Workbench::selectionChanged, this, &PlotsPage::later);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        // Kurtosis and spectra span orders of magnitude, the others do not.
        m_logY->setChecked(isOverLayers(kind()) || kind() == PlotKind::Spectrum || kind() == PlotKind::Activations);
        m_logX->setChecked(false);
        refresh();
        ask();
    });
    connect(m_logX, &QCheckBox::toggled, this, &PlotsPage::refresh);
    connect(m_logY, &QCheckBox::toggled, this, &PlotsPage::refresh);
    connect(m_plot, &XyPlot::pointChosen, this, [this](const QString& id) {
        if (m_workbench.tensorPlan(id))
            m_workbench.setSelection({id}, id);
    });
    connect(m_plot, &Plot::saved, &workbench,
            [this](const QString& path) { emit m_workbench.note(tr("Saved %1").arg(path)); });
    connect(m_plot, &Plot::saveFailed, &workbench,
            [this](const QString& text) { emit m_workbench.failed(tr("Plot not saved"), text); });
    refresh();
}

void PlotsPage::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(6);
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("plotsTitle"));
    m_title->setProperty("role", "section");
    m_title->setTextFormat(Qt::PlainText);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setMinimumWidth(100);
    m_kind = new QComboBox(this);
    m_kind->setObjectName(QStringLiteral("plotKind"));
    m_kind->setAccessibleName(tr("Plot"));
    m_kind->addItem(tr("Quantiles against normal (Q–Q)"), static_cast<int>(PlotKind::QuantileQuantile));
    m_kind->addItem(tr("Magnitude by row"), static_cast<int>(PlotKind::AbsmaxByRow));
    m_kind->addItem(tr("Magnitude by column"), static_cast<int>(PlotKind::AbsmaxByColumn));
    m_kind->addItem(tr("Original against quantized"), static_cast<int>(PlotKind::Scatter));
    m_kind->addItem(tr("Spectrum of weights and error"), static_cast<int>(PlotKind::Spectrum));
    m_kind->addItem(tr("Activations by channel"), static_cast<int>(PlotKind::Activations));
    m_kind->addItem(tr("Kurtosis over all layers"), static_cast<int>(PlotKind::KurtosisByLayer));
    m_kind->addItem(tr("Outliers over all layers"), static_cast<int>(PlotKind::OutliersByLayer));
    m_logX = new QCheckBox(tr("Log &x"), this);
    m_logX->setObjectName(QStringLiteral("plotLogX"));
    m_logY = new QCheckBox(tr("Log &y"), this);
    m_logY->setObjectName(QStringLiteral("plotLogY"));
    m_state = new QLabel(this);
    m_state->setObjectName(QStringLiteral("plotsState"));
    m_state->setProperty("role", "muted");
    auto* bar = new QHBoxLayout;
    bar->setSpacing(12);
    bar->addWidget(m_kind);
    bar->addWidget(m_logX);
    bar->addWidget(m_logY);
    bar->addStretch(1);
    bar->addWidget(m_state);
    buildCalibrationRow();
    m_help = new QLabel(this);
    m_help->setObjectName(QStringLiteral("plotsHelp"));
    m_help->setWordWrap(true);
    m_help->setProperty("role", "muted");
    m_plot = new XyPlot(this);
    m_plot->setObjectName(QStringLiteral("plotsPlot"));
    layout->addWidget(m_title);
    layout->addLayout(bar);
    layout->addWidget(m_calibrationRow);
    layout->addWidget(m_plot, 1);
    layout->addWidget(m_help);
}

void PlotsPage::buildCalibrationRow() {
    m_calibrationRow = new QWidget(this);
    auto* row = new QHBoxLayout(m_calibrationRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    const auto button = [&](const char* name, const QString& text, const QString& tip, auto slot) {
        auto* made = new QPushButton(text, m_calibrationRow);
        made->setObjectName(QLatin1String(name));
        made->setToolTip(tip);
        row->addWidget(made);
        connect(made, &QPushButton::clicked, this, slot);
        return made;
    };
    m_calibrate = button("calibrateButton", tr("&Calibrate…"),
                         tr("Let the model read a text and note what goes into each of its matrices"),
                         &PlotsPage::calibrateRequested);
    m_openCalibration = button("openCalibrationButton", tr("&Open…"),
                               tr("Use a calibration that was made before, or an imatrix of llama.cpp"),
                               &PlotsPage::openCalibrationRequested);
    m_dropCalibration = button("dropCalibrationButton", tr("For&get"),
                               tr("Quantize without the calibration; its file stays"),
                               [this] { m_workbench.dropCalibration(); });
    m_calibrationText = new QLabel(m_calibrationRow);
    m_calibrationText->setObjectName(QStringLiteral("calibrationText"));
    m_calibrationText->setProperty("role", "muted");
    m_calibrationText->setTextFormat(Qt::PlainText);
    m_calibrationText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_calibrationText, 1);
}

void PlotsPage::refreshCalibrationRow() {
    m_calibrationRow->setVisible(kind() == PlotKind::Activations);
    const auto calibration = m_workbench.calibration();
    const bool possible = m_workbench.model() && !m_workbench.isCalibrating();
    m_calibrate->setEnabled(possible);
    m_openCalibration->setEnabled(possible);
    m_dropCalibration->setEnabled(possible && calibration);
    if (m_workbench.isCalibrating())
        m_calibrationText->setText(tr("at work…"));
    else if (calibration)
        m_calibrationText->setText(QFileInfo(qtext(calibration->path)).fileName()
                                   + (calibration->tokens() > 0 ? tr(", %1 tokens").arg(calibration->tokens()) : QString()));
    else
        m_calibrationText->clear();
    m_calibrationText->setToolTip(calibration ? qtext(calibration->path) : QString());
}

void PlotsPage::refreshActivations() {
    const auto calibration = m_workbench.calibration();
    const auto model = m_workbench.model();
    const QString name = m_workbench.currentTensor();
    const Tensor* tensor = model ? model->find(name.toStdString()) : nullptr;
    const InputStatistics* statistics = calibration && tensor ? calibration->find(tensor->name) : nullptr;
    m_title->setText(tensor ? QStringLiteral("%1   %2   %3").arg(name, shapeText(tensor->rows, tensor->cols, tensor->dimensions),
                                                                 qtext(tensor->encoding->info().id))
                            : QString());
    m_state->clear();
    if (!model)
        m_plot->clear(tr("Open a model to see plots of its weights."));
    else if (!calibration)
        m_plot->clear(tr("There is no calibration yet.\nPress “Calibrate…” and choose a text for the model to read."));
    else if (!tensor)
        m_plot->clear(tr("Select a tensor on the left."));
    else if (!statistics)
        m_plot->clear(tr("The calibration has nothing on this tensor: it is no matrix that the text went through."));
    else
        m_plot->setData(activationPlot(*statistics));
    m_plot->setExportName(name + QStringLiteral("-activations"));
    if (statistics)
        emit plotShown();
}

PlotKind PlotsPage::kind() const { return static_cast<PlotKind>(m_kind->currentData().toInt()); }

void PlotsPage::later() {
    m_stale = true;
    if (isVisible())
        m_delay->start();
}

void PlotsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale)
        m_delay->start();
}

void PlotsPage::letGo() {
    ++m_question;
    for (std::optional<quint64>* job : {&m_job, &m_firstJob, &m_layersJob})
        if (*job) {
            m_workbench.jobs().cancel(**job);
            job->reset();
        }
    m_profile.reset();
    m_layers.clear();
    m_model.reset();
    m_layersModel.reset();
    m_tensor.clear();
}

void PlotsPage::ask() {
    m_stale = false;
    if (isOverLayers(kind()))
        askLayers();
    else if (kind() != PlotKind::Activations)
        askTensor();
    refresh();
}

void PlotsPage::askTensor() {
    const auto model = m_workbench.model();
    const QString name = m_workbench.currentTensor();
    const Tensor* tensor = model ? model->find(name.toStdString()) : nullptr;
    const Choice choice = tensor && tensor->isQuantizable() ? m_workbench.recipe().choiceFor(tensor->name) : Choice{};
    if (model == m_model && name == m_tensor && choice == m_choice)
        return;
    ++m_question;
    for (std::optional<quint64>* job : {&m_job, &m_firstJob})
        if (*job) {
            m_workbench.jobs().cancel(**job);
            job->reset();
        }
    if (model != m_model || name != m_tensor)
        m_profile.reset();
    m_note.clear();
    m_model = model;
    m_tensor = name;
    m_choice = choice;
    if (!tensor || tensor->count() == 0)
        return;
    m_original = qtext(tensor->encoding->info().id);
    std::shared_ptr<const Tensor> ready;
    if (const auto done = m_workbench.quantized(); done && m_workbench.currentReport(name) && !choice.keeps())
        if (const Tensor* found = done->model->find(tensor->name))
            ready = std::shared_ptr<const Tensor>(done, found);
    const quint64 question = m_question;
    const bool slow = !ready && !choice.keeps() && tensor->isQuantizable();
    if (slow && !m_profile)
        m_firstJob = m_workbench.jobs().start<TensorProfile>(
            {tr("Profile of %1").arg(name), JobLane::Interactive, true}, this,
            [model, tensor](RunControl& control) { return profileTensor(*tensor, nullptr, 0, control); },
            [this, question](Result<TensorProfile> result) {
                if (question != m_question)
                    return;
                m_firstJob.reset();
                if (result && m_job)
                    showProfile(*result, {}, {});
            });
    m_job = m_workbench.jobs().start<Profiled>(
        {tr("Profile of %1").arg(name), slow ? JobLane::Compute : JobLane::Interactive, true}, this,
        [model, tensor, ready, choice, seed = m_workbench.recipe().seed,
         services = m_workbench.workspace().quantServices()](RunControl& control) {
            return profileChoice(*tensor, ready, choice, seed, services, control);
        },
        [this, question](Result<Profiled> result) {
            if (question != m_question)
                return;
            m_job.reset();
            if (result)
                return showProfile(result->profile, result->quantized, result->note);
            m_profile.reset(); // rather nothing than half of it
            m_note = errorText(result.error());
            refresh();
        });
}

void PlotsPage::showProfile(const TensorProfile& profile, const QString& quantized, const QString& note) {
    m_profile = profile;
    m_quantized = quantized;
    m_note = note;
    refresh();
}

void PlotsPage::askLayers() {
    const auto model = m_workbench.model();
    if (!model || model == m_layersModel)
        return;
    m_layersModel = model;
    m_layers.clear();
    m_layersJob = m_workbench.jobs().start<std::vector<LayerStats>>(
        {tr("Statistics of all tensors"), JobLane::Compute, false}, this,
        [model](RunControl& control) { return collectLayerStats(*model, control); },
        [this, model](Result<std::vector<LayerStats>> result) {
            if (model != m_layersModel)
                return;
            m_layersJob.reset();
            if (result)
                m_layers = *std::move(result);
            else
                m_layersModel.reset(); // asked again when the plot is chosen again
            refresh();
        });
}

void PlotsPage::refresh() {
    const auto model = m_workbench.model();
    const Tensor* tensor = model ? model->find(m_tensor.toStdString()) : nullptr;
    const bool layers = isOverLayers(kind());
    refreshCalibrationRow();
    m_help->setText(plotHelp(kind()));
    m_plot->setLogScales(m_logX->isChecked(), m_logY->isChecked());
    m_plot->setAccessibleName(m_kind->currentText());
    if (kind() == PlotKind::Activations)
        return refreshActivations();
    m_plot->setExportName(m_tensor.isEmpty() ? QStringLiteral("layers") : m_tensor);
    m_title->setText(layers ? tr("All layers")
                     : tensor
                         ? QStringLiteral("%1   %2   %3")
                               .arg(m_tensor, shapeText(tensor->rows, tensor->cols, tensor->dimensions), m_original)
                         : QString());
    m_state->setText(m_job || m_layersJob ? tr("computing…")
                     : !layers && kind() == PlotKind::QuantileQuantile && m_profile
                             && m_profile->quantileWeights < m_profile->rows * m_profile->cols
                         ? tr("from %1 weights").arg(countText(static_cast<std::uint64_t>(m_profile->quantileWeights)))
                         : m_note);
    if (!model)
        m_plot->clear(tr("Open a model to see plots of its weights."));
    else if (layers && m_layers.empty())
        m_plot->clear(m_layersJob ? tr("Reading all tensors…") : tr("The statistics were not computed."));
    else if (layers)
        m_plot->setData(layerPlot(m_layers, kind()));
    else if (!tensor)
        m_plot->clear(tr("Select a tensor on the left."));
    else if (!m_profile)
        m_plot->clear(m_job ? tr("Computing…") : m_note);
    else if (needsQuantized(kind()) && !m_profile->hasQuantized && m_job)
        m_plot->clear(tr("Quantizing this tensor…"));
    else if (needsQuantized(kind()) && !m_profile->hasQuantized)
        m_plot->clear(
            tr("This tensor is kept as it is.\nChoose a method and an encoding for it to compare both sides."));
    else
        m_plot->setData(tensorPlot(*m_profile, kind(), m_original, m_quantized));
    if (layers)
        m_plot->setSelected(m_workbench.currentTensor());
    if ((layers && !m_layers.empty()) || (!layers && m_profile && !m_job))
        emit plotShown();
}

} // namespace trilobit
