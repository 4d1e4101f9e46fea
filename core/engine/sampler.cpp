// Sampler: repetition penalty, top-k, temperature, top-p, min-p, then one draw.
#include "core/engine/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace trilobit {

namespace {

/// Best first; equal logits in the order of their ids, so that the result never depends on the sort.
bool better(const std::pair<float, TokenId>& a, const std::pair<float, TokenId>& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
}

} // namespace

Result<void> checkSampler(const SamplerConfig& config) {
    const auto bad = [](const char* field, const char* range) {
        Error error = fail(ErrorCode::Usage, std::string("must be ") + range);
        error.field = field;
        return error;
    };
    // Written so that NaN fails, too.
    if (!(config.temperature >= 0 && config.temperature <= 100))
        return bad("temperature", "between 0 (greedy) and 100");
    if (config.topK < 0)
        return bad("top_k", "0 (off) or more");
    if (!(config.topP > 0 && config.topP <= 1))
        return bad("top_p", "above 0 and at most 1 (off)");
    if (!(config.minP >= 0 && config.minP < 1))
        return bad("min_p", "at least 0 (off) and below 1");
    if (!(config.repetitionPenalty > 0 && config.repetitionPenalty <= 100))
        return bad("repetition_penalty", "above 0 and at most 100 (1 is off)");
    if (config.repetitionWindow < 0)
        return bad("repetition_window", "0 or more tokens");
    return {};
}

TokenId argmax(std::span<const float> logits) {
    TokenId best = 0;
    float bestValue = -std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < logits.size(); ++i)
        if (logits[i] > bestValue) {
            bestValue = logits[i];
            best = static_cast<TokenId>(i);
        }
    return best;
}

TokenId Sampler::next(std::span<const float> logits, std::span<const TokenId> history) {
    const bool penalize = m_config.repetitionPenalty != 1 && m_config.repetitionWindow > 0 && !history.empty();
    if (m_config.temperature <= 0 && !penalize)
        return argmax(logits);

    m_candidates.clear();
    m_candidates.reserve(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i)
        m_candidates.emplace_back(std::isnan(logits[i]) ? -std::numeric_limits<float>::infinity() : logits[i],
                                  static_cast<TokenId>(i));
    if (penalize) {
        const std::size_t window =
            std::min(history.size(), static_cast<std::size_t>(m_config.repetitionWindow));
        std::vector<TokenId> recent(history.end() - static_cast<std::ptrdiff_t>(window), history.end());
        std::sort(recent.begin(), recent.end());
        recent.erase(std::unique(recent.begin(), recent.end()), recent.end()); // each token pays once
        const float penalty = static_cast<float>(m_config.repetitionPenalty);
        for (const TokenId id : recent)
            if (id >= 0 && static_cast<std::size_t>(id) < m_candidates.size()) {
                float& logit = m_candidates[static_cast<std::size_t>(id)].first;
                logit = logit > 0 ? logit / penalty : logit * penalty;
            }
    }
    if (m_config.temperature <= 0)
        return std::min_element(m_candidates.begin(), m_candidates.end(), better)->second;

    std::size_t keep = m_candidates.size();
    if (m_config.topK > 0 && static_cast<std::size_t>(m_config.topK) < keep) {
        keep = static_cast<std::size_t>(m_config.topK);
        std::partial_sort(m_candidates.begin(), m_candidates.begin() + static_cast<std::ptrdiff_t>(keep),
                          m_candidates.end(), better);
    } else {
        std::sort(m_candidates.begin(), m_candidates.end(), better);
    }
    m_candidates.resize(keep);

    const double top = m_candidates.front().first;
    if (!std::isfinite(top))
        return m_candidates.front().second;
    std::vector<double> weight(keep);
    double total = 0;
    for (std::size_t i = 0; i < keep; ++i) {
        weight[i] = std::exp((static_cast<double>(m_candidates[i].first) - top) / m_config.temperature);
        total += weight[i];
    }
    // top-p keeps the shortest prefix that reaches the mass; the token that crosses the line stays.
    if (m_config.topP < 1) {
        double mass = 0;
        for (std::size_t i = 0; i < keep; ++i) {
            mass += weight[i];
            if (mass >= m_config.topP * total) {
                keep = i + 1;
                break;
            }
        }
    }
    // Weights are relative to the best one (weight 1), so min-p compares directly.
    if (m_config.minP > 0)
        while (keep > 1 && weight[keep - 1] < m_config.minP)
            --keep;
    total = 0;
    for (std::size_t i = 0; i < keep; ++i)
        total += weight[i];
    double draw = m_rng.uniform() * total;
    for (std::size_t i = 0; i < keep; ++i) {
        draw -= weight[i];
        if (draw < 0)
            return m_candidates[i].second;
    }
    return m_candidates[keep - 1].second; // rounding left a sliver
}

} // namespace trilobit
