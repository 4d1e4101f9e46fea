#include "widgets/pages/map/mappage.h"

#include "core/quant/quantizetensor.h"
#include "widgets/common/format.h"
#include "widgets/common/workbench.h"
#include "widgets/pages/map/microscope.h"
#include "widgets/plots/heatmapplot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

constexpr int kDelayMs = 40, kGridDelayMs = 12;
constexpr std::int64_t kDirectWeights = std::int64_t{1} << 20; // decoded in a few milliseconds: no sample needed
constexpr double kBrightest = 0.998;                           // share of cells that the colours tell apart
enum Side { Original, Quantized, ErrorSide };

double limitOf(const std::vector<float>& values) {
    std::vector<float> magnitudes;
    magnitudes.reserve(values.size());
    for (const float value : values)
        if (std::isfinite(value) && value != 0)
            magnitudes.push_back(std::fabs(value));
    if (magnitudes.empty())
        return 1;
    const auto at =
        magnitudes.begin() + static_cast<std::ptrdiff_t>(kBrightest * static_cast<double>(magnitudes.size() - 1));
    std::nth_element(magnitudes.begin(), at, magnitudes.end());
    return static_cast<double>(*at);
}

} // namespace

MapPage::MapPage(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
    setObjectName(QStringLiteral("mapPage"));
    build();
    m_delay = new QTimer(this);
    m_gridDelay = new QTimer(this);
    for (const auto& [timer, ms] : {std::pair(m_delay, kDelayMs), std::pair(m_gridDelay, kGridDelayMs)}) {
        timer->setSingleShot(true);
        timer->setInterval(ms);
    }
    connect(m_delay, &QTimer::timeout, this, &MapPage::ask);
    connect(m_gridDelay, &QTimer::timeout, this, &MapPage::askGrid);
    connect(&workbench, &Workbench::modelChanged, this, &MapPage::later);
    connect(&workbench, &Workbench::calibrationChanged, this, [this] {
        m_choice = {}; // what was being made is asked for again
        later();
    });
    connect(&workbench, &Workbench::recipeChanged, this, &MapPage::later);
    connect(&workbench, &Workbench::quantizedChanged, this, &MapPage::later);
    connect(&workbench, &Workbench::selectionChanged, this, &MapPage::later);
    connect(m_value, &QComboBox::currentIndexChanged, this, [this] {
        m_limitsKnown = false;
        m_gridDelay->start();
    });
    for (std::size_t side = 0; side < m_maps.size(); ++side) {
        HeatMapPlot* map = m_maps[side];
        connect(m_sides[side], &QCheckBox::toggled, this, &MapPage::showSides);
        connect(map, &HeatMapPlot::viewChanged, this, [this, map] {
            if (m_linking || !m_source)
                return;
            m_linking = true;
            for (HeatMapPlot* other : m_maps)
                if (other != map)
                    other->showRange(map->xAxis->range(), map->yAxis->range());
            m_linking = false;
            m_gridDelay->start();
        });
        connect(map, &HeatMapPlot::weightChosen, this, &MapPage::choose);
        connect(map, &Plot::saved, &workbench,
                [this](const QString& path) { emit m_workbench.note(tr("Saved %1").arg(path)); });
        connect(map, &Plot::saveFailed, &workbench,
                [this](const QString& text) { emit m_workbench.failed(tr("Plot not saved"), text); });
    }
    connect(m_microscope, &Microscope::weightChosen, this, &MapPage::choose);
    connect(m_microscope, &Microscope::blockShown, this, [this](qint64 first, qint64 count) {
        for (HeatMapPlot* map : m_maps)
            map->setBlock(first, count);
    });
    clear(tr("Open a model to see its weights as a map."));
}

void MapPage::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(6);
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("mapTitle"));
    m_title->setProperty("role", "section");
    m_title->setTextFormat(Qt::PlainText);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setMinimumWidth(100);

    m_value = new QComboBox(this);
    m_value->setObjectName(QStringLiteral("mapValue"));
    m_value->setAccessibleName(tr("What a cell shows"));
    m_value->addItem(tr("Strongest weight"), static_cast<int>(CellValue::Strongest));
    m_value->addItem(tr("Root mean square"), static_cast<int>(CellValue::Rms));
    m_value->addItem(tr("Mean"), static_cast<int>(CellValue::Mean));
    m_value->setToolTip(
        tr("From afar a cell stands for many weights. The strongest one shows outliers, the root mean square "
           "shows rows and columns that are large as a whole."));
    auto* valueLabel = new QLabel(tr("C&ells show"), this);
    valueLabel->setBuddy(m_value);
    m_state = new QLabel(this);
    m_state->setObjectName(QStringLiteral("mapState"));
    m_state->setProperty("role", "muted");

    const QString names[] = {tr("Or&iginal"), tr("&Quantized"), tr("Erro&r")};
    const char* ids[] = {"Original", "Quantized", "Error"};
    auto* maps = new QSplitter(Qt::Horizontal, this);
    maps->setObjectName(QStringLiteral("mapSides"));
    maps->setChildrenCollapsible(false);
    for (std::size_t side = 0; side < m_maps.size(); ++side) {
        m_sides[side] = new QCheckBox(names[side], this);
        m_sides[side]->setObjectName(QStringLiteral("mapShow") + QLatin1String(ids[side]));
        m_sides[side]->setChecked(true);
        m_panels[side] = new QWidget(maps);
        auto* column = new QVBoxLayout(m_panels[side]);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(2);
        m_heads[side] = new QLabel(QString(names[side]).remove(QLatin1Char('&')), m_panels[side]);
        m_heads[side]->setProperty("role", "muted");
        m_heads[side]->setMinimumWidth(20);
        m_maps[side] = new HeatMapPlot(m_panels[side]);
        m_maps[side]->setObjectName(QStringLiteral("map") + QLatin1String(ids[side]));
        m_maps[side]->setAccessibleName(tr("Map of the tensor: %1").arg(m_heads[side]->text()));
        m_maps[side]->setMinimumSize(150, 120);
        column->addWidget(m_heads[side]);
        column->addWidget(m_maps[side], 1);
        maps->addWidget(m_panels[side]);
    }
    m_microscope = new Microscope(this);
    m_microscope->setMinimumHeight(150);
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setObjectName(QStringLiteral("mapSplitter"));
    m_splitter->addWidget(maps);
    m_splitter->addWidget(m_microscope);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setSizes({3000, 2000});

    auto* bar = new QHBoxLayout;
    bar->setSpacing(12);
    for (QCheckBox* box : m_sides)
        bar->addWidget(box);
    bar->addWidget(valueLabel);
    bar->addWidget(m_value);
    bar->addStretch(1);
    bar->addWidget(m_state);
    layout->addWidget(m_title);
    layout->addLayout(bar);
    layout->addWidget(m_splitter, 1);
}

void MapPage::later() {
    m_stale = true;
    if (isVisible())
        m_delay->start();
}

void MapPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale)
        m_delay->start();
}

void MapPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    for (std::optional<quint64>* job : {&m_gridJob, &m_quantizeJob})
        if (*job) {
            m_workbench.jobs().cancel(**job);
            job->reset();
            m_stale = true;
        }
    ++m_question;
    ++m_gridQuestion;
    if (m_stale)
        m_choice = {}; // what was being made is asked for again
}

CellValue MapPage::cellValue() const { return static_cast<CellValue>(m_value->currentData().toInt()); }

void MapPage::clear(const QString& text) {
    ++m_question;
    ++m_gridQuestion;
    m_source.reset();
    m_quantized.reset();
    m_model.reset();
    m_grid.reset();
    m_title->clear();
    m_state->clear();
    m_microscope->setTensor(nullptr);
    for (HeatMapPlot* map : m_maps)
        map->clear({});
    m_maps[Original]->clear(text);
    showSides();
}

void MapPage::ask() {
    m_stale = false;
    const auto model = m_workbench.model();
    const std::string name = m_workbench.currentTensor().toStdString();
    const Tensor* tensor = model ? model->find(name) : nullptr;
    if (!tensor || tensor->count() == 0)
        return clear(model ? tr("Select a tensor on the left to see it as a map.")
                           : tr("Open a model to see its weights as a map."));
    const bool other = model != m_model || !m_source || m_source->name != name;
    if (other) {
        clear({});
        m_model = model;
        m_source = std::shared_ptr<const Tensor>(model, tensor);
        m_choice = {};
        m_limitsKnown = false;
        m_title->setText(QStringLiteral("%1   %2   %3")
                             .arg(qtext(name), shapeText(tensor->rows, tensor->cols, tensor->dimensions),
                                  qtext(tensor->encoding->info().id)));
        m_linking = true;
        for (HeatMapPlot* map : m_maps) {
            map->setTensor(tensor->rows, tensor->cols);
            map->setExportName(qtext(name));
        }
        m_linking = false;
        m_microscope->setTensor(m_source);
    }
    const Choice wanted = tensor->isQuantizable() ? m_workbench.recipe().choiceFor(name) : Choice{};
    if (wanted != m_choice || (m_workbench.currentReport(qtext(name)) && !m_quantizeJob && !m_quantized)) {
        m_choice = wanted;
        m_quantized.reset();
        startQuantizing();
    }
    showSides();
    m_gridDelay->start();
}

void MapPage::startQuantizing() {
    const quint64 question = ++m_question;
    if (m_quantizeJob)
        m_workbench.jobs().cancel(*m_quantizeJob);
    m_quantizeJob.reset();
    m_note.clear();
    m_microscope->setQuantized(nullptr);
    if (m_choice.keeps())
        return;
    if (const auto done = m_workbench.quantized(); done && m_workbench.currentReport(qtext(m_source->name)))
        if (const Tensor* ready = done->model->find(m_source->name)) {
            m_quantized = std::shared_ptr<const Tensor>(done, ready);
            m_microscope->setQuantized(m_quantized);
            return;
        }
    m_quantizeJob = m_workbench.jobs().start<QuantizedTensor>(
        {tr("Quantize %1 for the map").arg(qtext(m_source->name)), JobLane::Compute, true}, this,
        [source = m_source, choice = m_choice, seed = m_workbench.recipe().seed,
         services = m_workbench.workspace().quantServices()](RunControl& control) {
            return quantizeTensor(*source, choice, seed, services, control);
        },
        [this, question](Result<QuantizedTensor> result) {
            if (question != m_question)
                return;
            m_quantizeJob.reset();
            if (result) {
                m_quantized = std::make_shared<const Tensor>(std::move(result->tensor));
                m_microscope->setQuantized(m_quantized);
                m_note = qtext(result->note);
            } else {
                m_note = errorText(result.error());
            }
            showSides();
            askGrid();
        });
}

void MapPage::showSides() {
    const bool two = m_quantized != nullptr || m_quantizeJob.has_value();
    for (std::size_t side = 0; side < m_panels.size(); ++side) {
        const bool possible = side == Original || two;
        m_sides[side]->setEnabled(possible);
        m_panels[side]->setVisible(possible && m_sides[side]->isChecked());
    }
    if (m_source) {
        m_heads[Original]->setText(tr("Original · %1").arg(qtext(m_source->encoding->info().id)));
        m_heads[Quantized]->setText(m_quantized ? tr("Quantized · %1").arg(qtext(m_quantized->encoding->info().id))
                                                : tr("Quantized · being made…"));
        m_heads[ErrorSide]->setText(tr("Error · quantized − original"));
    } else {
        m_panels[Original]->show();
        m_heads[Original]->clear();
    }
}

void MapPage::askGrid() {
    if (!m_source || !isVisible())
        return;
    const auto lead =
        std::find_if(m_panels.begin(), m_panels.end(), [](const QWidget* panel) { return !panel->isHidden(); });
    if (lead == m_panels.end())
        return;
    const HeatMapPlot* map = m_maps[static_cast<std::size_t>(lead - m_panels.begin())];
    const HeatRegion wanted = map->wanted();
    if (wanted.rowBegin >= wanted.rowEnd || wanted.colBegin >= wanted.colEnd)
        return;
    const bool sameKind = m_gridValue == cellValue() && m_gridHasQuantized == (m_quantized != nullptr);
    // The margin lets small moves go by without a new question.
    if (m_grid && sameKind && !m_grid->sampled && m_limitsKnown && m_grid->region.rowStep == wanted.rowStep
        && m_grid->region.colStep == wanted.colStep && m_grid->region.contains(map->visibleRegion()))
        return;
    if (m_gridJob && m_gridAsked == wanted && sameKind)
        return;
    const std::int64_t weights = (wanted.rowEnd - wanted.rowBegin) * m_source->cols;
    startGrid(wanted, weights > kDirectWeights && wanted.rowStep > 1 ? 1 : 0);
}

void MapPage::startGrid(const HeatRegion& region, std::int64_t rowsPerCell) {
    if (m_gridJob)
        m_workbench.jobs().cancel(*m_gridJob);
    const quint64 question = ++m_gridQuestion;
    m_gridAsked = region;
    m_gridValue = cellValue();
    m_gridHasQuantized = m_quantized != nullptr;
    m_gridJob = m_workbench.jobs().start<HeatGrid>(
        {tr("Map of %1").arg(qtext(m_source->name)), JobLane::Interactive, true}, this,
        [source = m_source, quantized = m_quantized, region, value = m_gridValue, rowsPerCell](RunControl& control) {
            return heatGrid(*source, quantized.get(), region, value, rowsPerCell, control);
        },
        [this, question, region](Result<HeatGrid> result) {
            if (question != m_gridQuestion)
                return;
            m_gridJob.reset();
            if (!result) {
                m_state->setText(errorText(result.error()));
                return;
            }
            const bool sampled = result->sampled;
            showGrid(*std::move(result));
            if (sampled)
                startGrid(region, 0);
            emit gridShown(!sampled && !m_quantizeJob);
        });
}

void MapPage::setLimits(const HeatGrid& grid) {
    const bool rms = m_gridValue == CellValue::Rms;
    const auto scale = rms ? HeatMapPlot::Scale::Sequential : HeatMapPlot::Scale::Diverging;
    const QString label = tr("weight");
    const double limit = limitOf(grid.original);
    m_maps[Original]->setScale(scale, limit, label);
    m_maps[Quantized]->setScale(scale, limit, label);
    m_maps[ErrorSide]->setScale(scale, grid.error.empty() ? 1 : limitOf(grid.error), tr("error"));
    m_limitsKnown = true;
}

void MapPage::showGrid(HeatGrid grid) {
    if (!m_limitsKnown || m_gridHasQuantized != !m_maps[ErrorSide]->property("hasError").toBool())
        setLimits(grid);
    m_maps[ErrorSide]->setProperty("hasError", m_gridHasQuantized);
    m_maps[Original]->setCells(grid.region, grid.original);
    m_maps[Quantized]->setCells(grid.region, grid.quantized);
    m_maps[ErrorSide]->setCells(grid.region, grid.error);
    const std::int64_t perCell = grid.region.rowStep * grid.region.colStep;
    QString state = perCell == 1 ? tr("single weights")
                                 : tr("%1 × %2 weights a cell").arg(grid.region.rowStep).arg(grid.region.colStep);
    if (grid.sampled)
        state += tr(", sample of rows…");
    if (!m_note.isEmpty())
        state += QStringLiteral(" · ") + m_note;
    m_state->setText(m_state->fontMetrics().elidedText(state, Qt::ElideRight, 420));
    m_state->setToolTip(m_note);
    m_grid = std::move(grid);
}

void MapPage::choose(qint64 row, qint64 col) {
    if (!m_source)
        return;
    row = std::clamp<qint64>(row, 0, m_source->rows - 1);
    col = std::clamp<qint64>(col, 0, m_source->cols - 1);
    m_microscope->look(row, col);
    for (HeatMapPlot* map : m_maps)
        map->setChosen(std::pair(std::int64_t{row}, std::int64_t{col}));
}

} // namespace trilobit
