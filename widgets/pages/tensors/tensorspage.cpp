#include "widgets/pages/tensors/tensorspage.h"

#include "widgets/common/choices.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/recipeedit.h"
#include "widgets/common/wraplabel.h"
#include "widgets/delegates/choicedelegate.h"
#include "widgets/delegates/sqnrdelegate.h"
#include "widgets/dialogs/choicedialog.h"
#include "widgets/dialogs/optionsdialog.h"
#include "widgets/dialogs/patterndialog.h"
#include "widgets/models/tensorfiltermodel.h"
#include "widgets/models/tensortreemodel.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace trilobit {

TensorsPage::TensorsPage(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_bench(workbench), m_model(new TensorTreeModel(workbench, this)),
      m_filter(new TensorFilterModel(this)), m_filterBox(new QLineEdit(this)), m_grouping(new QComboBox(this)), m_stack(new QStackedWidget(this)),
      m_view(new QTreeView(this)), m_summary(new QuietLabel(this)) {
    setObjectName(QStringLiteral("tensorsPage"));
    m_filter->setSourceModel(m_model);
    m_filterBox->setObjectName(QStringLiteral("tensorFilter"));
    m_filterBox->setPlaceholderText(tr("Filter: ffn, Q4_1, blk.*.attn_* …"));
    m_filterBox->setAccessibleName(tr("Filter tensors"));
    m_filterBox->setToolTip(tr("Words from name, role, method or encoding. A word with * or ? is a pattern for the name."));
    m_filterBox->setClearButtonEnabled(true);
    m_filterBox->addAction(icon(Icon::Search), QLineEdit::LeadingPosition);
    m_grouping->setObjectName(QStringLiteral("tensorGrouping"));
    m_grouping->setAccessibleName(tr("Arrangement of the tensors"));
    m_grouping->addItems({tr("By block"), tr("By role"), tr("Flat list")}); // as in TensorTreeModel::Grouping
    m_summary->setObjectName(QStringLiteral("tensorSummary"));
    m_summary->setMuted(true);
    m_stack->addWidget(new EmptyState(tr("No model is open"), tr("Open a GGUF or safetensors file, or a model folder."),
                                      m_stack));
    m_stack->addWidget(m_view);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 4);
    layout->setSpacing(5);
    auto* bar = new QHBoxLayout;
    bar->setSpacing(5);
    bar->addWidget(m_filterBox, 1);
    bar->addWidget(m_grouping);
    layout->addLayout(bar);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_summary);

    buildView();
    buildActions();
    connect(m_filterBox, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter->setFilter(text);
        if (!text.trimmed().isEmpty())
            m_view->expandAll();
        updateSummary();
    });
    connect(m_grouping, &QComboBox::currentIndexChanged, this, &TensorsPage::setGrouping);
    connect(&m_bench, &Workbench::modelChanged, this, &TensorsPage::modelChanged);
    connect(&m_bench, &Workbench::recipeChanged, this, &TensorsPage::updateSummary);
    connect(&m_bench, &Workbench::selectionChanged, this, &TensorsPage::updateSummary);
    modelChanged();
}

void TensorsPage::buildView() {
    m_view->setObjectName(QStringLiteral("tensorTree"));
    m_view->setAccessibleName(tr("Tensors of the model"));
    m_view->setModel(m_filter);
    m_view->setUniformRowHeights(true);
    m_view->setAlternatingRowColors(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setIndentation(12);
    m_view->setIconSize({12, 12});
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(TensorTreeModel::Name, Qt::AscendingOrder);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);

    QHeaderView* header = m_view->header();
    header->setStretchLastSection(true);
    header->setMinimumSectionSize(36);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    const int letter = fontMetrics().averageCharWidth();
    const std::map<int, int> letters = {{TensorTreeModel::Name, 17},  {TensorTreeModel::Shape, 15},
                                        {TensorTreeModel::Source, 8}, {TensorTreeModel::MethodColumn, 9},
                                        {TensorTreeModel::EncodingColumn, 16}, {TensorTreeModel::Bits, 7},
                                        {TensorTreeModel::Before, 10}, {TensorTreeModel::After, 10},
                                        {TensorTreeModel::Sqnr, 12}, {TensorTreeModel::Share, 11}};
    for (const auto& [column, count] : letters)
        header->resizeSection(column, count * letter);
    // What is chosen and what it costs first; what the file says is also in the inspector.
    const int order[] = {TensorTreeModel::Name, TensorTreeModel::MethodColumn, TensorTreeModel::EncodingColumn,
                         TensorTreeModel::Bits, TensorTreeModel::Sqnr, TensorTreeModel::Share, TensorTreeModel::Before, TensorTreeModel::After,
                         TensorTreeModel::Source, TensorTreeModel::Shape};
    for (int place = 0; place < TensorTreeModel::ColumnCount; ++place)
        header->moveSection(header->visualIndex(order[place]), place);
    connect(header, &QWidget::customContextMenuRequested, this, [this, header](const QPoint& where) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        for (int column = 1; column < TensorTreeModel::ColumnCount; ++column) {
            QAction* show = menu->addAction(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
            show->setCheckable(true);
            show->setChecked(!header->isSectionHidden(column));
            connect(show, &QAction::toggled, header,
                    [header, column](bool on) { header->setSectionHidden(column, !on); });
        }
        menu->popup(header->mapToGlobal(where));
    });

    const auto tensor = [this](const QModelIndex& index) { return tensorAt(index); };
    const auto choice = [this](const QModelIndex& index) { return choiceAt(index); };
    auto* method = new ChoiceDelegate(ChoiceDelegate::What::Method, m_bench.workspace(), tensor, choice, this);
    auto* encoding = new ChoiceDelegate(ChoiceDelegate::What::Encoding, m_bench.workspace(), tensor, choice, this);
    connect(method, &ChoiceDelegate::picked, this,
            [this](const QModelIndex& index, const QString& id) { picked(index, id, true); });
    connect(encoding, &ChoiceDelegate::picked, this,
            [this](const QModelIndex& index, const QString& id) { picked(index, id, false); });
    m_view->setItemDelegateForColumn(TensorTreeModel::MethodColumn, method);
    m_view->setItemDelegateForColumn(TensorTreeModel::EncodingColumn, encoding);
    m_view->setItemDelegateForColumn(TensorTreeModel::Sqnr, new SqnrDelegate(this));
    connect(m_view, &QWidget::customContextMenuRequested, this, &TensorsPage::contextMenu);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &TensorsPage::selectionMoved);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &TensorsPage::selectionMoved);
}

void TensorsPage::buildActions() {
    const auto make = [this](const char* name, const QString& text, const QKeySequence& keys, auto slot) {
        auto* action = new QAction(text, this);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(keys);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        return action;
    };
    m_setChoice = make("setChoiceAction", tr("Set method and encoding…"), QKeySequence(tr("Ctrl+M")),
                       &TensorsPage::openChoiceDialog);
    m_keep = make("keepAction", tr("Keep as it is"), QKeySequence(tr("Ctrl+Backspace")),
                  [this] { m_bench.setChoice(selectedTensors(), Choice{}); });
    m_byPattern = make("patternAction", tr("Apply by pattern…"), QKeySequence(tr("Ctrl+P")),
                       &TensorsPage::openPatternDialog);
    m_whatElse = make("whatElseAction", tr("What else could this be?…"), QKeySequence(tr("Ctrl+J")),
                      &TensorsPage::openOptionsDialog);
    m_copyRules = make("copyRulesAction", tr("Copy as rules"), QKeySequence(tr("Ctrl+Shift+C")), &TensorsPage::copyRules);
}

void TensorsPage::focusFilter() {
    m_filterBox->setFocus(Qt::ShortcutFocusReason);
    m_filterBox->selectAll();
}

QByteArray TensorsPage::saveState() const { return m_view->header()->saveState(); }
void TensorsPage::restoreState(const QByteArray& state) {
    if (!state.isEmpty())
        m_view->header()->restoreState(state);
}

void TensorsPage::modelChanged() {
    const auto model = m_bench.model();
    m_stack->setCurrentIndex(model ? 1 : 0);
    m_filterBox->setEnabled(model != nullptr);
    m_grouping->setEnabled(model != nullptr);
    if (model) {
        m_filterBox->clear();
        m_view->expandToDepth(0);
        // Something to look at from the start: the first matrix of a block.
        for (const Tensor& tensor : model->tensors())
            if (tensor.layer >= 0 && tensor.isQuantizable()) {
                const QModelIndex index = m_filter->mapFromSource(m_model->indexOf(qtext(tensor.name)));
                m_view->expand(index.parent());
                m_view->setCurrentIndex(index);
                break;
            }
    }
    updateSummary();
}

void TensorsPage::selectionMoved() {
    QStringList names;
    for (const QModelIndex& index : m_view->selectionModel()->selectedRows()) {
        const QString leaf = index.data(TensorTreeModel::TensorNameRole).toString();
        names += leaf.isEmpty() ? index.data(TensorTreeModel::TensorsRole).toStringList() : QStringList{leaf};
    }
    names.removeDuplicates();
    const QModelIndex current = m_view->currentIndex();
    QString name = current.data(TensorTreeModel::TensorNameRole).toString();
    if (name.isEmpty() || !names.contains(name))
        name = names.isEmpty() ? QString() : names.front();
    m_bench.setSelection(names, name);
}

QStringList TensorsPage::selectedTensors() const {
    QStringList out;
    for (const QString& name : m_bench.selection())
        if (const Tensor* tensor = m_bench.model() ? m_bench.model()->find(name.toStdString()) : nullptr;
            tensor && tensor->isQuantizable())
            out << name;
    return out;
}

const Tensor* TensorsPage::tensorAt(const QModelIndex& index) const {
    const QStringList names = index.data(TensorTreeModel::TensorsRole).toStringList();
    return names.isEmpty() || !m_bench.model() ? nullptr : m_bench.model()->find(names.front().toStdString());
}

Choice TensorsPage::choiceAt(const QModelIndex& index) const {
    const QStringList names = index.data(TensorTreeModel::TensorsRole).toStringList();
    const TensorPlan* plan = names.isEmpty() ? nullptr : m_bench.tensorPlan(names.front());
    return plan ? plan->choice : Choice{};
}

void TensorsPage::picked(const QModelIndex& index, const QString& id, bool method) {
    const QModelIndex row = index.siblingAtColumn(0);
    const bool several = m_view->selectionModel()->isRowSelected(row.row(), row.parent());
    const QStringList names = several ? selectedTensors() : index.data(TensorTreeModel::TensorsRole).toStringList();
    std::vector<std::pair<QStringList, Choice>> groups;
    for (const QString& name : names) {
        const TensorPlan* plan = m_bench.tensorPlan(name);
        if (!plan)
            continue;
        const Tensor& tensor = m_bench.model()->tensors()[plan->tensor];
        const QuantServices services = m_bench.workspace().quantServices();
        const Choice next = method ? withMethod(plan->choice, id.toStdString(), tensor, services)
                                   : withEncoding(plan->choice, id.toStdString(), tensor, services);
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.second == next; });
        if (same != groups.end())
            same->first << name;
        else
            groups.push_back({{name}, next});
    }
    m_bench.setChoices(groups, method ? tr("Method of %1 tensors").arg(names.size())
                                      : tr("Encoding of %1 tensors").arg(names.size()));
}

void TensorsPage::contextMenu(const QPoint& where) {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("tensorMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(choiceActions());
    menu->addSeparator();
    connect(menu->addAction(tr("Copy names")), &QAction::triggered, this,
            [this] { QGuiApplication::clipboard()->setText(m_bench.selection().join(QLatin1Char('\n'))); });
    connect(menu->addAction(tr("Expand all")), &QAction::triggered, m_view, &QTreeView::expandAll);
    connect(menu->addAction(tr("Collapse blocks")), &QAction::triggered, this, [this] {
        m_view->collapseAll();
        m_view->expandToDepth(0);
    });
    menu->popup(m_view->viewport()->mapToGlobal(where));
}

void TensorsPage::openChoiceDialog() {
    const QStringList names = selectedTensors();
    if (names.isEmpty()) {
        emit m_bench.note(tr("Select weight matrices first."));
        return;
    }
    auto* dialog = new ChoiceDialog(m_bench, names, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void TensorsPage::openPatternDialog() {
    if (!m_bench.model())
        return;
    auto* dialog = new PatternDialog(m_bench, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void TensorsPage::openOptionsDialog() {
    const QStringList names = selectedTensors();
    const TensorPlan* plan = m_bench.tensorPlan(m_bench.currentTensor());
    if (names.isEmpty() || !plan || !m_bench.model()->tensors()[plan->tensor].isQuantizable()) {
        emit m_bench.note(tr("Select a weight matrix first."));
        return;
    }
    auto* dialog = new OptionsDialog(m_bench, m_bench.currentTensor(), names, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void TensorsPage::setGrouping(int grouping) {
    m_model->setGrouping(static_cast<TensorTreeModel::Grouping>(grouping));
    m_view->setRootIsDecorated(m_model->grouping() != TensorTreeModel::Grouping::Flat);
    if (m_model->grouping() == TensorTreeModel::Grouping::Flat || !m_filterBox->text().trimmed().isEmpty())
        m_view->expandAll();
    else
        m_view->expandToDepth(0);
    showCurrent();
}

/// The current tensor stays current when rows move.
void TensorsPage::showCurrent() {
    const QModelIndex index = m_filter->mapFromSource(m_model->indexOf(m_bench.currentTensor()));
    if (!index.isValid())
        return;
    if (index.parent().isValid())
        m_view->expand(index.parent());
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
}

void TensorsPage::copyRules() {
    if (!m_bench.model())
        return;
    // By choice, so that a block becomes one rule instead of seven.
    std::vector<std::pair<Choice, std::vector<std::string>>> groups;
    for (const QString& name : selectedTensors()) {
        const TensorPlan* plan = m_bench.tensorPlan(name);
        const auto same = std::find_if(groups.begin(), groups.end(),
                                       [&](const auto& group) { return group.first == plan->choice; });
        if (same == groups.end())
            groups.push_back({plan->choice, {name.toStdString()}});
        else
            same->second.push_back(name.toStdString());
    }
    Recipe rules;
    for (const auto& [choice, names] : groups)
        for (const std::string& pattern : patternsFor(*m_bench.model(), names))
            rules.rules.push_back({pattern, choice});
    QGuiApplication::clipboard()->setText(qtext(rules.toJson().dump(2)));
    emit m_bench.note(tr("Copied %n rule(s)", nullptr, static_cast<int>(rules.rules.size())));
}

void TensorsPage::updateSummary() {
    const auto model = m_bench.model();
    m_setChoice->setEnabled(model != nullptr);
    m_keep->setEnabled(model != nullptr);
    m_byPattern->setEnabled(model != nullptr);
    m_whatElse->setEnabled(model != nullptr);
    m_copyRules->setEnabled(model != nullptr);
    if (!model) {
        m_summary->setText({});
        return;
    }
    std::uint64_t before = 0, after = 0, count = 0;
    for (const QString& name : m_bench.selection())
        if (const TensorPlan* plan = m_bench.tensorPlan(name)) {
            before += plan->bytesBefore;
            after += plan->bytesAfter;
            count += static_cast<std::uint64_t>(model->tensors()[plan->tensor].count());
        }
    const qsizetype selected = m_bench.selection().size();
    m_summary->setText(selected == 0 ? tr("%1 tensors").arg(model->tensors().size())
                                     : tr("%1 of %2 selected · %3 weights · %4 → %5")
                                           .arg(selected)
                                           .arg(model->tensors().size())
                                           .arg(countText(count), bytesText(before), bytesText(after)));
}

} // namespace trilobit
