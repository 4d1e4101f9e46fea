#include "widgets/pages/map/microscope.h"

#include "widgets/common/factstrip.h"
#include "widgets/common/format.h"
#include "widgets/pages/map/bitsview.h"
#include "widgets/pages/map/microscopemodels.h"

#include <QComboBox>
#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>

namespace trilobit {

namespace {

enum Side { InFile, AsQuantized };

QString exactText(double value) { return QString::number(value, 'g', 7); }

QTableView* table(const char* name, const QString& spoken, QAbstractItemModel* model, QWidget* parent) {
    auto* view = new QTableView(parent);
    view->setObjectName(QLatin1String(name));
    view->setAccessibleName(spoken);
    view->setModel(model);
    view->setFrameShape(QFrame::NoFrame);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setAlternatingRowColors(true);
    view->setShowGrid(false);
    view->setTabKeyNavigation(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + 6);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setStretchLastSection(true);
    return view;
}

} // namespace

Microscope::Microscope(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("microscope"));
    build();
    connect(m_rowBox, &QSpinBox::valueChanged, this, [this](int row) { emit weightChosen(row, m_colBox->value()); });
    connect(m_colBox, &QSpinBox::valueChanged, this, [this](int col) { emit weightChosen(m_rowBox->value(), col); });
    connect(m_side, &QComboBox::currentIndexChanged, this, &Microscope::refresh);
    connect(m_neighbours, &QTableView::activated, this, [this](const QModelIndex& index) {
        const NeighbourWeight weight = m_neighbourModel->at(index.row());
        emit weightChosen(weight.row, weight.col);
    });
    refresh();
}

void Microscope::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(5);

    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    auto* title = new QLabel(tr("Bit microscope"), this);
    title->setProperty("role", "section");
    const auto box = [this](const char* name, const QString& spoken) {
        auto* spin = new QSpinBox(this);
        spin->setObjectName(QLatin1String(name));
        spin->setAccessibleName(spoken);
        spin->setKeyboardTracking(false);
        spin->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("0000000")) + 34);
        return spin;
    };
    m_rowBox = box("microscopeRow", tr("Row of the weight"));
    m_colBox = box("microscopeColumn", tr("Column of the weight"));
    auto* rowLabel = new QLabel(tr("&Row"), this);
    rowLabel->setBuddy(m_rowBox);
    auto* colLabel = new QLabel(tr("C&olumn"), this);
    colLabel->setBuddy(m_colBox);
    m_side = new QComboBox(this);
    m_side->setObjectName(QStringLiteral("microscopeSide"));
    m_side->setAccessibleName(tr("Which bytes to look at"));
    m_side->addItem(tr("In the open file"));
    m_side->addItem(tr("As quantized"));
    bar->addWidget(title);
    bar->addWidget(rowLabel);
    bar->addWidget(m_rowBox);
    bar->addWidget(colLabel);
    bar->addWidget(m_colBox);
    bar->addWidget(m_side);
    bar->addStretch(1);
    layout->addLayout(bar);

    m_facts = new FactStrip(this);
    m_facts->setObjectName(QStringLiteral("microscopeFacts"));
    m_facts->addFact("original", tr("original"), tr("The weight in the open file."));
    m_facts->addFact("value", tr("decoded"), tr("What these bytes decode to."));
    m_facts->addFact("error", tr("error"), tr("Decoded minus original."));
    m_facts->addFact("code", tr("code"), tr("The integer stored for this weight."));
    m_facts->addFact("level", tr("level"), tr("The value that the code names, before scaling."));
    m_facts->addFact("scale", tr("scale"), tr("What a step of one is worth here."));
    m_facts->addFact("zero", tr("zero"), tr("The code that stands for zero."));
    m_facts->addFact("minimum", tr("minimum"), tr("Subtracted from scale · code."));
    m_facts->addFact("formula", tr("by"), tr("How the value comes from the fields below."));
    m_facts->addFact("block", tr("block"), tr("Weights that share bytes and scale with this one."));
    m_facts->addFact("place", tr("in the file"), tr("Where the block begins, counted from the start of the file."));
    layout->addWidget(m_facts);

    m_bits = new BitsView(this);
    m_bitsArea = new QScrollArea(this);
    m_bitsArea->setObjectName(QStringLiteral("microscopeBitsArea"));
    m_bitsArea->setAccessibleName(tr("Bytes of the block"));
    m_bitsArea->setWidgetResizable(true);
    m_bitsArea->setWidget(m_bits);
    m_bitsArea->setFrameShape(QFrame::NoFrame);
    m_fieldModel = new FieldModel(this);
    m_neighbourModel = new NeighbourModel(this);
    m_fields = table("microscopeFields", tr("Fields of the weight"), m_fieldModel, this);
    m_neighbours = table("microscopeNeighbours", tr("Weights of the block"), m_neighbourModel, this);
    m_neighbours->setToolTip(tr("Press Return or double-click to look at a neighbour."));
    auto* tabs = new QTabWidget(this);
    tabs->setObjectName(QStringLiteral("microscopeTabs"));
    tabs->setAccessibleName(tr("Tables of the microscope"));
    tabs->setDocumentMode(true);
    tabs->addTab(m_fields, tr("Fields"));
    tabs->addTab(m_neighbours, tr("Neighbours"));
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("microscopeSplitter"));
    splitter->addWidget(m_bitsArea);
    splitter->addWidget(tabs);
    splitter->setChildrenCollapsible(false);
    splitter->setStretchFactor(0, 5);
    splitter->setStretchFactor(1, 6);
    layout->addWidget(splitter, 1);
}

void Microscope::setTensor(const std::shared_ptr<const Tensor>& source) {
    m_source = source;
    m_quantized.reset();
    m_row = m_col = -1;
    const auto limit = [](std::int64_t size) {
        return static_cast<int>(std::clamp<std::int64_t>(size - 1, 0, std::numeric_limits<int>::max()));
    };
    const QSignalBlocker a(m_rowBox), b(m_colBox);
    m_rowBox->setRange(0, source ? limit(source->rows) : 0);
    m_colBox->setRange(0, source ? limit(source->cols) : 0);
    refresh();
}

void Microscope::setQuantized(const std::shared_ptr<const Tensor>& quantized) {
    const bool first = quantized && !m_quantized;
    m_quantized = quantized;
    const QSignalBlocker block(m_side);
    if (first)
        m_side->setCurrentIndex(AsQuantized);
    refresh();
}

void Microscope::look(std::int64_t row, std::int64_t col) {
    if (!m_source || m_source->count() == 0)
        return;
    m_row = std::clamp<std::int64_t>(row, 0, m_source->rows - 1);
    m_col = std::clamp<std::int64_t>(col, 0, m_source->cols - 1);
    const QSignalBlocker a(m_rowBox), b(m_colBox);
    m_rowBox->setValue(static_cast<int>(m_row));
    m_colBox->setValue(static_cast<int>(m_col));
    refresh();
}

void Microscope::refresh() {
    m_rowBox->setEnabled(m_source != nullptr);
    m_colBox->setEnabled(m_source != nullptr);
    m_side->setEnabled(m_quantized != nullptr);
    m_side->setItemText(InFile, m_source ? tr("In the open file (%1)").arg(qtext(m_source->encoding->info().id))
                                         : tr("In the open file"));
    m_side->setItemText(AsQuantized, m_quantized ? tr("As quantized (%1)").arg(qtext(m_quantized->encoding->info().id))
                                                 : tr("As quantized"));
    const bool quantized = m_quantized && m_side->currentIndex() == AsQuantized;
    if (!m_quantized && m_side->currentIndex() != InFile) {
        const QSignalBlocker block(m_side);
        m_side->setCurrentIndex(InFile);
    }
    m_look.reset();
    QString empty = m_source ? tr("Click a weight in the map, or choose a row and a column.")
                             : tr("Select a tensor to look at its bits.");
    if (m_source && m_row >= 0) {
        auto found = lookAtWeight(*m_source, quantized ? *m_quantized : *m_source, m_row, m_col);
        if (found)
            m_look = *std::move(found);
        else
            empty = errorText(found.error());
    }
    m_fieldModel->setLook(m_look);
    m_neighbourModel->setLook(m_look);
    m_bits->setLook(m_look, empty);
    m_fields->resizeColumnsToContents();
    if (m_neighbourModel->selfRow() >= 0)
        m_neighbours->scrollTo(m_neighbourModel->index(m_neighbourModel->selfRow(), 0),
                               QAbstractItemView::PositionAtCenter);
    showLook();
}

void Microscope::showLook() {
    for (const char* key :
         {"original", "value", "error", "code", "level", "scale", "zero", "minimum", "formula", "block", "place"})
        m_facts->setValue(QLatin1String(key), {});
    if (!m_look) {
        emit blockShown(0, 0);
        return;
    }
    const StoredWeight& weight = m_look->weight;
    const auto value = static_cast<double>(weight.value);
    m_facts->setValue("original", exactText(m_look->original));
    m_facts->setValue("value", exactText(value));
    m_facts->setValue("error", value == m_look->original ? QStringLiteral("0") : numberText(value - m_look->original));
    if (weight.code)
        m_facts->setValue("code", QString::number(*weight.code));
    if (weight.level && (!weight.code || *weight.level != *weight.code))
        m_facts->setValue("level", exactText(*weight.level));
    if (weight.scale)
        m_facts->setValue("scale", exactText(*weight.scale));
    if (weight.zero)
        m_facts->setValue("zero", exactText(*weight.zero));
    if (weight.minimum)
        m_facts->setValue("minimum", exactText(*weight.minimum));
    m_facts->setValue("formula", qtext(weight.formula));
    m_facts->setValue("block", tr("%1 weights in %2 bytes").arg(weight.blockElements).arg(weight.blockBytes));
    if (m_look->fileOffset > 0)
        m_facts->setValue("place", tr("byte %1").arg(m_look->fileOffset + weight.blockByte));
    m_facts->setAccessibleDescription(m_facts->text());
    emit blockShown(weight.firstElement, weight.blockElements > 1 ? weight.blockElements : 0);
}

} // namespace trilobit
