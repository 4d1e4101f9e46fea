#include "widgets/dialogs/commandpalette.h"

#include "widgets/common/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace trilobit {

namespace {

QString plainText(const QAction* action) {
    QString text = action->text();
    return text.remove(QLatin1Char('&'));
}

constexpr int kKeysRole = Qt::UserRole + 1, kMargin = 8;

/// The shortcut at the right end of the row.
class KeysDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyledItemDelegate::paint(painter, option, index);
        const ThemeColors colors = themeColors(option.palette);
        painter->setPen(option.state.testFlag(QStyle::State_Selected) ? colors.onSelection : colors.muted);
        painter->drawText(option.rect.adjusted(0, 0, -kMargin, 0), Qt::AlignRight | Qt::AlignVCenter,
                          index.data(kKeysRole).toString());
    }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(0, kMargin);
    }
};

} // namespace

CommandPalette::CommandPalette(const QList<QAction*>& actions, QWidget* parent)
    : QDialog(parent), m_actions(actions), m_box(new QLineEdit(this)), m_list(new QListWidget(this)) {
    setObjectName(QStringLiteral("commandPalette"));
    setWindowTitle(tr("Command palette"));
    m_box->setObjectName(QStringLiteral("paletteBox"));
    m_box->setAccessibleName(tr("Search commands"));
    m_box->setPlaceholderText(tr("Type a command"));
    m_box->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("Commands"));
    m_list->setUniformItemSizes(true);
    m_list->setItemDelegate(new KeysDelegate(this));
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_box);
    layout->addWidget(m_list);
    resize(520, 380);
    connect(m_box, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_box, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::run);
    filter({});
}

void CommandPalette::filter(const QString& text) {
    m_list->clear();
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (int i = 0; i < m_actions.size(); ++i) {
        const QAction* action = m_actions[i];
        if (action->isSeparator() || !action->isEnabled() || !action->isVisible() || plainText(action).isEmpty())
            continue;
        const QString name = plainText(action);
        if (!std::all_of(words.begin(), words.end(),
                         [&name](const QString& word) { return name.contains(word, Qt::CaseInsensitive); }))
            continue;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(name, m_list);
        item->setData(kKeysRole, keys);
        item->setData(Qt::UserRole, i);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::run() {
    const QListWidgetItem* item = m_list->currentItem();
    if (!item)
        return;
    QAction* action = m_actions.value(item->data(Qt::UserRole).toInt());
    accept();
    if (action) // after this window is gone, so that a dialog of the action gets the focus
        QTimer::singleShot(0, action, &QAction::trigger);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_box && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : key == Qt::Key_PageDown ? 10
                                                                       : key == Qt::Key_PageUp   ? -10
                                                                                                   : 0;
        if (step != 0) {
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace trilobit
