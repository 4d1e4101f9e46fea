#include "core/model/ropescaling.h"

#include "core/model/hfconfig.h"

#include <cmath>
#include <numbers>
#include <optional>

namespace trilobit {

namespace {

/// Of the same formula, computed elsewhere in float32 or float64.
constexpr double kFactorTolerance = 1e-5;

RopeScaling llama3(double factor) {
    RopeScaling s;
    s.kind = RopeScaling::Kind::Llama3;
    s.factor = factor;
    s.lowFreqFactor = 1;
    s.highFreqFactor = 4;
    s.originalContext = 8192;
    return s;
}

/// Llama 3.1 and 3.3 have 8, Llama 3.2 has 32; the others are usual for further training.
std::optional<RopeScaling> llama3Behind(const ModelConfig& config) {
    for (const double factor : {8.0, 32.0, 16.0, 4.0, 2.0, 64.0}) {
        const RopeScaling scaling = llama3(factor);
        const std::vector<float> factors = llama3Factors(scaling, config.ropeBase, config.ropeDim);
        bool same = factors.size() == config.ropeFreqFactors.size();
        for (std::size_t i = 0; same && i < factors.size(); ++i)
            same = std::abs(static_cast<double>(config.ropeFreqFactors[i]) / static_cast<double>(factors[i]) - 1) < kFactorTolerance;
        if (same)
            return scaling;
    }
    return std::nullopt;
}

Json numbers(const std::vector<float>& values) {
    Json out = Json::array();
    for (const float value : values)
        out.push(asWritten(static_cast<double>(value)));
    return out;
}

} // namespace

std::vector<float> llama3Factors(const RopeScaling& s, double ropeBase, std::int64_t ropeDim) {
    std::vector<float> factors;
    const double original = static_cast<double>(s.originalContext);
    for (std::int64_t i = 0; i < ropeDim / 2; ++i) {
        const double exponent = 2.0 * static_cast<double>(i) / static_cast<double>(ropeDim);
        const double wavelength = 2 * std::numbers::pi * std::pow(ropeBase, exponent);
        double factor = 1;
        if (wavelength > original / s.lowFreqFactor) {
            factor = s.factor;
        } else if (wavelength >= original / s.highFreqFactor) {
            const double smooth = (original / wavelength - s.lowFreqFactor) / (s.highFreqFactor - s.lowFreqFactor);
            factor = 1 / ((1 - smooth) / s.factor + smooth);
        }
        factors.push_back(static_cast<float>(factor));
    }
    return factors;
}

Result<Json> ropeScalingToHf(const ModelConfig& config) {
    RopeScaling s = config.ropeScaling;
    if (!config.ropeFreqFactors.empty()) {
        const auto behind = s.kind == RopeScaling::Kind::None ? llama3Behind(config) : std::nullopt;
        if (!behind)
            return fail(ErrorCode::Unsupported, "The divisors of the rotary frequencies (rope_freqs.weight) are not those of a "
                                                "Llama 3 model, and such a folder cannot hold others.");
        s = *behind;
    }
    Json out = Json::object();
    const auto number = [&](const char* key, double value) { out.set(key, asWritten(value)); };
    switch (s.kind) {
    case RopeScaling::Kind::None: return Json();
    case RopeScaling::Kind::Linear:
        out.set("rope_type", "linear");
        number("factor", s.factor);
        return out;
    case RopeScaling::Kind::Llama3:
        out.set("rope_type", "llama3");
        number("factor", s.factor);
        number("low_freq_factor", s.lowFreqFactor);
        number("high_freq_factor", s.highFreqFactor);
        break;
    case RopeScaling::Kind::Yarn:
        out.set("rope_type", "yarn");
        number("factor", s.factor);
        number("beta_fast", s.betaFast);
        number("beta_slow", s.betaSlow);
        if (std::abs(s.magnitude - (1 + 0.1 * std::log(s.factor))) > 1e-6) // else it is what readers take
            number("attention_factor", s.magnitude);
        break;
    case RopeScaling::Kind::Longrope:
        out.set("rope_type", "longrope");
        out.set("short_factor", numbers(config.ropeShortFactors));
        out.set("long_factor", numbers(config.ropeLongFactors));
        number("attention_factor", s.magnitude);
        break;
    }
    out.set("original_max_position_embeddings", s.originalContext);
    return out;
}

} // namespace trilobit
