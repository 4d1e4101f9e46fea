// Talks, stories and exercises as documents: the data of the demo that a person can train from nothing.
#pragma once

#include "core/corpus/documents.h"
#include "core/corpus/talk/talk.h"

namespace trilobit {

struct TalkCorpus {
    std::uint64_t seed = 1;
    std::uint64_t talks = 0, stories = 0, exercises = 0; ///< how many of each; numbers 0, 1, ... of their rows
    Split split = Split::Train;

    std::uint64_t documents() const { return talks + stories + exercises; }
};

/// Every talk a chat, every story and page of exercises a plain text; spread evenly among each other.
Document talkDocument(const Talk& talk);
/// Document `number` of `documents()`: always the same. Any thread.
Document corpusDocument(const TalkCorpus& corpus, std::uint64_t number);
/// All of them. Errors: Cancelled.
Result<std::vector<Document>> makeTalkCorpus(const TalkCorpus& corpus, RunControl& control);

} // namespace trilobit
