// The merge loop that both tokenizers share: join the best neighbouring pair until no pair can be joined.
#pragma once

#include "core/tokenizer/tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace trilobit {

/// A piece of the text; a joined-away piece has length 0. `prev` and `next` are positions in the row of symbols.
struct MergeSymbol {
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    std::size_t start = 0, length = 0; ///< bytes in the text
    std::size_t prev = kNone, next = kNone;
    TokenId id = kNoToken;
};

/// What joining two neighbours would give.
struct MergeCandidate {
    double priority = 0; ///< higher first; equal ones from left to right; never NaN
    TokenId id = kNoToken;
};

/// Works on symbols that are linked to their neighbours; O(n log n) with buffers that are kept between calls.
class MergeQueue {
public:
    /// `propose(left, right)` returns std::optional<MergeCandidate> for two neighbouring symbols.
    template <class Propose>
    void run(std::vector<MergeSymbol>& symbols, Propose&& propose) {
        m_heap.clear();
        const auto consider = [&](std::size_t left, std::size_t right) {
            if (left == MergeSymbol::kNone || right == MergeSymbol::kNone)
                return;
            if (const std::optional<MergeCandidate> found = propose(symbols[left], symbols[right])) {
                m_heap.push_back(
                    {found->priority, left, right, symbols[left].length + symbols[right].length, found->id});
                std::push_heap(m_heap.begin(), m_heap.end(), worse);
            }
        };
        for (std::size_t i = 1; i < symbols.size(); ++i)
            consider(i - 1, i);
        while (!m_heap.empty()) {
            std::pop_heap(m_heap.begin(), m_heap.end(), worse);
            const Entry best = m_heap.back();
            m_heap.pop_back();
            MergeSymbol& left = symbols[best.left];
            MergeSymbol& right = symbols[best.right];
            // The ends of both symbols are fixed, so an unchanged total length means that neither changed.
            if (left.length == 0 || right.length == 0 || left.length + right.length != best.length)
                continue;
            left.length = best.length;
            left.id = best.id;
            left.next = right.next;
            right.length = 0;
            if (left.next != MergeSymbol::kNone)
                symbols[left.next].prev = best.left;
            consider(left.prev, best.left);
            consider(best.left, left.next);
        }
    }

private:
    struct Entry {
        double priority;
        std::size_t left, right;
        std::size_t length; ///< of both together when the pair was seen
        TokenId id;
    };
    static bool worse(const Entry& a, const Entry& b) {
        return a.priority != b.priority ? a.priority < b.priority : a.left > b.left;
    }

    std::vector<Entry> m_heap;
};

} // namespace trilobit
