// generate(): prefill, then one token at a time until something says stop.
#include "core/engine/generate.h"

#include "core/base/utf8.h"

#include <chrono>

namespace trilobit {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

} // namespace

Result<GenerateResult> generate(Session& session, std::span<const TokenId> prompt, const GenerateOptions& options,
                                RunControl& control, const std::function<void(const TokenEvent&)>& onToken) {
    TRILOBIT_CHECK(checkSampler(options.sampler));
    if (prompt.empty())
        return fail(ErrorCode::Usage, "the prompt has no tokens; give some text to continue");
    if (options.maxTokens < 0)
        return fail(ErrorCode::Usage, "the number of tokens to generate must be 0 or more");
    const Tokenizer* tokenizer = session.engine().model().tokenizer().get();
    const auto vocabulary = static_cast<std::size_t>(session.engine().model().config().vocabSize);

    GenerateResult result;
    result.promptTokens = static_cast<std::int64_t>(prompt.size());
    Sampler sampler(options.sampler);
    std::vector<TokenId> history(prompt.begin(), prompt.end());

    const auto start = Clock::now();
    control.progress(0, static_cast<double>(options.maxTokens + 1), "reading the prompt");
    if (auto done = session.evaluate(prompt, Session::Logits::Last, control); !done) {
        if (done.error().code != ErrorCode::Cancelled)
            return std::move(done).error();
        result.stopReason = "cancelled";
        return result;
    }
    result.prefillSeconds = secondsSince(start);
    result.prefillTps = static_cast<double>(prompt.size()) / result.prefillSeconds;

    std::string pending; // bytes of a character that is not complete yet
    std::int64_t decoded = 0;
    const auto decodeStart = Clock::now();
    result.stopReason = "length";
    while (static_cast<std::int64_t>(result.ids.size()) < options.maxTokens) {
        const std::span<const float> all = session.logits();
        const TokenId id = sampler.next(all.last(vocabulary), history);
        if (result.ids.empty())
            result.firstTokenSeconds = secondsSince(start);
        if (options.stopAtEnd && tokenizer && tokenizer->isEndOfGeneration(id)) {
            result.stopReason = "end";
            break;
        }
        result.ids.push_back(id);
        history.push_back(id);
        if (tokenizer)
            pending += tokenizer->pieceBytes(id, true);
        const std::size_t complete = utf8CompletePrefix(pending);
        const std::string text = utf8Sanitized(std::string_view(pending).substr(0, complete));
        pending.erase(0, complete);
        result.text += text;
        if (onToken)
            onToken({id, text});
        control.progress(static_cast<double>(result.ids.size()), static_cast<double>(options.maxTokens + 1),
                         "writing");
        if (static_cast<std::int64_t>(result.ids.size()) == options.maxTokens)
            break;
        if (session.position() >= session.contextLength()) {
            result.stopReason = "context";
            break;
        }
        if (auto done = session.evaluate(std::span(&id, 1), Session::Logits::Last, control); !done) {
            if (done.error().code != ErrorCode::Cancelled)
                return std::move(done).error();
            result.stopReason = "cancelled";
            break;
        }
        ++decoded;
    }
    result.text += utf8Sanitized(pending);
    result.decodeSeconds = secondsSince(decodeStart);
    if (decoded > 0)
        result.decodeTps = static_cast<double>(decoded) / result.decodeSeconds;
    return result;
}

} // namespace trilobit
