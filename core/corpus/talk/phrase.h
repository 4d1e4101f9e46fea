// Sentences from patterns: alternatives, slots, articles, capitals; and number words.
#pragma once

#include "core/base/rng.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trilobit::talk {

using Slots = std::vector<std::pair<std::string_view, std::string>>;

/// "{Hello|Hi}{| there}, $name! Is @pet here?": one of the alternatives in braces (they may nest), `$word` is the slot of that
/// name, `@word` the slot with "a" or "an" before it. The first letter of every sentence becomes a capital.
/// A slot that is missing is a mistake of the caller (assert).
std::string phrase(std::string_view pattern, Rng& rng, const Slots& slots = {});

/// The text with the mark that fits: a full stop after requests ("Tell me ..."), else a question mark.
std::string withMark(std::string text);
/// "a cat", "an owl", "a uniform".
std::string withArticle(std::string_view noun);
/// "Cat" of "cat".
std::string capitalized(std::string_view text);
/// "zero" to "twenty"; digits above.
std::string numberWord(int number);
/// Lower-case words of letters, digits and inner apostrophes or hyphens.
std::vector<std::string> wordsOf(std::string_view text);
/// Number of stretches that end in '.', '!' or '?' (also before a closing quotation mark).
int sentencesOf(std::string_view text);

template <class Row>
const typename Row::value_type& pick(const Row& row, Rng& rng) {
    return row[static_cast<std::size_t>(rng.below(row.size()))];
}
inline bool chance(Rng& rng, double probability) { return rng.uniform() < probability; }

} // namespace trilobit::talk
