#include "widgets/dialogs/optionsdialog.h"

#include "widgets/common/format.h"
#include "widgets/common/tablelook.h"
#include "widgets/common/theme.h"
#include "widgets/common/workbench.h"
#include "widgets/dialogs/optionsmodel.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

namespace trilobit {

namespace {
constexpr std::int64_t kSampleWeights = 128 * 1024;
constexpr int kPollMs = 50;

/// What cannot be had is of least interest, whatever the order.
class RefusedLast : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override {
        const auto* options = static_cast<const OptionsModel*>(sourceModel());
        const bool a = options->at(left.row()).refused, b = options->at(right.row()).refused;
        return a == b ? QSortFilterProxyModel::lessThan(left, right) : a == (sortOrder() == Qt::DescendingOrder);
    }
};

} // namespace

OptionsDialog::OptionsDialog(Workbench& workbench, const QString& tensor, const QStringList& selection, QWidget* parent)
    : QDialog(parent), m_bench(workbench), m_tensor(tensor), m_selection(selection), m_model(new OptionsModel(this)),
      m_sorted(new RefusedLast(this)), m_table(new QTableView(this)), m_state(new QLabel(this)),
      m_methods(new QCheckBox(tr("Other &methods than plain rounding, too"), this)),
      m_all(new QCheckBox(tr("Measure &all rows"), this)), m_poll(new QTimer(this)) {
    setObjectName(QStringLiteral("optionsDialog"));
    setWindowTitle(tr("What else could this be?"));
    build();
    m_poll->setInterval(kPollMs);
    connect(m_poll, &QTimer::timeout, this, &OptionsDialog::takeArrived);
    connect(m_methods, &QCheckBox::toggled, this, &OptionsDialog::measure);
    connect(m_all, &QCheckBox::toggled, this, &OptionsDialog::measure);
    connect(&m_bench, &Workbench::modelChanged, this, &QDialog::reject);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &OptionsDialog::refresh);
    connect(m_table, &QTableView::activated, this, &OptionsDialog::accept);
    measure();
}

OptionsDialog::~OptionsDialog() {
    if (m_job)
        m_bench.jobs().cancel(*m_job);
}

void OptionsDialog::build() {
    auto* title = new QLabel(m_selection.size() > 1
                                 ? tr("%1, measured for all %2 selected tensors").arg(m_tensor).arg(m_selection.size())
                                 : m_tensor,
                             this);
    title->setProperty("role", "section");
    title->setTextFormat(Qt::PlainText);
    m_methods->setObjectName(QStringLiteral("optionsMethods"));
    m_all->setObjectName(QStringLiteral("optionsAllRows"));
    m_all->setToolTip(tr("Exact numbers instead of estimates from a sample of rows."));
    m_state->setObjectName(QStringLiteral("optionsState"));
    m_state->setProperty("role", "muted");
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(OptionsModel::SortRole);
    m_table->setObjectName(QStringLiteral("optionsTable"));
    m_table->setAccessibleName(tr("What this tensor could be"));
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(OptionsModel::Bits, Qt::DescendingOrder);
    showAsRows(*m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    const int letter = fontMetrics().averageCharWidth();
    const int letters[OptionsModel::ColumnCount] = {24, 10, 9, 11, 11, 12, 40};
    for (int column = 0; column < OptionsModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, letters[column] * letter);
    auto* options = new QHBoxLayout;
    options->addWidget(m_methods);
    options->addWidget(m_all);
    options->addStretch(1);
    options->addWidget(m_state);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_use = buttons->button(QDialogButtonBox::Ok);
    m_use->setObjectName(QStringLiteral("optionsUse"));
    m_use->setText(tr("&Use this"));
    makePrimary(m_use);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addLayout(options);
    layout->addWidget(m_table, 1);
    layout->addWidget(buttons);
    resize(760, 560);
}

void OptionsDialog::measure() {
    if (m_job)
        m_bench.jobs().cancel(*m_job);
    m_model->clear();
    m_model->setCurrent(m_bench.recipe().choiceFor(m_tensor.toStdString()));
    const auto model = m_bench.model();
    const Tensor* tensor = model ? model->find(m_tensor.toStdString()) : nullptr;
    if (!tensor)
        return;
    const quint64 question = ++m_question;
    m_arrived = std::make_shared<Arrived>();
    const QuantServices services = m_bench.workspace().quantServices();
    std::vector<Choice> choices{Choice{}};
    for (Choice& choice : candidateChoices(services, m_methods->isChecked()))
        choices.push_back(std::move(choice));
    const std::int64_t rows = m_all->isChecked() ? 0 : rowsForSample(*tensor, kSampleWeights);
    m_job = m_bench.jobs().start<std::vector<MeasuredOption>>(
        {tr("Measure %1 in every encoding").arg(m_tensor), JobLane::Compute, false}, this,
        [model, tensor, choices, rows, services, seed = m_bench.recipe().seed,
         arrived = m_arrived](RunControl& control) {
            return measureOptions(*tensor, choices, seed, rows, services, control, [&](const MeasuredOption& option) {
                const std::scoped_lock lock(arrived->mutex);
                arrived->options.push_back(option);
            });
        },
        [this, question](Result<std::vector<MeasuredOption>> result) {
            if (question != m_question)
                return;
            m_job.reset();
            m_poll->stop();
            takeArrived();
            if (!result && result.error().code != ErrorCode::Cancelled)
                m_state->setText(errorText(result.error()));
            else
                refresh();
            emit measured();
        });
    m_poll->start();
    refresh();
}

void OptionsDialog::takeArrived() {
    std::vector<MeasuredOption> options;
    {
        const std::scoped_lock lock(m_arrived->mutex);
        options.swap(m_arrived->options);
    }
    m_model->add(options);
    refresh();
}

const MeasuredOption* OptionsDialog::chosen() const {
    const QModelIndex index = m_sorted->mapToSource(m_table->currentIndex());
    return index.isValid() ? &m_model->at(index.row()) : nullptr;
}

void OptionsDialog::refresh() {
    const MeasuredOption* option = chosen();
    m_use->setEnabled(option && !option->refused);
    const bool sampled = m_model->rowCount() > 1
                         && m_model->at(m_model->rowCount() - 1).rows < m_model->at(m_model->rowCount() - 1).totalRows;
    m_state->setText(m_job     ? tr("measuring… %1 done").arg(m_model->rowCount())
                     : sampled ? tr("from %1 of %2 rows")
                                     .arg(m_model->at(m_model->rowCount() - 1).rows)
                                     .arg(m_model->at(m_model->rowCount() - 1).totalRows)
                               : tr("from all rows"));
}

void OptionsDialog::accept() {
    const MeasuredOption* option = chosen();
    if (!option || option->refused)
        return;
    m_bench.setChoice(m_selection, option->choice);
    QDialog::accept();
}

} // namespace trilobit
