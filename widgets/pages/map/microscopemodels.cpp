#include "widgets/pages/map/microscopemodels.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"
#include "widgets/pages/map/bitsview.h"

#include <QApplication>
#include <QFont>
#include <QFontDatabase>
#include <QPixmap>

namespace trilobit {

namespace {

QString roleText(FieldRole role) {
    switch (role) {
    case FieldRole::Sign: return FieldModel::tr("The sign: 1 is negative.");
    case FieldRole::Exponent: return FieldModel::tr("The exponent, stored with an offset.");
    case FieldRole::Mantissa: return FieldModel::tr("The digits after the leading one.");
    case FieldRole::Code: return FieldModel::tr("The integer that stands for this weight alone.");
    case FieldRole::Scale: return FieldModel::tr("The step between two values, shared by the group.");
    case FieldRole::Zero: return FieldModel::tr("The code that means zero, shared by the group.");
    case FieldRole::Minimum: return FieldModel::tr("The lowest value, shared by the group.");
    case FieldRole::SubScale:
        return FieldModel::tr("A small integer that multiplies the scale for a part of the block.");
    case FieldRole::SubMinimum:
        return FieldModel::tr("A small integer that multiplies the minimum for a part of the block.");
    }
    return {};
}

} // namespace

QString bitString(const StoredField& field) {
    int width = 0;
    for (const StoredBits& part : field.bits)
        width += part.count;
    if (width == 0 || width > 32)
        return {};
    return QString::number(field.raw, 2).rightJustified(width, QLatin1Char('0'));
}

void FieldModel::setLook(const std::optional<WeightLook>& look) {
    beginResetModel();
    m_fields = look ? look->weight.fields : std::vector<StoredField>();
    m_block = look ? look->weight.blockByte : 0;
    endResetModel();
}

int FieldModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_fields.size());
}
int FieldModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant FieldModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const StoredField& field = m_fields[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole)
        return roleText(field.role);
    if (role == Qt::FontRole && (index.column() == Raw))
        return QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (role == Qt::DecorationRole && index.column() == Name) {
        QPixmap swatch(10, 10);
        swatch.fill(fieldColor(index.row(), themeColors(QApplication::palette())));
        return swatch;
    }
    if (role == Qt::TextAlignmentRole && (index.column() == Value || index.column() == Raw))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
    case Name: return qtext(field.name) + QStringLiteral("  (%1)").arg(QLatin1String(fieldRoleName(field.role)));
    case Bits: {
        QStringList parts;
        for (const StoredBits& part : field.bits) {
            const int high = part.low + part.count - 1;
            const QString bits = part.count == 8    ? QString()
                                 : high == part.low ? tr(" bit %1").arg(high)
                                                    : tr(" bits %1–%2").arg(high).arg(part.low);
            // Outside the block (one scale for a whole tensor) the place counts from the start of the tensor.
            parts << (part.byte >= m_block ? tr("byte %1").arg(part.byte - m_block)
                                           : tr("tensor byte %1").arg(part.byte))
                         + bits;
        }
        return parts.isEmpty() ? tr("not in this tensor") : parts.join(QStringLiteral(", "));
    }
    case Raw: return bitString(field).isEmpty() ? QString::number(field.raw) : bitString(field);
    case Value: return QString::number(field.value, 'g', 9);
    case Type: return qtext(field.type);
    default: return {};
    }
}

QVariant FieldModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Field");
    case Bits: return tr("Where in the block");
    case Raw: return tr("Bits");
    case Value: return tr("Value");
    case Type: return tr("Stored as");
    default: return {};
    }
}

void NeighbourModel::setLook(const std::optional<WeightLook>& look) {
    beginResetModel();
    m_weights = look ? look->block : std::vector<NeighbourWeight>();
    m_self = look ? static_cast<int>(look->self) : -1;
    endResetModel();
}

int NeighbourModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_weights.size());
}
int NeighbourModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant NeighbourModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const NeighbourWeight& weight = at(index.row());
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::FontRole && index.row() == m_self) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
    case Place:
        return index.row() == m_self ? tr("▸ %1, %2").arg(weight.row).arg(weight.col)
                                     : tr("%1, %2").arg(weight.row).arg(weight.col);
    case Code: return weight.code ? QString::number(*weight.code) : QStringLiteral("–");
    case Stored: return QString::number(weight.stored, 'g', 6);
    case Original: return QString::number(weight.original, 'g', 6);
    case ErrorColumn: return weight.error() == 0 ? QStringLiteral("0") : numberText(weight.error());
    default: return {};
    }
}

QVariant NeighbourModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Place: return tr("Row, column");
    case Code: return tr("Code");
    case Stored: return tr("Stored");
    case Original: return tr("Original");
    case ErrorColumn: return tr("Error");
    default: return {};
    }
}

} // namespace trilobit
