// corpus: training data written by the program itself.
#include "core/base/safefile.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/corpus/talkcorpus.h"

#include <filesystem>

namespace trilobit {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxDocuments = 100'000'000;
constexpr std::uint64_t kBetweenChecks = 256;

Result<std::uint64_t> countFrom(const Json& args, std::string_view key) {
    const Json& value = args[key];
    if (!value.isNull() && (value.toInt(-1) < 0 || value.toUInt() > kMaxDocuments))
        return fail(ErrorCode::Usage, "--" + std::string(key) + ": expected 0 to " + std::to_string(kMaxDocuments) + ", got "
                                          + value.dump());
    return value.toUInt(0);
}

Result<Json> corpus(Workspace&, const Json& args, RunControl& control, const EventSink&) {
    TalkCorpus wanted;
    wanted.seed = args["seed"].toUInt(1);
    TRILOBIT_TRY(wanted.talks, countFrom(args, "talks"));
    TRILOBIT_TRY(wanted.stories, countFrom(args, "stories"));
    TRILOBIT_TRY(wanted.exercises, countFrom(args, "exercises"));
    wanted.split = args["held_out"].toBool() ? Split::HeldOut : Split::Train;
    const std::uint64_t count = wanted.documents();
    if (count == 0)
        return fail(ErrorCode::Usage, "corpus needs --talks, --stories or --exercises of at least 1");
    const std::string& path = args["out"].toString();
    if (const fs::path folder = fs::path(path).parent_path(); !folder.empty()) {
        std::error_code failed;
        fs::create_directories(folder, failed);
        if (failed)
            return Error{ErrorCode::Io, "cannot be made: " + failed.message(), folder.string()};
    }
    TRILOBIT_TRY(const std::unique_ptr<SafeFile> file, SafeFile::create(path));
    for (std::uint64_t i = 0; i < count; ++i) {
        if (i % kBetweenChecks == 0) {
            if (control.isCancelled())
                return cancelledError();
            control.progress(static_cast<double>(i), static_cast<double>(count), "writing talks");
        }
        TRILOBIT_CHECK(file->write(documentToJsonl(corpusDocument(wanted, i)) + "\n"));
    }
    const std::uint64_t bytes = file->position();
    TRILOBIT_CHECK(file->commit());
    return Json::object({{"out", path},
                         {"seed", wanted.seed},
                         {"talks", wanted.talks},
                         {"stories", wanted.stories},
                         {"exercises", wanted.exercises},
                         {"held_out", wanted.split == Split::HeldOut},
                         {"bytes", bytes}});
}

std::string corpusText(const Json& result) {
    return result["talks"].dump() + " talks, " + result["stories"].dump() + " stories, " + result["exercises"].dump() + " pages of exercises ("
           + (result["held_out"].toBool() ? "held out, " : "") + bytesText(result["bytes"].toUInt()) + ") -> "
           + result["out"].toString() + "\n";
}

} // namespace

std::vector<CommandSpec> corpusVerbs() {
    return {{"corpus",
             "writes made-up talks, stories and exercises in simple English, to train on or to test with",
             {{"out", {"-o", "--out"}, ArgType::OutputPath, true, "JSONL file to write", {}},
              {"talks", {"--talks"}, ArgType::Integer, false, "how many conversations of 2 to 6 turns (0)", {}},
              {"stories", {"--stories"}, ArgType::Integer, false, "how many stories (0)", {}},
              {"exercises", {"--exercises"}, ArgType::Integer, false, "how many pages of sums and small questions (0)", {}},
              {"held_out", {"--held-out"}, ArgType::Flag, false, "the half that training never sees", {}},
              {"seed", {"--seed"}, ArgType::Integer, false, "another seed, other texts (1)", {}}},
             corpus,
             corpusText}};
}

} // namespace trilobit
