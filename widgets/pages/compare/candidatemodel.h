// CandidateModel: what a model would say at one place, best first.
#pragma once

#include "core/eval/compare.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace trilobit {

class CandidateModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
    /// `texts`: one per candidate; `actual`: the token that stands in the text, shown bold.
    void setCandidates(const std::vector<CompareCandidate>& candidates, const QStringList& texts, TokenId actual);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<CompareCandidate> m_candidates;
    QStringList m_texts;
    TokenId m_actual = kNoToken;
};

} // namespace trilobit
