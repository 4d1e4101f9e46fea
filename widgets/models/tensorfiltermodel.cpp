#include "widgets/models/tensorfiltermodel.h"

#include "core/base/glob.h"
#include "widgets/models/tensortreemodel.h"

namespace trilobit {

TensorFilterModel::TensorFilterModel(QObject* parent) : QSortFilterProxyModel(parent) {
    setRecursiveFilteringEnabled(true);
    setSortRole(TensorTreeModel::SortRole);
    setDynamicSortFilter(true);
}

void TensorFilterModel::setFilter(const QString& text) {
    m_words = text.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool TensorFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const {
    if (m_words.isEmpty())
        return true;
    const QModelIndex index = sourceModel()->index(row, TensorTreeModel::Name, parent);
    const QString name = index.data(TensorTreeModel::TensorNameRole).toString().toLower();
    if (name.isEmpty())
        return false; // groups show when something below them does
    const QString all = index.data(TensorTreeModel::SearchRole).toString().toLower();
    for (const QString& word : m_words) {
        const bool pattern = word.contains(QLatin1Char('*')) || word.contains(QLatin1Char('?'));
        if (pattern ? !globMatch(word.toStdString(), name.toStdString()) : !all.contains(word))
            return false;
    }
    return true;
}

} // namespace trilobit
