#include "widgets/pages/chat/earlierdialog.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace trilobit {

namespace {

constexpr int kShownLetters = 90;

/// Every word somewhere in what was said.
bool contains(const SavedConversation& conversation, const QStringList& words) {
    return std::all_of(words.begin(), words.end(), [&](const QString& word) {
        for (const auto& [pane, messages] : conversation.panes)
            for (const ChatMessage& message : messages)
                if (qtext(message.text).contains(word, Qt::CaseInsensitive))
                    return true;
        return qtext(conversation.head["model"].toString()).contains(word, Qt::CaseInsensitive);
    });
}

} // namespace

EarlierDialog::EarlierDialog(QWidget* parent)
    : QDialog(parent), m_words(new QLineEdit(this)), m_list(new QListWidget(this)), m_state(new QLabel(this)) {
    setObjectName(QStringLiteral("earlierDialog"));
    setWindowTitle(tr("Earlier conversations"));
    m_words->setObjectName(QStringLiteral("earlierWords"));
    m_words->setAccessibleName(tr("Words to look for"));
    m_words->setPlaceholderText(tr("Find by words that were said"));
    m_words->setClearButtonEnabled(true);
    m_list->setObjectName(QStringLiteral("earlierList"));
    m_list->setAccessibleName(tr("Conversations, the newest first"));
    m_list->setAlternatingRowColors(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_state->setObjectName(QStringLiteral("earlierState"));
    m_state->setProperty("role", "muted");
    m_state->setText(tr("looking…"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel, this);
    m_open = buttons->button(QDialogButtonBox::Open);
    m_open->setObjectName(QStringLiteral("earlierOpen"));
    m_open->setEnabled(false);
    makePrimary(m_open);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    layout->addWidget(m_words);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_state);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_words, &QLineEdit::textChanged, this, &EarlierDialog::filter);
    connect(m_list, &QListWidget::itemActivated, this, &EarlierDialog::accept);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) { m_open->setEnabled(row >= 0); });
    resize(620, 460);
}

void EarlierDialog::setConversations(std::vector<SavedConversation> conversations) {
    m_all = std::move(conversations);
    filter();
}

void EarlierDialog::filter() {
    m_list->clear();
    const QStringList words = m_words->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        if (!contains(m_all[i], words))
            continue;
        const QDateTime when = QDateTime::fromString(qtext(m_all[i].head["started"].toString()), Qt::ISODateWithMs);
        QString prompt = qtext(m_all[i].firstPrompt).simplified();
        if (prompt.size() > kShownLetters)
            prompt = prompt.left(kShownLetters) + QStringLiteral("…");
        auto* item = new QListWidgetItem(tr("%1\n%2, %3").arg(prompt, locale().toString(when.toLocalTime(), QLocale::ShortFormat),
                                                              qtext(m_all[i].head["model"].toString())),
                                         m_list);
        item->setData(Qt::UserRole, static_cast<qulonglong>(i));
        item->setToolTip(qtext(m_all[i].path));
    }
    m_list->setCurrentRow(m_list->count() > 0 ? 0 : -1);
    m_state->setText(m_all.empty() ? tr("There are none yet. Conversations are saved while they grow.")
                     : m_list->count() == 0 ? tr("None of %1 has these words.").arg(m_all.size())
                                            : tr("%1 of %2").arg(m_list->count()).arg(m_all.size()));
}

void EarlierDialog::accept() {
    if (const QListWidgetItem* item = m_list->currentItem()) {
        emit chosen(m_all[static_cast<std::size_t>(item->data(Qt::UserRole).toULongLong())]);
        QDialog::accept();
    }
}

} // namespace trilobit
