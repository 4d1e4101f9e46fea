#include "widgets/dialogs/jobsdialog.h"

#include "widgets/common/tablelook.h"
#include "widgets/dialogs/unfinishedpanel.h"
#include "widgets/models/jobsmodel.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace trilobit {

JobsDialog::JobsDialog(Workbench& bench, QWidget* parent)
    : QDialog(parent), m_jobs(bench.jobs()), m_model(new JobsModel(m_jobs, this)), m_table(new QTableView(this)),
      m_empty(new QLabel(tr("Nothing runs and nothing waits."), this)), m_pause(new QPushButton(this)),
      m_cancel(new QPushButton(tr("&Cancel this"), this)) {
    setObjectName(QStringLiteral("jobsDialog"));
    setWindowTitle(tr("Running work"));
    m_table->setObjectName(QStringLiteral("jobsTable"));
    m_table->setAccessibleName(tr("Running and waiting work"));
    m_table->setModel(m_model);
    showAsRows(*m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    const int letter = fontMetrics().averageCharWidth();
    const int letters[JobsModel::ColumnCount] = {30, 12, 34, 8, 20};
    for (int column = 0; column < JobsModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, letters[column] * letter);
    m_empty->setObjectName(QStringLiteral("jobsEmpty"));
    m_empty->setProperty("role", "muted");
    m_pause->setObjectName(QStringLiteral("jobsPause"));
    m_cancel->setObjectName(QStringLiteral("jobsCancel"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_pause, QDialogButtonBox::ActionRole);
    buttons->addButton(m_cancel, QDialogButtonBox::ActionRole);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_empty);
    layout->addWidget(m_table, 1);
    layout->addWidget(new UnfinishedPanel(bench, this));
    layout->addWidget(buttons);
    resize(760, 300);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_pause, &QPushButton::clicked, this, [this] {
        if (const auto id = chosen())
            m_jobs.setPaused(*id, !m_model->at(m_model->rowOf(*id)).paused);
    });
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (const auto id = chosen())
            m_jobs.cancel(*id);
    });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_model, signal, this, [this] {
            if (!m_table->currentIndex().isValid() && m_model->rowCount() > 0)
                m_table->selectRow(0);
            refresh();
        });
    connect(m_model, &QAbstractItemModel::dataChanged, this, &JobsDialog::refresh);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &JobsDialog::refresh);
    if (m_model->rowCount() > 0)
        m_table->selectRow(0);
    refresh();
}

std::optional<quint64> JobsDialog::chosen() const {
    const int row = m_table->currentIndex().row();
    return row >= 0 && row < m_model->rowCount() ? std::optional(m_model->at(row).id) : std::nullopt;
}

void JobsDialog::refresh() {
    const auto id = chosen();
    const JobInfo* job = id ? &m_model->at(m_model->rowOf(*id)) : nullptr;
    m_empty->setVisible(m_model->rowCount() == 0);
    m_pause->setText(job && job->paused ? tr("&Go on") : tr("&Pause"));
    m_pause->setEnabled(job && job->running && !job->cancelling);
    m_cancel->setEnabled(job && !job->cancelling);
}

} // namespace trilobit
