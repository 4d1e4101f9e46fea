#include "widgets/pages/compare/candidatemodel.h"

#include <QFont>

namespace trilobit {

void CandidateModel::setCandidates(const std::vector<CompareCandidate>& candidates, const QStringList& texts,
                                   TokenId actual) {
    beginResetModel();
    m_candidates = candidates;
    m_texts = texts;
    m_actual = actual;
    endResetModel();
}

int CandidateModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_candidates.size());
}
int CandidateModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 2; }

QVariant CandidateModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const CompareCandidate& candidate = m_candidates[static_cast<std::size_t>(index.row())];
    if (role == Qt::FontRole && candidate.id == m_actual) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role == Qt::TextAlignmentRole && index.column() == 1)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return tr("token %1").arg(candidate.id);
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    return index.column() == 0 ? QVariant(m_texts.value(index.row()))
                               : QVariant(tr("%1 %").arg(100 * candidate.probability, 0, 'f', 2));
}

QVariant CandidateModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Token") : tr("Probability");
}

} // namespace trilobit
