#include "widgets/common/workbench.h"

#include "core/commands/command.h"
#include "core/commands/resume.h"
#include "widgets/common/format.h"
#include "widgets/common/recipeedit.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTimer>
#include <QUndoCommand>

#include <algorithm>

namespace trilobit {

namespace {

constexpr qint64 kMergeMs = 2000; // turning a wheel is one step
constexpr int kRetireMs = 1500;   // by then the views have let go of the old model

Command ruleCommand(const Rule& rule) {
    Command command;
    if (rule.choice.keeps()) {
        command.verb = "keep";
        command.args.set("tensors", rule.pattern);
        return command;
    }
    command.verb = "set-rule";
    command.args.set("tensors", rule.pattern).set("method", rule.choice.method).set("encoding", rule.choice.encoding);
    if (!rule.choice.params.empty())
        command.args.set("params", paramsToJson(rule.choice.params));
    return command;
}

Command recipeCommand(const Recipe& recipe) {
    Command command;
    command.verb = "set-recipe";
    command.args.set("recipe", recipe.toJson());
    return command;
}

QString choiceText(const Choice& choice) {
    return choice.keeps() ? QStringLiteral("keep") : qtext(choice.method) + QStringLiteral(" → ") + qtext(choice.encoding);
}

std::vector<std::string> toStd(const QStringList& list) {
    std::vector<std::string> out;
    out.reserve(static_cast<std::size_t>(list.size()));
    for (const QString& text : list)
        out.push_back(text.toStdString());
    return out;
}

} // namespace

/// One undo step: the recipe before and after. The first redo was already done by the command itself.
class Workbench::RecipeStep : public QUndoCommand {
public:
    RecipeStep(Workbench& bench, Recipe before, Recipe after, const QString& what, QString mergeKey)
        : QUndoCommand(what), m_bench(bench), m_before(std::move(before)), m_after(std::move(after)),
          m_mergeKey(std::move(mergeKey)) {
        m_age.start();
    }
    int id() const override { return m_mergeKey.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand* next) override {
        const auto* step = dynamic_cast<const RecipeStep*>(next);
        if (!step || step->m_mergeKey != m_mergeKey || m_age.elapsed() > kMergeMs)
            return false;
        m_after = step->m_after;
        setText(step->text());
        m_age.restart();
        return true;
    }
    void undo() override { m_bench.apply(recipeCommand(m_before), QObject::tr("Undo failed")); }
    void redo() override {
        if (m_done)
            m_bench.apply(recipeCommand(m_after), QObject::tr("Redo failed"));
        m_done = true;
    }

private:
    Workbench& m_bench;
    Recipe m_before, m_after;
    QString m_mergeKey;
    QElapsedTimer m_age;
    bool m_done = false;
};

Workbench::Workbench(Workspace& workspace, JobQueue& jobs, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_jobs(jobs), m_state(workspace.snapshot()) {
    m_cleaner.setMaxThreadCount(1);
    refreshPlan();
    refreshReports();
}

Workbench::~Workbench() { m_cleaner.waitForDone(); }

bool Workbench::quantizedIsCurrent() const {
    return m_state.quantized && m_state.quantized->recipe.rules == m_state.recipe.rules
           && m_state.quantized->recipe.seed == m_state.recipe.seed
           && m_state.quantized->calibration == m_state.calibration;
}

const TensorPlan* Workbench::tensorPlan(const QString& tensor) const {
    const auto found = m_tensorIndex.find(tensor);
    return found != m_tensorIndex.end() && found->second < m_plan.tensors.size() ? &m_plan.tensors[found->second]
                                                                                 : nullptr;
}

const TensorReport* Workbench::report(const QString& tensor) const {
    const auto found = m_reportIndex.find(tensor);
    return found != m_reportIndex.end() ? &m_state.quantized->tensors[found->second] : nullptr;
}

const TensorReport* Workbench::currentReport(const QString& tensor) const {
    const TensorReport* made = report(tensor);
    const TensorPlan* wanted = tensorPlan(tensor);
    if (!made || !wanted || m_state.quantized->recipe.seed != m_state.recipe.seed
        || m_state.quantized->calibration != m_state.calibration)
        return nullptr;
    return m_state.quantized->recipe.choiceFor(made->name) == wanted->choice ? made : nullptr;
}

bool Workbench::isBusy() const { return m_openJob || m_quantizeJob || m_exportJob; }

bool Workbench::changesAnything() const {
    for (const TensorPlan& plan : m_plan.tensors)
        if (!plan.choice.keeps())
            return true;
    return false;
}

// ---- actions

std::optional<quint64> Workbench::startJob(const QString& title, const Command& command, const Command& shown,
                                           std::function<void(Result<Json>)> done) {
    remember(shown);
    JobQueue::Options options;
    options.title = title;
    const quint64 id = m_jobs.start<Json>(
        options, this,
        [workspace = &m_workspace, command](RunControl& control) { return runCommand(*workspace, command, control); },
        std::move(done));
    return id;
}

void Workbench::openModel(const QString& path) {
    if (m_quantizeJob)
        m_jobs.cancel(*m_quantizeJob);
    if (m_openJob)
        m_jobs.cancel(*m_openJob);
    cancelCalibrate();
    Command command;
    command.verb = "open";
    command.args.set("model", path.toStdString());
    m_openJob = startJob(tr("Open %1").arg(QFileInfo(path).fileName()), command,
                         Command{"inspect", command.args}, [this, path](Result<Json> result) { opened(result, path); });
    emit busyChanged();
}

void Workbench::opened(const Result<Json>& result, const QString& path) {
    m_openJob.reset();
    if (result) {
        adoptState();
        m_undo.clear();
        m_selection.clear();
        m_current.clear();
        emit modelChanged();
        emit calibrationChanged();
        emit recipeChanged();
        emit quantizedChanged();
        emit selectionChanged();
        emit note(tr("Opened %1").arg(QFileInfo(path).fileName()));
        lookForUnfinished();
    } else if (result.error().code != ErrorCode::Cancelled) {
        emit failed(tr("Cannot open %1").arg(QFileInfo(path).fileName()), errorText(result.error()));
    }
    emit busyChanged();
    if (result)
        goOn();
    m_resume.reset();
}

void Workbench::setChoice(const QStringList& tensors, const Choice& choice) {
    if (!m_state.model)
        return;
    const std::vector<std::string> names = toStd(tensors);
    const std::vector<std::string> patterns = patternsFor(*m_state.model, names);
    if (patterns.empty()) {
        emit note(tr("Only weight matrices of blocks, the embedding and the output can be quantized."));
        return;
    }
    std::optional<Command> command;
    if (patterns.size() == 1)
        command = ruleCommand({patterns.front(), choice});
    const QString what = tensors.size() == 1 ? tensors.front() : tr("%1 tensors").arg(tensors.size());
    changeRecipe(withChoice(m_state.recipe, *m_state.model, names, choice), command,
                 tr("%1: %2").arg(what, choiceText(choice)));
}

void Workbench::setChoices(const std::vector<std::pair<QStringList, Choice>>& choices, const QString& undoText) {
    if (!m_state.model)
        return;
    if (choices.size() == 1)
        return setChoice(choices.front().first, choices.front().second);
    Recipe next = m_state.recipe;
    for (const auto& [tensors, choice] : choices)
        next = withChoice(next, *m_state.model, toStd(tensors), choice);
    changeRecipe(next, std::nullopt, undoText);
}

void Workbench::adjustChoice(const QStringList& tensors, const Choice& choice, const QString& what) {
    if (!m_state.model)
        return;
    changeRecipe(withChoice(m_state.recipe, *m_state.model, toStd(tensors), choice), std::nullopt,
                 tr("%1: %2").arg(what, choiceText(choice)), tensors.join(QLatin1Char('\n')) + what);
}

void Workbench::setRule(const QString& pattern, const Choice& choice) {
    if (!m_state.model)
        return;
    const Rule rule{pattern.toStdString(), choice};
    changeRecipe(withRule(m_state.recipe, *m_state.model, rule), ruleCommand(rule),
                 tr("%1: %2").arg(pattern, choiceText(choice)));
}

void Workbench::clearRules() {
    Recipe empty = m_state.recipe;
    empty.rules.clear();
    Command command;
    command.verb = "clear-rules";
    changeRecipe(empty, command, tr("Clear the recipe"));
}

void Workbench::replaceRecipe(const Recipe& recipe, const QString& undoText) {
    changeRecipe(recipe, std::nullopt, undoText);
}

void Workbench::changeRecipe(const Recipe& next, std::optional<Command> command, const QString& undoText,
                             const QString& mergeKey) {
    if (!m_state.model || next == m_state.recipe)
        return;
    // A plain rule reads better in the log than a whole recipe; it is used when it leads to the very same rules.
    if (command && command->verb != "clear-rules") {
        std::vector<Rule> rules = m_state.recipe.rules;
        const std::string& pattern = command->args["tensors"].toString();
        std::erase_if(rules, [&pattern](const Rule& rule) { return rule.pattern == pattern; });
        if (next.rules.empty() || next.rules.back().pattern != pattern || rules.size() + 1 != next.rules.size()
            || !std::equal(rules.begin(), rules.end(), next.rules.begin()))
            command.reset();
    }
    const Recipe before = m_state.recipe;
    if (!apply(command ? *command : recipeCommand(next), tr("Cannot change the recipe")))
        return;
    if (m_state.recipe != before)
        m_undo.push(new RecipeStep(*this, before, m_state.recipe, undoText, mergeKey));
}

bool Workbench::apply(const Command& command, const QString& title) {
    RunControl control;
    const Result<Json> result = runCommand(m_workspace, command, control);
    if (!result) {
        emit failed(title, errorText(result.error()));
        return false;
    }
    remember(command);
    const bool hadQuantized = m_state.quantized != nullptr;
    adoptState();
    emit recipeChanged();
    if (hadQuantized && !m_state.quantized)
        emit quantizedChanged();
    return true;
}

void Workbench::quantize() {
    if (!m_state.model || isBusy())
        return;
    for (const TensorPlan& plan : m_plan.tensors)
        if (plan.refused) {
            emit failed(tr("Cannot quantize yet"),
                        tr("%1: %2").arg(qtext(m_state.model->tensors()[plan.tensor].name), qtext(plan.note)));
            return;
        }
    if (!changesAnything()) {
        emit failed(tr("Nothing to quantize"),
                    tr("Every tensor is kept as it is. Choose an encoding for some of them in the Tensors tree first."));
        return;
    }
    const Command command = quantizeCommand(m_state.recipe, m_state.calibration.get());
    Command shown = command;
    shown.args.set("output", "quantized.gguf"); // without a window the result must go to a file
    startQuantize(command, shown);
}

void Workbench::startQuantize(const Command& command, const Command& shown) {
    m_quantizeJob = startJob(tr("Quantize"), command, shown, [this](Result<Json> result) {
        m_quantizeJob.reset();
        if (result) {
            adoptState();
            emit quantizedChanged();
            const std::uint64_t reused = (*result)["reused"].toUInt();
            const QString time = durationText(static_cast<std::int64_t>(1000 * (*result)["seconds"].toDouble()));
            emit note(reused > 0 ? tr("Quantized in %1; %2 tensors were already there").arg(time).arg(reused)
                                 : tr("Quantized in %1").arg(time));
        } else if (result.error().code == ErrorCode::Cancelled) {
            emit note(tr("Quantizing was cancelled; nothing changed."));
        } else {
            emit failed(tr("Quantizing failed"), errorText(result.error()));
        }
        emit runStored();
        emit busyChanged();
        lookForUnfinished();
    });
    emit busyChanged();
}

void Workbench::lookForUnfinished() {
    JobQueue::Options options;
    options.title = tr("Looking for unfinished work");
    options.lane = JobLane::Interactive;
    options.quiet = true;
    std::vector<std::string> places{m_workspace.workFolder};
    if (m_state.model && !m_state.model->path().empty())
        places.push_back(QFileInfo(qtext(m_state.model->path())).absolutePath().toStdString());
    using Works = std::vector<UnfinishedWork>;
    const auto look = [places](RunControl&) -> Result<Works> {
        Works all;
        for (const std::string& place : places)
            if (!place.empty())
                for (UnfinishedWork& work : findUnfinished(place))
                    if (!work.running)
                        all.push_back(std::move(work));
        return all;
    };
    m_jobs.start<Works>(options, this, look, [this](Result<Works> found) {
        const auto same = [](const UnfinishedWork& a, const UnfinishedWork& b) {
            return a.folder == b.folder && a.tensors == b.tensors;
        };
        if (!found || std::equal(found->begin(), found->end(), m_unfinished.begin(), m_unfinished.end(), same))
            return;
        m_unfinished = std::move(*found);
        emit unfinishedChanged();
    });
}

void Workbench::resumeUnfinished(const QString& folder) {
    const auto work = std::find_if(m_unfinished.begin(), m_unfinished.end(),
                                   [&](const UnfinishedWork& one) { return qtext(one.folder) == folder; });
    if (work == m_unfinished.end() || isBusy())
        return;
    const QString title = tr("Cannot go on with it");
    const auto command = resumeCommand(*work);
    if (!command)
        return emit failed(title, errorText(command.error()));
    if (command->args.contains("output"))
        return startQuantize(*command, *command);
    const auto recipe = Recipe::fromJson(command->args["recipe_json"]);
    if (!recipe)
        return emit failed(title, errorText(recipe.error()));
    m_resume = *recipe;
    const std::string& model = command->args["model"].toString();
    if (m_state.model && m_state.model->path() == model)
        goOn();
    else
        openModel(qtext(model));
}

void Workbench::goOn() {
    const std::optional<Recipe> recipe = std::exchange(m_resume, std::nullopt);
    if (!recipe)
        return;
    replaceRecipe(*recipe, tr("Recipe of the unfinished work"));
    quantize();
}

void Workbench::discardUnfinished(const QString& folder) {
    Command command;
    command.verb = "unfinished";
    command.args.set("folder", folder.toStdString()).set("discard", true);
    startJob(tr("Discard unfinished work"), command, command, [this](Result<Json> result) {
        if (!result)
            emit failed(tr("Cannot discard it"), errorText(result.error()));
        lookForUnfinished();
    });
}

Command Workbench::quantizeCommand(const Recipe& recipe, const Calibration* calibration) const {
    Command command;
    command.verb = "quantize";
    if (m_state.model && !m_state.model->path().empty())
        command.args.set("model", m_state.model->path());
    command.args.set("recipe_json", recipe.toJson());
    if (calibration)
        command.args.set("calibration", calibration->path);
    return command;
}

void Workbench::cancelQuantize() {
    if (m_quantizeJob)
        m_jobs.cancel(*m_quantizeJob);
}

void Workbench::exportModel(const QString& path) {
    if (!m_state.model || m_exportJob)
        return;
    Command command;
    command.verb = "export";
    command.args.set("output", path.toStdString());
    Command shown = m_state.quantized
                        ? quantizeCommand(m_state.quantized->recipe, m_state.quantized->calibration.get())
                        : Command{"convert", Json::object()};
    shown.args.set("model", m_state.model->path()).set("output", path.toStdString());
    const auto done = [this, path](Result<Json> result) {
        m_exportJob.reset();
        if (result) {
            emit exported(path);
            emit note(tr("Exported %1").arg(path));
        } else if (result.error().code == ErrorCode::Cancelled) {
            emit note(tr("Export was cancelled; no file was written."));
        } else {
            emit failed(tr("Export failed"), errorText(result.error()));
        }
        emit runStored();
        emit busyChanged();
    };
    m_exportJob = startJob(tr("Export %1").arg(QFileInfo(path).fileName()), command, shown, done);
    emit busyChanged();
}

void Workbench::calibrate(const QString& text, const QString& path, std::int64_t tokens, std::int64_t context) {
    if (!m_state.model || m_calibrateJob)
        return;
    Command command{"calibrate", Json::object({{"model", m_state.model->path()},
                                               {"text", text.toStdString()},
                                               {"output", path.toStdString()}})};
    if (tokens > 0)
        command.args.set("tokens", tokens);
    if (context > 0)
        command.args.set("ctx", context);
    startCalibration(tr("Calibrate with %1").arg(QFileInfo(text).fileName()), command);
}

void Workbench::useCalibration(const QString& path) {
    if (m_state.model && !m_calibrateJob)
        startCalibration(tr("Open %1").arg(QFileInfo(path).fileName()),
                         {"use-calibration", Json::object({{"file", path.toStdString()}})});
}

void Workbench::startCalibration(const QString& title, const Command& command) {
    m_calibrateJob = startJob(title, command, command, [this](Result<Json> result) { calibrated(result); });
    emit busyChanged();
}

void Workbench::calibrated(const Result<Json>& result) {
    m_calibrateJob.reset();
    if (result) {
        adoptState();
        emit calibrationChanged();
        emit recipeChanged();
        if (m_state.calibration)
            emit note(tr("Calibrated by %1").arg(QFileInfo(qtext(m_state.calibration->path)).fileName()));
    } else if (result.error().code == ErrorCode::Cancelled) {
        emit note(tr("Calibrating was cancelled; no file was written."));
    } else {
        emit failed(tr("No calibration"), errorText(result.error()));
    }
    emit busyChanged();
}

void Workbench::cancelCalibrate() {
    if (m_calibrateJob)
        m_jobs.cancel(*m_calibrateJob);
}

void Workbench::dropCalibration() {
    if (m_state.calibration && apply({"drop-calibration", Json::object()}, tr("The calibration stays")))
        emit calibrationChanged();
}

void Workbench::setSelection(const QStringList& tensors, const QString& current) {
    if (m_selection == tensors && m_current == current)
        return;
    m_selection = tensors;
    m_current = current;
    emit selectionChanged();
}

quint64 Workbench::runBeside(const JobQueue::Options& options, QObject* context, const std::vector<Command>& commands,
                             const EventSink& events, std::function<void(Result<Json>)> done) {
    for (const Command& command : commands)
        remember(command);
    return m_jobs.start<Json>(
        options, context,
        [workspace = &m_workspace, commands, events](RunControl& control) {
            Result<Json> result = Json();
            for (const Command& command : commands)
                if (result = runCommand(*workspace, command, control, events); !result)
                    break;
            return result;
        },
        [this, done = std::move(done)](Result<Json> result) {
            emit runStored();
            done(std::move(result));
        });
}

void Workbench::record(DoneRun done, std::function<Result<Json>(DoneRun&)> finish) {
    JobQueue::Options options;
    options.title = tr("Remember the run");
    options.quiet = true;
    m_jobs.start<bool>(
        options, this,
        [workspace = &m_workspace, done = std::move(done), finish = std::move(finish)](RunControl& control) -> Result<bool> {
            DoneRun whole = done;
            const Result<Json> result = finish(whole);
            recordDone(*workspace, whole, result, control);
            return true;
        },
        [this](const Result<bool>&) { emit runStored(); });
}

// ---- state

void Workbench::adoptState() {
    Workspace::State next = m_workspace.snapshot();
    if (m_state.model != next.model)
        retire(m_state.model);
    if (m_state.quantized != next.quantized)
        retire(m_state.quantized);
    m_state = std::move(next);
    ++m_stateNumber;
    refreshPlan();
    refreshReports();
}

void Workbench::refreshPlan() {
    m_plan = {};
    m_tensorIndex.clear();
    if (!m_state.model)
        return;
    const std::vector<Tensor>& tensors = m_state.model->tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i)
        m_tensorIndex.emplace(qtext(tensors[i].name), i);
    auto plan = planQuantization(*m_state.model, m_state.recipe, m_workspace.quantServices());
    if (!plan) {
        emit failed(tr("This recipe does not fit"), errorText(plan.error()));
        plan = planQuantization(*m_state.model, Recipe{}, m_workspace.quantServices());
    }
    if (plan)
        m_plan = std::move(*plan);
}

void Workbench::refreshReports() {
    m_reportIndex.clear();
    if (!m_state.quantized)
        return;
    for (std::size_t i = 0; i < m_state.quantized->tensors.size(); ++i)
        m_reportIndex.emplace(qtext(m_state.quantized->tensors[i].name), i);
}

void Workbench::remember(const Command& shown) {
    m_lastCommandLine = qtext(commandLine(shown));
    emit commandRun(m_lastCommandLine);
}

void Workbench::retire(std::shared_ptr<const void> old) {
    if (!old)
        return;
    QTimer::singleShot(kRetireMs, this, [this, old = std::move(old)]() mutable {
        m_cleaner.start([old = std::move(old)]() mutable { old.reset(); });
    });
}

} // namespace trilobit
