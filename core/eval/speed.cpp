#include "core/eval/speed.h"

#include "core/base/energy.h"
#include "core/base/rng.h"

#include <algorithm>
#include <chrono>

namespace trilobit {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Of all single tokens: each reads the rows before it and its own, in blocks with a window those within.
std::uint64_t cacheBytesPerToken(const Session& session, const SpeedOptions& options) {
    const ModelConfig& config = session.engine().model().config();
    if (options.decodeTokens <= 0)
        return 0;
    const std::uint64_t rowBytes = session.cacheBytes() / static_cast<std::uint64_t>(session.contextLength() * config.layers);
    std::uint64_t rows = 0;
    for (std::int64_t layer = 0; layer < config.layers; ++layer)
        for (std::int64_t t = 0; t < options.decodeTokens; ++t) {
            const std::int64_t before = options.depth + t + 1;
            const bool windowed = config.traits(layer).sliding && config.slidingWindow > 0;
            rows += static_cast<std::uint64_t>(windowed ? std::min(before, config.slidingWindow) : before);
        }
    return rows * rowBytes / static_cast<std::uint64_t>(options.decodeTokens);
}

} // namespace

Result<SpeedResult> measureSpeed(const Engine& engine, const SpeedOptions& options, RunControl& control) {
    if (options.promptTokens <= 0 && options.decodeTokens <= 0)
        return fail(ErrorCode::Usage, "there is nothing to measure: give prompt or decode tokens");
    const std::int64_t needed = std::max({options.promptTokens, options.depth + options.decodeTokens, std::int64_t{1}});
    if (const std::int64_t context = engine.model().config().contextLength; context > 0 && needed > context)
        return fail(ErrorCode::Usage, std::to_string(needed) + " tokens are more than the model's context of "
                                          + std::to_string(context));
    TRILOBIT_TRY(const std::unique_ptr<Session> session, engine.newSession(needed));
    Rng rng(options.seed);
    std::vector<TokenId> ids(static_cast<std::size_t>(needed));
    for (TokenId& id : ids)
        id = static_cast<TokenId>(rng.below(static_cast<std::uint64_t>(engine.model().config().vocabSize)));
    const std::span<const TokenId> all(ids);
    std::vector<double> prefill, decode;
    std::optional<EnergyMeter> energy = EnergyMeter::open();
    double joules = 0;
    const auto decodeRound = [&]() -> Result<void> {
        for (std::int64_t t = 0; t < options.decodeTokens; ++t)
            TRILOBIT_CHECK(session->evaluate(all.subspan(static_cast<std::size_t>(options.depth + t), 1),
                                             Session::Logits::Last, control));
        return {};
    };
    const double total = options.repetitions + 1;
    for (int i = 0; i <= options.repetitions; ++i) { // the first warms up
        if (options.promptTokens > 0) {
            session->truncate(0);
            const auto start = Clock::now();
            TRILOBIT_CHECK(session->evaluate(all.first(static_cast<std::size_t>(options.promptTokens)),
                                             Session::Logits::Last, control));
            if (i > 0)
                prefill.push_back(static_cast<double>(options.promptTokens) / secondsSince(start));
        }
        if (options.decodeTokens > 0) {
            // What is in the cache already are the same tokens.
            session->truncate(options.depth);
            if (const std::int64_t there = session->position(); there < options.depth)
                TRILOBIT_CHECK(session->evaluate(all.subspan(static_cast<std::size_t>(there),
                                                             static_cast<std::size_t>(options.depth - there)),
                                                 Session::Logits::None, control));
            const double before = energy ? energy->joules() : 0;
            const auto start = Clock::now();
            TRILOBIT_CHECK(decodeRound());
            if (i > 0) {
                decode.push_back(static_cast<double>(options.decodeTokens) / secondsSince(start));
                joules += energy ? energy->joules() - before : 0;
            }
        }
        control.progress(i + 1, total, "measuring");
    }
    SpeedResult out{spreadOf(prefill), spreadOf(decode), engine.weightBytes().perToken, session->cacheBytes(),
                    cacheBytesPerToken(*session, options), {}, 0, {}};
    if (options.decodeTokens > 0) {
        session->truncate(options.depth);
        session->measure(&out.times);
        const Result<void> done = decodeRound();
        session->measure(nullptr);
        TRILOBIT_CHECK(done);
        if (energy)
            out.joulesPerToken = joules / static_cast<double>(options.decodeTokens * options.repetitions);
    }
    if (options.promptTokens > 0)
        out.firstTokenSeconds = static_cast<double>(options.promptTokens) / out.prefillTps.median;
    return out;
}

} // namespace trilobit
