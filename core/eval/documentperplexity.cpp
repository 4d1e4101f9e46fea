#include "core/eval/documentperplexity.h"

#include "core/eval/logprob.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

Result<DocumentPerplexity> documentPerplexity(const Engine& engine, std::span<const ScoredDocument> documents,
                                              RunControl& control) {
    std::size_t longest = 0;
    for (const ScoredDocument& document : documents)
        longest = std::max(longest, document.ids.size());
    const std::int64_t context = engine.model().config().contextLength;
    if (context > 0)
        longest = std::min(longest, static_cast<std::size_t>(context));
    if (longest < 2)
        return fail(ErrorCode::Usage, "there is nothing to score: every document has less than two tokens");
    TRILOBIT_TRY(const std::unique_ptr<Session> session, engine.newSession(static_cast<std::int64_t>(longest)));
    const auto vocabulary = static_cast<std::size_t>(engine.model().config().vocabSize);
    DocumentPerplexity out;
    double sum = 0;
    for (std::size_t d = 0; d < documents.size(); ++d) {
        const std::span<const TokenId> ids = std::span(documents[d].ids).first(std::min(documents[d].ids.size(), longest));
        if (ids.size() < 2)
            continue;
        session->truncate(0);
        TRILOBIT_CHECK(session->evaluate(ids.first(ids.size() - 1), Session::Logits::All, control));
        const std::vector<std::uint8_t>& scored = documents[d].scored;
        for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
            if (i + 1 < scored.size() && !scored[i + 1])
                continue;
            const std::span<const float> row = session->logits().subspan(i * vocabulary, vocabulary);
            sum += logNormalizer(row) - static_cast<double>(row[static_cast<std::size_t>(ids[i + 1])]);
            ++out.tokens;
        }
        control.progress(static_cast<double>(d + 1), static_cast<double>(documents.size()), "measuring");
    }
    if (out.tokens == 0)
        return fail(ErrorCode::Usage, "there is nothing to score: no token counts");
    out.ppl = std::exp(sum / static_cast<double>(out.tokens));
    return out;
}

} // namespace trilobit
