#include "core/corpus/talkcorpus.h"

namespace trilobit {

namespace {

constexpr std::uint64_t kBetweenChecks = 256; ///< documents between two looks at the cancel flag

__extension__ using Wide = unsigned __int128;

/// Stories among the first `number` documents when they are spread evenly.
std::uint64_t storiesBefore(const TalkCorpus& corpus, std::uint64_t number) {
    return static_cast<std::uint64_t>(static_cast<Wide>(number) * corpus.stories / (corpus.talks + corpus.stories));
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
    const std::uint64_t stories = storiesBefore(corpus, number);
    if (storiesBefore(corpus, number + 1) > stories)
        return {makeStory(corpus.seed, stories, corpus.split), {}};
    return talkDocument(makeTalk(corpus.seed, number - stories, corpus.split));
}

Result<std::vector<Document>> makeTalkCorpus(const TalkCorpus& corpus, RunControl& control) {
    std::vector<Document> documents;
    const std::uint64_t count = corpus.talks + corpus.stories;
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
