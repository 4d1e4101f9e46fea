#include "widgets/dialogs/unfinishedpanel.h"

#include "widgets/common/format.h"

#include <QDateTime>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace trilobit {

namespace {

constexpr int kShownRows = 3;

QString describe(const UnfinishedWork& work) {
    const QString model = QFileInfo(qtext(work.job["model"].toString())).fileName(), recipe = qtext(work.job["recipe"].toString());
    const QDateTime started = QDateTime::fromString(qtext(work.job["started"].toString()), Qt::ISODateWithMs).toLocalTime();
    QString text = UnfinishedPanel::tr("%1: %2 of %3 tensors, %4")
                       .arg(recipe.isEmpty() ? model : UnfinishedPanel::tr("%1 with %2").arg(model, recipe))
                       .arg(work.tensors)
                       .arg(work.job["tensors"].toUInt())
                       .arg(bytesText(work.bytes));
    if (started.isValid())
        text += UnfinishedPanel::tr(", begun %1").arg(QLocale().toString(started, QLocale::ShortFormat));
    return text;
}

} // namespace

UnfinishedPanel::UnfinishedPanel(Workbench& bench, QWidget* parent)
    : QWidget(parent), m_bench(bench), m_list(new QListWidget(this)), m_resume(new QPushButton(tr("&Resume"), this)),
      m_discard(new QPushButton(tr("&Discard…"), this)) {
    setObjectName(QStringLiteral("unfinishedPanel"));
    auto* title = new QLabel(tr("Left &unfinished"), this);
    title->setBuddy(m_list);
    m_list->setObjectName(QStringLiteral("unfinishedList"));
    m_list->setAccessibleName(tr("Unfinished work"));
    m_list->setFixedHeight((m_list->fontMetrics().height() + 8) * kShownRows);
    m_resume->setObjectName(QStringLiteral("unfinishedResume"));
    m_resume->setToolTip(tr("Goes on where it was cut short; what is finished is not computed again."));
    m_discard->setObjectName(QStringLiteral("unfinishedDiscard"));
    auto* buttons = new QVBoxLayout;
    buttons->addWidget(m_resume);
    buttons->addWidget(m_discard);
    buttons->addStretch(1);
    auto* row = new QHBoxLayout;
    row->addWidget(m_list, 1);
    row->addLayout(buttons);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(title);
    layout->addLayout(row);
    connect(&bench, &Workbench::unfinishedChanged, this, &UnfinishedPanel::refresh);
    connect(&bench, &Workbench::busyChanged, this, &UnfinishedPanel::updateButtons);
    connect(m_list, &QListWidget::currentRowChanged, this, &UnfinishedPanel::updateButtons);
    connect(m_resume, &QPushButton::clicked, this, [this] { m_bench.resumeUnfinished(chosen()); });
    connect(m_discard, &QPushButton::clicked, this, &UnfinishedPanel::askToDiscard);
    refresh();
}

QString UnfinishedPanel::chosen() const {
    const QListWidgetItem* item = m_list->currentItem();
    return item ? item->data(Qt::UserRole).toString() : QString();
}

void UnfinishedPanel::refresh() {
    const QString before = chosen();
    m_list->clear();
    for (const UnfinishedWork& work : m_bench.unfinished()) {
        auto* item = new QListWidgetItem(describe(work), m_list);
        item->setData(Qt::UserRole, qtext(work.folder));
        item->setToolTip(qtext(work.folder));
        if (qtext(work.folder) == before)
            m_list->setCurrentItem(item);
    }
    if (m_list->currentRow() < 0)
        m_list->setCurrentRow(0);
    setVisible(m_list->count() > 0);
    updateButtons();
}

void UnfinishedPanel::updateButtons() {
    const bool any = !chosen().isEmpty();
    m_resume->setEnabled(any && !m_bench.isBusy());
    m_discard->setEnabled(any);
}

void UnfinishedPanel::askToDiscard() {
    auto* question = new QMessageBox(QMessageBox::Question, tr("Discard"),
                                     tr("Throw away what was finished of this work? It would be computed anew."),
                                     QMessageBox::Discard | QMessageBox::Cancel, this);
    question->setObjectName(QStringLiteral("unfinishedQuestion"));
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QDialog::finished, this, [this, question, folder = chosen()] {
        if (question->standardButton(question->clickedButton()) == QMessageBox::Discard)
            m_bench.discardUnfinished(folder);
    });
    question->open();
}

} // namespace trilobit
