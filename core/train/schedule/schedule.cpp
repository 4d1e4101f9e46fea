#include "core/train/schedule/schedule.h"

#include "core/train/fields.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace trilobit {

namespace {

constexpr std::array kKinds = {"cosine", "constant", "two-stage"};

} // namespace

double Schedule::learningRate(std::int64_t step) const {
    step = std::clamp<std::int64_t>(step, 1, std::max<std::int64_t>(steps, 1));
    if (step <= warmup)
        return peak * static_cast<double>(step) / static_cast<double>(warmup);
    const double left = static_cast<double>(std::max<std::int64_t>(steps - warmup, 1));
    const double done = static_cast<double>(step - warmup) / left;
    switch (kind) {
    case Kind::Constant: return peak;
    case Kind::Cosine: return floor + (peak - floor) / 2 * (1 + std::cos(std::numbers::pi * done));
    case Kind::TwoStage: break;
    }
    if (2 * step <= steps)
        return std::max(floor, peak * (1 - done));
    const double half = 1 - (static_cast<double>(steps) / 2 - static_cast<double>(warmup)) / left;
    const double start = secondPeak > 0 ? secondPeak : peak * half * 2 / 3;
    const double second = (static_cast<double>(step) - static_cast<double>(steps) / 2) / (static_cast<double>(steps) / 2);
    return std::max(floor, start * (1 - second));
}

double Schedule::decay(std::int64_t step) const {
    return kind == Kind::TwoStage && 2 * step > steps ? 0 : weightDecay;
}

double Schedule::lambda(std::int64_t step) const {
    return gradualSteps <= 0 ? 1 : std::min(1.0, static_cast<double>(step) / static_cast<double>(gradualSteps));
}

Json scheduleToJson(const Schedule& s) {
    return Json::object({{"kind", kKinds[static_cast<std::size_t>(s.kind)]},
                         {"peak", s.peak},
                         {"floor", s.floor},
                         {"second_peak", s.secondPeak},
                         {"warmup", s.warmup},
                         {"steps", s.steps},
                         {"weight_decay", s.weightDecay},
                         {"gradual_steps", s.gradualSteps}});
}

Result<Schedule> scheduleFromJson(const Json& json) {
    Schedule s;
    const Fields fields(json, "schedule");
    TRILOBIT_CHECK(fields.only({"kind", "peak", "floor", "second_peak", "warmup", "steps", "weight_decay", "gradual_steps"}));
    TRILOBIT_TRY(const std::size_t kind, fields.oneOf("kind", kKinds, 0));
    s.kind = static_cast<Schedule::Kind>(kind);
    TRILOBIT_CHECK(fields.real("peak", 0, 10, s.peak));
    TRILOBIT_CHECK(fields.real("floor", 0, 10, s.floor));
    TRILOBIT_CHECK(fields.real("second_peak", 0, 10, s.secondPeak));
    TRILOBIT_CHECK(fields.integer("warmup", 0, 1'000'000'000, s.warmup));
    TRILOBIT_CHECK(fields.integer("steps", 1, 1'000'000'000, s.steps));
    TRILOBIT_CHECK(fields.real("weight_decay", 0, 10, s.weightDecay));
    TRILOBIT_CHECK(fields.integer("gradual_steps", 0, 1'000'000'000, s.gradualSteps));
    return s;
}

} // namespace trilobit
