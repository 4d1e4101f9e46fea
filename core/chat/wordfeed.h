// WordFeed: hands the answer of one model to another that reads along, word for word, while it is written.
#pragma once

#include "core/base/runcontrol.h"
#include "core/tokenizer/tokenizer.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace trilobit {

/// One writer and one reader, each in a thread of its own. It holds few words: a writer that is faster waits.
class WordFeed {
public:
    struct Word {
        TokenId id = kNoToken;
        bool end = false;          ///< the writer ended its answer with this token; nothing follows
        std::vector<float> logits; ///< [vocabulary], what the writer chose it from
    };

    /// As many words as fit into `maxBytes`, at least four.
    explicit WordFeed(std::size_t maxBytes = std::size_t{32} << 20) : m_maxBytes(maxBytes) {}

    // The writer's calls.
    void begin(std::vector<TokenId> prompt);
    /// Returns at once when nobody reads any more, or when `control` is cancelled.
    void push(TokenId id, bool end, std::span<const float> logits, const RunControl& control);
    /// No more words come. Any number of times, from any thread.
    void finish();

    // The reader's calls.
    /// Waits for begin(); nothing when the writer gave up before it, or when `control` is cancelled.
    std::optional<std::vector<TokenId>> prompt(const RunControl& control);
    /// Waits for a word and takes up to `limit`; none when all were taken and no more come, or when `control` is cancelled.
    std::vector<Word> take(std::size_t limit, const RunControl& control);
    /// Nobody reads any more. Any number of times, from any thread.
    void close();

private:
    template <class Ready>
    void wait(std::unique_lock<std::mutex>& lock, const RunControl& control, Ready ready);

    const std::size_t m_maxBytes;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<std::vector<TokenId>> m_prompt;
    std::vector<Word> m_words;
    bool m_finished = false, m_closed = false;
};

} // namespace trilobit
