#include "widgets/pages/chat/samplingpanel.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSpinBox>

#include <limits>

namespace trilobit {

namespace {

constexpr int kColumns = 4;

QDoubleSpinBox* realBox(double minimum, double maximum, double step, double value) {
    auto* box = new QDoubleSpinBox;
    box->setLocale(QLocale(QLocale::English));
    box->setRange(minimum, maximum);
    box->setDecimals(2);
    box->setSingleStep(step);
    box->setValue(value);
    return box;
}

QSpinBox* integerBox(int minimum, int maximum, int value) {
    auto* box = new QSpinBox;
    box->setRange(minimum, maximum);
    box->setValue(value);
    return box;
}

} // namespace

SamplingPanel::SamplingPanel(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("samplingPanel"));
    setProperty("role", "card");
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(10, 8, 10, 8);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(4);
    int index = 0;
    const auto add = [&](QWidget* field, const char* name, const QString& label, const QString& help) {
        auto* title = new QLabel(label, this);
        title->setBuddy(field);
        title->setToolTip(help);
        field->setObjectName(QLatin1String(name));
        field->setToolTip(help);
        field->setAccessibleName(QString(label).remove(QLatin1Char('&')));
        field->setAccessibleDescription(help);
        const int row = index / kColumns * 2, column = index % kColumns;
        grid->addWidget(title, row, column);
        grid->addWidget(field, row + 1, column);
        grid->setColumnStretch(column, 1);
        ++index;
    };
    m_temperature = realBox(0, 5, 0.1, 0);
    add(m_temperature, "samplingTemperature", tr("&Temperature"),
        tr("0 always takes the likeliest token (greedy): the first difference between two answers then comes from the "
           "weights alone. Higher values choose more freely."));
    m_topK = integerBox(0, 1'000'000, 40);
    m_topK->setSpecialValueText(tr("off"));
    add(m_topK, "samplingTopK", tr("Top-&k"), tr("Only the k likeliest tokens can be chosen; 0 switches it off."));
    m_topP = realBox(0.01, 1, 0.05, 0.95);
    add(m_topP, "samplingTopP", tr("Top-&p"),
        tr("Only the likeliest tokens that together reach this probability can be chosen; 1 switches it off."));
    m_minP = realBox(0, 0.99, 0.01, 0.05);
    add(m_minP, "samplingMinP", tr("&Min-p"),
        tr("Leaves out tokens below this share of the likeliest one's probability; 0 switches it off."));
    m_penalty = realBox(0.1, 5, 0.05, 1);
    add(m_penalty, "samplingRepetitionPenalty", tr("&Repetition penalty"),
        tr("Makes tokens of the last 64 less likely; 1 switches it off."));
    m_seed = integerBox(0, std::numeric_limits<int>::max(), 0);
    add(m_seed, "samplingSeed", tr("S&eed"), tr("The same seed gives the same choices again, in every pane."));
    m_maxTokens = integerBox(1, 100'000, 256);
    add(m_maxTokens, "samplingMaxTokens", tr("Ma&x. tokens"), tr("An answer stops after this many tokens."));

    m_activations = new QComboBox;
    m_activations->addItem(tr("fast"), static_cast<int>(ActivationPath::Fast));
    m_activations->addItem(tr("exact"), static_cast<int>(ActivationPath::Auto));
    add(m_activations, "samplingActivations", tr("&Arithmetic"),
        tr("Fast rounds what goes through the layers to whole numbers of 8 bits, as other programs do; exact computes as the "
           "model defines it, as everywhere that something is measured, and is slower."));

    auto* systemLabel = new QLabel(tr("S&ystem prompt"), this);
    m_system = new QPlainTextEdit(this);
    m_system->setObjectName(QStringLiteral("systemPrompt"));
    m_system->setAccessibleName(tr("System prompt"));
    m_system->setPlaceholderText(tr("Who the model should be. Empty: whatever its chat template says."));
    m_system->setTabChangesFocus(true);
    m_system->setFixedHeight(fontMetrics().lineSpacing() * 2 + 14);
    systemLabel->setBuddy(m_system);
    grid->addWidget(systemLabel, 4, 0, 1, kColumns);
    grid->addWidget(m_system, 5, 0, 1, kColumns);

    for (QDoubleSpinBox* box : {m_temperature, m_topP, m_minP, m_penalty})
        connect(box, &QDoubleSpinBox::valueChanged, this, &SamplingPanel::changed);
    for (QSpinBox* box : {m_topK, m_seed, m_maxTokens})
        connect(box, &QSpinBox::valueChanged, this, &SamplingPanel::changed);
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this, &SamplingPanel::enableForTemperature);
    connect(m_activations, &QComboBox::currentIndexChanged, this, &SamplingPanel::changed);
    connect(m_activations, &QComboBox::activated, this, &SamplingPanel::activationsChosen);
    enableForTemperature();
}

void SamplingPanel::enableForTemperature() {
    const bool samples = m_temperature->value() > 0;
    for (QWidget* field : {static_cast<QWidget*>(m_topK), static_cast<QWidget*>(m_topP), static_cast<QWidget*>(m_minP),
                           static_cast<QWidget*>(m_seed)})
        field->setEnabled(samples);
}

GenerateOptions SamplingPanel::options() const {
    GenerateOptions options;
    options.maxTokens = m_maxTokens->value();
    options.sampler.temperature = m_temperature->value();
    options.sampler.repetitionPenalty = m_penalty->value();
    if (options.sampler.temperature > 0) {
        options.sampler.topK = m_topK->value();
        options.sampler.topP = m_topP->value();
        options.sampler.minP = m_minP->value();
        options.sampler.seed = static_cast<std::uint64_t>(m_seed->value());
    }
    return options;
}

ActivationPath SamplingPanel::activations() const {
    return static_cast<ActivationPath>(m_activations->currentData().toInt());
}

void SamplingPanel::setActivations(ActivationPath path) {
    m_activations->setCurrentIndex(m_activations->findData(static_cast<int>(path)) == 1 ? 1 : 0);
}

void SamplingPanel::setActivationsEnabled(bool enabled) { m_activations->setEnabled(enabled); }

QString SamplingPanel::systemPrompt() const { return m_system->toPlainText(); }
void SamplingPanel::setSystemPrompt(const QString& text) { m_system->setPlainText(text); }

QString SamplingPanel::summary() const {
    QStringList parts;
    if (m_temperature->value() > 0)
        parts << tr("temperature %1").arg(m_temperature->value()) << tr("seed %1").arg(m_seed->value());
    else
        parts << tr("greedy");
    if (m_penalty->value() != 1)
        parts << tr("repetition penalty %1").arg(m_penalty->value());
    parts << tr("at most %1 tokens").arg(m_maxTokens->value());
    if (activations() != ActivationPath::Fast)
        parts << tr("exact arithmetic");
    return parts.join(QStringLiteral(", "));
}

} // namespace trilobit
