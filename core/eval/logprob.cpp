#include "core/eval/logprob.h"

#include "core/eval/compare.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

double logNormalizer(std::span<const float> logits) {
    if (logits.empty())
        return 0;
    const double top = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit) - top);
    return top + std::log(sum);
}

double klDivergence(std::span<const float> logitsP, double normalizerP, std::span<const float> logitsQ,
                    double normalizerQ) {
    double sum = 0;
    for (std::size_t i = 0; i < logitsP.size(); ++i) {
        const double logP = static_cast<double>(logitsP[i]) - normalizerP;
        const double p = std::exp(logP);
        if (p > 0) // a probability that underflowed adds nothing, whatever q says
            sum += p * (logP - (static_cast<double>(logitsQ[i]) - normalizerQ));
    }
    return std::max(sum, 0.0); // never negative but for rounding
}

double klDivergence(std::span<const float> logitsP, std::span<const float> logitsQ) {
    return klDivergence(logitsP, logNormalizer(logitsP), logitsQ, logNormalizer(logitsQ));
}

} // namespace trilobit
