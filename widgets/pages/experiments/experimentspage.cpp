#include "widgets/pages/experiments/experimentspage.h"

#include "core/base/safefile.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/models/experimentsmodel.h"
#include "widgets/pages/experiments/runtext.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QShowEvent>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTextBrowser>
#include <QToolButton>
#include <QVBoxLayout>

#include <set>

namespace trilobit {

namespace {
constexpr int kPollMs = 2000;

/// Text of the search box and kind of the run.
class RunFilter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void set(const QString& text, const QString& kind) {
        m_text = text;
        m_kind = kind;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
        const QModelIndex index = sourceModel()->index(row, ExperimentsModel::Kind, parent);
        if (!m_kind.isEmpty() && index.data().toString() != m_kind)
            return false;
        return m_text.isEmpty() || index.data(ExperimentsModel::SearchRole).toString().contains(m_text, Qt::CaseInsensitive);
    }

private:
    QString m_text, m_kind;
};

} // namespace

ExperimentsPage::ExperimentsPage(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_bench(workbench), m_model(new ExperimentsModel(this)), m_filter(new RunFilter(this)),
      m_search(new QLineEdit(this)), m_kind(new QComboBox(this)), m_stack(new QStackedWidget(this)),
      m_table(new QTableView(this)), m_details(new QTextBrowser(this)), m_problem(new QLabel(this)) {
    setObjectName(QStringLiteral("experimentsPage"));
    m_filter->setSourceModel(m_model);
    m_filter->setSortRole(ExperimentsModel::SortRole);
    m_search->setObjectName(QStringLiteral("experimentSearch"));
    m_search->setAccessibleName(tr("Search runs"));
    m_search->setPlaceholderText(tr("Search model, recipe, kind …"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(Icon::Search), QLineEdit::LeadingPosition);
    m_kind->setObjectName(QStringLiteral("experimentKind"));
    m_kind->setAccessibleName(tr("Kind of run"));
    m_kind->addItem(tr("All kinds"), QString());
    m_problem->setWordWrap(true);
    m_problem->hide();

    m_table->setObjectName(QStringLiteral("experimentTable"));
    m_table->setAccessibleName(tr("Runs"));
    m_table->setModel(m_filter);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ExperimentsModel::Id, Qt::DescendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    const int letter = fontMetrics().averageCharWidth();
    const int letters[ExperimentsModel::ColumnCount] = {8, 18, 12, 10, 14, 9, 11, 10, 12, 10, 11, 9, 30};
    for (int column = 0; column < ExperimentsModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, letters[column] * letter);

    m_details->setObjectName(QStringLiteral("experimentDetails"));
    m_details->setAccessibleName(tr("Details of the selected runs"));
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->setOpenLinks(false);
    auto* split = new QSplitter(Qt::Vertical, m_stack);
    split->addWidget(m_table);
    split->addWidget(m_details);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({300, 220});
    m_stack->addWidget(new EmptyState(tr("No runs yet"),
                                      tr("Quantizing, comparing, chatting and exporting leave a row here, with everything "
                                         "needed to repeat them."),
                                      m_stack));
    m_stack->addWidget(split);

    buildActions();
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_kind);
    for (QAction* action : {m_useRecipe, m_copyCommand, m_export, m_remove}) {
        auto* button = new QToolButton(this);
        button->setObjectName(action->objectName() + QStringLiteral("Button"));
        button->setDefaultAction(action);
        button->setToolButtonStyle(action == m_useRecipe ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
        bar->addWidget(button);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 4);
    layout->addLayout(bar);
    layout->addWidget(m_problem);
    layout->addWidget(m_stack, 1);

    const auto filter = [this] {
        static_cast<RunFilter*>(m_filter)->set(m_search->text().trimmed(), m_kind->currentData().toString());
    };
    connect(m_search, &QLineEdit::textChanged, this, filter);
    connect(m_kind, &QComboBox::currentIndexChanged, this, filter);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ExperimentsPage::showDetails);
    connect(&m_bench, &Workbench::runStored, this, &ExperimentsPage::reload);
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &ExperimentsPage::reload);
    showDetails();
    reload();
}

void ExperimentsPage::buildActions() {
    const auto make = [this](const char* name, Icon which, const QString& text, auto slot) {
        auto* action = new QAction(icon(which), text, this);
        action->setObjectName(QLatin1String(name));
        connect(action, &QAction::triggered, this, slot);
        m_table->addAction(action);
        return action;
    };
    m_useRecipe = make("useRecipeAction", Icon::Load, tr("Use this recipe"), &ExperimentsPage::useRecipe);
    m_copyCommand = make("copyRunCommandAction", Icon::Copy, tr("Copy the command line"), &ExperimentsPage::copyCommand);
    m_export = make("exportRunsAction", Icon::Export, tr("Export the table…"), &ExperimentsPage::exportRuns);
    m_remove = make("removeRunsAction", Icon::Delete, tr("Delete the selected runs…"), &ExperimentsPage::removeRuns);
}

void ExperimentsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_poll.start();
    reload();
}

void ExperimentsPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_poll.stop();
}

void ExperimentsPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showDetails();
}

void ExperimentsPage::reload() {
    const std::shared_ptr<ExperimentStore> store = m_bench.workspace().store;
    if (!store)
        return;
    if (m_loading) {
        m_again = true;
        return;
    }
    m_loading = true;
    struct Answer {
        std::int64_t version = 0;
        std::optional<std::vector<RunRecord>> runs; ///< nothing new when empty
    };
    JobQueue::Options options;
    options.title = tr("Read experiments");
    options.lane = JobLane::Interactive;
    options.quiet = true;
    m_bench.jobs().start<Answer>(
        options, this,
        [store, known = m_version](RunControl&) -> Result<Answer> {
            Answer answer{store->dataVersion(), {}};
            if (answer.version != known) {
                TRILOBIT_TRY(answer.runs, store->list({}));
            }
            return answer;
        },
        [this](Result<Answer> answer) {
            m_loading = false;
            m_problem->setVisible(!answer);
            if (!answer) {
                m_problem->setText(errorText(answer.error()));
            } else {
                m_version = answer->version;
                if (answer->runs)
                    showRuns(std::move(*answer->runs));
            }
            if (std::exchange(m_again, false))
                reload();
        });
}

void ExperimentsPage::showRuns(std::vector<RunRecord> runs) {
    m_stack->setCurrentIndex(runs.empty() ? 0 : 1);
    setKinds(runs);
    m_model->setRuns(std::move(runs));
    if (!m_table->selectionModel()->hasSelection() && m_filter->rowCount() > 0)
        m_table->selectRow(0);
    showDetails();
}

void ExperimentsPage::setKinds(const std::vector<RunRecord>& runs) {
    std::set<std::string> kinds;
    for (const RunRecord& run : runs)
        kinds.insert(run.kind);
    for (const std::string& kind : kinds)
        if (m_kind->findData(qtext(kind)) < 0)
            m_kind->addItem(qtext(kind), qtext(kind));
}

std::vector<RunRecord> ExperimentsPage::selectedRuns() const {
    std::vector<RunRecord> out;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        if (const RunRecord* run = m_model->run(m_filter->mapToSource(index).row()))
            out.push_back(*run);
    return out;
}

void ExperimentsPage::showDetails() {
    const std::vector<RunRecord> runs = selectedRuns();
    const ThemeColors colors = themeColors(palette());
    const QString text = runs.size() == 1   ? runDetails(runs.front(), colors)
                         : runs.size() > 1 ? runComparison(runs, colors)
                                           : tr("<p>Select a run to see it; select several to compare them.</p>");
    if (m_details->property("shown").toString() != text) { // keeps the scroll position
        m_details->setProperty("shown", text);
        m_details->setHtml(text);
    }
    m_useRecipe->setEnabled(runs.size() == 1 && !runs.front().recipe["rules"].items().empty() && m_bench.model());
    m_copyCommand->setEnabled(runs.size() == 1 && runs.front().command.isObject());
    m_remove->setEnabled(!runs.empty());
    m_export->setEnabled(m_model->rowCount() > 0);
}

void ExperimentsPage::useRecipe() {
    const std::vector<RunRecord> runs = selectedRuns();
    if (runs.size() != 1)
        return;
    const auto recipe = Recipe::fromJson(runs.front().recipe);
    if (!recipe) {
        emit m_bench.failed(tr("This recipe cannot be read"), errorText(recipe.error()));
        return;
    }
    m_bench.replaceRecipe(*recipe, tr("Recipe of run %1").arg(runs.front().id));
    emit m_bench.note(tr("The recipe of run %1 is in place.").arg(runs.front().id));
}

void ExperimentsPage::copyCommand() {
    const std::vector<RunRecord> runs = selectedRuns();
    if (runs.size() != 1)
        return;
    const auto command = Command::fromJson(runs.front().command);
    if (!command) {
        emit m_bench.failed(tr("This run has no command"), errorText(command.error()));
        return;
    }
    QGuiApplication::clipboard()->setText(qtext(commandLine(*command)));
    emit m_bench.note(tr("Command line copied."));
}

void ExperimentsPage::exportRuns() {
    auto* dialog = new QFileDialog(this, tr("Export the table"), QStringLiteral("experiments.csv"),
                                   tr("Comma-separated values (*.csv);;JSON (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        std::vector<RunRecord> runs;
        for (int row = 0; row < m_filter->rowCount(); ++row)
            if (const RunRecord* run = m_model->run(m_filter->mapToSource(m_filter->index(row, 0)).row()))
                runs.push_back(*run);
        JobQueue::Options options;
        options.title = tr("Export experiments");
        options.lane = JobLane::Interactive;
        m_bench.jobs().start<bool>(
            options, this,
            [path, runs](RunControl&) -> Result<bool> {
                const QByteArray bytes = path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)
                                             ? ExperimentsModel::toJson(runs)
                                             : ExperimentsModel::toCsv(runs);
                TRILOBIT_CHECK(writeFileSafely(path.toStdString(), {bytes.constData(), static_cast<std::size_t>(bytes.size())}));
                return true;
            },
            [this, path](Result<bool> done) {
                if (done)
                    emit m_bench.note(tr("Wrote %1").arg(path));
                else
                    emit m_bench.failed(tr("Cannot export the table"), errorText(done.error()));
            });
    });
    dialog->open();
}

void ExperimentsPage::removeRuns() {
    const std::shared_ptr<ExperimentStore> store = m_bench.workspace().store;
    std::vector<std::int64_t> ids;
    for (const RunRecord& run : selectedRuns())
        ids.push_back(run.id);
    if (!store || ids.empty())
        return;
    auto* box = new QMessageBox(QMessageBox::Question, tr("Delete runs"),
                                tr("Delete %n run(s) from the store? This cannot be undone; exported files stay.", nullptr,
                                   static_cast<int>(ids.size())),
                                QMessageBox::Cancel | QMessageBox::Discard, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->button(QMessageBox::Discard)->setText(tr("Delete"));
    connect(box, &QMessageBox::buttonClicked, this, [this, box, store, ids](QAbstractButton* button) {
        if (box->buttonRole(button) != QMessageBox::DestructiveRole)
            return;
        JobQueue::Options options;
        options.title = tr("Delete runs");
        options.lane = JobLane::Interactive;
        m_bench.jobs().start<bool>(
            options, this,
            [store, ids](RunControl&) -> Result<bool> {
                for (const std::int64_t id : ids)
                    TRILOBIT_CHECK(store->remove(id));
                return true;
            },
            [this](Result<bool> done) {
                if (!done)
                    emit m_bench.failed(tr("Cannot delete the runs"), errorText(done.error()));
                reload();
            });
    });
    box->open();
}

} // namespace trilobit
