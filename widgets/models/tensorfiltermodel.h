// TensorFilterModel: the filter box and sorting of the tensor tree.
#pragma once

#include <QSortFilterProxyModel>

namespace trilobit {

class TensorFilterModel : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit TensorFilterModel(QObject* parent = nullptr);
    /// Words that must all be contained in name, role or encoding; a word with '*' or '?' is a pattern for the name.
    void setFilter(const QString& text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QStringList m_words;
};

} // namespace trilobit
