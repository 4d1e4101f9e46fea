#include "core/chat/wordfeed.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace trilobit {

namespace {
constexpr std::chrono::milliseconds kAskEvery{20}; // whether the waiting side was cancelled
constexpr std::size_t kMinWords = 4;
} // namespace

template <class Ready>
void WordFeed::wait(std::unique_lock<std::mutex>& lock, const RunControl& control, Ready ready) {
    while (!ready()) {
        lock.unlock(); // a paused job stays in this question, and the other side must be able to go on
        const bool cancelled = control.isCancelled();
        lock.lock();
        if (cancelled)
            return;
        m_changed.wait_for(lock, kAskEvery, ready);
    }
}

void WordFeed::begin(std::vector<TokenId> prompt) {
    const std::scoped_lock lock(m_mutex);
    m_prompt = std::move(prompt);
    m_changed.notify_all();
}

void WordFeed::push(TokenId id, bool end, std::span<const float> logits, const RunControl& control) {
    std::unique_lock lock(m_mutex);
    const std::size_t room = std::max(kMinWords, m_maxBytes / std::max<std::size_t>(logits.size_bytes(), 1));
    wait(lock, control, [&] { return m_closed || m_words.size() < room; });
    if (m_closed || m_words.size() >= room)
        return;
    m_words.push_back({id, end, {logits.begin(), logits.end()}});
    m_changed.notify_all();
}

void WordFeed::finish() {
    const std::scoped_lock lock(m_mutex);
    m_finished = true;
    m_changed.notify_all();
}

std::optional<std::vector<TokenId>> WordFeed::prompt(const RunControl& control) {
    std::unique_lock lock(m_mutex);
    wait(lock, control, [&] { return m_prompt || m_finished; });
    return m_prompt;
}

std::vector<WordFeed::Word> WordFeed::take(std::size_t limit, const RunControl& control) {
    std::unique_lock lock(m_mutex);
    wait(lock, control, [&] { return !m_words.empty() || m_finished; });
    const auto end = m_words.begin() + static_cast<std::ptrdiff_t>(std::min(limit, m_words.size()));
    std::vector<Word> out(std::make_move_iterator(m_words.begin()), std::make_move_iterator(end));
    m_words.erase(m_words.begin(), end);
    m_changed.notify_all();
    return out;
}

void WordFeed::close() {
    const std::scoped_lock lock(m_mutex);
    m_closed = true;
    m_words.clear();
    m_changed.notify_all();
}

} // namespace trilobit
