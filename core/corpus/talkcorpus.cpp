#include "core/corpus/talkcorpus.h"

namespace trilobit {

namespace {

constexpr std::uint64_t kBetweenChecks = 256; ///< documents between two looks at the cancel flag

__extension__ using Wide = unsigned __int128;

/// How many of `some` are among the first `number` of `all` when they are spread evenly.
std::uint64_t spreadBefore(std::uint64_t number, std::uint64_t some, std::uint64_t all) {
    return all == 0 ? 0 : static_cast<std::uint64_t>(static_cast<Wide>(number) * some / all);
}

} // namespace

Document talkDocument(const Talk& talk) {
    Document document;
    document.messages.reserve(2 * talk.turns.size());
    for (const Turn& turn : talk.turns) {
        document.messages.push_back({"user", turn.user});
        document.messages.push_back({"assistant", turn.answer});
    }
    return document;
}

Document corpusDocument(const TalkCorpus& corpus, std::uint64_t number) {
    // Plain texts among the talks, then stories among the plain texts.
    const std::uint64_t texts = corpus.stories + corpus.exercises;
    const std::uint64_t text = spreadBefore(number, texts, corpus.documents());
    if (spreadBefore(number + 1, texts, corpus.documents()) == text)
        return talkDocument(makeTalk(corpus.seed, number - text, corpus.split));
    const std::uint64_t story = spreadBefore(text, corpus.stories, texts);
    if (spreadBefore(text + 1, corpus.stories, texts) > story)
        return {makeStory(corpus.seed, story, corpus.split), {}};
    return {makeExercises(corpus.seed, text - story, corpus.split), {}};
}

Result<std::vector<Document>> makeTalkCorpus(const TalkCorpus& corpus, RunControl& control) {
    std::vector<Document> documents;
    const std::uint64_t count = corpus.documents();
    documents.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        if (i % kBetweenChecks == 0) {
            if (control.isCancelled())
                return cancelledError();
            control.progress(static_cast<double>(i), static_cast<double>(count), "writing talks");
        }
        documents.push_back(corpusDocument(corpus, i));
    }
    return documents;
}

} // namespace trilobit
