#include "widgets/pages/train/trainsetup.h"

#include "core/train/presets/trainpresets.h"
#include "widgets/common/factstrip.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/common/workbench.h"
#include "widgets/common/wraplabel.h"

#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStandardPaths>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>

namespace trilobit {

namespace {

const char* const kCheckpoint = "checkpoint.safetensors";

QFormLayout* newForm(QWidget* parent) {
    auto* form = new QFormLayout(parent);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(10);
    form->setVerticalSpacing(4);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

QLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("role", "section");
    label->setContentsMargins(0, 6, 0, 0);
    return label;
}

} // namespace

TrainSetup::TrainSetup(Workbench& workbench, QWidget* parent) : QWidget(parent), m_bench(workbench) {
    setObjectName(QStringLiteral("trainSetup"));
    build();
    choosePreset();
    connect(&workbench, &Workbench::modelChanged, this, &TrainSetup::refresh);
}

QSpinBox* TrainSetup::wholeBox(int low, int high, int value) {
    auto* box = new QSpinBox(this);
    box->setRange(low, high);
    box->setValue(value);
    connect(box, &QSpinBox::valueChanged, this, &TrainSetup::refresh);
    return box;
}

void TrainSetup::addRow(QFormLayout* form, const QString& label, QWidget* field, const char* name, const QString& help) {
    auto* title = new QLabel(label, this);
    title->setBuddy(field);
    title->setToolTip(help);
    field->setObjectName(QLatin1String(name));
    field->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    field->setAccessibleDescription(help);
    field->setToolTip(help);
    form->addRow(title, field);
}

QWidget* TrainSetup::pathRow(QLineEdit*& edit, const char* name, const QString& label, const QString& help, bool folder) {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    edit = new QLineEdit(row);
    edit->setObjectName(QLatin1String(name));
    edit->setAccessibleName(label);
    edit->setAccessibleDescription(help);
    edit->setToolTip(help);
    auto* browse = new QToolButton(row);
    browse->setObjectName(QLatin1String(name) + QStringLiteral("Browse"));
    browse->setIcon(icon(Icon::Open));
    browse->setAccessibleName(folder ? tr("Choose a folder: %1").arg(label) : tr("Choose a file: %1").arg(label));
    browse->setToolTip(folder ? tr("Choose a folder…") : tr("Choose a file…"));
    layout->addWidget(edit, 1);
    layout->addWidget(browse);
    row->setFocusProxy(edit);
    connect(browse, &QToolButton::clicked, this, [this, target = edit, folder] { chooseFile(target, folder); });
    connect(edit, &QLineEdit::textChanged, this, &TrainSetup::refresh);
    return row;
}

QWidget* TrainSetup::buildShape() {
    auto* box = new QWidget(this);
    QFormLayout* form = newForm(box);
    m_hidden = wholeBox(8, 16384, 256);
    m_hidden->setSingleStep(32);
    addRow(form, tr("Hidden si&ze"), m_hidden, "trainHidden",
           tr("Numbers per token inside the model. A multiple of 256 lets every ternary encoding store it."));
    m_layers = wholeBox(1, 256, 4);
    addRow(form, tr("&Layers"), m_layers, "trainLayers", tr("Blocks of attention and feed-forward, one after the other."));
    m_heads = wholeBox(1, 256, 4);
    addRow(form, tr("Attention h&eads"), m_heads, "trainHeads", tr("The hidden size divided by the heads must be even."));
    m_kvHeads = wholeBox(1, 256, 4);
    addRow(form, tr("&KV heads"), m_kvHeads, "trainKvHeads",
           tr("Fewer than the attention heads make the memory of a chat smaller. Must divide them."));
    m_ffn = wholeBox(8, 65536, 768);
    m_ffn->setSingleStep(64);
    addRow(form, tr("&Feed-forward size"), m_ffn, "trainFfn", tr("Width of the middle of each feed-forward part."));
    m_vocabulary = wholeBox(300, 1 << 18, 2048);
    m_vocabulary->setSingleStep(256);
    addRow(form, tr("&Vocabulary"), m_vocabulary, "trainVocabulary",
           tr("Tokens that are learned from the data. A small text may give fewer."));
    return box;
}

QWidget* TrainSetup::buildData() {
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_source = new QComboBox(box);
    m_source->setObjectName(QStringLiteral("trainSource"));
    m_source->setAccessibleName(tr("Where the data comes from"));
    m_source->addItem(tr("Made-up talks and stories"));
    m_source->addItem(tr("A file of mine"));
    m_source->setToolTip(tr("Made-up talks are written by the program itself: simple English, no file needed."));
    layout->addWidget(m_source);

    m_madeUpRows = new QWidget(box);
    QFormLayout* madeUp = newForm(m_madeUpRows);
    m_talks = wholeBox(1, 1'000'000, 20'000);
    m_talks->setSingleStep(1000);
    m_talks->setGroupSeparatorShown(true);
    addRow(madeUp, tr("&Talks"), m_talks, "trainTalks", tr("Conversations of two to six turns, and a page of small sums for every four of them. Measured on others that training never sees."));
    m_stories = wholeBox(0, 1'000'000, 5'000);
    m_stories->setSingleStep(1000);
    m_stories->setGroupSeparatorShown(true);
    addRow(madeUp, tr("Stor&ies"), m_stories, "trainStories", tr("Short stories beside the talks."));
    layout->addWidget(m_madeUpRows);

    m_fileRows = new QWidget(box);
    QFormLayout* files = newForm(m_fileRows);
    const QString dataHelp = tr("A text (.txt, documents between blank lines) or chats (.jsonl, one a line).");
    QWidget* dataRow = pathRow(m_data, "trainData", tr("Data"), dataHelp, false);
    auto* dataLabel = new QLabel(tr("&Data"), m_fileRows);
    dataLabel->setBuddy(m_data);
    files->addRow(dataLabel, dataRow);
    m_data->setPlaceholderText(tr(".txt or .jsonl"));
    QWidget* heldOut = pathRow(m_heldOut, "trainHeldOut", tr("Held-out data"),
                               tr("Only measured on, never trained on. May be left out."), false);
    auto* heldOutLabel = new QLabel(tr("Held o&ut"), m_fileRows);
    heldOutLabel->setBuddy(m_heldOut);
    files->addRow(heldOutLabel, heldOut);
    m_heldOut->setPlaceholderText(tr("optional"));
    layout->addWidget(m_fileRows);
    connect(m_source, &QComboBox::currentIndexChanged, this, &TrainSetup::refresh);
    return box;
}

void TrainSetup::build() {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(6);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("trainSetupScroll"));
    scroll->setAccessibleName(tr("Settings of the training"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_form = new QWidget(scroll);
    auto* column = new QVBoxLayout(m_form);
    column->setContentsMargins(0, 0, 10, 0);
    column->setSpacing(4);

    column->addWidget(heading(tr("What to train"), m_form));
    m_preset = new QComboBox(m_form);
    m_preset->setObjectName(QStringLiteral("trainPreset"));
    m_preset->setAccessibleName(tr("What to train"));
    m_preset->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_preset->setMinimumContentsLength(16);
    for (const TrainPreset& preset : trainPresets()) {
        m_preset->addItem(preset.startsFromModel ? tr("Open model: %1").arg(qtext(preset.name)) : tr("New model: %1").arg(qtext(preset.name)),
                          qtext(preset.name));
        m_preset->setItemData(m_preset->count() - 1, qtext(preset.summary), Qt::ToolTipRole);
        if (preset.name == "small-b1.58")
            m_preset->setCurrentIndex(m_preset->count() - 1);
    }
    column->addWidget(m_preset);
    m_presetNote = new WrapLabel(m_form);
    m_presetNote->setObjectName(QStringLiteral("trainPresetNote"));
    m_presetNote->setProperty("role", "muted");
    column->addWidget(m_presetNote);
    m_shape = buildShape();
    column->addWidget(m_shape);

    column->addWidget(heading(tr("Data"), m_form));
    column->addWidget(buildData());

    column->addWidget(heading(tr("Budget"), m_form));
    QFormLayout* budget = newForm(nullptr);
    auto* length = new QWidget(m_form);
    auto* lengthRow = new QHBoxLayout(length);
    lengthRow->setContentsMargins(0, 0, 0, 0);
    m_budget = new QDoubleSpinBox(length);
    m_budget->setLocale(QLocale(QLocale::English));
    m_budget->setObjectName(QStringLiteral("trainBudget"));
    m_budget->setAccessibleName(tr("Length of the run"));
    m_budget->setDecimals(0);
    m_budget->setRange(1, 100'000'000);
    m_budget->setValue(30);
    m_budget->setToolTip(tr("With minutes, the number of steps follows from the speed of the first ones."));
    m_budgetUnit = new QComboBox(length);
    m_budgetUnit->setObjectName(QStringLiteral("trainBudgetUnit"));
    m_budgetUnit->setAccessibleName(tr("Unit of the length"));
    m_budgetUnit->addItems({tr("minutes"), tr("steps")});
    lengthRow->addWidget(m_budget, 1);
    lengthRow->addWidget(m_budgetUnit);
    auto* lengthLabel = new QLabel(tr("Len&gth"), m_form);
    lengthLabel->setBuddy(m_budget);
    budget->addRow(lengthLabel, length);
    m_batch = wholeBox(1, 4096, 12);
    addRow(budget, tr("&Rows per step"), m_batch, "trainBatch", tr("Batch: rows that are learned from together. More need more memory."));
    m_time = wholeBox(2, 65536, 320);
    m_time->setSingleStep(32);
    addRow(budget, tr("Tokens per ro&w"), m_time, "trainTime", tr("Longer rows teach longer connections and cost more."));
    m_peak = new QLineEdit(m_form);
    connect(m_peak, &QLineEdit::textChanged, this, &TrainSetup::refresh);
    addRow(budget, tr("&Peak learning rate"), m_peak, "trainPeak",
           tr("Reached after the warm-up; from there it falls. Too high: the loss jumps or is no number any more."));
    m_seed = wholeBox(0, std::numeric_limits<int>::max(), 1);
    addRow(budget, tr("See&d"), m_seed, "trainSeed", tr("Start weights, order of the data and the made-up talks. The same seed repeats a run."));
    column->addLayout(budget);

    column->addWidget(heading(tr("Looks on the way"), m_form));
    QFormLayout* looks = newForm(nullptr);
    m_lookEvery = wholeBox(0, 1'000'000, 50);
    m_lookEvery->setSpecialValueText(tr("never"));
    m_lookEvery->setSuffix(tr(" steps"));
    addRow(looks, tr("&Measure every"), m_lookEvery, "trainLookEvery", tr("Held-out loss and shares of −1, 0, +1. Each look takes a moment of its own."));
    m_sampleEvery = wholeBox(0, 1'000'000, 200);
    m_sampleEvery->setSpecialValueText(tr("never"));
    m_sampleEvery->setSuffix(tr(" steps"));
    addRow(looks, tr("S&ample every"), m_sampleEvery, "trainSampleEvery", tr("Lets the model of the moment answer the prompt below."));
    m_prompt = new QLineEdit(m_form);
    addRow(looks, tr("Sample prom&pt"), m_prompt, "trainPrompt", tr("What the model is asked, as a user would in a chat."));
    column->addLayout(looks);

    column->addWidget(heading(tr("Output"), m_form));
    column->addWidget(pathRow(m_folder, "trainFolder", tr("Output folder"),
                              tr("Checkpoint, model, curves and made-up data go here. A folder with a checkpoint can be resumed."), true));
    connect(m_folder, &QLineEdit::textChanged, this, [this](const QString& text) { m_folderChosen = text != m_suggested; });
    column->addStretch(1);
    scroll->setWidget(m_form);
    // One column of fields through all the forms.
    int widest = 0;
    for (QLabel* label : m_form->findChildren<QLabel*>())
        if (label->buddy())
            widest = std::max(widest, label->sizeHint().width());
    for (QLabel* label : m_form->findChildren<QLabel*>())
        if (label->buddy())
            label->setMinimumWidth(widest);
    outer->addWidget(scroll, 1);

    m_facts = new FactStrip(this);
    m_facts->setObjectName(QStringLiteral("trainEstimate"));
    m_facts->addFact("parameters", tr("parameters"), tr("Weights of the model."));
    m_facts->addFact("f16", tr("as F16"), tr("Size of the tensors with 16 bits per weight."));
    m_facts->addFact("result", tr("result"), tr("Size of the tensors as the run will write them. Embedding and norms stay floats."));
    m_facts->addFact("memory", tr("memory"), tr("Weights, gradients, optimizer and activations. Data and vocabulary come on top."));
    m_facts->addFact("tokens", tr("tokens"), tr("Rows × tokens per row × steps."));
    outer->addWidget(m_facts);
    m_problem = new WrapLabel(this);
    m_problem->setObjectName(QStringLiteral("trainProblem"));
    m_problem->setProperty("role", "muted");
    outer->addWidget(m_problem);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    m_start = new QPushButton(tr("&Start training"), this);
    m_start->setObjectName(QStringLiteral("trainStart"));
    m_start->setAccessibleName(tr("Start training"));
    makePrimary(m_start);
    m_resume = new QPushButton(tr("Resume"), this);
    m_resume->setObjectName(QStringLiteral("trainResume"));
    m_resume->setAccessibleName(tr("Resume the run in the output folder"));
    m_resume->setToolTip(tr("Goes on from the checkpoint in the output folder, with the settings that run was started with."));
    buttons->addWidget(m_start, 1);
    buttons->addWidget(m_resume);
    outer->addLayout(buttons);

    connect(m_preset, &QComboBox::currentIndexChanged, this, &TrainSetup::choosePreset);
    connect(m_budget, &QDoubleSpinBox::valueChanged, this, &TrainSetup::refresh);
    connect(m_budgetUnit, &QComboBox::currentIndexChanged, this, [this] {
        const QSignalBlocker quiet(m_budget);
        m_budget->setValue(byMinutes() ? 30 : 2000);
        refresh();
    });
    connect(m_start, &QPushButton::clicked, this, &TrainSetup::startRequested);
    connect(m_resume, &QPushButton::clicked, this, &TrainSetup::resumeRequested);
}

void TrainSetup::chooseFile(QLineEdit* target, bool folder) {
    auto* dialog = new QFileDialog(this, folder ? tr("Output folder") : tr("Training data"), QFileInfo(target->text()).absolutePath(),
                                   tr("Texts and chats (*.txt *.jsonl);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [target](const QString& path) {
        target->setText(QDir::toNativeSeparators(path));
    });
    dialog->open();
}

bool TrainSetup::startsFromModel() const {
    return trainPresets()[static_cast<std::size_t>(std::max(m_preset->currentIndex(), 0))].startsFromModel;
}
bool TrainSetup::madeUp() const { return m_source->currentIndex() == 0; }
bool TrainSetup::byMinutes() const { return m_budgetUnit->currentIndex() == 0; }
QString TrainSetup::folder() const { return m_folder->text().trimmed(); }
QString TrainSetup::inFolder(const char* name) const { return QDir(folder()).filePath(QLatin1String(name)); }
bool TrainSetup::hasCheckpoint() const { return !folder().isEmpty() && QFileInfo::exists(inFolder(kCheckpoint)); }

QString TrainSetup::title() const {
    return startsFromModel() && m_bench.model() ? tr("Train %1").arg(qtext(m_bench.model()->config().name))
                                                : tr("Train %1").arg(m_preset->currentData().toString());
}

void TrainSetup::choosePreset() {
    const TrainPreset& preset = trainPresets()[static_cast<std::size_t>(std::max(m_preset->currentIndex(), 0))];
    const TrainPlan& p = preset.plan;
    const QList<std::pair<QSpinBox*, std::int64_t>> values = {
        {m_hidden, p.shape.hiddenSize}, {m_layers, p.shape.layers},       {m_heads, p.shape.heads}, {m_kvHeads, p.shape.kvHeads},
        {m_ffn, p.shape.ffnSize},       {m_vocabulary, p.shape.vocabSize}, {m_batch, p.batch},       {m_time, p.time}};
    for (const auto& [box, value] : values) {
        const QSignalBlocker quiet(box);
        box->setValue(static_cast<int>(value));
    }
    m_peak->setText(QString::number(p.schedule.peak, 'g', 4));
    m_prompt->setText(qtext(p.samplePrompt));
    QString note = qtext(preset.summary);
    note[0] = note[0].toUpper();
    m_presetNote->setText(note + QLatin1Char('.'));
    suggestFolder();
    refresh();
}

void TrainSetup::suggestFolder() {
    if (m_folderChosen)
        return;
    const QDir home(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    const QString base = home.filePath(QStringLiteral("trilobit/") + m_preset->currentData().toString());
    QString path = base;
    for (int n = 2; QFileInfo::exists(path) && n < 1000; ++n)
        path = base + QLatin1Char('-') + QString::number(n);
    m_suggested = QDir::toNativeSeparators(path);
    m_folder->setText(m_suggested);
    m_folderChosen = false;
}

Result<TrainPlan> TrainSetup::plan() const {
    TRILOBIT_TRY(TrainPlan plan, trainPlanNamed(m_preset->currentData().toString().toStdString()));
    if (!startsFromModel()) {
        Json whole = trainPlanToJson(plan);
        Json shape = whole["shape"];
        const QList<std::pair<const char*, QSpinBox*>> fields = {{"hidden", m_hidden}, {"layers", m_layers}, {"heads", m_heads},
                                                                  {"kv_heads", m_kvHeads}, {"ffn", m_ffn}, {"vocab", m_vocabulary}};
        for (const auto& [key, box] : fields)
            shape.set(key, std::int64_t{box->value()});
        shape.set("head_dim", std::int64_t{m_hidden->value() / std::max(m_heads->value(), 1)});
        shape.set("context", std::max<std::int64_t>(shape["context"].toInt(), m_time->value()));
        whole.set("shape", std::move(shape));
        TRILOBIT_TRY(plan, trainPlanFromJson(whole));
    }
    plan.batch = m_batch->value();
    plan.time = m_time->value();
    bool number = false;
    plan.schedule.peak = m_peak->text().toDouble(&number);
    if (!number || !(plan.schedule.peak > 0) || plan.schedule.peak > 1)
        return fail(ErrorCode::Usage, "The peak learning rate must be a number above 0 and at most 1, such as 0.002.");
    plan.minutes = byMinutes() ? m_budget->value() : 0;
    if (!byMinutes())
        plan.schedule.steps = static_cast<std::int64_t>(m_budget->value());
    plan.seed = static_cast<std::uint64_t>(m_seed->value());
    return plan;
}

std::optional<ModelConfig> TrainSetup::config() const {
    if (startsFromModel())
        return m_bench.model() ? std::optional(m_bench.model()->config()) : std::nullopt;
    const auto made = plan();
    return made ? std::optional(made->shape) : std::nullopt;
}

std::vector<Command> TrainSetup::commands() const {
    std::vector<Command> out;
    std::string dataPath = m_data->text().trimmed().toStdString(), heldOut = m_heldOut->text().trimmed().toStdString();
    if (madeUp()) {
        dataPath = inFolder("talks.jsonl").toStdString();
        heldOut = inFolder("heldout.jsonl").toStdString();
        for (const bool held : {false, true}) {
            Command corpus{"corpus", Json::object()};
            const auto part = [held](int count) { return std::int64_t{held ? std::clamp(count / 20, std::min(count, 20), 500) : count}; };
            corpus.args.set("out", held ? heldOut : dataPath).set("talks", part(m_talks->value())).set("stories", part(m_stories->value()));
            corpus.args.set("exercises", part(m_talks->value() / 4)).set("seed", std::int64_t{m_seed->value()});
            if (held)
                corpus.args.set("held_out", true);
            out.push_back(std::move(corpus));
        }
    }
    Command train{"train", Json::object()};
    if (startsFromModel() && m_bench.model() && !m_bench.model()->path().empty())
        train.args.set("model", m_bench.model()->path());
    train.args.set("recipe", m_preset->currentData().toString().toStdString());
    const auto made = plan();
    if (!startsFromModel() && made)
        train.args.set("shape", trainPlanToJson(*made)["shape"]);
    train.args.set("data", dataPath);
    if (!heldOut.empty())
        train.args.set("heldout", heldOut);
    if (byMinutes())
        train.args.set("minutes", m_budget->value());
    else
        train.args.set("steps", static_cast<std::int64_t>(m_budget->value()));
    train.args.set("batch", std::int64_t{m_batch->value()}).set("time", std::int64_t{m_time->value()});
    train.args.set("peak", m_peak->text().toDouble()).set("seed", std::int64_t{m_seed->value()});
    train.args.set("look_every", std::int64_t{m_lookEvery->value()}).set("sample_every", std::int64_t{m_sampleEvery->value()});
    if (!m_prompt->text().trimmed().isEmpty())
        train.args.set("sample_prompt", m_prompt->text().trimmed().toStdString());
    train.args.set("output", folder().toStdString());
    out.push_back(std::move(train));
    return out;
}

std::vector<Command> TrainSetup::resumeCommands() const {
    Command train{"train", Json::object()};
    train.args.set("resume", true).set("output", folder().toStdString());
    return {train};
}

QString TrainSetup::problem() const {
    if (startsFromModel() && !m_bench.model())
        return tr("This starts from the open model: open one first.");
    const auto made = plan();
    if (!made)
        return errorText(made.error());
    if (!madeUp() && m_data->text().trimmed().isEmpty())
        return tr("Choose a file with data.");
    if (folder().isEmpty())
        return tr("Choose an output folder.");
    if (hasCheckpoint())
        return tr("This folder holds a run: resume it, or choose another folder for a new one.");
    const auto shape = config();
    if (const auto estimate = estimateTraining(*made, *shape, m_bench.workspace().encodings); !estimate)
        return errorText(estimate.error());
    return {};
}

void TrainSetup::setRunning(bool running) {
    m_running = running;
    m_form->setEnabled(!running);
    refresh();
}

void TrainSetup::offerNextFolder() {
    suggestFolder();
    refresh();
}

void TrainSetup::refresh() {
    m_shape->setVisible(!startsFromModel());
    m_madeUpRows->setVisible(madeUp());
    m_fileRows->setVisible(!madeUp());
    const QString text = m_running ? QString() : problem();
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
    m_start->setEnabled(!m_running && text.isEmpty());
    m_resume->setVisible(hasCheckpoint());
    m_resume->setEnabled(!m_running);
    showEstimate();
}

void TrainSetup::showEstimate() {
    const auto made = plan();
    const auto shape = config();
    const auto estimate = made && shape ? estimateTraining(*made, *shape, m_bench.workspace().encodings)
                                        : Result<TrainEstimate>(fail(ErrorCode::Usage, {}));
    if (!estimate) {
        for (const char* key : {"parameters", "f16", "result", "memory", "tokens"})
            m_facts->setValue(QLatin1String(key), {});
        return;
    }
    m_facts->setValue("parameters", countText(estimate->parameters));
    m_facts->setValue("f16", bytesText(estimate->floatBytes));
    m_facts->setValue("result", tr("%1 (%2)").arg(bytesText(estimate->resultBytes), qtext(estimate->resultEncoding)));
    m_facts->setValue("memory", tr("about %1").arg(bytesText(estimate->memoryBytes)));
    m_facts->setValue("tokens", byMinutes()
                                    ? tr("known after the first steps")
                                    : countText(estimate->tokensPerStep * static_cast<std::uint64_t>(m_budget->value())));
}

} // namespace trilobit
