#include "widgets/pages/speed/speedpage.h"

#include "widgets/common/factstrip.h"
#include "widgets/common/format.h"
#include "widgets/common/tablelook.h"
#include "widgets/common/theme.h"
#include "widgets/common/workbench.h"
#include "widgets/plots/barsplot.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

namespace trilobit {

namespace {

constexpr int kPromptTokens = 128, kWrittenTokens = 32, kRepetitions = 5, kMostTokens = 8192;

/// Weights that the caches of the CPU hold are read faster than memory is.
QString shareOfMemory(double share) {
    return share > 1 ? SpeedPage::tr("over 100 %, from the caches") : SpeedPage::tr("%1 %").arg(share * 100, 0, 'f', share < 0.1 ? 1 : 0);
}

/// "42.1 (41.8 to 42.3)"
QString spreadText(const Json& spread) {
    return SpeedPage::tr("%1 (%2 to %3)")
        .arg(numberText(spread["median"].toDouble()), numberText(spread["min"].toDouble()), numberText(spread["max"].toDouble()));
}

QSpinBox* tokensBox(const char* name, int low, int value, const QString& help, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setObjectName(QLatin1String(name));
    box->setRange(low, kMostTokens);
    box->setValue(value);
    box->setToolTip(help);
    return box;
}

} // namespace

SpeedPage::SpeedPage(Workbench& workbench, QWidget* parent) : QWidget(parent), m_bench(workbench) {
    setObjectName(QStringLiteral("speedPage"));
    build();
    connect(&m_bench, &Workbench::modelChanged, this, [this] {
        stop();
        clear({});
    });
    connect(&m_bench, &Workbench::quantizedChanged, this, &SpeedPage::refresh);
    connect(m_start, &QPushButton::clicked, this, [this] { m_job ? stop() : measure(); });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& index) {
        const QString tensor = m_kernels->item(index.row(), 0)->text();
        m_bench.setSelection({tensor}, tensor);
    });
    clear({});
}

SpeedPage::~SpeedPage() {
    if (m_job)
        m_bench.jobs().cancel(*m_job);
}

void SpeedPage::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(6);
    layout->addWidget(buildBar());
    m_facts = new FactStrip(this);
    m_facts->setObjectName(QStringLiteral("speedFacts"));
    m_facts->addFact(QStringLiteral("decode"), tr("tokens/s"), tr("Single tokens, one after the other, as in a chat: median, lowest and highest of %1 rounds.").arg(kRepetitions));
    m_facts->addFact(QStringLiteral("prefill"), tr("prompt tokens/s"), tr("A prompt read in one go: median, lowest and highest."));
    m_facts->addFact(QStringLiteral("first"), tr("first token after"), tr("Reading the prompt until the first token is known."));
    m_facts->addFact(QStringLiteral("bandwidth"), tr("of the memory's speed"), tr("Weights, keys and values read per second for single tokens, as a share of what this machine was just measured to read. Near 100 % only fewer bytes make it faster."));
    m_facts->addFact(QStringLiteral("bytes"), tr("weights per token"), tr("Bytes of weights that are read for one token. Keys and values come on top."));
    m_facts->addFact(QStringLiteral("memory"), tr("memory"), tr("Weights held or mapped, and the cache of keys and values."));
    m_facts->addFact(QStringLiteral("energy"), tr("energy per token"), tr("As the processor counts it (RAPL). Many systems keep this for the administrator."));
    m_facts->addFact(QStringLiteral("threads"), tr("threads"), tr("That work on one token."));
    layout->addWidget(m_facts);
    m_note = new QLabel(this);
    m_note->setObjectName(QStringLiteral("speedNote"));
    m_note->setWordWrap(true);
    m_note->setProperty("role", "muted");
    layout->addWidget(m_note);

    auto* split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    m_bars = new BarsPlot(split);
    m_bars->setObjectName(QStringLiteral("speedBars"));
    m_bars->setExportName(QStringLiteral("time-of-a-token"));
    connect(m_bars, &Plot::saved, &m_bench, [this](const QString& path) { emit m_bench.note(tr("Saved %1").arg(path)); });
    connect(m_bars, &Plot::saveFailed, &m_bench, [this](const QString& text) { emit m_bench.failed(tr("Plot not saved"), text); });
    m_kernels = new QStandardItemModel(0, 3, this);
    m_table = new QTableView(split);
    m_table->setObjectName(QStringLiteral("speedKernels"));
    m_table->setAccessibleName(tr("Which code runs each matrix"));
    m_table->setModel(m_kernels);
    showAsRows(*m_table);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    split->addWidget(m_bars);
    split->addWidget(m_table);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    layout->addWidget(split, 1);
}

QWidget* SpeedPage::buildBar() {
    auto* bar = new QWidget(this);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    m_which = new QComboBox(bar);
    m_which->setObjectName(QStringLiteral("speedModel"));
    m_which->setAccessibleName(tr("Model to measure"));
    m_which->addItems({tr("Original"), tr("Quantized")});
    m_path = new QComboBox(bar);
    m_path->setObjectName(QStringLiteral("speedPath"));
    m_path->setAccessibleName(tr("Arithmetic"));
    m_path->addItem(tr("Fast"), QStringLiteral("fast"));
    m_path->addItem(tr("Exact"), QStringLiteral("auto"));
    m_path->setToolTip(tr("Fast rounds activations to 8 bits per block, as the chat does; exact computes as perplexity is measured."));
    m_prompt = tokensBox("speedPrompt", 1, kPromptTokens, tr("Tokens of the prompt"), bar);
    m_tokens = tokensBox("speedTokens", 1, kWrittenTokens, tr("Tokens written in each round"), bar);
    m_depth = tokensBox("speedDepth", 0, 0, tr("Tokens that stand in the context already when writing starts"), bar);
    const auto labelled = [&](const QString& text, QWidget* field) {
        auto* label = new QLabel(text, bar);
        label->setBuddy(field);
        line->addWidget(label);
        line->addWidget(field);
    };
    line->addWidget(m_which);
    line->addWidget(m_path);
    labelled(tr("&Prompt"), m_prompt);
    labelled(tr("&Written"), m_tokens);
    labelled(tr("&After"), m_depth);
    line->addStretch(1);
    m_start = new QPushButton(bar);
    m_start->setObjectName(QStringLiteral("speedMeasure"));
    makePrimary(m_start);
    line->addWidget(m_start);
    return bar;
}

void SpeedPage::refresh() {
    const bool quantized = m_which->currentIndex() == 1;
    const bool possible = quantized ? m_bench.quantized() != nullptr : m_bench.model() != nullptr;
    m_start->setText(m_job ? tr("&Stop") : tr("&Measure"));
    m_start->setEnabled(m_job || m_bench.model());
    for (QWidget* field : std::initializer_list<QWidget*>{m_which, m_path, m_prompt, m_tokens, m_depth})
        field->setEnabled(!m_job);
    if (!possible && quantized && m_bench.model())
        m_note->setText(tr("There is no quantized model yet: choose a recipe and press Quantize."));
    else if (m_job)
        m_note->setText(tr("measuring; other work on this computer makes the numbers smaller"));
}

void SpeedPage::clear(const QString& text) {
    for (const char* key : {"decode", "prefill", "first", "bandwidth", "bytes", "memory", "energy", "threads"})
        m_facts->setValue(QLatin1String(key), {});
    m_kernels->setRowCount(0);
    m_kernels->setHorizontalHeaderLabels({tr("Tensor"), tr("Encoding"), tr("Kernel")});
    m_note->setText(text);
    m_bars->clear(m_bench.model() ? tr("Press “Measure” to see how fast this model runs here\nand where the time of a token goes.")
                                  : tr("Open a model to measure its speed."));
    refresh();
}

void SpeedPage::measure() {
    if (m_job || !m_bench.model())
        return;
    const bool quantized = m_which->currentIndex() == 1;
    if (quantized && !m_bench.quantized()) {
        refresh();
        return;
    }
    clear({});
    Command command{"bench", Json::object({{"prompt_tokens", m_prompt->value()},
                                           {"decode_tokens", m_tokens->value()},
                                           {"depth", m_depth->value()},
                                           {"repetitions", kRepetitions},
                                           {"activations", m_path->currentData().toString().toStdString()}})};
    if (quantized)
        command.args.set("quantized", true);
    m_job = m_bench.runBeside({tr("Measure the speed"), JobLane::Compute}, this, {command}, {}, [this](Result<Json> result) {
        m_job.reset();
        if (result)
            showResult(*result);
        else
            clear(result.error().code == ErrorCode::Cancelled ? tr("Stopped.") : errorText(result.error()));
        refresh();
        emit measured(result.has_value());
    });
    refresh();
}

void SpeedPage::stop() {
    if (m_job)
        m_bench.jobs().cancel(*m_job);
}

void SpeedPage::showResult(const Json& result) {
    const Json& speed = result["speed"].items().back(); // all threads; a row for one thread may stand before it
    m_facts->setValue(QStringLiteral("decode"), spreadText(speed["decode_tps"]));
    m_facts->setValue(QStringLiteral("prefill"), spreadText(speed["prefill_tps"]));
    m_facts->setValue(QStringLiteral("first"), durationText(static_cast<std::int64_t>(speed["first_token_seconds"].toDouble() * 1000)));
    m_facts->setValue(QStringLiteral("bandwidth"), shareOfMemory(speed["bandwidth_share"].toDouble()));
    m_facts->setValue(QStringLiteral("bytes"), bytesText(speed["bytes_per_token"].toUInt(0)));
    m_facts->setValue(QStringLiteral("memory"), tr("%1 + %2").arg(bytesText(speed["owned_bytes"].toUInt(0) + speed["mapped_bytes"].toUInt(0)),
                                                                bytesText(speed["cache_bytes"].toUInt(0))));
    m_facts->setValue(QStringLiteral("energy"), speed["joules_per_token"].isNull()
                                                    ? tr("not available")
                                                    : tr("%1 mJ").arg(numberText(speed["joules_per_token"].toDouble() * 1000)));
    m_facts->setValue(QStringLiteral("threads"), QString::number(speed["threads"].toInt()));
    m_note->setText(tr("%1: %2").arg(qtext(result["model"].toString()), qtext(result["path"].toString())));

    BarsData bars;
    bars.valueLabel = tr("µs per token");
    bars.groupLabel = tr("part and block");
    bars.csvHeader = QStringLiteral("microseconds");
    BarGroup attention{tr("attention"), {}}, ffn{tr("feed-forward"), {}}, output{tr("output"), {}};
    const Json& times = speed["times"];
    const auto add = [](BarGroup& group, const QString& id, double value) {
        group.bars.push_back({id, value, false, SpeedPage::tr("<b>%1</b><br>%2 µs").arg(id, numberText(value))});
    };
    for (std::size_t i = 0; i < times["layers"].items().size(); ++i) {
        const Json& layer = times["layers"].items()[i];
        add(attention, tr("attention of block %1").arg(i), layer["attention_us"].toDouble());
        add(ffn, tr("feed-forward of block %1").arg(i), layer["ffn_us"].toDouble());
    }
    add(output, tr("output matrix"), times["output_us"].toDouble());
    bars.groups = {attention, ffn, output};
    m_bars->setData(bars);

    m_kernels->setRowCount(0);
    for (const Json& row : result["kernel_of"].items()) {
        QList<QStandardItem*> items;
        for (const char* key : {"tensor", "encoding", "kernel"})
            items << new QStandardItem(qtext(row[key].toString()));
        m_kernels->appendRow(items);
    }
    m_table->resizeColumnsToContents();
}

} // namespace trilobit
