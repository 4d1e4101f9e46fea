#include "widgets/delegates/choicedelegate.h"

#include "widgets/common/choices.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/models/tensortreemodel.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QTimer>

namespace trilobit {

ChoiceDelegate::ChoiceDelegate(What what, const Workspace& workspace,
                               std::function<const Tensor*(const QModelIndex&)> tensorAt,
                               std::function<Choice(const QModelIndex&)> choiceAt, QObject* parent)
    : QStyledItemDelegate(parent), m_what(what), m_workspace(workspace), m_tensorAt(std::move(tensorAt)),
      m_choiceAt(std::move(choiceAt)) {}

QWidget* ChoiceDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const {
    auto* box = new QComboBox(parent);
    const bool method = m_what == What::Method;
    box->setObjectName(method ? QStringLiteral("methodEditor") : QStringLiteral("encodingEditor"));
    box->setAccessibleName(method ? tr("Method") : tr("Encoding"));
    box->setMaxVisibleItems(24);
    box->setPlaceholderText(tr("mixed"));
    box->addItem(tr("keep"), QString());
    const Tensor* tensor = m_tensorAt(index);
    const Choice choice = m_choiceAt(index);
    const ThemeColors colors = themeColors(parent->palette());
    const auto add = [&](const QString& id, const QString& help, const Choice& wanted) {
        box->addItem(id, id);
        const int row = box->count() - 1;
        QString reason = tensor && !choice.keeps() ? refusal(wanted, *tensor, m_workspace.quantServices()) : QString();
        if (!reason.isEmpty())
            box->setItemIcon(row, icon(Icon::Refused, colors.bad));
        if (tensor && !method)
            if (const QString obstacle = shapeObstacle(wanted.encoding, *tensor, m_workspace.quantServices());
                !obstacle.isEmpty()) {
                box->setItemIcon(row, icon(Icon::Warning, colors.warn));
                reason = tr("Falls back to a wider encoding: %1").arg(obstacle);
            }
        box->setItemData(row, reason.isEmpty() ? help : reason, Qt::ToolTipRole);
    };
    if (method && m_workspace.methods)
        for (const auto& each : m_workspace.methods->all())
            add(qtext(each->info().id), qtext(each->info().title + "\n" + each->info().summary),
                {each->info().id, choice.encoding, {}});
    if (!method) {
        for (const auto& each : m_workspace.encodings.all())
            add(qtext(each->info().id), qtext(each->info().title + "\n" + each->info().help),
                {choice.method, each->info().id, choice.params});
        // A family member that is not in the list of common ones.
        if (const QString own = index.data(TensorTreeModel::ValueRole).toString(); box->findData(own) < 0)
            add(own, {}, choice);
    }
    connect(box, &QComboBox::activated, this, [this, box] {
        auto* self = const_cast<ChoiceDelegate*>(this);
        emit self->commitData(box);
        emit self->closeEditor(box);
    });
    QTimer::singleShot(0, box, [box] { box->showPopup(); });
    return box;
}

void ChoiceDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
    auto* box = qobject_cast<QComboBox*>(editor);
    const QVariant value = index.data(TensorTreeModel::ValueRole);
    if (box)
        box->setCurrentIndex(value.isValid() ? box->findData(value) : -1);
}

void ChoiceDelegate::setModelData(QWidget* editor, QAbstractItemModel*, const QModelIndex& index) const {
    const auto* box = qobject_cast<QComboBox*>(editor);
    if (!box || box->currentIndex() < 0)
        return;
    const QVariant before = index.data(TensorTreeModel::ValueRole);
    if (!before.isValid() || before != box->currentData())
        emit picked(index, box->currentData().toString());
}

} // namespace trilobit
