#include "widgets/pages/chat/chattext.h"

#include "widgets/common/format.h"

#include <QCoreApplication>
#include <QStringList>

namespace trilobit {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("trilobit", text); }

QString stopText(const std::string& reason) {
    if (reason == "length")
        return tr("stopped at the token limit");
    if (reason == "context")
        return tr("stopped: the context is full");
    return reason == "cancelled" ? tr("stopped by you") : QString();
}

} // namespace

QString distinctLines(const std::vector<std::string>& texts) {
    QStringList out;
    for (const std::string& text : texts)
        if (const QString line = qtext(text); !out.contains(line))
            out << line;
    return out.join(QLatin1Char('\n'));
}

QString tokensText(std::size_t count) { return count == 1 ? tr("1 token") : tr("%1 tokens").arg(count); }

QString replySummary(const ChatReply& reply) {
    const GenerateResult& made = reply.generated;
    QStringList parts;
    parts << tokensText(made.ids.size());
    if (made.decodeTps > 0)
        parts << tr("%1 tokens/s").arg(made.decodeTps, 0, 'f', 1);
    if (made.firstTokenSeconds > 0)
        parts << tr("first token after %1 s").arg(made.firstTokenSeconds, 0, 'f', 2);
    QString prompt = tr("prompt of %1").arg(made.promptTokens);
    if (reply.reusedTokens > 0)
        prompt += tr(" (%1 already read)").arg(reply.reusedTokens);
    if (made.prefillTps > 0)
        prompt += tr(" at %1 tokens/s").arg(made.prefillTps, 0, 'f', 0);
    parts << prompt;
    if (const QString stop = stopText(made.stopReason); !stop.isEmpty())
        parts << stop;
    return parts.join(QStringLiteral(" · "));
}

QString readSummary(const ReadAlong& read) {
    QStringList parts{tr("%1 read along").arg(tokensText(static_cast<std::size_t>(read.words)))};
    if (read.words > 0)
        parts << tr("mean KL %1 nats").arg(numberText(read.meanKl))
              << tr("the same best token at %1 %").arg(100 * read.agreement, 0, 'f', 0)
              << (read.firstDivergence < 0 ? tr("no difference") : tr("first difference at token %1").arg(read.firstDivergence));
    if (const QString stop = stopText(read.stopReason); !stop.isEmpty())
        parts << stop;
    return parts.join(QStringLiteral(" · "));
}

Json samplingToJson(const GenerateOptions& options) {
    const SamplerConfig& s = options.sampler;
    return Json::object({{"temperature", s.temperature},
                         {"top_k", s.topK},
                         {"top_p", s.topP},
                         {"min_p", s.minP},
                         {"repetition_penalty", s.repetitionPenalty},
                         {"seed", s.seed},
                         {"max_tokens", options.maxTokens}});
}

std::optional<Command> repeatingCommand(const Model& model, const ChatReply& reply, const GenerateOptions& options,
                                        ActivationPath path) {
    if (model.path().empty())
        return std::nullopt;
    std::string text = reply.prompt.text;
    std::vector<TokenId> ids = reply.prompt.ids;
    for (const TokenId id : options.forced) {
        text += model.tokenizer()->pieceBytes(id, true);
        ids.push_back(id);
    }
    if (model.tokenizer()->encode(text, {true, true}) != ids)
        return std::nullopt;
    const SamplerConfig& s = options.sampler;
    Command command;
    command.verb = "generate";
    command.args.set("model", model.path()).set("prompt", text).set("n", options.maxTokens);
    if (path == ActivationPath::Fast)
        command.args.set("activations", "fast");
    if (s.temperature > 0)
        command.args.set("temp", s.temperature)
            .set("top_k", s.topK)
            .set("top_p", s.topP)
            .set("min_p", s.minP)
            .set("seed", s.seed);
    if (s.repetitionPenalty != 1)
        command.args.set("repeat_penalty", s.repetitionPenalty).set("repeat_window", s.repetitionWindow);
    if (!checkCommand(command))
        return std::nullopt;
    return command;
}

} // namespace trilobit
