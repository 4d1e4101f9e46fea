#include "core/train/trainer/trainer.h"

#include "core/model/configmetadata.h"
#include "core/train/checkpoint/checkpoint.h"
#include "core/train/ops/losses.h"
#include "core/train/schemes/gridcodes.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <thread>

namespace trilobit {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kCurvePoints = 4000;  // then every second one is dropped
constexpr std::int64_t kBudgetSteps = 20;    // whose speed decides how many fit
constexpr double kSmoothing = 0.98;
constexpr double kSmoothingStart = 4; // early on only the last quarter of the steps counts: the first loss is soon forgotten
constexpr int kLatentBins = 120;
constexpr double kLatentReach = 4; // mean magnitudes: five standard deviations of normal weights

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Json numbers(const std::vector<double>& values) {
    Json out = Json::array();
    for (const double value : values)
        out.push(value);
    return out;
}

Json numbers(const std::vector<std::int64_t>& values) {
    Json out = Json::array();
    for (const std::int64_t value : values)
        out.push(value);
    return out;
}

std::vector<double> doubles(const Json& json) {
    std::vector<double> out;
    for (const Json& value : json.items())
        out.push_back(value.toDouble());
    return out;
}

std::vector<std::int64_t> integers(const Json& json) {
    std::vector<std::int64_t> out;
    for (const Json& value : json.items())
        out.push_back(value.toInt());
    return out;
}

TrainCurves curvesFromJson(const Json& json) {
    TrainCurves c;
    c.steps = integers(json["steps"]);
    c.loss = doubles(json["loss"]);
    c.gradNorm = doubles(json["grad_norm"]);
    c.learningRate = doubles(json["lr"]);
    c.evaluationSteps = integers(json["heldout_steps"]);
    c.heldOutLoss = doubles(json["heldout_loss"]);
    const std::size_t n = std::min({c.steps.size(), c.loss.size(), c.gradNorm.size(), c.learningRate.size()});
    c.steps.resize(n), c.loss.resize(n), c.gradNorm.resize(n), c.learningRate.resize(n);
    const std::size_t m = std::min(c.evaluationSteps.size(), c.heldOutLoss.size());
    c.evaluationSteps.resize(m), c.heldOutLoss.resize(m);
    return c;
}

template <class T>
void halve(std::vector<T>& values) {
    for (std::size_t i = 0; 2 * i < values.size(); ++i)
        values[i] = values[2 * i];
    values.resize((values.size() + 1) / 2);
}

} // namespace

Json trainCurvesToJson(const TrainCurves& c) {
    return Json::object({{"steps", numbers(c.steps)},
                         {"loss", numbers(c.loss)},
                         {"grad_norm", numbers(c.gradNorm)},
                         {"lr", numbers(c.learningRate)},
                         {"heldout_steps", numbers(c.evaluationSteps)},
                         {"heldout_loss", numbers(c.heldOutLoss)}});
}

Result<std::unique_ptr<Trainer>> Trainer::create(TrainPlan plan, TrainInputs inputs, const EncodingRegistry& encodings,
                                                 int threads, RunControl& control) {
    auto trainer = std::unique_ptr<Trainer>(new Trainer);
    TRILOBIT_TRY(auto scheme, makeLinearScheme<float>(plan.scheme, plan.schemeSettings));
    ModelConfig config = inputs.base ? inputs.base->config() : plan.shape;
    if (inputs.base)
        trainer->m_metadata = inputs.base->metadata();
    else {
        config.name = plan.name.empty() ? "Trilobit model" : plan.name;
        trainer->m_metadata = metadataFromConfig(config);
        for (const auto& [key, value] : inputs.tokenizerMetadata.entries())
            trainer->m_metadata.set(key, value);
    }
    if (!config.isBasicGraph())
        return fail(ErrorCode::Unsupported, "training knows the plain llama and BitNet graphs; this model has more (biases, "
                                            "stretched or missing rotary positions, windows, further norms or scales, "
                                            "fused matrices or experts)");
    if (plan.time > config.contextLength && config.contextLength > 0)
        return fail(ErrorCode::Usage, "rows of " + std::to_string(plan.time) + " tokens are longer than the model's context of "
                                          + std::to_string(config.contextLength));
    if (!inputs.tokenizer && inputs.base)
        inputs.tokenizer = inputs.base->tokenizer();
    trainer->m_plan = std::move(plan);
    trainer->m_inputs = std::move(inputs);
    trainer->m_encodings = &encodings;
    const TrainPlan& p = trainer->m_plan;
    try {
        trainer->m_state =
            std::make_unique<TrainState<float>>(config, std::move(scheme), NormKind::Rms, p.batch, p.time, threads);
        trainer->m_rowLosses = AlignedBuffer<float>(static_cast<std::size_t>(p.batch * p.time));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory to train this model with batches of " + std::to_string(p.batch)
                                                + " x " + std::to_string(p.time) + " tokens");
    }
    if (trainer->m_inputs.base) {
        TRILOBIT_CHECK(importWeights(*trainer->m_inputs.base, trainer->decoder(), control));
        trainer->decoder().initializeExtras(p.seed);
    } else {
        trainer->decoder().initialize(p.seed);
    }
    if (p.distill.active())
        TRILOBIT_CHECK(trainer->setUpTeacher(threads, control));
    return trainer;
}

Result<void> Trainer::setUpTeacher(int threads, RunControl& control) {
    const std::shared_ptr<const Model> teacher = m_inputs.teacher ? m_inputs.teacher : m_inputs.base;
    if (!teacher)
        return fail(ErrorCode::Usage, "distillation needs a teacher: a model to start from, or one given as the teacher");
    if (teacher->config().vocabSize != decoder().config().vocabSize)
        return fail(ErrorCode::Usage, "teacher and student have vocabularies of different size");
    if (m_plan.distill.features + m_plan.distill.blocks > 0
        && (teacher->config().layers != decoder().config().layers || teacher->config().hiddenSize != decoder().config().hiddenSize))
        return fail(ErrorCode::Usage, "comparing features or blocks needs a teacher with the student's layers and hidden size");
    try {
        m_teacher = std::make_unique<TrainDecoder<float>>(teacher->config(), std::make_shared<LinearScheme<float>>(),
                                                          NormKind::Rms, m_plan.batch, m_plan.time, threads);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for the teacher");
    }
    return importWeights(*teacher, *m_teacher, control);
}

float Trainer::distillLoss(TrainDecoder<float>& student, const std::int32_t* ids, const std::int32_t* targets,
                           std::int64_t rows) {
    const DistillPlan& d = m_plan.distill;
    const std::int64_t vocabulary = student.config().vocabSize, hidden = student.config().hiddenSize;
    m_teacher->forward(ids, rows);
    const float perRow = 1.0f / static_cast<float>(rows);
    float loss = 0;
    const float* logits = student.logits().data();
    float* gradient = student.logitGradient().data();
    std::fill_n(gradient, rows * vocabulary, 0.0f);
    if (d.kl > 0)
        loss += ops::klDistillation<float>(rows, vocabulary, m_teacher->logits().data(), logits,
                                           static_cast<float>(d.temperature), static_cast<float>(d.kl) * perRow, gradient,
                                           m_rowLosses.data(), student.threads());
    if (d.crossEntropy > 0)
        loss += student.addCrossEntropy(targets, rows, static_cast<float>(d.crossEntropy));
    if (d.features > 0) {
        const auto layers = static_cast<std::size_t>(student.config().layers);
        const float weight = static_cast<float>(d.features) * perRow / static_cast<float>(layers);
        for (std::size_t layer = 1; layer <= layers; ++layer)
            loss += ops::cosineDistillation<float>(rows, hidden, m_teacher->residual(layer).data(),
                                                   student.residual(layer).data(), weight,
                                                   student.residualGradient(layer).data(), m_rowLosses.data(),
                                                   student.threads());
    }
    return loss;
}

std::int64_t Trainer::blockSteps() const {
    return std::llround(m_plan.distill.blocks * static_cast<double>(m_plan.schedule.steps));
}

Result<StepReport> Trainer::step(const std::int32_t* ids, const std::int32_t* targets, std::int64_t count) {
    const std::int64_t step = m_state->stepsDone() + 1;
    StepSettings settings;
    settings.learningRate = m_plan.schedule.learningRate(step);
    settings.weightDecay = m_plan.schedule.decay(step);
    settings.lambda = m_plan.schedule.lambda(step);
    settings.clipNorm = m_plan.clipNorm;
    settings.adam = m_plan.adam;
    if (step <= blockSteps()) {
        m_teacher->forwardBlocks(ids, count);
        return m_state->stepBlocks(*m_teacher, count, settings);
    }
    if (!m_plan.distill.active())
        return m_state->step(ids, targets, count, settings);
    if (step == blockSteps() + 1)
        m_state->restartMoments();
    return m_state->step(ids, targets, count, settings,
                         [this](auto& student, auto* i, auto* t, auto rows) { return distillLoss(student, i, t, rows); });
}

double Trainer::evaluate() {
    const std::int64_t count = m_plan.batch * m_plan.time;
    std::vector<std::int32_t> ids(static_cast<std::size_t>(count)), targets(ids.size());
    double sum = 0, tokens = 0;
    for (std::int64_t b = 1; b <= m_plan.evaluateBatches; ++b) {
        m_inputs.heldOut->batch(b, m_plan.batch, m_plan.time, ids.data(), targets.data());
        const auto counted = static_cast<double>(count - std::count(targets.begin(), targets.end(), ops::kIgnoredTarget));
        if (counted > 0)
            sum += static_cast<double>(m_state->evaluate(ids.data(), targets.data(), count)) * counted;
        tokens += counted;
    }
    return tokens > 0 ? sum / tokens : 0;
}

Result<void> Trainer::save(const std::string& path) {
    RunControl always; // a checkpoint is written to its end
    return writeCheckpoint(path, *m_state,
                           Json::object({{"plan", trainPlanToJson(m_plan)},
                                         {"curves", trainCurvesToJson(m_curves)},
                                         {"seconds", m_seconds},
                                         {"smoothed_loss", m_smoothed},
                                         {"heldout_loss", m_heldOutLoss},
                                         {"budget_fitted", m_budgetFitted}}),
                           always);
}

Result<void> Trainer::resume(const std::string& checkpoint) {
    TRILOBIT_TRY(const Json notes, readCheckpoint(checkpoint, *m_state));
    auto plan = trainPlanFromJson(notes["plan"]);
    if (!plan)
        return located(std::move(plan).error(), checkpoint);
    if (plan->batch != m_plan.batch || plan->time != m_plan.time || plan->seed != m_plan.seed || plan->scheme != m_plan.scheme)
        return Error{ErrorCode::Usage, "the checkpoint is of a run with another plan (batch, time, seed or scheme differ)",
                     checkpoint};
    m_plan.schedule = plan->schedule;
    m_plan.distill.blocks = plan->distill.blocks;
    m_state->setMomentsStart(m_state->stepsDone() > blockSteps() ? blockSteps() : 0);
    m_curves = curvesFromJson(notes["curves"]);
    m_seconds = notes["seconds"].toDouble();
    m_smoothed = notes["smoothed_loss"].toDouble();
    m_heldOutLoss = notes["heldout_loss"].toDouble();
    m_budgetFitted = notes["budget_fitted"].toBool();
    return {};
}

Result<void> Trainer::continueFrom(const std::string& checkpoint) {
    TRILOBIT_TRY(const bool extras, readParameters(checkpoint, m_state->decoder()));
    m_state->forgetMoments();
    if (!extras) // of a run without them, or with other ones
        decoder().initializeExtras(m_plan.seed);
    return {};
}

Result<std::shared_ptr<const Model>> Trainer::exportModel(TrainedForm form, RunControl& control) const {
    TrainedExport options;
    options.form = form;
    options.floatEncoding = m_plan.floatEncoding;
    options.ternaryEncoding = m_plan.ternaryEncoding;
    options.name = m_plan.name;
    return exportTrained(m_state->decoder(), m_metadata, m_inputs.tokenizer, *m_encodings, options, control);
}

void Trainer::record(const TrainPoint& point) {
    // Sparse enough to stay small: about kCurvePoints over the run.
    const std::int64_t every = std::max<std::int64_t>(1, m_plan.schedule.steps / kCurvePoints);
    if (point.step % every != 0 && point.step != m_plan.schedule.steps)
        return;
    m_curves.steps.push_back(point.step);
    m_curves.loss.push_back(point.loss);
    m_curves.gradNorm.push_back(point.gradNorm);
    m_curves.learningRate.push_back(point.learningRate);
    if (m_curves.steps.size() > 2 * kCurvePoints) {
        halve(m_curves.steps), halve(m_curves.loss), halve(m_curves.gradNorm), halve(m_curves.learningRate);
    }
}

void Trainer::fitToBudget(double secondsPerStep) {
    const double left = m_plan.minutes * 60 - m_seconds;
    const std::int64_t blocks = blockSteps();
    const auto more = static_cast<std::int64_t>(left / std::max(secondsPerStep, 1e-6));
    m_plan.schedule.steps = std::max<std::int64_t>(m_state->stepsDone() + more, m_state->stepsDone() + 1);
    m_plan.schedule.warmup = std::min(m_plan.schedule.warmup, m_plan.schedule.steps / 10);
    if (m_budgetFitted) // steps of the second kind take longer; what was done block by block stays what it was
        m_plan.distill.blocks = static_cast<double>(blocks) / static_cast<double>(m_plan.schedule.steps);
    m_budgetFitted = true;
}

bool Trainer::codesOf(const LinearSlot& slot, std::vector<float>& what, std::vector<std::int8_t>& codes) const {
    const TrainDecoder<float>& d = m_state->decoder();
    const auto extras = d.extrasOf(slot);
    const float* w = d.parameter(slot.weight).data();
    const auto grid = d.scheme().grid(slot.out, slot.in, w, extras.data(), d.threads());
    if (!grid || grid->levels != 3)
        return false;
    what.resize(static_cast<std::size_t>(slot.out * slot.in));
    d.scheme().weight(slot.out, slot.in, w, extras.data(), what.data(), d.threads());
    gridCodes(*grid, slot.out, slot.in, what, codes);
    for (std::int8_t& code : codes)
        --code; // 0, 1, 2 stand for -1, 0, 1
    return true;
}

std::vector<std::vector<std::int8_t>> Trainer::codes() const {
    std::vector<std::vector<std::int8_t>> out;
    std::vector<float> what;
    for (const LayerSlots& layer : m_state->decoder().layout().layers)
        for (const LinearSlot* slot : layer.matrices()) {
            std::vector<std::int8_t> codes;
            if (!codesOf(*slot, what, codes))
                return {};
            out.push_back(std::move(codes));
        }
    return out;
}

void Trainer::reportWeights(std::string_view tensor, const TrainObserver& observer) const {
    const TrainDecoder<float>& d = m_state->decoder();
    std::vector<float> what;
    std::vector<std::int8_t> codes;
    for (const LayerSlots& layer : d.layout().layers)
        for (const LinearSlot* slot : layer.matrices()) {
            LatentHistogram h;
            h.tensor = ggufNameOf(d.config(), d.layout().list[slot->weight].name);
            if (!tensor.empty() && h.tensor != tensor)
                continue;
            const std::span<const float> weights = d.parameter(slot->weight);
            double sum = 0;
            for (const float w : weights)
                sum += std::abs(static_cast<double>(w));
            h.unit = sum / static_cast<double>(weights.size());
            h.ternary = codesOf(*slot, what, codes);
            h.low = -kLatentReach;
            h.high = kLatentReach;
            for (auto* counts : {&h.minus, &h.zero, &h.plus})
                counts->assign(kLatentBins, 0);
            const double scale = h.unit > 0 ? kLatentBins / (2 * kLatentReach) / h.unit : 0;
            for (std::size_t i = 0; i < weights.size(); ++i) {
                const double at = (static_cast<double>(weights[i]) * scale) + kLatentBins / 2.0;
                const auto bin = static_cast<std::size_t>(std::clamp(at, 0.0, kLatentBins - 1.0));
                ++(!h.ternary || codes[i] == 0 ? h.zero : codes[i] < 0 ? h.minus : h.plus)[bin];
            }
            observer.onWeights(m_state->stepsDone(), h);
        }
}

void Trainer::reportShares(const std::vector<std::vector<std::int8_t>>& before, const TrainObserver& observer) const {
    const auto now = codes();
    std::vector<TernaryShares> shares;
    std::size_t i = 0;
    const TrainDecoder<float>& d = m_state->decoder();
    for (const LayerSlots& layer : d.layout().layers)
        for (const LinearSlot* slot : layer.matrices()) {
            if (i >= now.size() || i >= before.size())
                return;
            const auto n = static_cast<double>(now[i].size());
            TernaryShares s;
            s.tensor = ggufNameOf(d.config(), d.layout().list[slot->weight].name);
            s.minus = static_cast<double>(std::count(now[i].begin(), now[i].end(), -1)) / n;
            s.zero = static_cast<double>(std::count(now[i].begin(), now[i].end(), 0)) / n;
            s.plus = static_cast<double>(std::count(now[i].begin(), now[i].end(), 1)) / n;
            std::size_t flipped = 0;
            for (std::size_t k = 0; k < now[i].size(); ++k)
                flipped += now[i][k] != before[i][k];
            s.flippedPerStep = static_cast<double>(flipped) / n;
            shares.push_back(std::move(s));
            ++i;
        }
    observer.onShares(m_state->stepsDone(), shares);
}

Result<TrainResult> Trainer::run(const std::string& checkpoint, const TrainObserver& observer, RunControl& control) {
    const std::int64_t count = m_plan.batch * m_plan.time;
    std::vector<std::int32_t> ids(static_cast<std::size_t>(count)), targets(ids.size());
    auto lastSave = Clock::now();
    double windowSeconds = 0, speed = 0;
    double lastLoss = m_curves.loss.empty() ? 0 : m_curves.loss.back(); // of a run that has nothing left to do
    std::int64_t windowSteps = 0;
    bool stopped = false;
    const auto save = [&]() -> Result<void> {
        if (checkpoint.empty())
            return {};
        TRILOBIT_CHECK(this->save(checkpoint));
        lastSave = Clock::now();
        if (observer.onCheckpoint)
            observer.onCheckpoint(checkpoint);
        return {};
    };
    const auto answer = [&] {
        if (!observer.weightsAsked || !observer.onWeights)
            return;
        if (const std::string tensor = observer.weightsAsked(); !tensor.empty())
            reportWeights(tensor, observer);
    };
    if (observer.onWeights)
        reportWeights({}, observer);
    while (m_state->stepsDone() < m_plan.schedule.steps) {
        if (control.isCancelled()) {
            stopped = true;
            break;
        }
        if (observer.isPaused && observer.isPaused()) {
            TRILOBIT_CHECK(save());
            control.progress(static_cast<double>(m_state->stepsDone()), static_cast<double>(m_plan.schedule.steps), "paused");
            while (observer.isPaused() && !control.isCancelled()) {
                answer();
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
            continue;
        }
        const std::int64_t step = m_state->stepsDone() + 1;
        const auto due = [&](std::int64_t every) { return every > 0 && (step % every == 0 || step == m_plan.schedule.steps); };
        const bool look = observer.onShares && due(m_plan.evaluateEvery);
        const auto before = look ? codes() : std::vector<std::vector<std::int8_t>>();
        const auto start = Clock::now();
        m_inputs.training->batch(step, m_plan.batch, m_plan.time, ids.data(), targets.data());
        const bool blocks = step <= blockSteps();
        TRILOBIT_TRY(const StepReport report, this->step(ids.data(), targets.data(), count));
        const double seconds = secondsSince(start);
        m_seconds += seconds;
        windowSeconds += seconds;
        ++windowSteps;
        lastLoss = report.loss;
        const std::int64_t alike = blocks ? step : step - blockSteps(); // the two losses are not averaged together
        const double keep = std::min(kSmoothing, 1 - kSmoothingStart / (static_cast<double>(alike) + kSmoothingStart - 1));
        m_smoothed = keep * m_smoothed + (1 - keep) * report.loss;
        if (windowSteps == 1 && speed == 0) // the first step warms caches up
            speed = static_cast<double>(count) / seconds;
        if (windowSeconds > 2 || windowSteps >= 50) {
            speed = static_cast<double>(count * windowSteps) / windowSeconds;
            windowSeconds = 0;
            windowSteps = 0;
        }
        if (m_plan.minutes > 0 && !m_budgetFitted && step >= kBudgetSteps)
            fitToBudget(m_seconds / static_cast<double>(step));
        else if (m_plan.minutes > 0 && blockSteps() > 0 && alike == kBudgetSteps && !blocks)
            fitToBudget(static_cast<double>(count) / speed);
        TrainPoint point{step, m_plan.schedule.steps, report.loss, m_smoothed, m_plan.schedule.learningRate(step),
                         report.gradNorm, report.clipScale, m_plan.schedule.lambda(step), speed, 0, m_seconds, blocks};
        point.secondsLeft = static_cast<double>((point.steps - step) * count) / std::max(speed, 1e-9);
        record(point);
        control.progress(static_cast<double>(step), static_cast<double>(point.steps), "training");
        if (observer.onStep)
            observer.onStep(point);
        if (look)
            reportShares(before, observer);
        answer();
        if (m_inputs.heldOut && due(m_plan.evaluateEvery)) {
            m_heldOutLoss = evaluate();
            m_curves.evaluationSteps.push_back(step);
            m_curves.heldOutLoss.push_back(m_heldOutLoss);
            if (observer.onEvaluation)
                observer.onEvaluation(step, m_heldOutLoss);
        }
        if (observer.onSnapshot && due(m_plan.sampleEvery)) {
            RunControl whole; // stopping now must not become a failure: what was trained is kept
            TRILOBIT_TRY(const auto model, exportModel(TrainedForm::Deployed, whole));
            observer.onSnapshot(step, model);
        }
        if (secondsSince(lastSave) >= m_plan.checkpointMinutes * 60)
            TRILOBIT_CHECK(save());
    }
    TRILOBIT_CHECK(save());
    if (observer.onWeights)
        reportWeights({}, observer);
    RunControl always;
    TrainResult result;
    TRILOBIT_TRY(result.model, exportModel(TrainedForm::Deployed, always));
    result.curves = m_curves;
    result.steps = m_state->stepsDone();
    result.finalLoss = lastLoss;
    result.heldOutLoss = m_heldOutLoss;
    result.seconds = m_seconds;
    result.tokensPerSecond = m_seconds > 0 ? static_cast<double>(result.steps * count) / m_seconds : 0;
    result.stopped = stopped;
    return result;
}

} // namespace trilobit
