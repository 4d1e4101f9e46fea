#include "widgets/pages/error/errorpage.h"

#include "widgets/common/format.h"
#include "widgets/common/workbench.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace trilobit {

namespace {

constexpr std::int64_t kSampleRows = 128;
constexpr int kDelayMs = 40, kPollMs = 200;

struct Task {
    std::size_t tensor = 0;
    Choice choice;
};

} // namespace

ErrorPage::ErrorPage(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
    setObjectName(QStringLiteral("errorPage"));
    build();
    m_delay = new QTimer(this);
    m_delay->setSingleShot(true);
    m_delay->setInterval(kDelayMs);
    connect(m_delay, &QTimer::timeout, this, &ErrorPage::refresh);
    m_poll = new QTimer(this);
    m_poll->setInterval(kPollMs);
    connect(m_poll, &QTimer::timeout, this, &ErrorPage::takeArrived);

    connect(&workbench, &Workbench::modelChanged, this, [this] {
        stopMeasuring();
        m_measured.clear();
        m_rows = {}; // they point into the old model
        m_model = m_workbench.model();
        later();
    });
    connect(&workbench, &Workbench::calibrationChanged, this, [this] {
        stopMeasuring();
        m_measured.clear();
        later();
    });
    connect(&workbench, &Workbench::recipeChanged, this, [this] {
        stopMeasuring();
        later();
    });
    connect(&workbench, &Workbench::quantizedChanged, this, &ErrorPage::later);
    connect(&workbench, &Workbench::selectionChanged, this,
            [this] { m_plot->setSelected(m_workbench.currentTensor()); });
    connect(m_plot, &BarsPlot::barChosen, this, [this](const QString& id) { m_workbench.setSelection({id}, id); });
    connect(m_plot, &Plot::saved, &workbench,
            [this](const QString& path) { emit m_workbench.note(tr("Saved %1").arg(path)); });
    connect(m_plot, &Plot::saveFailed, &workbench,
            [this](const QString& text) { emit m_workbench.failed(tr("Plot not saved"), text); });
    connect(m_measure, &QComboBox::currentIndexChanged, this, &ErrorPage::refresh);
    connect(m_grouping, &QComboBox::currentIndexChanged, this, &ErrorPage::refresh);
    connect(m_log, &QCheckBox::toggled, this, &ErrorPage::refresh);
    connect(m_button, &QPushButton::clicked, this, [this] { m_job ? stopMeasuring() : measure(); });
    m_model = workbench.model();
    refresh();
    m_stale = true;
}

void ErrorPage::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(6);

    auto* bar = new QHBoxLayout;
    bar->setSpacing(10);
    m_measure = new QComboBox(this);
    m_measure->setObjectName(QStringLiteral("errorMeasure"));
    m_measure->setAccessibleName(tr("Error measure"));
    m_measure->addItem(tr("SQNR (dB)"), static_cast<int>(ErrorMeasure::SqnrDb));
    m_measure->addItem(tr("Relative squared error"), static_cast<int>(ErrorMeasure::RelativeSquared));
    m_measure->addItem(tr("RMSE"), static_cast<int>(ErrorMeasure::Rmse));
    m_measure->setToolTip(tr("SQNR: 10·log10(Σw² / Σe²), about 6 dB per bit.\nRelative squared error: Σe² / Σw².\n"
                             "RMSE: root of the mean squared error, in units of the weights."));
    m_grouping = new QComboBox(this);
    m_grouping->setObjectName(QStringLiteral("errorGrouping"));
    m_grouping->setAccessibleName(tr("Grouping"));
    m_grouping->addItem(tr("By layer"), static_cast<int>(ErrorGrouping::Layer));
    m_grouping->addItem(tr("By role"), static_cast<int>(ErrorGrouping::Role));
    m_log = new QCheckBox(tr("&Log scale"), this);
    m_log->setObjectName(QStringLiteral("errorLogScale"));
    m_log->setToolTip(tr("For squared error and RMSE; decibels are logarithmic already."));
    m_button = new QPushButton(this);
    m_button->setObjectName(QStringLiteral("errorMeasureNow"));
    bar->addWidget(m_measure);
    bar->addWidget(m_grouping);
    bar->addWidget(m_log);
    bar->addStretch(1);
    bar->addWidget(m_button);
    layout->addLayout(bar);

    m_note = new QLabel(this);
    m_note->setObjectName(QStringLiteral("errorNote"));
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    layout->addWidget(m_note);

    m_plot = new BarsPlot(this);
    m_plot->setObjectName(QStringLiteral("errorBars"));
    m_plot->setExportName(QStringLiteral("error-by-tensor"));
    layout->addWidget(m_plot, 1);

    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("errorSummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_summary);
}

void ErrorPage::later() {
    m_stale = true;
    if (isVisible())
        m_delay->start();
}

void ErrorPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale)
        refresh();
}

QString ErrorPage::emptyText() const {
    if (!m_model)
        return tr("Open a model to see what quantization costs each tensor.");
    if (m_rows.refused > 0 && m_rows.missing.empty())
        return tr("The chosen method or encoding cannot be used: see above.");
    if (m_rows.missing.empty())
        return tr("Nothing is set to be quantized.\nChoose a method and an encoding for some tensors first.");
    if (m_job)
        return tr("Measuring…");
    return tr("%1 tensors are set to be quantized.\nPress “Measure now” for a quick estimate, or Quantize for exact "
              "numbers.")
        .arg(m_rows.missing.size());
}

void ErrorPage::refresh() {
    m_stale = false;
    const auto made = m_workbench.quantized();
    const bool sameCalibration = made && made->calibration == m_workbench.calibration();
    m_rows = m_model ? collectErrors(*m_model, m_workbench.plan(), m_workbench.recipe().seed,
                                     sameCalibration ? made.get() : nullptr, m_measured)
                     : ErrorRows{};
    const auto measure = static_cast<ErrorMeasure>(m_measure->currentData().toInt());
    const bool logarithmic = measure != ErrorMeasure::SqnrDb;
    m_log->setEnabled(logarithmic);
    m_plot->setLogScale(logarithmic && m_log->isChecked());
    if (m_rows.rows.empty())
        m_plot->clear(emptyText());
    else
        m_plot->setData(errorBars(m_rows, measure, static_cast<ErrorGrouping>(m_grouping->currentData().toInt())));
    m_plot->setSelected(m_workbench.currentTensor());

    QStringList notes;
    if (m_rows.refused > 0)
        notes << tr("%1 tensors cannot be quantized as chosen: %2").arg(m_rows.refused).arg(qtext(m_rows.refusal));
    if (!m_rows.rows.empty() && !m_rows.missing.empty())
        notes << tr("%1 chosen tensors are not measured yet.").arg(m_rows.missing.size());
    m_note->setText(notes.join(QLatin1Char(' ')));
    m_note->setVisible(!notes.isEmpty());
    QString summary = errorSummary(m_rows);
    if (!summary.isEmpty() && m_rows.kept > 0)
        summary += QLatin1Char(' ') + tr("%1 tensors are kept as they are and have no error.").arg(m_rows.kept);
    m_summary->setText(summary);
    m_summary->setVisible(!summary.isEmpty());
    m_button->setText(m_job ? tr("&Stop measuring") : tr("&Measure now"));
    m_button->setToolTip(
        m_job ? tr("What is measured already stays.")
              : tr("Tries the choice on up to %1 rows of each tensor, without quantizing the model.").arg(kSampleRows));
    m_button->setVisible(m_job || !m_rows.missing.empty());
}

void ErrorPage::measure() {
    if (m_job || !m_model || m_rows.missing.empty())
        return;
    std::vector<Task> tasks;
    for (const TensorPlan& step : m_workbench.plan().tensors)
        if (std::find(m_rows.missing.begin(), m_rows.missing.end(), step.tensor) != m_rows.missing.end())
            tasks.push_back({step.tensor, step.choice});
    m_arrived = std::make_shared<Arrived>();
    const QuantServices services = m_workbench.workspace().quantServices();
    const auto work = [model = m_model, tasks = std::move(tasks), services, seed = m_workbench.recipe().seed,
                       arrived = m_arrived](RunControl& control) -> Result<int> {
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const Tensor& tensor = model->tensors()[tasks[i].tensor];
            if (control.isCancelled())
                return cancelledError();
            control.progress(static_cast<double>(i), static_cast<double>(tasks.size()), tensor.name);
            TRILOBIT_TRY(Preview preview, previewTensor(tensor, tasks[i].choice, seed, kSampleRows, services, control));
            MeasuredError row{tasks[i].choice,    preview.error, preview.applied,  preview.note,
                              preview.bytesAfter, preview.rows,  preview.totalRows};
            const std::scoped_lock lock(arrived->mutex);
            arrived->rows.emplace_back(tensor.name, std::move(row));
        }
        return 0;
    };
    m_job = m_workbench.jobs().start<int>({tr("Measure the error"), JobLane::Compute, false}, this, work,
                                          [this, arrived = m_arrived](Result<int> result) {
                                              if (arrived != m_arrived)
                                                  return; // stopped: another question is being answered
                                              m_job.reset();
                                              m_poll->stop();
                                              takeArrived();
                                              m_arrived.reset();
                                              refresh();
                                              if (!result && result.error().code != ErrorCode::Cancelled)
                                                  emit m_workbench.failed(tr("The error could not be measured"),
                                                                          errorText(result.error()));
                                          });
    m_poll->start();
    refresh();
}

void ErrorPage::stopMeasuring() {
    if (!m_job)
        return;
    m_workbench.jobs().cancel(*m_job);
    takeArrived();
    m_job.reset();
    m_arrived.reset();
    m_poll->stop();
    later();
}

void ErrorPage::takeArrived() {
    if (!m_arrived)
        return;
    std::vector<std::pair<std::string, MeasuredError>> rows;
    {
        const std::scoped_lock lock(m_arrived->mutex);
        rows.swap(m_arrived->rows);
    }
    if (rows.empty())
        return;
    for (auto& [name, row] : rows)
        m_measured.insert_or_assign(std::move(name), std::move(row));
    later();
}

} // namespace trilobit
