#include "widgets/models/experimentsmodel.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QDateTime>
#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace trilobit {

namespace {

/// The first of several names that a metric may have, as a number; nothing when there is none.
QVariant metric(const RunRecord& run, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        if (const Json* value = run.metrics.find(key); value && value->isNumber())
            return value->toDouble();
    return {};
}

QVariant number(const RunRecord& run, int column) {
    switch (column) {
    case ExperimentsModel::Id: return static_cast<qlonglong>(run.id);
    case ExperimentsModel::Bits: return metric(run, {"bits_per_weight"});
    case ExperimentsModel::Size: return metric(run, {"tensor_bytes", "bytes", "bytes_after"});
    case ExperimentsModel::Sqnr: {
        const QVariant relative = metric(run, {"relative_squared_error"});
        if (!relative.isValid())
            return metric(run, {"sqnr_db"});
        return relative.toDouble() > 0 ? -10 * std::log10(relative.toDouble()) : std::numeric_limits<double>::infinity();
    }
    case ExperimentsModel::Perplexity: return metric(run, {"ppl"});
    case ExperimentsModel::Kl: return metric(run, {"kl_mean", "mean_kl"});
    case ExperimentsModel::Speed: return metric(run, {"decode_tps", "tokens_per_second", "tps_median"});
    case ExperimentsModel::Duration: return run.seconds;
    default: return {};
    }
}

bool isNumberColumn(int column) {
    return column >= ExperimentsModel::Bits && column <= ExperimentsModel::Duration;
}

QString startedText(const RunRecord& run) {
    const QDateTime time = QDateTime::fromString(qtext(run.started), Qt::ISODateWithMs);
    return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")) : qtext(run.started);
}

QString text(const RunRecord& run, int column) {
    const QVariant value = number(run, column);
    switch (column) {
    case ExperimentsModel::Id: return QString::number(run.id);
    case ExperimentsModel::Started: return startedText(run);
    case ExperimentsModel::Kind: return qtext(run.kind);
    case ExperimentsModel::Status: return qtext(run.status);
    case ExperimentsModel::ModelName: return QFileInfo(qtext(run.modelPath)).fileName();
    case ExperimentsModel::RecipeName: {
        const QString name = qtext(run.recipe["name"].toString());
        return name.isEmpty() ? qtext(run.recipeHash).left(8) : name;
    }
    case ExperimentsModel::Duration: return durationText(static_cast<std::int64_t>(run.seconds * 1000));
    default: break;
    }
    if (!value.isValid())
        return {};
    switch (column) {
    case ExperimentsModel::Bits: return bitsText(value.toDouble());
    case ExperimentsModel::Size: return bytesText(static_cast<std::uint64_t>(std::max(0.0, value.toDouble())));
    case ExperimentsModel::Sqnr: return decibelText(value.toDouble());
    default: return numberText(value.toDouble());
    }
}

QByteArray csvField(const QString& field) {
    QByteArray bytes = field.toUtf8();
    if (bytes.contains(',') || bytes.contains('"') || bytes.contains('\n') || bytes.contains('\r'))
        bytes = '"' + bytes.replace('"', "\"\"") + '"';
    return bytes;
}

} // namespace

void ExperimentsModel::setRuns(std::vector<RunRecord> runs) {
    const bool sameRows = runs.size() == m_runs.size()
                          && std::equal(runs.begin(), runs.end(), m_runs.begin(),
                                        [](const RunRecord& a, const RunRecord& b) { return a.id == b.id; });
    if (sameRows) {
        m_runs = std::move(runs);
        if (!m_runs.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    // Newest first: usually some rows came on top of the known ones.
    const std::size_t added = runs.size() > m_runs.size() ? runs.size() - m_runs.size() : 0;
    const bool onTop = added > 0 && !m_runs.empty()
                       && std::equal(m_runs.begin(), m_runs.end(), runs.begin() + static_cast<std::ptrdiff_t>(added),
                                     [](const RunRecord& a, const RunRecord& b) { return a.id == b.id; });
    if (onTop) {
        beginInsertRows({}, 0, static_cast<int>(added) - 1);
        m_runs = std::move(runs);
        endInsertRows();
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_runs = std::move(runs);
    endResetModel();
}

const RunRecord* ExperimentsModel::run(int row) const {
    return row >= 0 && static_cast<std::size_t>(row) < m_runs.size() ? &m_runs[static_cast<std::size_t>(row)] : nullptr;
}

int ExperimentsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int ExperimentsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ExperimentsModel::data(const QModelIndex& index, int role) const {
    const RunRecord* record = run(index.row());
    if (!record || !index.isValid() || index.column() >= ColumnCount)
        return {};
    const int column = index.column();
    const bool isNumber = isNumberColumn(column);
    switch (role) {
    case Qt::DisplayRole: return text(*record, column);
    case Qt::ToolTipRole:
        if (column == Status && !record->error.empty())
            return qtext(record->error);
        if (column == ModelName)
            return qtext(record->modelPath);
        return text(*record, column);
    case Qt::TextAlignmentRole:
        return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ForegroundRole: {
        const ThemeColors colors = themeColors(QApplication::palette());
        if (column == Status)
            return record->status == "done"      ? colors.good
                   : record->status == "failed"  ? colors.bad
                   : record->status == "running" ? colors.accent
                                                 : colors.warn;
        return column == Id ? QVariant(colors.muted) : QVariant();
    }
    case SortRole: {
        const QVariant value = number(*record, column);
        if (isNumber || column == Id)
            return value.isValid() ? value : QVariant(-1e300);
        return text(*record, column);
    }
    case SearchRole: {
        QStringList all;
        for (int i = 0; i < ColumnCount; ++i)
            all << text(*record, i);
        return all.join(QLatin1Char('\n'));
    }
    case RunIdRole: return static_cast<qlonglong>(record->id);
    default: return {};
    }
}

QVariant ExperimentsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    static constexpr struct {
        const char* text;
        const char* tip;
    } kHeaders[ColumnCount] = {
        {QT_TR_NOOP("Run"), QT_TR_NOOP("Number of the run in the store")},
        {QT_TR_NOOP("Started"), QT_TR_NOOP("Local time")},
        {QT_TR_NOOP("Kind"), QT_TR_NOOP("What was done")},
        {QT_TR_NOOP("Status"), QT_TR_NOOP("done, failed, cancelled, running, or lost when the program ended meanwhile")},
        {QT_TR_NOOP("Recipe"), QT_TR_NOOP("Name, or the start of its hash: the same hash means the same rules")},
        {QT_TR_NOOP("Bits/w"), QT_TR_NOOP("Bits per weight, scales included")},
        {QT_TR_NOOP("Size"), QT_TR_NOOP("Bytes of all tensors")},
        {QT_TR_NOOP("SQNR"), QT_TR_NOOP("Signal to quantization noise over all changed tensors")},
        {QT_TR_NOOP("Perplexity"), QT_TR_NOOP("How surprised the model is by a text; lower is better")},
        {QT_TR_NOOP("KL"), QT_TR_NOOP("Mean divergence from the original's predictions, in nats; 0 is identical")},
        {QT_TR_NOOP("Tokens/s"), QT_TR_NOOP("Speed of generating")},
        {QT_TR_NOOP("Time"), QT_TR_NOOP("How long the run took")},
        {QT_TR_NOOP("Model"), QT_TR_NOOP("File that was used")},
    };
    if (role == Qt::DisplayRole)
        return tr(kHeaders[section].text);
    if (role == Qt::ToolTipRole)
        return tr(kHeaders[section].tip);
    if (role == Qt::TextAlignmentRole)
        return QVariant((isNumberColumn(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

QByteArray ExperimentsModel::toCsv(const std::vector<RunRecord>& runs) {
    std::set<std::string> keys;
    for (const RunRecord& run : runs)
        for (const auto& [key, value] : run.metrics.members())
            if (!value.isArray() && !value.isObject())
                keys.insert(key);
    QByteArray out = "id,started,kind,status,model,model_hash,recipe,recipe_hash,seed,seconds";
    for (const std::string& key : keys)
        out += ',' + csvField(qtext(key));
    out += "\r\n";
    for (const RunRecord& run : runs) {
        const QStringList fields = {QString::number(run.id), qtext(run.started), qtext(run.kind), qtext(run.status),
                                    qtext(run.modelPath), qtext(run.modelHash), qtext(run.recipe["name"].toString()),
                                    qtext(run.recipeHash), QString::number(run.seed), paramText(run.seconds)};
        QList<QByteArray> row;
        for (const QString& field : fields)
            row << csvField(field);
        for (const std::string& key : keys) {
            const Json& value = run.metrics[key];
            row << csvField(value.isNull()     ? QString()
                            : value.isString() ? qtext(value.toString())
                                               : qtext(value.dump()));
        }
        out += row.join(',') + "\r\n";
    }
    return out;
}

QByteArray ExperimentsModel::toJson(const std::vector<RunRecord>& runs) {
    Json list = Json::array();
    for (const RunRecord& run : runs)
        list.push(runToJson(run));
    return QByteArray::fromStdString(Json::object({{"runs", std::move(list)}}).dump(2) + "\n");
}

} // namespace trilobit
