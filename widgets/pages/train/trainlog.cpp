#include "widgets/pages/train/trainlog.h"

#include "widgets/common/format.h"

#include <algorithm>

namespace trilobit {

namespace {

Curve curveFrom(const Json& x, const Json& y) {
    Curve curve;
    const std::size_t count = std::min(x.items().size(), y.items().size());
    for (std::size_t i = 0; i < count; ++i) {
        curve.x.push_back(x.items()[i].toDouble());
        curve.y.push_back(y.items()[i].toDouble());
    }
    return curve;
}

void append(Curve& curve, std::int64_t step, double value) {
    curve.x.push_back(static_cast<double>(step));
    curve.y.push_back(value);
}

std::vector<double> shareOf(const Json& counts, double total) {
    std::vector<double> out;
    for (const Json& count : counts.items())
        out.push_back(total > 0 ? count.toDouble() / total : 0);
    return out;
}

double sumOf(const Json& counts) {
    double sum = 0;
    for (const Json& count : counts.items())
        sum += count.toDouble();
    return sum;
}

} // namespace

void TrainLog::add(const Json& event) {
    const std::string& kind = event["event"].toString();
    if (kind == "step") {
        addStep(event);
    } else if (kind == "heldout") {
        append(heldOut, event["step"].toInt(), event["loss"].toDouble());
        heldOutPerplexity = event["ppl"].toDouble();
    } else if (kind == "shares") {
        shares.clear();
        double flipped = 0;
        for (const Json& t : event["tensors"].items()) {
            shares.push_back({qtext(t["tensor"].toString()), t["minus"].toDouble(), t["zero"].toDouble(), t["plus"].toDouble()});
            flipped += t["flipped"].toDouble();
        }
        sharesStep = event["step"].toInt();
        if (!shares.empty())
            append(flips, sharesStep, 100 * flipped / static_cast<double>(shares.size()));
    } else if (kind == "sample") {
        samples.push_back({event["step"].toInt(), qtext(event["prompt"].toString()), qtext(event["text"].toString())});
    } else if (kind == "weights") {
        addWeights(event);
    } else if (kind == "data") {
        trainingTokens = event["training_tokens"].toUInt();
        vocabulary = event["vocabulary"].toUInt();
    } else if (kind == "curves") {
        addCurves(event["curves"]);
        step = event["step"].toInt();
    } else if (kind == "checkpoint") {
        checkpoint = qtext(event["path"].toString());
    }
}

void TrainLog::addStep(const Json& event) {
    step = event["step"].toInt();
    steps = event["steps"].toInt();
    lastLoss = event["loss"].toDouble();
    smoothedLoss = event["smoothed_loss"].toDouble();
    blocks = event["blocks"].toBool();
    lastLearningRate = event["lr"].toDouble();
    lastGradNorm = event["grad_norm"].toDouble();
    tokensPerSecond = event["tokens_per_second"].toDouble();
    secondsLeft = event["seconds_left"].toDouble();
    if (step % m_stride != 0 && step != steps && !loss.x.empty())
        return;
    append(loss, step, lastLoss);
    append(smoothed, step, smoothedLoss);
    append(learningRate, step, lastLearningRate);
    append(gradNorm, step, lastGradNorm);
    if (loss.x.size() >= 2 * kPoints)
        thin();
}

void TrainLog::addCurves(const Json& curves) {
    loss = curveFrom(curves["steps"], curves["loss"]);
    learningRate = curveFrom(curves["steps"], curves["lr"]);
    gradNorm = curveFrom(curves["steps"], curves["grad_norm"]);
    heldOut = curveFrom(curves["heldout_steps"], curves["heldout_loss"]);
    while (loss.x.size() >= 2 * kPoints)
        thin();
}

void TrainLog::addWeights(const Json& event) {
    LatentLook look;
    look.step = event["step"].toInt();
    look.unit = event["unit"].toDouble();
    look.low = event["low"].toDouble();
    look.high = event["high"].toDouble();
    look.ternary = event["ternary"].toBool();
    const double total = sumOf(event["minus"]) + sumOf(event["zero"]) + sumOf(event["plus"]);
    look.minus = shareOf(event["minus"], total);
    look.zero = shareOf(event["zero"], total);
    look.plus = shareOf(event["plus"], total);
    Latents& latent = latents[qtext(event["tensor"].toString())];
    if (latent.first.step < 0)
        latent.first = look;
    latent.latest = std::move(look);
}

void TrainLog::thin() {
    m_stride *= 2;
    for (Curve* curve : {&loss, &smoothed, &learningRate, &gradNorm}) {
        Curve kept;
        for (std::size_t i = 0; i < curve->x.size(); i += 2) {
            kept.x.push_back(curve->x[i]);
            kept.y.push_back(curve->y[i]);
        }
        *curve = std::move(kept);
    }
}

} // namespace trilobit
