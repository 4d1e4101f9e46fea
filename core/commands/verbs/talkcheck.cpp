// talk-check: how often a model answers made-up talks the right way.
#include "core/chat/chatsession.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/corpus/talk/talk.h"

#include <algorithm>
#include <map>

namespace trilobit {

namespace {

constexpr std::int64_t kAnswerTokens = 160; // a story has about 140
constexpr std::size_t kShownFailures = 12;

struct Tally {
    std::int64_t right = 0, asked = 0;
};

Result<Json> talkCheck(Workspace& workspace, const Json& args, RunControl& control, const EventSink& events) {
    const std::int64_t turns = args["turns"].toInt(100);
    if (turns < 1 || turns > 1'000'000)
        return fail(ErrorCode::Usage, "--turns is between 1 and 1000000");
    const std::uint64_t seed = args["seed"].toUInt(1000);
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    const auto work = [&](RunRecorder& run) -> Result<Json> {
        run.setSeed(seed);
        TRILOBIT_CHECK(run.setModel(*model, control));
        TRILOBIT_TRY(const std::shared_ptr<const Engine> engine, engineFor(workspace, model, args, control));
        TRILOBIT_TRY(const std::shared_ptr<ChatSession> chat, ChatSession::create(engine, 0));
        GenerateOptions options;
        options.maxTokens = kAnswerTokens;
        std::map<std::string, Tally> kinds;
        Tally all;
        Json failures = Json::array();
        for (std::uint64_t index = 0; all.asked < turns; ++index) {
            const Talk talk = makeTalk(seed, index, Split::HeldOut);
            std::vector<ChatMessage> messages;
            for (const Turn& turn : talk.turns) {
                if (all.asked == turns)
                    break;
                messages.push_back({"user", turn.user});
                TRILOBIT_TRY(const ChatReply reply, chat->reply(messages, {}, options, control));
                if (control.isCancelled())
                    return cancelledError();
                const std::string wrong = whatIsWrong(turn, reply.generated.text);
                Tally& kind = kinds[std::string(turnKindName(turn.kind))];
                ++kind.asked, ++all.asked;
                kind.right += wrong.empty(), all.right += wrong.empty();
                Json asked = Json::object({{"kind", turnKindName(turn.kind)},
                                           {"user", turn.user},
                                           {"answer", reply.generated.text},
                                           {"expected", turn.answer},
                                           {"wrong", wrong}});
                if (!wrong.empty())
                    failures.push(asked);
                if (events)
                    events(asked.set("event", "turn"));
                control.progress(static_cast<double>(all.asked), static_cast<double>(turns), "asking");
                // The talk goes on as it was written, so that one wrong answer does not spoil the next question.
                messages.push_back({"assistant", turn.answer});
            }
        }
        Json byKind = Json::object();
        for (const auto& [name, tally] : kinds)
            byKind.set(name, Json::object({{"right", tally.right}, {"asked", tally.asked}}));
        return Json::object({{"right", all.right},
                             {"asked", all.asked},
                             {"share", static_cast<double>(all.right) / static_cast<double>(all.asked)},
                             {"kinds", byKind},
                             {"failures", failures},
                             {"path", engine->pathDescription()}});
    };
    return recordRun(workspace, "talk-check", args, {"right", "asked", "share", "path"}, work);
}

std::string talkCheckText(const Json& result) {
    std::vector<std::vector<std::string>> rows{{"kind", "right", "asked"}};
    for (const auto& [name, tally] : result["kinds"].members())
        rows.push_back({name, tally["right"].dump(), tally["asked"].dump()});
    std::string out = textTable(rows);
    std::size_t shown = 0;
    for (const Json& failure : result["failures"].items())
        if (shown++ < kShownFailures)
            out += failure["user"].dump() + " -> " + failure["answer"].dump() + " (" + failure["wrong"].toString() + ")\n";
    return out + result["right"].dump() + " of " + result["asked"].dump() + " answers are right ("
           + numberText(result["share"].toDouble() * 100, 1) + " %)\n";
}

} // namespace

std::vector<CommandSpec> talkCheckVerbs() {
    return {{"talk-check",
             "asks a model questions of made-up talks it has not seen and checks its answers",
             {modelArg(),
              {"turns", {"--turns"}, ArgType::Integer, false, "how many questions (100)", {}},
              {"seed", {"--seed"}, ArgType::Integer, false, "another seed, other talks (1000)", {}},
              activationsArg(), cacheArg()},
             talkCheck,
             talkCheckText}};
}

} // namespace trilobit
