#include "widgets/models/tensortreemodel.h"

#include "widgets/common/choices.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QFileInfo>
#include <QFont>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace trilobit {

namespace {
constexpr QLatin1String kUsualEnding(".weight");

QString roleTitle(TensorRole role) {
    switch (role) {
    case TensorRole::Embedding: return TensorTreeModel::tr("Embedding");
    case TensorRole::Output: return TensorTreeModel::tr("Output");
    case TensorRole::AttnQ: return TensorTreeModel::tr("Attention: queries");
    case TensorRole::AttnK: return TensorTreeModel::tr("Attention: keys");
    case TensorRole::AttnV: return TensorTreeModel::tr("Attention: values");
    case TensorRole::AttnQkv: return TensorTreeModel::tr("Attention: queries, keys and values");
    case TensorRole::AttnOut: return TensorTreeModel::tr("Attention: output");
    case TensorRole::FfnGate: return TensorTreeModel::tr("Feed-forward: gate");
    case TensorRole::FfnGateUp: return TensorTreeModel::tr("Feed-forward: gate and up");
    case TensorRole::FfnUp: return TensorTreeModel::tr("Feed-forward: up");
    case TensorRole::FfnDown: return TensorTreeModel::tr("Feed-forward: down");
    case TensorRole::Router: return TensorTreeModel::tr("Feed-forward: choice of experts");
    case TensorRole::Norm: return TensorTreeModel::tr("Norms");
    case TensorRole::Bias: return TensorTreeModel::tr("Biases");
    case TensorRole::Other: return TensorTreeModel::tr("Other");
    }
    return {};
}
} // namespace

struct TensorTreeModel::Node {
    Node* parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Node>> children;
    int tensor = -1; ///< index in Model::tensors(), or -1 for a group
    QString name, role;

    // Filled by refresh(); groups: over all tensors below.
    std::uint64_t count = 0, bytesBefore = 0, bytesAfter = 0;
    double squared = 0, squaredError = 0;
    int measured = 0;      ///< tensors with a report of the current choice that were changed
    int choices = 0;       ///< quantizable tensors
    QString source, method, encoding, applied, note; ///< null when the children differ
    State state = State::Fixed;
    QStringList tensors;   ///< quantizable ones

    Node* add() {
        children.push_back(std::make_unique<Node>());
        children.back()->parent = this;
        children.back()->row = static_cast<int>(children.size()) - 1;
        return children.back().get();
    }
};

TensorTreeModel::TensorTreeModel(Workbench& workbench, QObject* parent)
    : QAbstractItemModel(parent), m_bench(workbench), m_root(std::make_unique<Node>()) {
    connect(&m_bench, &Workbench::modelChanged, this, [this] {
        beginResetModel();
        rebuild();
        endResetModel();
    });
    const auto refreshAll = [this] {
        if (m_bench.model() != m_model || m_bench.stateNumber() == m_seen)
            return; // modelChanged is on its way, or has brought this too
        refresh();
        announce({});
    };
    connect(&m_bench, &Workbench::recipeChanged, this, refreshAll);
    connect(&m_bench, &Workbench::quantizedChanged, this, refreshAll);
    rebuild();
}

TensorTreeModel::~TensorTreeModel() = default;

void TensorTreeModel::rebuild() {
    m_root = std::make_unique<Node>();
    m_model = m_bench.model();
    const auto& model = m_model;
    if (!model)
        return;
    Node* top = m_root.get();
    if (m_grouping != Grouping::Flat) {
        top = m_root->add();
        top->name = qtext(model->config().name);
        if (top->name.isEmpty())
            top->name = QFileInfo(qtext(model->path())).completeBaseName();
        if (top->name.isEmpty())
            top->name = tr("Model");
    }

    if (m_grouping == Grouping::Role)
        addRoles(top);
    else
        addBlocks(top);
    refresh();
}

void TensorTreeModel::addTensor(Node* parent, int i) {
    const Tensor& tensor = m_model->tensors()[static_cast<std::size_t>(i)];
    Node* leaf = parent->add();
    leaf->tensor = i;
    leaf->name = qtext(tensor.name);
    leaf->role = QLatin1String(tensorRoleName(tensor.role));
}

/// Blocks in order of their number, after what stands before them and before what comes last.
void TensorTreeModel::addBlocks(Node* top) {
    std::map<int, std::vector<int>> blocks;
    std::vector<int> loose;
    for (int i = 0; i < static_cast<int>(m_model->tensors().size()); ++i)
        if (const int layer = m_model->tensors()[static_cast<std::size_t>(i)].layer; layer >= 0)
            blocks[layer].push_back(i);
        else
            loose.push_back(i);
    const auto isEmbedding = [this](int i) {
        return m_model->tensors()[static_cast<std::size_t>(i)].role == TensorRole::Embedding;
    };
    for (const int i : loose)
        if (isEmbedding(i))
            addTensor(top, i);
    for (const auto& [layer, tensors] : blocks) {
        Node* parent = top;
        if (m_grouping == Grouping::Block) {
            parent = top->add();
            parent->name = tr("Block %1").arg(layer);
        }
        for (const int i : tensors)
            addTensor(parent, i);
    }
    for (const int i : loose)
        if (!isEmbedding(i))
            addTensor(top, i);
}

void TensorTreeModel::addRoles(Node* top) {
    std::map<int, std::vector<int>> roles; // in the order of the enumeration: as data flows
    for (int i = 0; i < static_cast<int>(m_model->tensors().size()); ++i)
        roles[static_cast<int>(m_model->tensors()[static_cast<std::size_t>(i)].role)].push_back(i);
    for (auto& [role, tensors] : roles) {
        Node* group = top->add();
        group->name = roleTitle(static_cast<TensorRole>(role));
        std::stable_sort(tensors.begin(), tensors.end(), [this](int a, int b) {
            return m_model->tensors()[static_cast<std::size_t>(a)].layer < m_model->tensors()[static_cast<std::size_t>(b)].layer;
        });
        for (const int i : tensors)
            addTensor(group, i);
    }
}

void TensorTreeModel::setGrouping(Grouping grouping) {
    if (grouping == m_grouping)
        return;
    beginResetModel();
    m_grouping = grouping;
    rebuild();
    endResetModel();
}

void TensorTreeModel::refresh() {
    m_seen = m_bench.stateNumber();
    m_totalError = 0;
    for (const auto& top : m_root->children) {
        summarise(*top);
        m_totalError += top->squaredError;
    }
}

void TensorTreeModel::fillTensor(Node& node) {
    const Tensor& tensor = m_model->tensors()[static_cast<std::size_t>(node.tensor)];
    node.count = static_cast<std::uint64_t>(tensor.count());
    node.source = qtext(tensor.encoding->info().id);
    node.bytesBefore = node.bytesAfter = tensor.bytes.size();
    node.squared = node.squaredError = 0;
    node.measured = 0;
    node.method = node.note = QLatin1String("");
    node.encoding = QLatin1String("");
    node.applied = node.source;
    node.choices = tensor.isQuantizable() ? 1 : 0;
    node.tensors = tensor.isQuantizable() ? QStringList{node.name} : QStringList{};
    node.state = tensor.isQuantizable() ? State::Kept : State::Fixed;
    const TensorPlan* plan = m_bench.tensorPlan(node.name);
    if (!plan)
        return;
    node.bytesBefore = plan->bytesBefore;
    node.bytesAfter = plan->bytesAfter;
    node.note = qtext(plan->note);
    if (!plan->choice.keeps() && tensor.isQuantizable()) {
        node.method = qtext(plan->choice.method);
        node.encoding = qtext(plan->requested);
        node.applied = qtext(plan->applied);
        node.state = plan->refused                        ? State::Refused
                     : plan->applied != plan->requested ? State::Fallback
                                                          : State::Planned;
    }
    if (const TensorReport* report = m_bench.currentReport(node.name); report && node.state != State::Fixed) {
        node.squared = report->error.sumSquared;
        node.squaredError = report->error.sumSquaredError;
        node.measured = node.state == State::Kept ? 0 : 1;
    }
}

void TensorTreeModel::summarise(Node& node) {
    if (node.tensor >= 0) {
        fillTensor(node);
        return;
    }
    node.count = node.bytesBefore = node.bytesAfter = 0;
    node.squared = node.squaredError = 0;
    node.measured = node.choices = 0;
    node.tensors.clear();
    node.state = State::Fixed;
    bool first = true;
    QString commonSource, commonMethod, commonEncoding, commonApplied, note;
    for (const auto& child : node.children) {
        summarise(*child);
        node.count += child->count;
        node.bytesBefore += child->bytesBefore;
        node.bytesAfter += child->bytesAfter;
        node.squared += child->squared;
        node.squaredError += child->squaredError;
        node.measured += child->measured;
        node.choices += child->choices;
        node.tensors += child->tensors;
        if (child->choices == 0)
            continue;
        const auto join = [first](QString& common, const QString& value) {
            if (first)
                common = value;
            else if (common != value)
                common = QString();
        };
        join(commonSource, child->source);
        join(commonMethod, child->method);
        join(commonEncoding, child->encoding);
        join(commonApplied, child->applied);
        if (note.isEmpty())
            note = child->note;
        // The worst below is what a person must see on a closed group.
        if (first)
            node.state = child->state;
        else if (child->state != node.state)
            node.state = child->state == State::Refused || node.state == State::Refused     ? State::Refused
                         : child->state == State::Fallback || node.state == State::Fallback ? State::Fallback
                                                                                            : State::Mixed;
        first = false;
    }
    node.source = commonSource;
    node.method = commonMethod;
    node.encoding = commonEncoding;
    node.applied = commonApplied;
    node.note = note;
}

void TensorTreeModel::announce(const QModelIndex& parent) {
    const int rows = rowCount(parent);
    if (rows == 0)
        return;
    // What the file says stays: naming its columns too would make the view sort by name again.
    emit dataChanged(index(0, MethodColumn, parent), index(rows - 1, ColumnCount - 1, parent));
    for (int row = 0; row < rows; ++row)
        announce(index(row, 0, parent));
}

TensorTreeModel::Node* TensorTreeModel::node(const QModelIndex& index) const {
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex TensorTreeModel::index(int row, int column, const QModelIndex& parent) const {
    const Node* above = node(parent);
    if (row < 0 || column < 0 || column >= ColumnCount || static_cast<std::size_t>(row) >= above->children.size()
        || (parent.isValid() && parent.column() != 0))
        return {};
    return createIndex(row, column, above->children[static_cast<std::size_t>(row)].get());
}

QModelIndex TensorTreeModel::parent(const QModelIndex& child) const {
    if (!child.isValid())
        return {};
    Node* above = node(child)->parent;
    return above && above != m_root.get() ? createIndex(above->row, 0, above) : QModelIndex();
}

int TensorTreeModel::rowCount(const QModelIndex& parent) const {
    return parent.column() > 0 ? 0 : static_cast<int>(node(parent)->children.size());
}

int TensorTreeModel::columnCount(const QModelIndex& parent) const { return parent.column() > 0 ? 0 : ColumnCount; }

QModelIndex TensorTreeModel::indexOf(const QString& tensor) const {
    std::vector<const Node*> open{m_root.get()};
    while (!open.empty()) {
        const Node* current = open.back();
        open.pop_back();
        for (const auto& child : current->children) {
            if (child->tensor >= 0 && child->name == tensor)
                return createIndex(child->row, 0, child.get());
            open.push_back(child.get());
        }
    }
    return {};
}

Qt::ItemFlags TensorTreeModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    if (index.isValid() && node(index)->choices > 0
        && (index.column() == MethodColumn || index.column() == EncodingColumn))
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant TensorTreeModel::text(const Node& node, int column) const {
    const bool group = node.tensor < 0;
    const auto mixed = [](const QString& value) { return value.isNull() ? tr("mixed") : value; };
    switch (column) {
    case Name: {
        // Below a block its number need not be said again; "3.attn_q" elsewhere.
        const qsizetype prefix = m_grouping == Grouping::Block ? 4 : 3;
        const qsizetype dot = node.name.startsWith(QLatin1String("blk.")) ? node.name.indexOf(QLatin1Char('.'), prefix) : -1;
        QString name = group || dot < 0 ? node.name : node.name.mid(dot + 1);
        if (!group && name.endsWith(kUsualEnding))
            name.chop(kUsualEnding.size()); // nearly all end so; the tooltip has the whole name
        return name;
    }
    case Shape:
        if (group)
            return countText(node.count);
        return shapeText(m_model->tensors()[static_cast<std::size_t>(node.tensor)].rows,
                         m_model->tensors()[static_cast<std::size_t>(node.tensor)].cols,
                         m_model->tensors()[static_cast<std::size_t>(node.tensor)].dimensions);
    case Source: return group && node.choices == 0 ? QString() : mixed(node.source);
    case MethodColumn:
        if (node.choices == 0)
            return QString();
        return node.method.isNull() ? tr("mixed") : node.method.isEmpty() ? tr("keep") : node.method;
    case EncodingColumn:
        if (node.choices == 0)
            return QString();
        if (node.encoding.isNull() || node.applied.isNull())
            return tr("mixed");
        if (node.encoding.isEmpty())
            return mixed(node.applied);
        if (node.applied != node.encoding && node.state != State::Refused)
            return node.encoding + QStringLiteral(" → ") + node.applied;
        return node.encoding;
    case Bits: return node.count == 0 ? QString() : bitsText(8.0 * static_cast<double>(node.bytesAfter) / static_cast<double>(node.count));
    case Before: return bytesText(node.bytesBefore);
    case After: return bytesText(node.bytesAfter);
    case Share: {
        if (node.measured == 0 || m_totalError <= 0)
            return QString();
        const double percent = 100 * node.squaredError / m_totalError;
        return percent > 0 && percent < 0.1 ? tr("< 0.1 %") : tr("%1 %").arg(percent, 0, 'f', 1);
    }
    default: return {};
    }
}

QVariant TensorTreeModel::sortValue(const Node& node, int column) const {
    switch (column) {
    case Name: return node.row;
    case Share: return node.measured == 0 ? -1.0 : node.squaredError;
    case Shape: return static_cast<qulonglong>(node.count);
    case Bits: return node.count == 0 ? 0.0 : static_cast<double>(node.bytesAfter) / static_cast<double>(node.count);
    case Before: return static_cast<qulonglong>(node.bytesBefore);
    case After: return static_cast<qulonglong>(node.bytesAfter);
    case Sqnr:
        if (node.measured == 0)
            return 1e9;
        return node.squaredError > 0 ? 10 * std::log10(node.squared / node.squaredError) : 1e8;
    default: return text(node, column);
    }
}

QString TensorTreeModel::tip(const Node& node, int column) const {
    if (column == MethodColumn || column == EncodingColumn) {
        if (node.state == State::Refused)
            return tr("Refused: %1").arg(node.note);
        if (node.state == State::Fallback)
            return node.note;
        if (node.choices == 0)
            return tr("Norms, biases and other vectors stay as they are: they are tiny and the result depends on them.");
        if (column == EncodingColumn && !node.applied.isNull())
            if (const auto encoding = m_bench.workspace().encodings.find(node.applied.toStdString()))
                return qtext((*encoding)->info().title) + QStringLiteral("\n") + qtext((*encoding)->info().help);
        if (column == MethodColumn && !node.method.isEmpty())
            if (const auto method = m_bench.workspace().methods->find(node.method.toStdString()))
                return qtext((*method)->info().title) + QStringLiteral("\n") + qtext((*method)->info().summary);
        return node.method.isEmpty() && !node.method.isNull() ? tr("Kept as it is in the source.") : QString();
    }
    if (column == Name)
        return node.role.isEmpty() ? node.name : tr("%1 (%2)").arg(node.name, node.role);
    if (column == Sqnr && node.measured > 0)
        return tr("Signal to quantization noise: how many decibels the weights stand above the rounding error. "
                  "Every 6 dB halve the error.");
    return {};
}

QVariant TensorTreeModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.column() >= ColumnCount)
        return {};
    const Node& item = *node(index);
    const int column = index.column();
    const bool choiceColumn = column == MethodColumn || column == EncodingColumn;
    switch (role) {
    case Qt::DisplayRole: return text(item, column);
    case Qt::EditRole: return choiceColumn ? data(index, ValueRole) : text(item, column);
    case Qt::ToolTipRole: return tip(item, column);
    case Qt::TextAlignmentRole:
        if (column == Shape || column == Bits || column == Before || column == After || column == Share)
            return QVariant(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case Qt::FontRole:
        if (item.tensor < 0 && column == Name) {
            QFont font;
            font.setBold(true);
            return font;
        }
        return {};
    case Qt::ForegroundRole: {
        const ThemeColors colors = themeColors(QApplication::palette());
        if (choiceColumn && item.state == State::Refused)
            return colors.bad;
        if (choiceColumn && item.state == State::Fallback)
            return colors.warn;
        const bool unchanged = item.state == State::Fixed || item.state == State::Kept;
        if ((choiceColumn && unchanged) || (column == After && item.bytesAfter == item.bytesBefore) || column == Source
            || column == Shape)
            return colors.muted;
        return {};
    }
    case Qt::DecorationRole:
        if (column == EncodingColumn && item.state == State::Refused)
            return icon(Icon::Refused, themeColors(QApplication::palette()).bad);
        if (column == EncodingColumn && item.state == State::Fallback)
            return icon(Icon::Warning, themeColors(QApplication::palette()).warn);
        return {};
    case Qt::AccessibleTextRole:
        if (choiceColumn && item.state == State::Refused)
            return tr("%1, refused: %2").arg(text(item, column).toString(), item.note);
        if (column == Sqnr && item.measured > 0)
            return decibelText(data(index, SqnrRole).toDouble());
        return text(item, column);
    case SortRole: return sortValue(item, column);
    case TensorsRole: return item.tensors;
    case TensorNameRole: return item.tensor >= 0 ? item.name : QString();
    case StateRole: return static_cast<int>(item.state);
    case ValueRole: {
        const QString& value = column == MethodColumn ? item.method : item.encoding;
        return choiceColumn && !value.isNull() ? QVariant(value) : QVariant();
    }
    case SqnrRole:
        if (item.measured == 0)
            return {};
        return item.squaredError > 0 ? 10 * std::log10(item.squared / item.squaredError)
                                     : std::numeric_limits<double>::infinity();
    case ShareRole:
        return item.measured > 0 && m_totalError > 0 ? QVariant(item.squaredError / m_totalError) : QVariant();
    case SearchRole:
        return QStringList{item.name, item.role, item.source, item.method, item.encoding, item.applied}.join(
            QLatin1Char('\n'));
    default: return {};
    }
}

QVariant TensorTreeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    struct Header {
        const char* text;
        const char* tip;
    };
    static constexpr Header kHeaders[ColumnCount] = {
        {QT_TR_NOOP("Name"), QT_TR_NOOP("Blocks and tensors in the order of the file")},
        {QT_TR_NOOP("Shape"), QT_TR_NOOP("Output features × input features; groups: number of weights")},
        {QT_TR_NOOP("Source"), QT_TR_NOOP("Encoding in the opened file")},
        {QT_TR_NOOP("Method"), QT_TR_NOOP("How values are chosen. Press F2 or double-click to change")},
        {QT_TR_NOOP("Encoding"), QT_TR_NOOP("How values are stored. Press F2 or double-click to change")},
        {QT_TR_NOOP("Bits/w"), QT_TR_NOOP("Bits per weight after quantizing, scales included")},
        {QT_TR_NOOP("Before"), QT_TR_NOOP("Bytes in the opened file")},
        {QT_TR_NOOP("After"), QT_TR_NOOP("Bytes after quantizing")},
        {QT_TR_NOOP("SQNR"), QT_TR_NOOP("Signal to quantization noise in dB, measured when quantizing")},
        {QT_TR_NOOP("Error share"), QT_TR_NOOP("Part of the squared error of all tensors together: who hurts most")},
    };
    if (role == Qt::DisplayRole)
        return tr(kHeaders[section].text);
    if (role == Qt::ToolTipRole)
        return tr(kHeaders[section].tip);
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Shape || section == Bits || section == Before || section == After || section == Share ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

} // namespace trilobit
