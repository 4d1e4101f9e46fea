#include "widgets/dialogs/optionsmodel.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QFont>

#include <cmath>

namespace trilobit {

void OptionsModel::clear() {
    beginResetModel();
    m_options.clear();
    endResetModel();
}

void OptionsModel::add(const std::vector<MeasuredOption>& options) {
    if (options.empty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(options.size()) - 1);
    m_options.insert(m_options.end(), options.begin(), options.end());
    endInsertRows();
}

void OptionsModel::setCurrent(const Choice& current) {
    m_current = current;
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int OptionsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_options.size());
}
int OptionsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant OptionsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const MeasuredOption& option = at(index.row());
    const bool numeric = index.column() >= Bits && index.column() <= Rmse;
    if (role == SortRole)
        switch (index.column()) {
        case Bits: return option.refused ? 1e9 : option.bitsPerWeight;
        case Bytes: return option.refused ? 1e18 : static_cast<double>(option.bytes);
        case Sqnr: return option.refused ? -1e9 : std::isfinite(option.error.sqnrDb) ? option.error.sqnrDb : 1e9;
        case Rmse: return option.refused ? 1e9 : option.error.rmse;
        default: return data(index, Qt::DisplayRole);
        }
    if (role == Qt::TextAlignmentRole)
        return QVariant((numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::FontRole && option.choice == m_current) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role == Qt::ForegroundRole && option.refused)
        return themeColors(QApplication::palette()).muted;
    if (role == Qt::ToolTipRole)
        return option.note.empty() ? QVariant() : QVariant(qtext(option.note));
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
    case Encoding:
        if (option.choice.keeps())
            return tr("%1 (keep)").arg(qtext(option.applied));
        return option.refused || option.applied == option.choice.encoding
                   ? qtext(option.choice.encoding)
                   : qtext(option.choice.encoding) + QStringLiteral(" → ") + qtext(option.applied);
    case Method: return qtext(option.choice.method);
    case Bits: return option.refused ? QString() : bitsText(option.bitsPerWeight);
    case Bytes: return option.refused ? QString() : bytesText(option.bytes);
    case Sqnr: return option.refused ? tr("refused") : decibelText(option.error.sqnrDb);
    case Rmse: return option.refused ? QString() : numberText(option.error.rmse);
    case Note: return qtext(option.note);
    default: return {};
    }
}

QVariant OptionsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section >= Bits && section <= Rmse ? Qt::AlignHCenter : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Encoding: return tr("Encoding");
    case Method: return tr("Method");
    case Bits: return tr("Bits/w");
    case Bytes: return tr("Bytes");
    case Sqnr: return tr("SQNR");
    case Rmse: return tr("RMS error");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace trilobit
